"""Announcements: a laptop that listens hears at once that something came into a stream that it may see."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress

from sfa.errors import BookError
from sfa.server.database import Session
from sfa.server.limits import Workers, busy
from sfa.server.people import Who
from sfa.server.refusal import Refused
from sfa.server.throttle import too_many

HEARTBEAT = 25.0
"""Seconds of silence after which a comment is sent, lest somebody between cuts the line."""
PAUSE = 0.2
"""Seconds between two announcements: what comes meanwhile is announced together."""
EACH = 4
"""The most listeners of one device."""

Look = Callable[[], dict[int, int]]


class Listener:
    """A device that listens. ``known``: the position of each of its streams that was announced to it last."""

    def __init__(self, device: str) -> None:
        self.device, self.known = device, dict[int, int]()
        self._woken, self._loop = asyncio.Event(), asyncio.get_running_loop()

    def wake(self) -> None:
        """From any thread."""
        with suppress(RuntimeError):  # its loop has ended
            self._loop.call_soon_threadsafe(self._woken.set)

    async def woken(self) -> None:
        """Returns when there is something to look at, at the latest after a heartbeat."""
        with suppress(TimeoutError):
            async with asyncio.timeout(HEARTBEAT):
                await self._woken.wait()
        self._woken.clear()


class Announcer:
    """Everybody who listens. What is sent is looked up each time, with the rights of that moment, so nothing queues."""

    def __init__(self, most: int) -> None:
        self._most, self._lock, self._closed = most, threading.Lock(), False
        self._listeners: set[Listener] = set()

    @property
    def count(self) -> int:
        """How many listen."""
        return len(self._listeners)

    def announce(self, positions: Iterable[int]) -> None:
        """Something came into the streams with these numbers; from any thread."""
        streams = frozenset(positions)
        with self._lock:
            for listener in self._listeners:
                if not streams.isdisjoint(listener.known):
                    listener.wake()

    def close(self) -> None:
        """Ends all streams of events, now and from now on."""
        with self._lock:
            self._closed = True
            for listener in self._listeners:
                listener.wake()

    def check(self, device: str) -> None:
        """Raises ``Refused`` where there are too many listeners already, of this device or of all."""
        with self._lock:
            if self._closed or self.count >= self._most:
                raise busy()
            if sum(listener.device == device for listener in self._listeners) >= EACH:
                raise too_many(HEARTBEAT)

    async def listen(self, who: Who, workers: Workers, look: Look) -> AsyncIterator[bytes]:
        """The stream of events, until the device loses its right (``look`` refuses) or head office closes.

        ``look`` gives the position of every stream that the device may see now.
        """
        listener = Listener(who.device)
        with self._lock:
            self._listeners.add(listener)
        try:
            while not self._closed:
                try:
                    news = await _news(listener, workers, look)
                except Refused:
                    return
                yield news
                if news != BEAT:
                    await asyncio.sleep(PAUSE)
                await listener.woken()
        finally:
            with self._lock:
                self._listeners.discard(listener)


BEAT = b": \n\n"


async def _news(listener: Listener, workers: Workers, look: Look) -> bytes:
    """An event with what is new to the listener; a comment where nothing is, or nothing can be told now."""
    try:
        positions = await workers.run(look)
    except BookError:
        return BEAT
    except Refused as refused:
        if refused.status == 503:
            return BEAT
        raise
    fresh = {number: seq for number, seq in positions.items() if listener.known.get(number) != seq}
    fresh |= {number: 0 for number in listener.known if number not in positions}  # one that may be seen no more
    listener.known = positions
    return f"event: position\ndata: {json.dumps(fresh)}\n\n".encode() if fresh else BEAT


def positions(session: Session, user: str) -> dict[int, int]:
    """Where each stream stands that the user may see."""
    rows = session.rows(
        "SELECT s.number, s.seq FROM stream s JOIN member m ON m.stream = s.number WHERE m.person = ?", (user,)
    )
    return dict(rows)
