"""The hours of some days, one below the other: the rows of a calendar, also on days of 23 or 25 hours."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

QUARTER = 15 * 60
"""Seconds between two looks at the clock when a day is measured: no zone changes by less."""


class Slot(NamedTuple):
    """A row: what the clock shows, in minutes since midnight; ``fold`` is 1 where it shows that again."""

    minute: int
    fold: int


class Axis:
    """Rows of ``step`` minutes for ``days``, shared by all of them.

    An hour that one of the days has twice has twice the rows; a day without some hour has nothing there. Moments are
    seconds since 1970.
    """

    def __init__(self, days: Sequence[str], zone: str, step: int) -> None:
        self.days, self.step, self.zone = days, step, ZoneInfo(zone)
        self.midnights = [self.instant_of(datetime.combine(date.fromisoformat(day), time())) for day in days]
        self.midnights.append(self.instant_of(datetime.combine(date.fromisoformat(days[-1]), time()) + timedelta(1)))
        measured = [self._measure(*ends) for ends in zip(self.midnights, self.midnights[1:], strict=False)]
        self.slots = _merged(measured)
        rows = {slot: row for row, slot in enumerate(self.slots)}
        self._begins = [{rows[slot]: begin for slot, begin in day.items()} for day in measured]
        self._moments = [[(begin, row) for row, begin in day.items()] for day in self._begins]

    def instant_of(self, local: datetime) -> int:
        """When the clock shows ``local``, the first time; an hour that it skips is as much later."""
        return int(local.replace(tzinfo=self.zone).timestamp())

    def local(self, moment: int) -> datetime:
        """What the clock shows at a moment."""
        return datetime.fromtimestamp(moment, self.zone)

    def _measure(self, midnight: int, next_midnight: int) -> dict[Slot, int]:
        """The rows that a day has, and when each begins, in the order of time."""
        found: dict[Slot, int] = {}
        for moment in range(midnight, next_midnight, QUARTER):
            local = self.local(moment)
            minute = local.hour * 60 + local.minute
            found.setdefault(Slot(minute // self.step * self.step, local.fold), moment)
        return found

    def begins(self, day: int, row: int) -> int | None:
        """When a row of a day begins; None where the day has no such hour."""
        return self._begins[day].get(row)

    def nearest(self, day: int, row: int) -> int:
        """When a row of a day begins, or the next that it has."""
        known = self._moments[day] or [(self.midnights[day], 0)]  # Samoa had no 30 December 2011
        return next((begin for begin, at in known if at >= row), known[-1][0])

    def day_of(self, moment: int) -> int:
        """The number of the day that a moment is on; one before the first or after the last is on none of them."""
        return bisect_right(self.midnights, moment) - 1

    def row_of(self, day: int, moment: int) -> int:
        """The row of a day that a moment lies in."""
        known = self._moments[day]
        return known[max(bisect_right(known, (moment, len(self.slots))) - 1, 0)][1]

    def rows_of(self, day: int, begin: int, end: int) -> tuple[int, int] | None:
        """The first and the last row that a span of time takes on a day; None where it is not on that day."""
        begin, end = max(begin, self.midnights[day]), min(end, self.midnights[day + 1])
        if begin >= end:
            return None
        return self.row_of(day, begin), self.row_of(day, end - 1)

    def shifted(self, moment: int, days: int) -> int:
        """The moment at which the clock shows the same so many days later."""
        return self.instant_of(self.local(moment).replace(tzinfo=None, fold=0) + timedelta(days=days))


def _merged(days: Sequence[dict[Slot, int]]) -> list[Slot]:
    """All rows of all days; each day has its own in the order of time."""
    merged = sorted({slot for day in days for slot in day if not slot.fold})
    for day in days:
        before = None
        for slot in day:
            if slot.fold and slot not in merged:
                merged.insert(merged.index(before) + 1 if before else 0, slot)
            before = slot
    return merged
