"""A laptop that listens hears what concerns it, at once, and nothing else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest

from sfa.server import events, people
from sfa.server.app import App
from sfa.server.events import EACH
from sfa.server.limits import STANDARD
from sfa.server.office import Office
from sfa.sync.messages import Welcome
from tests.server.offices import asked, enrolled, opened, pushed


class Line:
    """An open stream of events; ``None`` stands for its end."""

    def __init__(self) -> None:
        self.chunks = asyncio.Queue[bytes | None]()
        self.headers: dict[bytes, bytes] = {}

    async def next(self) -> Any:
        """The next event's data; the comment itself where it is one."""
        async with asyncio.timeout(20):  # or a failure would hang
            chunk = await self.chunks.get()
        if chunk is None or chunk.startswith(b":"):
            return chunk
        kind, data, *_rest = chunk.decode().split("\n")
        assert kind == "event: position"
        return {int(number): seq for number, seq in json.loads(data.removeprefix("data: ")).items()}


@asynccontextmanager
async def listening(app: App, token: str) -> AsyncIterator[Line]:
    line, hung_up, asked_once = Line(), asyncio.Event(), iter([{"type": "http.request", "body": b""}])

    async def receive() -> Any:
        if message := next(asked_once, None):
            return message
        await hung_up.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            line.headers = dict(message["headers"])
        elif message["body"]:
            line.chunks.put_nowait(message["body"])

    headers = [(b"authorization", b"Bearer " + token.encode())]
    scope = {"type": "http", "method": "GET", "path": "/v1/events", "headers": headers, "query_string": b""}

    async def run() -> None:
        await app(scope, receive, send)
        line.chunks.put_nowait(None)

    task = asyncio.create_task(run())
    try:
        yield line
    finally:
        hung_up.set()
        await task


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "PAUSE", 0.001)


async def push(app: App, welcome: Welcome, name: str) -> None:
    reply = await asked(app, "POST", "/v1/push", pushed(welcome.server, name), token=welcome.token)
    assert reply.status == 200


def number(welcome: Welcome, name: str) -> int:
    return next(stream.number for stream in welcome.streams if stream.name == name)


async def test_what_somebody_pushes_others_hear_with_its_position(app: App, office: Office, rita: Welcome) -> None:
    max_ = enrolled(office.database, "max")
    async with listening(app, max_.token) as line:
        first = await line.next()
        assert first == {stream.number: stream.seq for stream in max_.streams}
        assert line.headers[b"content-type"].startswith(b"text/event-stream")
        await push(app, rita, "Acme")
        assert await line.next() == {number(rita, "North"): 1}
        await push(app, enrolled(office.database, "rita"), "Bolt")
        assert await line.next() == {number(rita, "North"): 2}
        assert app.announcer.count == 1
    assert app.announcer.count == 0


async def test_nobody_hears_of_streams_of_others(
    app: App, office: Office, rita: Welcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    sam = enrolled(office.database, "sam")
    async with listening(app, sam.token) as line:
        assert number(rita, "North") not in await line.next()
        await push(app, rita, "Acme")
        await push(app, sam, "Bolt")
        assert await line.next() == {number(sam, "South"): 1}


@pytest.mark.parametrize(
    "lose",
    [
        lambda database, rita: people.revoke_device(database, rita.device),
        lambda database, rita: people.disable_user(database, "rita"),
    ],
)
async def test_it_ends_when_the_right_is_lost(
    app: App, office: Office, rita: Welcome, lose: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "HEARTBEAT", 0.01)
    async with listening(app, rita.token) as line:
        await line.next()
        lose(office.database, rita)
        while (said := await line.next()) is not None:
            assert said == events.BEAT


async def test_the_lost_right_is_seen_before_anything_is_told(app: App, office: Office, rita: Welcome) -> None:
    max_ = enrolled(office.database, "max")
    async with listening(app, rita.token) as line:
        await line.next()
        people.set_member(office.database, "rita", "North", None)
        await push(app, max_, "Acme")
        assert await line.next() == {number(rita, "North"): 0}  # nothing but that it may see it no more
        people.revoke_device(office.database, rita.device)
        office.announce({1: 99})
        assert await line.next() is None


async def test_what_another_process_does_is_heard_at_the_next_heartbeat(
    app: App, office: Office, rita: Welcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "HEARTBEAT", 0.01)
    async with listening(app, rita.token) as line:
        before = await line.next()
        people.add_stream(office.database, "West")
        while (said := await line.next()) == events.BEAT:
            pass
        assert said == {1: before[1] + 1}


async def test_silence_is_broken_by_a_comment(app: App, rita: Welcome, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "HEARTBEAT", 0.01)
    async with listening(app, rita.token) as line:
        await line.next()
        assert [await line.next() for _beat in range(3)] == [b": \n\n"] * 3


async def test_the_end_of_the_office_ends_all_lines(app: App, rita: Welcome, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "HEARTBEAT", 1000)
    async with listening(app, rita.token) as line:
        await line.next()
        await asyncio.to_thread(app.close)
        assert await line.next() is None


async def test_a_device_may_have_a_few_lines_and_all_together_a_bound(office: Office, rita: Welcome) -> None:
    with opened(office, STANDARD._replace(listeners=EACH + 1)) as app:
        async with AsyncExitStack() as lines:
            for _line in range(EACH):
                await (await lines.enter_async_context(listening(app, rita.token))).next()
            assert (await asked(app, "GET", "/v1/events", token=rita.token)).code == "too_many"
            sam = await lines.enter_async_context(listening(app, enrolled(office.database, "sam").token))
            await sam.next()
            reply = await asked(app, "GET", "/v1/events", token=enrolled(office.database, "max").token)
            assert reply.code == "busy"


async def test_a_database_that_fails_for_a_while_ends_no_line(
    app: App, office: Office, rita: Welcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sfa.errors import BookError

    def broken(_work: Any) -> None:
        raise BookError("gone")

    monkeypatch.setattr(events, "HEARTBEAT", 0.01)
    async with listening(app, rita.token) as line:
        before = await line.next()
        with monkeypatch.context() as patch:
            patch.setattr(office.database, "read", broken)
            await line.next()
            assert await line.next() == events.BEAT
        people.add_stream(office.database, "West")
        while (said := await line.next()) == events.BEAT:
            pass
        assert said == {1: before[1] + 1}
