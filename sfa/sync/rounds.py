"""Rounds of work in the background: one whenever a timetable says so, hastened by what happens meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable

from sfa.sync.timetable import Timetable


class Rounds:
    """What whoever syncs has in common; a round is ``_round``, which never raises and tells the timetable its end."""

    def __init__(self, timetable: Timetable, clock: Callable[[], float]) -> None:
        self.timetable, self._clock = timetable, clock
        self._wake = threading.Condition()
        self._stopped = threading.Event()

    def nudge(self) -> None:
        """Has a round begin at once."""
        self._hasten(self.timetable.nudged)

    def turn(self) -> float:
        """Does a round if it is time; gives the seconds until it is."""
        with self._wake:
            due = self.timetable.due - self._clock()
            if due <= 0:
                self.timetable.begun()
        if due <= 0:
            self._round()
            due = self.timetable.due - self._clock()
        return max(due, 0.0)

    def _round(self) -> None:
        raise NotImplementedError

    def _hasten(self, note: Callable[[float], None]) -> None:
        with self._wake:
            note(self._clock())
            self._wake.notify_all()

    def _run(self) -> None:
        """All rounds until it is stopped; one thread's whole work."""
        while not self._stopped.is_set():
            pause = self.turn()
            with self._wake:
                if not self._stopped.is_set() and self.timetable.due > self._clock():
                    self._wake.wait(pause)

    def _end(self) -> None:
        """Has ``_run`` return soon."""
        self._stopped.set()
        with self._wake:
            self._wake.notify_all()
