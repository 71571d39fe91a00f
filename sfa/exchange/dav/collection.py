"""One calendar or address book on a server: what has changed in it, what is in it, and putting things there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import quote, unquote, urljoin, urlsplit

from sfa.exchange.dav.client import Answer, Asking, DavError
from sfa.exchange.dav.discovery import multistatus
from sfa.exchange.dav.multistatus import Answered, multiget, names_error, propfind, sync_collection, tag
from sfa.i18n import _

PAGE = 100
"""Things that are asked for at once."""
PAGES = 10_000
"""The most parts in which a server may give its changes."""
TOKEN, CTAG = "token:", "ctag:"
"""How a mark begins that says how far one has heard: of a server that tells changes, or one that only says whether."""
REPORT = {"caldav": ("c:calendar-multiget", "c:calendar-data"), "carddav": ("a:addressbook-multiget", "a:address-data")}
MEDIA = {"caldav": "text/calendar; charset=utf-8", "carddav": "text/vcard; charset=utf-8"}
SUFFIX = {"caldav": ".ics", "carddav": ".vcf"}


class Changes(NamedTuple):
    """What has happened since a mark: href → ETag of what was put there, hrefs of what has gone.

    ``whole``: all that is there is named, so what is not is gone.
    """

    etags: dict[str, str]
    gone: list[str]
    mark: str
    whole: bool


class Fetched(NamedTuple):
    etag: str
    text: str


class Unfit(DavError):
    """The server does not take a thing; all others are no worse for it."""

    def __init__(self, reason: str) -> None:
        super().__init__("unfit", reason)


class Stale(Exception):
    """A thing is not as it was when it was last looked at."""


class Collection:
    """A collection of ``type`` at ``url``. Hrefs are paths, with no character quoted that needs none."""

    def __init__(self, client: Asking, url: str, type: str) -> None:
        self.client, self.url, self.type = client, url if url.endswith("/") else f"{url}/", type
        self._path = path(self.url)

    def href(self, name: str) -> str:
        """Where a thing called ``name`` is to be put."""
        return f"{self._path}{name}{SUFFIX[self.type]}"

    # What has changed

    def changes(self, mark: str) -> Changes:
        """What has happened since ``mark``; all that is there where it is empty or no longer known."""
        if not mark:
            return self._anew()
        if mark.startswith(CTAG):
            ways = self._ways()
            told = f"{CTAG}{ways.text('s:getctag')}"
            return Changes({}, [], mark, False) if told == mark != CTAG else self._listed(told)
        return self._since(mark.removeprefix(TOKEN)) or self._anew()

    def _anew(self) -> Changes:
        ways = self._ways()
        reports = ways.props.get(tag("d:supported-report-set"))
        if reports is not None and any(True for _report in reports.iter(tag("d:sync-collection"))):
            found = self._since("")
            if found is not None:
                return found
        return self._listed(f"{CTAG}{ways.text('s:getctag')}")

    def _ways(self) -> Answered:
        names = ("d:supported-report-set", "s:getctag")
        answer = self.client.ask("PROPFIND", self.url, propfind(names), {"Depth": "0"})
        ways = next(iter(multistatus(answer)[0]), Answered(self.url, 404, {}))
        if ways.status >= 400:
            raise DavError("missing", _("There is nothing at {url}.").format(url=self.url))
        return ways

    def _since(self, token: str) -> Changes | None:
        """What has happened since ``token``; None where the server does not know it (any longer)."""
        etags: dict[str, str] = {}
        gone: dict[str, None] = {}
        first = token
        for _page in range(PAGES):
            answer = self.client.ask("REPORT", self.url, sync_collection(token), {"Depth": "0"})
            if answer.status != 207 and names_error(answer.body, "d:valid-sync-token"):
                return None
            if not first and answer.status in (400, 403, 405, 415, 501):
                return None
            told, following = multistatus(answer)
            more = False
            for one in told:
                href = path(urljoin(self.url, one.href))
                if href == self._path:
                    more = more or one.status == 507
                elif one.status == 404:
                    etags.pop(href, None)
                    gone[href] = None
                elif _is_thing(one):
                    gone.pop(href, None)
                    etags[href] = _etag(one)
            if not more or following in ("", token):
                return Changes(etags, list(gone), f"{TOKEN}{following}" if following else "", not first)
            token = following
        raise DavError("no_dav", _("{url} gives changes without end.").format(url=self.url))

    def _listed(self, mark: str) -> Changes:
        answer = self.client.ask("PROPFIND", self.url, propfind(("d:getetag", "d:resourcetype")), {"Depth": "1"})
        found = {path(urljoin(self.url, one.href)): _etag(one) for one in multistatus(answer)[0] if _is_thing(one)}
        found.pop(self._path, None)
        return Changes(found, [], mark, True)

    # What is there

    def fetch(self, hrefs: Iterable[str]) -> Iterator[dict[str, Fetched | None]]:
        """What lies at ``hrefs``, a page at a time; None where there is nothing any more."""
        report, data = REPORT[self.type]
        wanted = list(hrefs)
        for start in range(0, len(wanted), PAGE):
            page = wanted[start : start + PAGE]
            body = multiget(report, data, [quoted(href) for href in page])
            told, _token = multistatus(self.client.ask("REPORT", self.url, body, {"Depth": "1"}))
            found: dict[str, Fetched | None] = dict.fromkeys(page)
            for one in told:
                href, held = path(urljoin(self.url, one.href)), one.props.get(tag(data))
                if href in found and held is not None:
                    found[href] = Fetched(_etag(one), held.text or "")
            yield found

    def put(self, href: str, text: str, etag: str) -> str:
        """Puts ``text`` at ``href``, where now that with ``etag`` is (nothing, where empty); gives the new ETag.

        An empty one where the server does not tell, as it has kept something else. Raises ``Stale``, ``Unfit``.
        """
        condition = {"If-Match": etag} if etag else {"If-None-Match": "*"}
        headers = {"Content-Type": MEDIA[self.type], **condition}
        answer = self.client.ask("PUT", urljoin(self.url, quoted(href)), text.encode(), headers)
        if answer.status in (200, 201, 204):
            return answer.etag
        raise self._refused(answer)

    def delete(self, href: str, etag: str) -> None:
        """Takes away what is at ``href`` with ``etag``. Raises ``Stale``, ``Unfit``."""
        headers = {"If-Match": etag} if etag else {}
        answer = self.client.ask("DELETE", urljoin(self.url, quoted(href)), b"", headers)
        if answer.status not in (200, 202, 204, 404, 410):
            raise self._refused(answer)

    @staticmethod
    def _refused(answer: Answer) -> Exception:
        if answer.status in (404, 409, 412):  # it has changed, is gone, or lies at another href
            return Stale()
        if answer.status == 507:
            return Unfit(_("there is no room for it"))
        return Unfit(_("the server does not take it ({status})").format(status=answer.status))


def _etag(one: Answered) -> str:
    return one.text("d:getetag").removeprefix("W/")


def _is_thing(one: Answered) -> bool:
    kinds = one.props.get(tag("d:resourcetype"))
    return one.status < 400 and (kinds is None or kinds.find(tag("d:collection")) is None)


def path(url: str) -> str:
    """The path of an address in one spelling, however a server quotes it."""
    return unquote(urlsplit(url).path)


def quoted(href: str) -> str:
    """A path as it goes over the line."""
    return quote(href, safe="/:@!$&'()*+,;=~-._")
