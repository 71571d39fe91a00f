"""Head office as an ASGI application: leads requests to the office, within limits, and fails only with an answer."""

from __future__ import annotations

import time
from functools import partial
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from sfa.errors import BookError
from sfa.i18n import _
from sfa.server import logs, people
from sfa.server.calendars import Calendars
from sfa.server.events import Announcer
from sfa.server.limits import STANDARD, Bodies, Limits, Workers, too_large
from sfa.server.metrics import Metrics
from sfa.server.office import Office
from sfa.server.people import Who
from sfa.server.refusal import Refused
from sfa.server.routes import HEADERS, JSON, Call, Desk, Route, find
from sfa.server.throttle import Rate, Throttle
from sfa.sync import codec
from sfa.sync.messages import encode

LOGINS = 2
"""Threads for logins: each takes 64 MB while a password is compared."""
METHODS = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE")
"""Those that the log names; a client may send any word."""
TOKEN = 200
"""The most characters of a token."""


class Exchange:
    """One request and what became of it, for the log."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.request = Request(scope, self._receive)
        self._incoming, self._outgoing = receive, send
        self.place, self.status, self.device, self.code = "-", 0, "", ""
        self.taken = self.given = 0
        headers = self.request.headers
        self._unread = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
        self._began = time.perf_counter()

    async def _receive(self) -> Message:
        message = await self._incoming()
        self.taken += len(message.get("body", b""))
        self._unread = bool(message.get("more_body"))
        return message

    async def send(self, response: Response) -> None:
        await response(self.request.scope, self._receive, self._send)

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            if self._unread:  # a body is on its way that nobody will read
                message["headers"] = [*message["headers"], (b"connection", b"close")]
        self.given += len(message.get("body", b""))
        await self._outgoing(message)

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self._began

    def facts(self) -> dict[str, Any]:
        """What the log says of it."""
        method = self.request.method if self.request.method in METHODS else "-"
        facts = {"method": method, "route": self.place, "status": self.status, "code": self.code}
        facts |= {"ms": round(self.seconds * 1000, 1), "in": self.taken, "out": self.given, "device": self.device}
        return {name: value for name, value in facts.items() if value != ""}


class App:
    """The ASGI application of one ``office``.

    ``behind_proxy``: the client's address is the last one in X-Forwarded-For, which our proxy has put there.
    """

    def __init__(self, office: Office, limits: Limits = STANDARD, *, behind_proxy: bool = False) -> None:
        self._limits, self._behind_proxy = limits, behind_proxy
        self._workers = Workers("office", limits.threads, limits.waiting, limits.work_seconds)
        self._logins = Workers("login", LOGINS, 16 * LOGINS, limits.work_seconds)
        self._bodies = Bodies(limits.held, limits.body_seconds)
        self._rate = Rate(limits.rate, limits.burst)
        self.announcer = Announcer(limits.listeners)
        self._metrics = Metrics(lambda: self.announcer.count)
        calendars = Calendars(office.database)
        self._desk = Desk(office, self._workers, Throttle(), self.announcer, self._metrics, calendars, self._identified)
        office.listeners.append(self.announcer.announce)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._serve(Exchange(scope, receive, send))

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return

    def close(self) -> None:
        """Ends what is announced and waits for all work in hand; nothing is to be asked any more."""
        self.announcer.close()
        self._workers.close()
        self._logins.close()

    async def _serve(self, exchange: Exchange) -> None:
        try:
            await self._answer(exchange)
        except ClientDisconnect:
            exchange.code = "gone"
        except Exception as error:  # with the answer half sent there is nothing more to say
            exchange.code = "broken_off"
            logs.failed(error, route=exchange.place)
        finally:
            self._told(exchange)

    async def _answer(self, exchange: Exchange) -> None:
        try:
            await exchange.send(await self._answered(exchange))
        except ClientDisconnect:
            raise
        except Exception as error:
            if exchange.status:
                raise
            refused = error if isinstance(error, Refused) else _unavailable(exchange, error)
            await exchange.send(_problem(exchange, refused))

    def _told(self, exchange: Exchange) -> None:
        self._metrics.requests.labels(exchange.place, str(exchange.status)).inc()
        if exchange.place != "/v1/events":
            self._metrics.seconds.labels(exchange.place).observe(exchange.seconds)
        logs.note("request", **exchange.facts())

    async def _answered(self, exchange: Exchange) -> Response:
        request = exchange.request
        route, named = find(request.method, request.scope["path"])
        exchange.place = route.path
        call = Call(self._desk, request, address=self._address(request), named=named)
        if route.instant:
            return route.answer(call)
        if route.takes:
            return await self._with_body(exchange, route, call)
        return await self._workers.run(lambda: route.answer(self._admitted(exchange, route, call)))

    async def _with_body(self, exchange: Exchange, route: Route, call: Call) -> Response:
        """Nobody's body is read before it is known whose it is."""
        if not route.open:
            call = await self._workers.run(lambda: self._admitted(exchange, route, call))
        workers = self._logins if route.guarded else self._workers
        async with self._bodies.taken(exchange.request, route.most) as body:
            unpack = partial(_unpacked, body, exchange.request.headers.get("content-encoding", ""), route.most)
            return await workers.run(lambda: route.answer(call._replace(body=unpack())))

    def _admitted(self, exchange: Exchange, route: Route, call: Call) -> Call:
        if route.open:
            return call
        who = self._identified(call.request)
        exchange.device = who.device
        self._rate.take(who.device)
        return call._replace(who=who)

    def _identified(self, request: Request) -> Who:
        scheme, _space, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not 0 < len(token) <= TOKEN:
            raise Refused(401, "unauthorized", _("Log in first."))
        return people.identify(self._desk.office.database, token)

    def _address(self, request: Request) -> str:
        """Where the request comes from, for the throttle alone."""
        if self._behind_proxy and (forwarded := request.headers.get("x-forwarded-for")):
            return forwarded.rpartition(",")[2].strip()[:64]
        return request.client.host if request.client else ""


def _unpacked(body: bytes, encoding: str, most: int) -> bytes:
    try:
        return codec.unpack(body, encoding.strip().lower(), most)
    except codec.TooLarge:
        raise too_large(most) from None
    except ValueError as error:
        raise Refused(400, "bad_encoding", str(error)) from None


def _unavailable(exchange: Exchange, error: Exception) -> Refused:
    """What nobody foresaw, and a database that does not work, are our fault and may pass."""
    logs.failed(error, route=exchange.place)
    reason = _("Head office's database does not work.") if isinstance(error, BookError) else _("Something went wrong.")
    return Refused(503, "unavailable", f"{reason} {_('Nothing was changed; try again.')}", wait=10)


def _problem(exchange: Exchange, refused: Refused) -> Response:
    exchange.code = refused.code
    headers = {**HEADERS, "content-type": JSON}
    if refused.wait:
        headers["retry-after"] = str(refused.wait)
    if refused.status == 401:
        headers["www-authenticate"] = "Bearer"
    return Response(encode(refused.problem()), refused.status, headers)
