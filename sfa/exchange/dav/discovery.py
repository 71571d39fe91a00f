"""Finding a user's calendars and address books from what people know: a server's name, or an address (RFC 6764)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from sfa.exchange.dav.client import Answer, Asking, DavError
from sfa.exchange.dav.multistatus import Answered, Unreadable, propfind, read, tag
from sfa.i18n import _

HOMES = {"caldav": "c:calendar-home-set", "carddav": "a:addressbook-home-set"}
TYPES = {"caldav": "c:calendar", "carddav": "a:addressbook"}
WANTED = (
    "d:resourcetype", "d:displayname", "d:current-user-principal", "d:current-user-privilege-set",
    "c:supported-calendar-component-set", *HOMES.values(),
)  # fmt: skip


class Found(NamedTuple):
    """A collection; ``components``: what a calendar takes (``VEVENT``, ``VTODO``); ``writable`` as far as it says."""

    url: str
    type: str
    name: str
    components: tuple[str, ...] = ()
    writable: bool = True


def discover(client: Asking, url: str, type: str) -> list[Found]:
    """The collections of ``type`` (``caldav`` or ``carddav``) of the client's user, as ``url`` leads to them.

    ``url`` may be one of them itself: then it is the only one. Raises ``DavError``.
    """
    seen: list[DavError] = []
    for start in _starts(url, type):
        try:
            found = _from(client, start, type)
        except DavError as error:
            if error.code not in ("no_dav", "missing", "forbidden", "stranger"):
                raise
            seen.append(error)
            continue
        if found:
            return found
    if seen:
        raise next((error for error in seen if error.code == "stranger"), seen[0])  # it says what can be done
    return []


def _starts(url: str, type: str) -> Iterator[str]:
    yield url
    yield urljoin(url, f"/.well-known/{type}")
    yield urljoin(url, "/")


def _from(client: Asking, url: str, type: str) -> list[Found]:
    """The collections that can be found from ``url``: itself, those of its principal, or those right under it."""
    here, base = _ask(client, url, 0)
    if own := [found for one in here for found in _found(one, base, type)]:
        return own
    homes = _homes(here, base, type)
    if not homes:
        for principal in {urljoin(base, one.href_in("d:current-user-principal")) for one in here} - {base}:
            told, at = _ask(client, principal, 0)
            homes += _homes(told, at, type)
    result: dict[str, Found] = {}
    for home in homes or [base]:
        inside, at = _ask(client, home, 1)
        result.update({found.url: found for one in inside for found in _found(one, at, type)})
    return list(result.values())


def _homes(told: list[Answered], base: str, type: str) -> list[str]:
    sets = [one.props.get(tag(HOMES[type])) for one in told]
    hrefs = [href.text or "" for held in sets if held is not None for href in held.iterfind(tag("d:href"))]
    return [urljoin(base, href.strip()) for href in hrefs if href.strip()]


def _found(one: Answered, base: str, type: str) -> Iterator[Found]:
    kinds = one.props.get(tag("d:resourcetype"))
    if kinds is None or kinds.find(tag(TYPES[type])) is None:
        return
    url = urljoin(base, one.href)
    url = url if url.endswith("/") else f"{url}/"
    name = one.text("d:displayname") or unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2])
    held = one.props.get(tag("c:supported-calendar-component-set"))
    components = tuple(comp.get("name", "").upper() for comp in held) if held is not None else ()
    if type == "caldav":
        components = tuple(name for name in components or ("VEVENT", "VTODO") if name in ("VEVENT", "VTODO"))
        if not components:
            return  # of journals or free times only
    yield Found(url, type, name, components, _is_writable(one))


def _is_writable(one: Answered) -> bool:
    held = one.props.get(tag("d:current-user-privilege-set"))
    if held is None:
        return True
    names = {right.tag for privilege in held for right in privilege}
    return not names or bool(names & {tag("d:write"), tag("d:write-content"), tag("d:bind"), tag("d:all")})


def _ask(client: Asking, url: str, depth: int) -> tuple[list[Answered], str]:
    """What ``url`` says of itself (and with depth 1 of what is in it), and the address at which it said so."""
    answer = client.ask("PROPFIND", url, propfind(WANTED), {"Depth": str(depth)})
    return multistatus(answer)[0], answer.url


def multistatus(answer: Answer) -> tuple[list[Answered], str]:
    """The answers in ``answer`` and its sync token. Raises ``DavError`` where it is none."""
    host = urlsplit(answer.url).hostname or answer.url
    if answer.status == 404:
        raise DavError("missing", _("There is nothing at {url}.").format(url=answer.url))
    if answer.status == 403:
        raise DavError("forbidden", _("{host} forbids it: {url}.").format(host=host, url=answer.url))
    if answer.status != 207:
        raise DavError("no_dav", _("{url} is no calendar or address book server.").format(url=answer.url))
    try:
        return read(answer.body)
    except Unreadable as error:
        raise DavError(
            "no_dav", _("{host} says what cannot be read: {reason}.").format(host=host, reason=error)
        ) from None
