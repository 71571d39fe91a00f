"""The days and rows of a week, and its cursor."""

from __future__ import annotations

from itertools import pairwise

from textual.geometry import Size

from sfa.widgets.blocks import Item
from sfa.widgets.calendargrid import Contents
from sfa.widgets.messages import Turned, Wanted
from sfa.widgets.timeaxis import Axis
from sfa.widgets.viewport import Viewport
from sfa.widgets.weekface import GUTTER, WeekFace
from sfa.widgets.weekplan import Column, Placed, WeekPlan

TWO_HEADS = 16
"""Height from which the sum of the free time has a line of its own."""


class WeekCursor(WeekFace):
    """The cursor is a cell, or the item that lies there."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.contents = Contents(("2026-01-01",), "UTC")
        self.col, self.row, self.lane = 0, 0, 0
        self.plan = self._made(Axis(self.contents.days, "UTC", 60))
        self._view = Viewport(24)
        self._fitted: Size | None = None

    # What the owner asks and says

    @property
    def view(self) -> Viewport:
        return self._view

    @property
    def axis(self) -> Axis:
        return self.plan.axis

    @property
    def placed(self) -> Placed | None:
        """What lies under the cursor."""
        here = self.plan.at(self.col, self.row)
        return here[min(self.lane, len(here) - 1)] if here else None

    @property
    def item(self) -> Item | None:
        return self.placed.item if self.placed else None

    @property
    def day(self) -> str:
        return self.contents.days[self.col]

    @property
    def slot(self) -> tuple[int, int, bool]:
        """The time under the cursor: begin, end, and whether it is for the whole day."""
        return self.time_of(self.col, self.row, self.row)

    def show(self, contents: Contents, keep: str | None = None, at: int | None = None) -> None:
        """Shows other days or items; the cursor goes to the item ``keep``, else to the moment ``at``, else it stays."""
        known = self.contents.days == contents.days and self.contents.zone == contents.zone
        first = not self.contents.heads
        begin = self._cell_begin()
        self.contents = contents
        self.col = min(self.col, len(contents.days) - 1)
        self._lay_out()
        if keep and (found := self.plan.find(keep)):
            self.col, placed = found
            self.row, self.lane = placed.top, self.plan.at(self.col, placed.top).index(placed)
        elif at is not None and 0 <= self.axis.day_of(at) < len(contents.days):
            self.col, self.lane = self.axis.day_of(at), 0
            self.row = self.axis.row_of(self.col, at)
        elif not known and self.row >= 0 and begin is not None:
            self.row = self.axis.row_of(self.col, self.axis.midnights[self.col] + begin)
        if first:
            self.show_working_hours()
        self._reveal()
        self.refresh()
        self.tell_cursor()

    def _cell_begin(self) -> int | None:
        """Seconds of the day at which the row with the cursor begins."""
        begin = self.axis.begins(self.col, self.row) if self.row >= 0 else None
        return None if begin is None else begin - self.axis.midnights[self.col]

    # Laying out

    def _lay_out(self) -> None:
        height = self.size.height
        step = self._step(height) if height else 30
        self.plan = self._made(Axis(self.contents.days, self.contents.zone, step))
        body = max(height - self.heads - self.plan.lines, 1)
        self.row = max(-self.plan.lines, min(self.row, self.plan.rows - 1))
        self._view.resize(self.plan.rows, body)
        self.forget()

    @property
    def heads(self) -> int:
        """Lines of the headings."""
        return 2 if self.size.height >= TWO_HEADS else 1

    def _step(self, height: int) -> int:
        """Minutes of a row: a quarter if a working day fits then, half an hour if most of it does, else an hour."""
        minutes = max(((end - begin) // 60 for begin, end in self.contents.working), default=600)
        room = height - self.heads - 2
        return 15 if minutes / 15 <= room else 30 if minutes / 30 * 0.6 <= room else 60

    def _made(self, axis: Axis) -> WeekPlan:
        count, width = len(axis.days), max(self.size.width - GUTTER, len(axis.days) * 4)
        edges = [width * day // count for day in range(count + 1)]
        columns = [Column(GUTTER + left + 1, right - left - 1) for left, right in pairwise(edges)]
        return WeekPlan(axis, self.contents.items, columns, max(self.size.height // 5, 1))

    def fit(self) -> None:
        """Takes over the size that it is drawn in."""
        if self._fitted != self.size:
            self._fitted = self.size
            begin = self._cell_begin()
            self._lay_out()
            if begin is not None:
                self.row = self.axis.row_of(self.col, self.axis.midnights[self.col] + begin)
            self.show_working_hours()
            self._reveal()

    def show_working_hours(self) -> None:
        """Scrolls to where work begins."""
        for begin, _end in self.contents.working[:1]:
            self._view.scroll(self.axis.row_of(max(self.axis.day_of(begin), 0), begin))

    def _reveal(self) -> None:
        if self.row >= 0:
            self._view.move(self.row)

    # Moving the cursor

    def put(self, col: int, row: int, lane: int = 0) -> None:
        before = (self.col, self.row, self.placed)
        self.col, self.row = col, max(-self.plan.lines, min(row, self.plan.rows - 1))
        self.lane = max(0, min(lane, len(self.plan.at(self.col, self.row)) - 1))
        scrolled = self.row >= 0 and self._view.move(self.row)
        if scrolled or not self._in_view(before[1]):
            self.refresh()
        else:
            self.repaint({0, *self._lines_of(before[1], before[2]), *self._lines_of(self.row, self.placed)})
        self.tell_cursor()

    def _in_view(self, row: int) -> bool:
        return row < 0 or self._view.in_view(row)

    def _lines_of(self, row: int, placed: Placed | None) -> range:
        """The lines of the widget on which a cell, or what lies there, is drawn."""
        top, bottom = (placed.top, placed.bottom) if placed else (row, row)
        return range(self.line_of(top), self.line_of(bottom) + 1)

    def action_cursor_up(self) -> None:
        row = (self.placed.top if self.placed else self.row) - 1
        whole = self.row >= 0 and self.plan.at(self.col, -1) and self.row == self.first_row()
        self.put(self.col, -1 if whole else row)

    def action_cursor_down(self) -> None:
        row = (self.placed.bottom if self.placed else self.row) + 1
        self.put(self.col, self.first_row() if self.row == -1 else row)

    def first_row(self) -> int:
        """Where keys come to from the whole days: the row at which work begins, or the first thing before it."""
        begins = [self.axis.row_of(self.col, begin) for begin, _end in self.contents.working if self._is_here(begin)]
        tops = [placed.top for placed in self.plan.on_day(self.col) if placed.top >= 0]
        return min([*begins, *tops], default=0)

    def _is_here(self, moment: int) -> bool:
        return self.axis.day_of(moment) == self.col

    def action_lane_left(self) -> None:
        if self.lane:
            self.put(self.col, self.row, self.lane - 1)
        elif self.col:
            self.put(self.col - 1, self.row, len(self.plan.at(self.col - 1, self.row)))
        else:
            self.post_message(Turned(self, -1, 1))

    def action_lane_right(self) -> None:
        if self.lane + 1 < len(self.plan.at(self.col, self.row)):
            self.put(self.col, self.row, self.lane + 1)
        elif self.col + 1 < len(self.contents.days):
            self.put(self.col + 1, self.row)
        else:
            self.post_message(Turned(self, 1, 1))

    def go_to(self, moment: int) -> None:
        """Puts the cursor on a moment of the days shown."""
        day = self.axis.day_of(moment)
        if 0 <= day < len(self.contents.days):
            self.put(day, self.axis.row_of(day, moment))

    def action_to_now(self) -> None:
        self.post_message(Turned(self, 0))

    def _step_item(self, step: int) -> None:
        """To the next item in the order of days and times; on to other days after the last."""
        known = [(day, placed) for day in range(len(self.contents.days)) for placed in self.plan.on_day(day)]
        here = (self.col, self.row, self.placed.left if self.placed else -1)
        order = [(day, placed.top, placed.left) for day, placed in known]
        if self.placed:
            here = (self.col, self.placed.top, self.placed.left)
        ahead = [place for place in order if place > here] if step > 0 else [place for place in order if place < here]
        if ahead:
            col, row, left = min(ahead) if step > 0 else max(ahead)
            lefts = [placed.left for placed in self.plan.at(col, row)]
            self.put(col, row, lefts.index(left))

    def action_item_next(self) -> None:
        self._step_item(1)

    def action_item_back(self) -> None:
        self._step_item(-1)

    def action_open(self) -> None:
        placed = self.placed
        if placed and placed.item:
            super().action_open()
        elif placed:
            self.choose_day()
        else:
            self.post_message(Wanted(self, *self.slot))

    def time_of(self, col: int, top: int, bottom: int) -> tuple[int, int, bool]:
        """The time of rows of a day; at least half an hour, or all of it."""
        if top < 0:
            return self.axis.midnights[col], self.axis.midnights[col + 1], True
        begin = self.axis.nearest(col, top)
        end = self.axis.nearest(col, bottom) + self.axis.step * 60
        return begin, max(end, begin + 30 * 60), False
