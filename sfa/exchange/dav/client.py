"""One user's line to a DAV server: TLS, proxies, deadlines and passwords; replies as they are, but bounded."""

from __future__ import annotations

import ssl
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from ipaddress import ip_address
from typing import NamedTuple, Protocol
from urllib.parse import urljoin, urlsplit

from sfa.errors import UserError
from sfa.i18n import N_, _
from sfa.sync import wire
from sfa.sync.address import is_loopback
from sfa.sync.transport import PATIENCE, Patience

LARGEST = 100_000_000
"""Bytes of a reply."""
REDIRECTIONS = 5
XML = "application/xml; charset=utf-8"
READING = frozenset({"PROPFIND", "REPORT", "GET", "OPTIONS"})
"""Methods that change nothing, and may be tried again."""
APP_PASSWORDS = {
    "icloud.com": N_("iCloud wants a password for apps, from account.apple.com."),
    "fastmail.com": N_("Fastmail wants a password for apps, from its settings."),
    "google.com": N_("Google lets nobody in with a password; docs/calendars.md says what can be done."),
    "googleusercontent.com": N_("Google lets nobody in with a password; docs/calendars.md says what can be done."),
    "yahoo.com": N_("Yahoo wants a password for apps, from its account security."),
}


class DavError(UserError):
    """Why a calendar or address book cannot be reached or read; ``code`` names it in a word."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.code = code


class Answer(NamedTuple):
    """What a server answered: ``url`` is what was asked in the end, after it led elsewhere; headers in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str

    @property
    def etag(self) -> str:
        return self.headers.get("etag", "").strip().removeprefix("W/")


class Asking(Protocol):
    """Whatever carries requests to a server. Raises ``DavError``."""

    def ask(self, method: str, url: str, body: bytes = b"", headers: Mapping[str, str] = {}) -> Answer:
        """Sends one request and gives its answer, whatever its status, but for 401 (``unauthorized``)."""


class Client:
    """The line of one ``user``, for one thread at a time; ``close`` from any ends what waits.

    ``ca`` is a file of certificates to trust in place of the system's.
    """

    def __init__(self, url: str, user: str, password: str, ca: str = "", patience: Patience = PATIENCE) -> None:
        self.url, self.patience = url, patience
        self._secret = b64encode(f"{user}:{password}".encode()).decode()
        host = urlsplit(url).hostname or ""
        self._wire = wire.Wire(url, ca, patience.connect, direct=is_loopback(host))
        self._closed = False

    def ask(self, method: str, url: str, body: bytes = b"", headers: Mapping[str, str] = {}) -> Answer:
        """Sends one request; where the server leads elsewhere, reading goes there. Raises ``DavError``."""
        for _turn in range(REDIRECTIONS):
            self._require_safe(url)
            answer = self._ask_once(method, url, body, headers)
            goal = answer.headers.get("location", "")
            if not (300 <= answer.status < 400 and goal and method in READING):
                return self._judged(answer)
            url = urljoin(answer.url, goal)
        raise DavError("no_dav", _("{url} leads in circles.").format(url=url))

    def close(self) -> None:
        """Ends whatever waits; nothing is to be asked any more."""
        self._closed = True
        self._wire.close()

    def _ask_once(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        sent = {"Authorization": f"Basic {self._secret}", "Content-Type": XML, **headers}
        with self._wire.bounded(self.patience.whole), self._explained(url):
            try:
                return self._exchange(method, url, body, sent)
            except wire.failures() as error:
                if method not in READING or self._wire.late or self._closed or not wire.is_stale(error):
                    raise
                return self._exchange(method, url, body, sent)  # the server had closed the kept connection

    def _exchange(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        if self._closed:
            raise DavError("offline", _("The line was closed."))
        response = self._wire.send(method, url, body or None, headers, self.patience.reply)
        try:
            parts, size = [], 0
            while part := response.read1(65_536, decode_content=False):
                parts.append(part)
                if (size := size + len(part)) > LARGEST:
                    raise DavError("no_dav", _("{host} answers without end.").format(host=_host(url)))
        except BaseException:
            response.close()
            raise
        told = {name.lower(): value for name, value in response.headers.items()}
        if size < int(told.get("content-length") or 0) and response.status != 304:
            raise ConnectionResetError
        return Answer(response.status, told, b"".join(parts), url)

    def _require_safe(self, url: str) -> None:
        """The password goes in the clear only where the user said so, and to no stranger, wherever replies lead."""
        told, goal = urlsplit(self.url), urlsplit(url)
        if goal.scheme != "https" and (goal.scheme, goal.hostname) != (told.scheme, told.hostname):
            text = _("{host} would have the password sent in the clear to {url}.")
            raise DavError("unsafe", text.format(host=_host(self.url), url=url))
        if set(goal.netloc) & set("\\@"):  # of which another reader takes another part for the host
            raise DavError("unsafe", _("{host} leads to no proper address: {url}.").format(host=told.hostname, url=url))
        if not is_kin(_host(self.url), _host(url)):
            text = _("{host} leads to {other}, which does not get its password; where you trust it, add {url} itself.")
            raise DavError(
                "stranger", text.format(host=_host(self.url), other=_host(url), url=f"https://{goal.netloc}")
            )

    def _judged(self, answer: Answer) -> Answer:
        host = _host(answer.url)
        if answer.status == 401:
            hint = next((_(told) for name, told in APP_PASSWORDS.items() if f".{host}".endswith(f".{name}")), "")
            raise DavError("unauthorized", _("{host} does not accept this user and password.").format(host=host), hint)
        if answer.status in (502, 503, 504):
            raise DavError(
                "unavailable", _("{host} does not answer now ({status}).").format(host=host, status=answer.status)
            )
        return answer

    @contextmanager
    def _explained(self, url: str) -> Iterator[None]:
        """What the network does is told in a few words, without what was sent."""
        try:
            yield
        except wire.failures() as error:
            cause, host = wire.cause(error), _host(url)
            if isinstance(cause, ssl.SSLCertVerificationError):
                told = _("{host} cannot be trusted: {reason}.").format(host=host, reason=cause.verify_message)
                raise DavError("untrusted", told, _("--ca FILE names a certificate of your own.")) from None
            reason = _("it took too long") if self._wire.late else wire.reason(cause)
            raise DavError("offline", _("{host} is out of reach: {reason}.").format(host=host, reason=reason)) from None


def is_kin(host: str, other: str) -> bool:
    """Whether the password for ``host`` is for ``other``, too: itself, what is under it, and what is beside it.

    Beside it is what has the same parent, unless that is a top-level domain: so iCloud spreads its users.
    """
    if other == host or _is_number(host) or _is_number(other):
        return other == host
    parent = host.partition(".")[2]
    return other.endswith(f".{host}") or ("." in parent and other.endswith(f".{parent}"))


def _is_number(host: str) -> bool:
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


def _host(url: str) -> str:
    return urlsplit(url).hostname or url
