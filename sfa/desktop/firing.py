"""Reminders that fire: waits for the next one, claims it for this program, and has it shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from sfa.clock import forget_zone, to_instant
from sfa.errors import SfaError
from sfa.locales import now
from sfa.sales import reminders
from sfa.store.watch import watch

if TYPE_CHECKING:
    from sfa.sales.reminders import Due
    from sfa.store.book import Book

FIRST_RETRY, LAST_RETRY = 15, 600
"""Seconds to the next attempt where nothing can be shown, and the most: each further one waits twice as long."""


class Face(Protocol):
    """What shows reminders."""

    def require(self) -> None:
        """Raises ``SfaError`` where nothing can be shown now: then nothing is claimed."""

    def show(self, due: Sequence[Due]) -> None:
        """Shows what was claimed, all at once. Raises ``SfaError``: then it is put back."""


class Firing:
    """Fires the reminders of a book's user, until stopped. ``run`` is one thread's whole work.

    Whoever claims a reminder first shows it; the others find nothing to claim. It is claimed only by who can show it,
    and put back where that fails after all. A program that dies between claim and show leaves it on Today.

    ``heard`` is told, in that thread, whenever the book may have changed; ``failed`` why something could not be shown.
    """

    def __init__(
        self,
        book: Book,
        face: Face | None,
        heard: Callable[[], None] = lambda: None,
        failed: Callable[[SfaError], None] = lambda _error: None,
    ) -> None:
        self.book, self.face, self._heard, self._failed = book, face, heard, failed
        self._watch = watch(book.path)
        self._stopped = False
        self._failures = 0
        self._rests_until = ""  # after a failure: the instant of the next attempt

    def run(self) -> None:
        """Fires what is due, waits, and again."""
        try:
            while not self._stopped:
                due = self._turn()
                if not self._stopped:
                    self._watch.wait(due)
                    self._heard()
        finally:
            self._watch.close()

    def stop(self) -> None:
        """Has ``run`` return soon; from any thread, or a signal's handler."""
        self._stopped = True
        self._watch.poke()

    def _turn(self) -> str | None:
        """Fires what is due; gives the moment of the next turn, None where there is none."""
        if self.face is None:
            return None
        forget_zone()
        try:
            due = reminders.next_due(self.book)
            if due is None or due > now():
                return due
            if self._rests_until > now():
                return self._rests_until
            self._fire(self.face)
            self._failures, self._rests_until = 0, ""
            return reminders.next_due(self.book)
        except SfaError as error:
            return self._rest(error)

    def _fire(self, face: Face) -> None:
        face.require()
        claimed: list[Due] = []
        try:
            while batch := reminders.claim(self.book, now()):  # a long absence is still one notification
                claimed += batch
            if claimed:  # else another program was first
                face.show(claimed)
        except SfaError:
            if claimed:
                reminders.put_back(self.book, claimed)
            raise

    def _rest(self, error: SfaError) -> str:
        if not self._failures:
            self._failed(error)
        pause = min(FIRST_RETRY << min(self._failures, 10), LAST_RETRY)
        self._failures += 1
        self._rests_until = to_instant(datetime.fromisoformat(now()).astimezone(UTC) + timedelta(seconds=pause))
        return self._rests_until
