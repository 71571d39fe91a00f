"""Syncing in the background, beside whatever else the program does. It knows no screens, and never raises.

One thread syncs, when its timetable says; a second one listens to head office and has it sync at once. Nobody waits for
either of them: what they know is in ``state``, and ``told`` is called, from their threads, when that changed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from sfa.errors import BookError, SfaError
from sfa.sync import membership
from sfa.sync.client import sync
from sfa.sync.rounds import Rounds
from sfa.sync.steps import LockedOut, Reply, Request, Steps, SyncError, problem_of
from sfa.sync.timetable import Timetable
from sfa.sync.turn import turn

if TYPE_CHECKING:
    from sfa.store.book import Book

CLOSING = 1.0
"""Seconds that stopping waits in all for a step under way; what waits for the network is left to itself."""
TOLD_EVERY = 0.1
"""Seconds between two reports of progress."""
HEARING_AGAIN = 5.0
"""Seconds until the next attempt to listen; each further one waits twice as long."""


class Line(Protocol):
    """How head office is reached. Whatever goes wrong is raised as ``SfaError`` that says so in words."""

    def ask(self, request: Request) -> Reply:
        """Sends a request and waits for the reply."""

    def listen(self, heard: Callable[[dict[int, int]], None]) -> None:
        """Calls ``heard`` with the positions of streams that head office announces, until the line ends."""

    def close(self) -> None:
        """Ends what is under way, from any thread."""


MakeLine = Callable[[], Line]


@dataclass(frozen=True, slots=True)
class State:
    """How it goes: ``done`` of ``total`` in a ``step`` (``push``, ``pull`` …) where it is ``running``.

    ``problem`` is why the last sync did not come through, ``code`` as head office says it; empty where it did.
    """

    running: bool = False
    step: str = ""
    done: int = 0
    total: int = 0
    problem: str = ""
    code: str = ""
    locked: LockedOut | None = None
    """Head office has locked this laptop out, and its book is to be closed."""
    listening: bool = False
    syncs: int = 0
    """How many ended, well or not."""


class SyncService(Rounds):
    """Keeps a book that belongs to a head office in step with it, from ``start`` to ``stop``."""

    def __init__(
        self,
        book: Book,
        make_line: MakeLine,
        told: Callable[[], None] = lambda: None,
        *,
        clock: Callable[[], float] = time.monotonic,
        timetable: Timetable | None = None,
    ) -> None:
        super().__init__(timetable or Timetable(clock()), clock)
        self.book, self.state = book, State()
        self._make_line, self._told = make_line, told
        self._lines: list[Line] = []
        self._syncing = 0  # the thread that syncs now
        self._reported = 0.0
        self._threads = [
            threading.Thread(target=self._run, name="sync", daemon=True),
            threading.Thread(target=self._hear, name="sync-events", daemon=True),
        ]

    def start(self) -> None:
        """Begins to sync, with one at once."""
        self.book.listeners.append(self._changed)
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Ends both threads, within moments; what was under way goes on with the next sync."""
        if self._changed in self.book.listeners:
            self.book.listeners.remove(self._changed)
        self._end()
        for line in tuple(self._lines):
            line.close()
        deadline = time.monotonic() + CLOSING
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(deadline - time.monotonic(), 0))

    def changed(self) -> None:
        """Something was changed that is to be sent: a sync begins once the user pauses."""
        self._hasten(self.timetable.changed)

    def _changed(self, _kinds: frozenset[str]) -> None:
        if threading.get_ident() != self._syncing:
            self.changed()

    # Syncing

    def _round(self) -> None:
        try:
            with turn(self.book) as mine:
                if mine:
                    self._sync_now()
                else:
                    self._note(self.timetable.yielded)
        except Exception as error:  # a thread that ends would be a sync that silently never comes
            self._failed(error)

    def _sync_now(self) -> None:
        self._syncing = threading.get_ident()
        self._tell(running=True, step="", done=0, total=0)
        line = self._opened()
        try:
            self._drive(line, sync(self.book, self._report))
        finally:
            self._syncing = 0
            self._closed(line)
        membership.note(self.book, "")
        self._note(lambda now: self.timetable.ended(now, announced=self.state.listening))
        self._tell(running=False, problem="", code="", syncs=self.state.syncs + 1)

    def _note(self, note: Callable[[float], None]) -> None:
        with self._wake:
            note(self._clock())

    def _failed(self, error: Exception) -> None:
        if self._stopped.is_set():
            return
        wait = float(getattr(error, "wait", 0) or 0)
        self._note(lambda now: self.timetable.failed(now, wait))
        code = error.code if isinstance(error, SyncError) else "book" if isinstance(error, BookError) else "failed"
        locked = error if isinstance(error, LockedOut) else None
        problem = membership.briefly(error) if isinstance(error, SfaError) else _unforeseen(error)
        membership.note(self.book, problem)
        self._tell(running=False, problem=problem, code=code, locked=locked, syncs=self.state.syncs + 1)

    def _drive(self, line: Line, steps: Steps) -> None:
        """Makes the requests that ``steps`` ask for; between two of them it can be stopped."""
        reply: Any = None
        while not self._stopped.is_set():
            try:
                request = steps.send(reply)
            except StopIteration:
                return
            reply = line.ask(request)
            if reply.status == 403 and (problem := problem_of(reply)).key:
                raise LockedOut(problem)
        raise SyncError("stopped", "")

    def _opened(self) -> Line:
        line = self._make_line()
        self._lines.append(line)
        if self._stopped.is_set():
            line.close()
        return line

    def _closed(self, line: Line) -> None:
        self._lines.remove(line)
        line.close()

    # Listening

    def _hear(self) -> None:
        pause = HEARING_AGAIN
        while not self._stopped.is_set():
            try:
                line = self._opened()
                try:
                    line.listen(self._heard)
                finally:
                    self._closed(line)
            except Exception:
                pass
            pause = HEARING_AGAIN if self.state.listening else min(2 * pause, 60 * HEARING_AGAIN)
            if not self._stopped.is_set() and self.state.listening:
                self._tell(listening=False)
                self._hasten(self.timetable.unheard)
            self._stopped.wait(pause)

    def _heard(self, positions: Mapping[int, int]) -> None:
        """Head office says how far streams reach, at first of all of them: a sync is due unless the book is as far.

        One is due, too, where head office is heard again after it was out of reach.
        """
        first, known = not self.state.listening, dict(self.book.rows("SELECT number, seq FROM stream"))
        if first:
            self._tell(listening=True)
        again = first and (self.timetable.failures or not known.keys() <= positions.keys())
        if again or any(known.get(stream) != seq for stream, seq in positions.items()):
            self.nudge()

    # Telling

    def _report(self, step: str, done: int, total: int) -> None:
        now = self._clock()
        last = done >= total
        if last or step != self.state.step or now - self._reported >= TOLD_EVERY:
            self._reported = now
            self._tell(step=step, done=done, total=total)

    def _tell(self, **news: Any) -> None:
        with self._wake:
            self.state = replace(self.state, **news)
        if not self._stopped.is_set():
            self._told()


def _unforeseen(error: Exception) -> str:
    from sfa.failures import explain

    return explain(error)
