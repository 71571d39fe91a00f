"""A connection to head office: who says nothing, or too much, before asking is cut off."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from sfa.i18n import _
from sfa.sync.messages import Problem, encode

SECONDS = 20.0
"""Until the headers of a request are there."""
HEADERS = 16_384
"""Bytes of a request before its body."""
CONNECTIONS = 8_000
"""At a time; laptops that listen hold one each."""


class OneSend:
    """A transport that sends what is written in one turn of the loop as one: a reply's headers with its body.

    uvloop does so by itself; the loop of Windows does not, nor does TLS.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._waiting: list[bytes] = []

    def write(self, data: bytes) -> None:
        if not self._waiting:
            self._loop.call_soon(self._flush)
        self._waiting.append(data)

    def _flush(self) -> None:
        if self._waiting:
            self._transport.write(b"".join(self._waiting))
            self._waiting.clear()

    def close(self) -> None:
        self._flush()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class Connection(HttpToolsProtocol):
    """uvicorn's protocol, which on its own bounds neither the time nor the size of headers."""

    _timer: asyncio.TimerHandle | None = None
    _asking, _came, _size = True, 0, 0  # bytes that came before the headers were there; bytes of headers

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(cast(asyncio.Transport, OneSend(transport, self.loop)))
        if len(self.connections) > CONNECTIONS:
            transport.abort()
        else:
            self._hurry()

    def connection_lost(self, exc: Exception | None) -> None:
        self._calm()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._asking:
            self._came += len(data)
            self._hurry()
        super().data_received(data)
        if self._asking and self._came > HEADERS:
            self.send_400_response("")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._asking, self._size = True, 0

    def on_url(self, url: bytes) -> None:
        self._count(url)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count(name + value)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._asking, self._came = False, 0
        self._calm()
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self.pipeline and self.cycle.response_complete:
            self._asking = True

    def _count(self, part: bytes) -> None:
        """Headers may come in one piece, with the body or without, and some more behind a body."""
        self._size += len(part) + 4
        if self._size > HEADERS:
            raise ValueError("too large")

    def _hurry(self) -> None:
        if self._timer is None:
            self._timer = self.loop.call_later(SECONDS, self._late)

    def _calm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _late(self) -> None:
        self._timer = None
        if not self.transport.is_closing():
            self._refuse(408, "too_slow", _("The request did not come in time."))

    def send_400_response(self, msg: str) -> None:
        if max(self._came, self._size) > HEADERS:
            self._refuse(431, "too_large", _("The headers have more than {most} bytes.").format(most=HEADERS))
        else:
            self._refuse(400, "bad_request", msg or _("This is no HTTP request."))

    def _refuse(self, status: int, code: str, reason: str) -> None:
        if self.transport.is_closing():
            return
        if self.cycle is None or self.cycle.response_complete:  # else it would land in the midst of an answer
            body = encode(Problem(code, reason))
            head = b"content-type: application/json\r\nconnection: close\r\ncontent-length: %d\r\n\r\n" % len(body)
            self.transport.write(STATUS_LINE[status] + head + body)
        self.transport.close()
