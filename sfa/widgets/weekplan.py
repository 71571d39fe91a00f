"""Where in a week everything lies: which rows and cells each item takes, beside what it overlaps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sfa.widgets.blocks import Item, lanes
from sfa.widgets.timeaxis import Axis

NARROWEST = 4
"""Cells that an item beside others needs; what there is no room for is counted."""


class Placed(NamedTuple):
    """An item, or so many as there is no room for (``more``), in the rows from ``top`` to ``bottom`` of a day.

    ``left`` and ``width`` are cells within the day's column. A negative row is a line of the whole day, -1 the last.
    """

    item: Item | None
    top: int
    bottom: int
    left: int
    width: int
    more: int = 0

    @property
    def id(self) -> str | None:
        return self.item.id if self.item else None


class Column(NamedTuple):
    """Where the cells of a day begin, and how many there are."""

    left: int
    width: int


class WeekPlan:
    """Lays out ``items`` on the days of ``axis``, with at most ``most_lines`` lines for whole days."""

    def __init__(self, axis: Axis, items: Sequence[Item], columns: Sequence[Column], most_lines: int) -> None:
        self.axis, self.columns = axis, columns
        self.lines = 1
        self._days: list[list[Placed]] = [[] for _day in axis.days]
        self._place_whole_days([item for item in items if item.all_day], most_lines)
        for day in range(len(axis.days)):
            self._place_hours(day, [item for item in items if not item.all_day])

    @property
    def rows(self) -> int:
        """How many rows there are, those of whole days not counted."""
        return len(self.axis.slots)

    def at(self, day: int, row: int) -> list[Placed]:
        """What lies in a cell, from left to right."""
        here = [placed for placed in self._days[day] if placed.top <= row <= placed.bottom]
        return sorted(here, key=lambda placed: placed.left)

    def find(self, id: str) -> tuple[int, Placed] | None:
        """The first day that an item is on, and its place there."""
        for day, some in enumerate(self._days):
            for placed in some:
                if placed.id == id:
                    return day, placed
        return None

    def on_day(self, day: int) -> list[Placed]:
        """All of a day: whole days first, then by time."""
        return sorted(self._days[day], key=lambda placed: (placed.top, placed.left))

    def _place_whole_days(self, items: Sequence[Item], most: int) -> None:
        spans = [span for item in items if (span := self._days_of(item))]
        shown = [item for item in items if self._days_of(item)]
        found = lanes(spans)
        count = max((lane.number + 1 for lane in found), default=1)
        self.lines = min(count, most)
        room = self.lines if count <= most else most - 1
        hidden = [0] * len(self._days)
        for item, (first, last), lane in zip(shown, spans, found, strict=True):
            for day in range(first, last + 1):
                if lane.number < room:
                    row = lane.number - self.lines
                    self._days[day].append(Placed(item, row, row, 0, self.columns[day].width))
                else:
                    hidden[day] += 1
        for day, more in enumerate(hidden):
            if more:
                self._days[day].append(Placed(None, -1, -1, 0, self.columns[day].width, more))

    def _days_of(self, item: Item) -> tuple[int, int] | None:
        first = max(self.axis.day_of(item.begin), 0)
        last = min(self.axis.day_of(item.end - 1), len(self._days) - 1)
        return (first, last) if first <= last else None

    def _place_hours(self, day: int, items: Iterable[Item]) -> None:
        known = [(item, rows) for item in items if (rows := self.axis.rows_of(day, item.begin, item.end))]
        width = self.columns[day].width
        room = max(width // NARROWEST, 1)
        hidden: list[tuple[int, int]] = []
        for (item, rows), lane in zip(known, lanes([rows for _item, rows in known]), strict=True):
            count = min(lane.count, room)
            if lane.number < (count if lane.count <= room else room - 1):
                left = width * lane.number // count
                self._days[day].append(Placed(item, *rows, left, width * (lane.number + 1) // count - left))
            else:
                hidden.append(rows)
        left = width * (room - 1) // room
        for top, bottom, count in _together(hidden):
            self._days[day].append(Placed(None, top, bottom, left, width - left, count))


def _together(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Spans that overlap as one, with their number."""
    found: list[tuple[int, int, int]] = []
    for top, bottom in sorted(spans):
        if found and top <= found[-1][1]:
            found[-1] = (found[-1][0], max(bottom, found[-1][1]), found[-1][2] + 1)
        else:
            found.append((top, bottom, 1))
    return found
