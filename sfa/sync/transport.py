"""The line to head office: requests over HTTP, with every wait bounded and every reply judged.

Nothing is tried again in here but a read on a connection that went stale: whoever syncs has a back-off of its own.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from sfa.i18n import _
from sfa.sync import codec, wire
from sfa.sync.address import is_loopback
from sfa.sync.messages import PAGE_BYTES, Problem, decode
from sfa.sync.steps import LockedOut, Reply, Request, Result, SyncError, problem_of

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

JSON, FILE, EVENTS = "application/json", "application/zstd", "text/event-stream"
TOLD = ("etag", "content-range")
"""The headers of a reply that are passed on."""
EVENT_BYTES = 1_000_000
"""The most of one announcement."""


class Patience(NamedTuple):
    """How long to wait, in seconds: for a connection, for a reply to begin, for all of it; between announcements."""

    connect: float = 10
    reply: float = 100
    whole: float = 300
    silence: float = 60


PATIENCE = Patience()


class Offline(SyncError):
    """Head office cannot be reached now; ``reason`` says why, in a few words."""

    def __init__(self, reason: str) -> None:
        super().__init__("offline", _("Head office is out of reach: {reason}.").format(reason=reason))
        self.reason = reason


class Line:
    """The line of one laptop, to be used by one thread at a time; ``close`` from any ends what waits.

    ``url`` is as ``sfa.sync.address`` spells it, ``ca`` a file of certificates to trust in place of the system's.
    """

    def __init__(self, url: str, token: str = "", ca: str = "", patience: Patience = PATIENCE) -> None:
        self.url, self.token, self.patience = url, token, patience
        self._wire = wire.Wire(url, ca, patience.connect, direct=is_loopback(urlsplit(url).hostname or ""))
        self._asked = self._closed = False

    def ask(self, request: Request) -> Reply:
        """What head office says. Raises ``SyncError``."""
        body, headers = self._prepared(request)
        with self._wire.bounded(self.patience.whole):
            try:
                response = self._send(request.method, request.path, body, headers)
            except Stale:
                response = self._send(request.method, request.path, body, headers)
            reply = self._reply(response, FILE if "Range" in request.headers else JSON)
        self._asked = True
        return reply

    def listen(self, heard: Callable[[dict[int, int]], None]) -> None:
        """Calls ``heard`` with what head office announces, stream → position, until it ends. Raises ``SyncError``."""
        headers = self._headers({"Accept": EVENTS})
        with self._explained():
            response = self._wire.send("GET", self.url + "/v1/events", None, headers, self.patience.silence)
        try:
            self._hear(response, heard)
        finally:
            response.close()

    def _hear(self, response: BaseHTTPResponse, heard: Callable[[dict[int, int]], None]) -> None:
        if response.status != 200:
            with self._wire.bounded(self.patience.whole):
                problem = problem_of(self._reply(response))
            raise SyncError(problem.code, _("Head office: {reason}").format(reason=problem.reason))
        self._require_form(response, EVENTS)
        buffer = b""
        while part := self._part(response):
            *events, buffer = (buffer + part).split(b"\n\n")
            if len(buffer) > EVENT_BYTES:
                raise self._no_office(_("its announcements have no end"))
            for event in events:
                if positions := self._positions(event):
                    heard(positions)

    def close(self) -> None:
        """Ends whatever waits; nothing is to be asked any more."""
        self._closed = True
        self._wire.close()

    # Out

    def _prepared(self, request: Request) -> tuple[bytes | None, Mapping[str, str]]:
        if request.method == "GET":
            return None, self._headers(request.headers)
        body, encoding = codec.pack(request.body)
        packing = {"Content-Encoding": encoding} if encoding else {}
        return body, self._headers({"Content-Type": JSON, **packing})

    def _headers(self, more: Mapping[str, str]) -> Mapping[str, str]:
        shown = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return {**shown, "Accept-Encoding": "zstd", **more}

    def _send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> BaseHTTPResponse:
        if self._closed:
            raise Offline(_("the line was closed"))
        with self._explained(stale=method == "GET" and self._asked):
            self._asked = False
            return self._wire.send(method, self.url + path, body, headers, self.patience.reply)

    # In

    def _reply(self, response: BaseHTTPResponse, form: str = JSON) -> Reply:
        """The reply, judged: nothing is passed on that head office would not say."""
        try:
            if 300 <= response.status < 400:
                raise self._no_office(_("it leads elsewhere"))
            packed = self._whole(response)
            encoding = response.headers.get("content-encoding", "").strip().lower()
            try:
                told = {name: response.headers[name] for name in TOLD if name in response.headers}
                reply = Reply(response.status, codec.unpack(packed, encoding, PAGE_BYTES), told)
            except ValueError as error:
                raise self._no_office(str(error)) from None
            if reply.status >= 400:
                self._require_refusal(reply, response.headers.get("retry-after", ""))
            elif reply.status != 204:
                if not packed:
                    raise Offline(_("the line broke"))  # in the midst of the headers
                self._require_form(response, form)
            return reply
        except SyncError:
            response.close()
            raise

    def _whole(self, response: BaseHTTPResponse) -> bytes:
        parts: list[bytes] = []
        size = 0
        while part := self._part(response):
            size += len(part)
            if size > PAGE_BYTES:
                raise self._no_office(_("its answer has no end"))
            parts.append(part)
        return b"".join(parts)

    def _part(self, response: BaseHTTPResponse) -> bytes:
        with self._explained():
            return response.read1(65_536, decode_content=False)

    def _require_form(self, response: BaseHTTPResponse, form: str) -> None:
        given = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if given != form:
            raise self._no_office(_("a page of the network, perhaps, that wants you to log in"))

    def _require_refusal(self, reply: Reply, wait: str) -> None:
        """Raises ``SyncError`` unless head office itself refuses; also where it asks to be left alone for a while."""
        try:
            problem = decode(reply.body, Problem)
        except ValueError:
            if reply.status >= 500 and reply.status != 511:
                raise SyncError(
                    "unavailable", _("Head office does not answer ({status}).").format(status=reply.status)
                ) from None
            raise self._no_office(_("it answers {status}").format(status=reply.status)) from None
        if reply.status in (429, 503):
            seconds = float(wait) if wait.isascii() and wait.isdigit() and len(wait) < 6 else 0.0
            raise SyncError(problem.code, _("Head office: {reason}").format(reason=problem.reason), wait=seconds)

    def _positions(self, event: bytes) -> dict[int, int]:
        data = b"".join(line[5:] for line in event.split(b"\n") if line.startswith(b"data:"))
        if not data:
            return {}  # a sign of life
        try:
            return decode(data, dict[int, int])
        except ValueError:
            raise self._no_office(_("its announcements make no sense")) from None

    def _no_office(self, what: str) -> SyncError:
        return SyncError("no_office", _("At {url} is no head office: {what}.").format(url=self.url, what=what))

    @contextmanager
    def _explained(self, stale: bool = False) -> Iterator[None]:
        """What the network does is told in a few words."""
        try:
            yield
        except wire.failures() as error:
            if self._wire.late:
                raise Offline(_("it took too long")) from None
            if stale and not self._closed and wire.is_stale(error):
                raise Stale from None
            if isinstance(cause := wire.cause(error), ssl.SSLCertVerificationError):
                raise SyncError(
                    "untrusted",
                    _("{url} cannot be trusted: {reason}.").format(url=self.url, reason=cause.verify_message),
                    _("--ca FILE names a certificate of your own."),
                ) from None
            if wire.is_rubbish(cause):
                raise self._no_office(_("it does not speak as one")) from None
            raise Offline(wire.reason(cause)) from None


class Stale(Exception):
    """The connection had been closed by the other end before it was asked."""


def drive(line: Line, steps: Generator[Request, Any, Result]) -> Result:
    """Makes the requests that ``steps`` ask for. Raises ``SyncError`` (``LockedOut``), ``Untrue``, ``BookError``."""
    reply: Reply | None = None
    while True:
        try:
            request = steps.send(reply)
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]
        reply = line.ask(request)
        if reply.status == 403 and (problem := problem_of(reply)).key:
            raise LockedOut(problem)
