"""When to sync next: plain arithmetic on seconds of any clock."""

from __future__ import annotations

import random
from collections.abc import Callable

SETTLING = 2.0
"""Seconds without a further change after which changes are sent."""
LONGEST_SETTLING = 10.0
"""Seconds after the first change at which they are sent in any case."""
OFTEN, SELDOM = 60.0, 180.0
"""Seconds between two syncs where nobody announces what is new, and where head office does."""
FIRST_RETRY, LAST_RETRY = 4.0, 300.0
"""Seconds to the first attempt after a failure, and the most: each further one waits twice as long."""
OTHERS_TURN = 3.0
"""Seconds to wait for another program that syncs."""


class Timetable:
    """When the next sync is due, and what hastens or delays it. ``chance`` gives numbers from 0 to 1.

    Jitter keeps laptops apart that lost their head office at the same moment.
    """

    def __init__(self, now: float, chance: Callable[[], float] = random.random) -> None:
        self.failures = 0
        self._chance = chance
        self._regular = now
        self._changes: tuple[float, float] | None = None  # when the first change came that waits, and when all go up

    @property
    def due(self) -> float:
        """When the next sync is to begin."""
        return min(self._regular, self._changes[1]) if self._changes else self._regular

    def changed(self, now: float) -> None:
        """Something was changed here: it goes up once the user pauses; with the next attempt where the last failed."""
        if not self.failures:
            first = self._changes[0] if self._changes else now
            self._changes = (first, min(now + SETTLING, first + LONGEST_SETTLING))

    def nudged(self, now: float) -> None:
        """The user asks, or head office has something: at once."""
        self._regular = now

    def begun(self) -> None:
        """A sync begins; what changes from now on is for the next one."""
        self._changes, self._regular = None, float("inf")

    def ended(self, now: float, *, announced: bool) -> None:
        """A sync went well. ``announced``: head office says when there is something new."""
        self.failures = 0
        self._then(now + self._jittered(SELDOM if announced else OFTEN))

    def unheard(self, now: float) -> None:
        """Head office announces no longer: whether it is still there is soon found out."""
        self._then(now + self._jittered(FIRST_RETRY))

    def yielded(self, now: float) -> None:
        """Another program has the turn."""
        self._then(now + OTHERS_TURN)

    def failed(self, now: float, wait: float = 0.0) -> None:
        """A sync did not come through; head office asked for ``wait`` seconds."""
        pause = min(FIRST_RETRY * 2.0 ** min(self.failures, 30), LAST_RETRY)
        self.failures += 1
        self._changes = None
        self._then(now + max(self._jittered(pause), wait))

    def _then(self, due: float) -> None:
        """The next is due then; at once where that was asked for while this one ran."""
        self._regular = min(self._regular, due)

    def _jittered(self, seconds: float) -> float:
        return seconds * (0.5 + 0.5 * self._chance())
