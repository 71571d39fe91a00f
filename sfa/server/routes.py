"""Everything that can be asked of head office: one table, from which requests are led and ``/openapi.json`` is made."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from typing import NamedTuple

import msgspec
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse

from sfa.i18n import _
from sfa.server import people
from sfa.server.calendars import Calendars
from sfa.server.events import Announcer, positions
from sfa.server.limits import Workers
from sfa.server.metrics import CONTENT_TYPE, Metrics
from sfa.server.office import Office
from sfa.server.people import Who
from sfa.server.refusal import Refused
from sfa.server.throttle import Throttle
from sfa.sync import codec, messages

JSON, TEXT, EVENTS, ZSTD = "application/json", "text/plain; charset=utf-8", "text/event-stream", "application/zstd"
CALENDAR, ICS = "text/calendar; charset=utf-8", ".ics"
STREAM = re.compile(r"[0-9]{1,18}")
RANGE = re.compile(r"bytes=([0-9]{1,18})-([0-9]{1,18})?")
NOBODY = Who("", "", "")
HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


class Desk(NamedTuple):
    """What requests are answered with."""

    office: Office
    workers: Workers
    throttle: Throttle
    announcer: Announcer
    metrics: Metrics
    calendars: Calendars
    admit: Callable[[Request], Who]


class Call(NamedTuple):
    """A request whose sender is known (``who``) and whose body has come (``body``, unpacked).

    ``named`` is what its path names: a stream, a calendar.
    """

    desk: Desk
    request: Request
    who: Who = NOBODY
    address: str = ""
    named: str = ""
    body: bytes = b""

    @property
    def number(self) -> int:
        """The stream that the path names."""
        if not STREAM.fullmatch(self.named):
            raise Refused(404, "not_found", _("There is no such stream."))
        return int(self.named)

    def reply(self, body: bytes, media: str = JSON) -> Response:
        """``body`` packed as the sender takes it."""
        packed, encoding = codec.pack(body, self.request.headers.get("accept-encoding", ""))
        headers = {**HEADERS, "content-type": media, **({"content-encoding": encoding} if encoding else {})}
        return Response(packed, headers=headers)


class Route(NamedTuple):
    """One thing that can be asked.

    ``answer`` blocks, except where it is ``instant``; it ``takes`` a body of at most ``most`` bytes. ``open``: nobody
    needs to have logged in. ``guarded``: few at a time, as it costs much.
    """

    method: str
    path: str
    name: str
    summary: str
    answer: Callable[[Call], Response]
    takes: type[msgspec.Struct] | None = None
    gives: type[msgspec.Struct] | None = None
    media: str = JSON
    statuses: tuple[int, ...] = (200,)
    query: Mapping[str, str] = {}
    most: int = 0
    open: bool = False
    instant: bool = False
    guarded: bool = False


def login(call: Call) -> Response:
    wanted = decoded(call.body, messages.Login)
    name, address = f"name {people.folded(wanted.name)}", f"address {call.address}"
    call.desk.throttle.attempt(name, address)
    welcome = people.login(call.desk.office.database, wanted)
    call.desk.throttle.forgive(name, address)
    return call.reply(messages.encode(welcome))


def logout(call: Call) -> Response:
    people.logout(call.desk.office.database, call.who)
    return Response(status_code=204)


def renew(call: Call) -> Response:
    return call.reply(messages.encode(people.renew(call.desk.office.database, call.who)))


class _Outcome(msgspec.Struct):
    outcome: messages.Outcome


class _Outcomes(msgspec.Struct):
    answers: list[_Outcome]


def push(call: Call) -> Response:
    pushed = call.desk.office.push(call.who, call.body)
    for answer in messages.decode(pushed, _Outcomes).answers:
        call.desk.metrics.actions.labels(answer.outcome).inc()
    return call.reply(pushed)


def pull(call: Call) -> Response:
    page = call.desk.office.pull(call.who, dict(call.request.query_params))
    return Response(status_code=204) if page is None else call.reply(page)


def digest(call: Call) -> Response:
    return call.reply(call.desk.office.digest(call.who, call.number))


def snapshot(call: Call) -> Response:
    path, tag = call.desk.office.snapshot(call.who, call.number, call.request.query_params.get("version", ""))
    size, headers = path.stat().st_size, MutableHeaders(scope=call.request.scope)
    wanted = RANGE.fullmatch(headers.get("range", ""))
    if not wanted:
        del headers["range"]  # what is not understood is answered with all of it, as HTTP has it
    elif int(wanted[1]) >= size or int(wanted[2] or size) < int(wanted[1]):
        raise Refused(416, "bad_range", _("The snapshot has {size} bytes.").format(size=size))
    return FileResponse(path, headers={**HEADERS, "etag": f'"{tag}"'}, media_type=ZSTD)


def make_feed(call: Call) -> Response:
    secret = people.make_feed(call.desk.office.database, call.who)
    return call.reply(messages.encode(messages.Feed(f"/calendar/{secret}{ICS}")))


def feed(call: Call) -> Response:
    found = people.feed_of(call.desk.office.database, call.who)
    known = messages.Feed(created_at=found.created_at, read_at=found.read_at) if found else messages.Feed()
    return call.reply(messages.encode(known))


def end_feed(call: Call) -> Response:
    people.end_feed(call.desk.office.database, call.who)
    return Response(status_code=204)


def calendar(call: Call) -> Response:
    """A feed. Who asks for ones that are none soon has to wait, but not who has asked for a good one before."""
    desk, secret = call.desk, call.named.removesuffix(ICS)
    key = f"calendar {call.address}"
    if not (is_known := desk.calendars.is_known(secret)):
        desk.throttle.attempt(key)
    asked = call.request.headers.get("if-none-match", "")
    page = desk.calendars.page(secret, [tag.strip().removeprefix("W/").strip('"') for tag in asked.split(",")])
    if not is_known:
        desk.throttle.excuse(key)
    headers = {**HEADERS, "cache-control": "private, no-cache", "etag": f'"{page.tag}"'}
    if page.text is None:
        return Response(status_code=304, headers=headers)
    return Response(page.text, headers={**headers, "content-type": CALENDAR})


def listen(call: Call) -> Response:
    desk, who, request = call.desk, call.who, call.request
    desk.announcer.check(who.device)

    def look() -> dict[int, int]:
        desk.admit(request)
        return desk.office.database.read(lambda session: positions(session, who.user))

    body = desk.announcer.listen(who, desk.workers, look)
    return StreamingResponse(body, headers={**HEADERS, "x-accel-buffering": "no"}, media_type=EVENTS)


def is_alive(_call: Call) -> Response:
    return Response(b"ok\n", headers=HEADERS, media_type=TEXT)


def is_ready(call: Call) -> Response:
    call.desk.office.database.read(lambda session: session.rows("SELECT count(*) FROM meta"))
    return is_alive(call)


def metrics(call: Call) -> Response:
    if not _is_near(call.address):
        raise Refused(403, "forbidden", _("Measurements are for head office's own network."))
    return call.reply(call.desk.metrics.page(call.desk.office.database), CONTENT_TYPE)


def _is_near(address: str) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return found.is_loopback or found.is_private


def description(call: Call) -> Response:
    from sfa.server.openapi import page

    return call.reply(page())


def decoded(body: bytes, form: type[messages.Login]) -> messages.Login:
    """The body as ``form``; ``Refused`` 422 says what is wrong with it."""
    try:
        return messages.decode(body, form)
    except ValueError as error:
        raise Refused(422, "invalid_body", str(error)) from None


PULL = {
    "at": "Where the laptop stands: stream:position:mark for each stream, separated by points",
    "acl": "The state of its rights that the laptop knows",
    "until": "Where the pull ends: stream:position for each stream, separated by points",
}
ROUTES = (
    Route(
        "POST", "/v1/login", "login", "Enrol a laptop with name and password", login,
        takes=messages.Login, gives=messages.Welcome, most=20_000, open=True, guarded=True,
    ),
    Route("POST", "/v1/logout", "logout", "Give up the token that is shown", logout, statuses=(204,)),
    Route("POST", "/v1/renew", "renew", "Enrol a copied laptop as one of its own", renew, gives=messages.Welcome),
    Route(
        "POST", "/v1/push", "push", "Send actions; each is judged", push,
        takes=messages.Push, gives=messages.Pushed, most=messages.PUSH_BYTES,
    ),
    Route(
        "GET", "/v1/pull", "pull", "Get what is new; 204 where nothing is", pull,
        gives=messages.Page, statuses=(200, 204), query=PULL,
    ),
    Route("GET", "/v1/digest/{stream}", "digest", "What a stream holds, to compare", digest, gives=messages.Digest),
    Route(
        "GET", "/v1/snapshot/{stream}", "snapshot", "A stream's present records as a file; takes a Range", snapshot,
        media=ZSTD, statuses=(200, 206), query={"version": "The ETag of the one that was begun, without its quotes"},
    ),
    Route("GET", "/v1/feed", "feed", "Whether one's calendar feed is there", feed, gives=messages.Feed),
    Route("POST", "/v1/feed", "make_feed", "Begin one's calendar feed anew", make_feed, gives=messages.Feed),
    Route("DELETE", "/v1/feed", "end_feed", "End one's calendar feed", end_feed, statuses=(204,)),
    Route(
        "GET", "/calendar/{feed}", "calendar", "A user's activities, to subscribe to; takes If-None-Match", calendar,
        media=CALENDAR, statuses=(200, 304), open=True,
    ),
    Route("GET", "/v1/events", "events", "Hear at once when something is new", listen, media=EVENTS),
    Route("GET", "/healthz", "healthz", "Whether the process lives", is_alive, media=TEXT, open=True, instant=True),
    Route("GET", "/readyz", "readyz", "Whether the database answers", is_ready, media=TEXT, open=True),
    Route("GET", "/metrics", "metrics", "Measurements for Prometheus", metrics, media=TEXT, open=True),
    Route("GET", "/openapi.json", "openapi", "This description", description, open=True),
)  # fmt: skip


def find(method: str, path: str) -> tuple[Route, str]:
    """The route for a request, and what its path names. ``Refused`` 404 and 405."""
    folder, _slash, last = path.rpartition("/")
    known = [route for route in ROUTES if route.path == path or route.path.startswith(folder + "/{")]
    for route in known:
        if route.method == method:
            return route, last if route.path != path else ""
    if known:
        methods = ", ".join(route.method for route in known)
        raise Refused(405, "method_not_allowed", _("Here one may only {method}.").format(method=methods))
    raise Refused(404, "not_found", _("There is no such place."))
