"""What a calendar shows, and how what overlaps is laid side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Item(NamedTuple):
    """Something in a calendar.

    ``begin`` and ``end`` are seconds since 1970; of what is for whole days, the midnights around them. ``tone`` names
    its style, ``glyph`` its kind. ``clash``: it overlaps something that the same person has. ``late``: it
    should be done by now. ``detail`` is shown where there is room for it.
    """

    id: str
    title: str
    begin: int
    end: int
    all_day: bool = False
    glyph: str = "·"
    tone: str = "task"
    detail: str = ""
    clash: bool = False
    done: bool = False
    late: bool = False

    @property
    def signs(self) -> str:
        """Its kind, whether it is done, or late, and whether it overlaps something."""
        return ("✓" if self.done else self.glyph) + ("!" if self.late else "") + ("╫" if self.clash else "")


class Lane(NamedTuple):
    """The place of a span beside others: the number of its lane, and how many there are side by side."""

    number: int
    count: int  # type: ignore[assignment]  # and not the tuple's method


def lanes(spans: Sequence[tuple[int, int]]) -> list[Lane]:
    """A lane for each span (its first and last row, both included), so that none covers another.

    Spans that touch each other, directly or through others, have the same number of lanes.
    """
    found: list[Lane] = [Lane(0, 1)] * len(spans)
    ends: list[int] = []  # the last row of each lane of the group at hand
    group: list[tuple[int, int]] = []  # (span, lane)
    for index in sorted(range(len(spans)), key=lambda index: (spans[index][0], -spans[index][1], index)):
        first, last = spans[index]
        if ends and first > max(ends):
            _settle(found, group, len(ends))
            ends, group = [], []
        lane = next((lane for lane, end in enumerate(ends) if end < first), len(ends))
        ends[lane : lane + 1] = [last]
        group.append((index, lane))
    _settle(found, group, len(ends))
    return found


def _settle(found: list[Lane], group: Sequence[tuple[int, int]], count: int) -> None:
    for index, lane in group:
        found[index] = Lane(lane, count)
