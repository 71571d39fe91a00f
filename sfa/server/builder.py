"""Making snapshots in the background: one at a time, and never in the way of those who ask."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable

from sfa.server import logs
from sfa.server.snapshots import Snapshots

CALM = 2.0
"""Seconds between looking whether a stream needs one."""
SHARE = 10.0
"""A stream's next snapshot waits so many times as long as the last one took."""


class Stopped(Exception):
    """Head office ends."""


class Builder:
    """A thread that makes the snapshots which are due, once ``begin`` has started it."""

    def __init__(self, snapshots: Snapshots) -> None:
        self._snapshots = snapshots
        self._wanted: set[int] = set()
        self._not_before: dict[int, float] = {}
        self._changed, self._ended = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Starts with all streams."""
        self._snapshots.clean()
        self.look(self._snapshots.database.read(lambda session: session.rows("SELECT number FROM stream")))
        self._thread = threading.Thread(target=self._work, name="snapshots", daemon=True)
        self._thread.start()

    def look(self, streams: Iterable[tuple[int, ...]]) -> None:
        """Has it look soon whether these streams (the first of each tuple) need a snapshot."""
        self._wanted.update(stream[0] for stream in streams)
        self._changed.set()

    def announce(self, positions: dict[int, int]) -> None:
        """Streams have grown."""
        self.look((stream,) for stream in positions)

    def close(self) -> None:
        """Ends the thread; a snapshot that is half made is thrown away."""
        self._ended.set()
        self._changed.set()
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        while not self._ended.is_set():
            self._changed.wait()
            self._changed.clear()
            wanted, self._wanted = self._wanted, set()
            for stream in sorted(wanted):
                self._look_at(stream)
            self._ended.wait(CALM)

    def _look_at(self, stream: int) -> None:
        began = time.monotonic()
        if self._ended.is_set() or began < self._not_before.get(stream, 0.0):
            return
        try:
            if not self._snapshots.database.read(lambda session: self._snapshots.is_due(session, stream)):
                return
            version = self._snapshots.make(stream, self._rest)
        except Stopped:
            return
        except Exception as error:  # whatever it is, laptops have the log; the next look tries again
            logs.failed(error, task="snapshot", stream=stream)
        else:
            logs.note("snapshot", stream=stream, seq=version.tag.seq, size=version.path.stat().st_size)
        took = time.monotonic() - began
        self._not_before[stream] = time.monotonic() + SHARE * took

    def _rest(self, seconds: float) -> None:
        """Lets others have the processor as long as the last piece of work had it."""
        if self._ended.wait(seconds):
            raise Stopped
