"""Calendars and address books kept in step in the background, beside whatever else the program does.

One thread syncs them one after the other when its timetable says. It knows no screens and never raises: what it knows
is in ``state``, and ``told`` is called, from the thread, when that changed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sfa.errors import SfaError
from sfa.exchange.dav.reconciling import sync
from sfa.exchange.dav.remotes import remotes
from sfa.sync.rounds import Rounds
from sfa.sync.timetable import Timetable

if TYPE_CHECKING:
    from sfa.store.book import Book

OURS = frozenset({"activity", "contact", "reminder", "account"})
"""The kinds of records whose changes calendars and address books are to hear of."""
CLOSING = 1.0
"""Seconds that stopping waits for a step under way."""


@dataclass(frozen=True, slots=True)
class State:
    """How it goes: what is ``running`` now, by name, and why the last sync of others failed."""

    running: str = ""
    problems: dict[str, str] = field(default_factory=dict)
    syncs: int = 0
    """How many rounds ended, well or not."""


class Stopped(Exception):
    """The program ends, or the book is not to be touched any more."""


class DavService(Rounds):
    """Keeps all that is connected in step, from ``start`` to ``stop``."""

    def __init__(
        self,
        book: Book,
        told: Callable[[], None] = lambda: None,
        *,
        clock: Callable[[], float] = time.monotonic,
        timetable: Timetable | None = None,
    ) -> None:
        super().__init__(timetable or Timetable(clock()), clock)
        self.book, self.state, self._told = book, State(), told
        self._syncing = 0  # the thread that syncs now
        self._thread = threading.Thread(target=self._run, name="calendars", daemon=True)

    def start(self) -> None:
        """Begins, with one sync at once."""
        self.book.listeners.append(self._changed)
        self._thread.start()

    def stop(self) -> None:
        """Ends within moments; what was under way goes on with the next sync."""
        if self._changed in self.book.listeners:
            self.book.listeners.remove(self._changed)
        self._end()
        if self._thread.is_alive():
            self._thread.join(CLOSING)

    def _changed(self, kinds: frozenset[str]) -> None:
        if kinds & OURS and threading.get_ident() != self._syncing:
            self._hasten(self.timetable.changed)

    def _round(self) -> None:
        problems: dict[str, str] = {}
        try:
            self._sync_all(problems)
        except Stopped:
            return
        except Exception as error:  # a thread that ends would be a sync that silently never comes
            problems[""] = _reason(error)
        if self._stopped.is_set():
            return
        with self._wake:
            if problems:
                self.timetable.failed(self._clock())
            else:
                self.timetable.ended(self._clock(), announced=True)
        self._tell(State("", problems, self.state.syncs + 1))

    def _sync_all(self, problems: dict[str, str]) -> None:
        """Syncs one after the other, until it is stopped; ``problems`` takes why some failed."""
        self._syncing = threading.get_ident()
        try:
            for remote in remotes(self.book):
                self._tick()
                self._tell(replace(self.state, running=remote.name))
                try:
                    sync(self.book, remote, self._tick)
                except Exception as error:  # the others go on
                    self._tick()  # a book that closes fails, too, and that is no news
                    problems[remote.name] = _reason(error)
        finally:
            self._syncing = 0

    def _tick(self) -> None:
        if self._stopped.is_set():
            raise Stopped

    def _tell(self, state: State) -> None:
        if state != self.state:
            self.state = state
            self._told()


def _reason(error: Exception) -> str:
    if isinstance(error, SfaError):
        return error.message
    from sfa.failures import explain

    return explain(error)
