"""Days side by side, hours down, with whole days on top: a week, some days of it, or one."""

from __future__ import annotations

from textual import events

from sfa.widgets.blocks import Item
from sfa.widgets.messages import Turned, Wanted
from sfa.widgets.weekcursor import WeekCursor
from sfa.widgets.weekface import GUTTER
from sfa.widgets.weekplan import Placed


class WeekGrid(WeekCursor):
    """A column per day. Draws the rows in view; keys and the mouse move what lies there."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._grab: tuple[Placed | None, int, int] | None = None  # what the mouse has taken, and its cell
        self.drop: tuple[int, int] | None = None

    # Moving what is under the cursor

    def _shift_rows(self, rows: int) -> None:
        """Asks for another time of the day; what is for the whole day gets the first time of work."""
        item = self.item
        if item and not item.all_day:
            seconds = rows * self.axis.step * 60
            self.reschedule(item, item.begin + seconds, item.end + seconds, all_day=False)
        elif item and rows > 0:
            begin = self.axis.nearest(self.col, self.first_row())
            self.reschedule(item, begin, begin + 30 * 60, all_day=False)

    def action_move_up(self) -> None:
        self._shift_rows(-1)

    def action_move_down(self) -> None:
        self._shift_rows(1)

    # Mouse

    def _cell_at(self, event: events.MouseEvent) -> tuple[int, int] | None:
        """The day and row under the pointer; None on headings and beside the days."""
        x, y = event.screen_x - self.region.x, event.screen_y - self.region.y
        row = y - self.heads - self.plan.lines
        col = next((day for day, column in enumerate(self.plan.columns) if x < column.left + column.width), None)
        if col is None or x < GUTTER or y < self.heads:
            return None
        return col, row if row < 0 else min(row + self._view.top, self.plan.rows - 1)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Takes what is under the pointer."""
        cell = self._cell_at(event)
        if cell is None:
            return
        here = self.plan.at(*cell)
        x = event.screen_x - self.region.x - self.plan.columns[cell[0]].left
        lane = next((number for number, placed in enumerate(here) if placed.left <= x < placed.left + placed.width), 0)
        self.put(*cell, lane)
        self._grab = (self.placed, *cell)
        self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Shows where what is dragged would fall to."""
        if self._grab is None:
            return
        cell = self._cell_at(event)
        drop = cell if cell != self._grab[1:] else None
        if drop != self.drop:
            self.drop = drop
            self.refresh()

    @property
    def dropped(self) -> tuple[int, int, bool] | None:
        """The time that what is dragged would have if it were dropped now; of free time, what is drawn over."""
        if self._grab is None or self.drop is None:
            return None
        placed, from_col, from_row = self._grab
        if placed is None:
            top, bottom = sorted((from_row, self.drop[1]))
            return self.time_of(from_col, top, bottom if top >= 0 else top)
        return self._dragged(placed.item, from_col, from_row, *self.drop) if placed.item else None

    def _dragged(self, item: Item, from_col: int, from_row: int, col: int, row: int) -> tuple[int, int, bool]:
        """The time of an item dragged from one cell to another; among whole days it has no hours, among hours some."""
        if row < 0 and item.all_day:
            return self.axis.shifted(item.begin, col - from_col), self.axis.shifted(item.end, col - from_col), True
        if row < 0:
            return self.time_of(col, -1, -1)
        begin = self.axis.nearest(col, row)
        if item.all_day:
            return begin, begin + 30 * 60, False
        grabbed = self.axis.begins(from_col, from_row)  # what is taken below its first row keeps the distance
        begin += item.begin - (item.begin if grabbed is None else grabbed)
        return begin, begin + item.end - item.begin, False

    def on_mouse_up(self) -> None:
        """Asks for what was dragged to be moved, or for something new in the time that was drawn over."""
        if self._grab is None:
            return
        dropped, placed = self.dropped, self._grab[0]
        self.let_go()
        if dropped and placed and placed.item:
            self.reschedule(placed.item, dropped[0], dropped[1], all_day=dropped[2])
        elif dropped:
            self.post_message(Wanted(self, *dropped))

    @property
    def dragging(self) -> bool:
        return self._grab is not None

    def let_go(self) -> None:
        self.release_mouse()
        self._grab = self.drop = None
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """The second click opens; a heading shows its day, the arrows in the corner turn to other days."""
        x, y = event.screen_x - self.region.x, event.screen_y - self.region.y
        if y == 0 and x < GUTTER:
            self.post_message(Turned(self, -1 if x < GUTTER // 2 else 1))
        elif y < self.heads:
            col = next((day for day, column in enumerate(self.plan.columns) if x < column.left + column.width), 0)
            self.put(col, self.row)
            self.choose_day()
        elif event.chain == 2 and self._cell_at(event):
            self.action_open()

    def wheel(self, event: events.MouseEvent, items: int) -> None:  # noqa: ARG002 - all days scroll together
        if self._view.scroll(self._view.top + items):
            self.refresh()
