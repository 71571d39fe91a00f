"""The weeks of a month, a box per day with what fits in it."""

from __future__ import annotations

from rich.segment import Segment
from textual import events
from textual.geometry import Size
from textual.strip import Strip

from sfa import locales
from sfa.widgets.blocks import Item
from sfa.widgets.calendargrid import CalendarGrid, Contents, tone
from sfa.widgets.cells import fit
from sfa.widgets.messages import Turned
from sfa.widgets.timeaxis import Axis
from sfa.widgets.viewport import Viewport

GUTTER = 4
"""Cells for the numbers of the weeks."""
WEEK = 7


class MonthGrid(CalendarGrid):
    """A row of boxes per week. The cursor is a day, and one of its items if one was chosen."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.contents = Contents(("2026-01-01",), "UTC")
        self._axis = Axis(self.contents.days, "UTC", 60)
        self._items: list[list[Item]] = [[]]
        self.at, self.chosen = 0, -1  # the day, and its item
        self._drag: tuple[Item, int] | None = None
        self.drop: int | None = None
        self._fitted: Size | None = None

    # What the owner asks and says

    @property
    def view(self) -> Viewport:
        return Viewport(len(self.contents.days), WEEK)

    @property
    def axis(self) -> Axis:
        return self._axis

    @property
    def item(self) -> Item | None:
        return self._items[self.at][self.chosen] if self.chosen >= 0 else None

    @property
    def day(self) -> str:
        return self.contents.days[self.at]

    @property
    def slot(self) -> tuple[int, int, bool]:
        """The day under the cursor."""
        return self.axis.midnights[self.at], self.axis.midnights[self.at + 1], True

    def show(self, contents: Contents, keep: str | None = None, at: int | None = None) -> None:
        """Shows other days or items; the cursor goes to the item ``keep``, else to the moment ``at``, else it stays."""
        if (self.contents.days, self.contents.zone) != (contents.days, contents.zone):
            self._axis = Axis(contents.days, contents.zone, 60)
            self.chosen = -1
        self.contents = contents
        self._items = [self._on(day) for day in range(len(contents.days))]
        self.at = min(self.at, len(contents.days) - 1)
        if at is not None and 0 <= self.axis.day_of(at) < len(contents.days):
            self.at, self.chosen = self.axis.day_of(at), -1
        self.chosen = min(self.chosen, len(self._items[self.at]) - 1)
        if keep:
            self._choose(keep)
        self.refresh()
        self.tell_cursor()

    def _choose(self, id: str) -> None:
        """Puts the cursor on an item: on the day at hand if it is there, else on its first."""
        for day in (self.at, *range(len(self._items))):
            for number, item in enumerate(self._items[day]):
                if item.id == id:
                    self.at, self.chosen = day, number
                    return

    def _on(self, day: int) -> list[Item]:
        begin, end = self.axis.midnights[day : day + 2]
        return [item for item in self.contents.items if item.begin < end and item.end > begin]

    # Moving the cursor

    def _go(self, at: int, chosen: int = -1) -> None:
        days = len(self.contents.days)
        if not 0 <= at < days:
            self.post_message(Turned(self, 1 if at >= days else -1, abs(at - self.at)))
            return
        self.repaint([*self._lines_of(self.at), *self._lines_of(at)])
        self.at, self.chosen = at, chosen
        self.repaint([0])
        self.tell_cursor()

    def action_cursor_up(self) -> None:
        self._go(self.at - WEEK)

    def action_cursor_down(self) -> None:
        self._go(self.at + WEEK)

    def action_lane_left(self) -> None:
        self._go(self.at - 1)

    def action_lane_right(self) -> None:
        self._go(self.at + 1)

    def go_to(self, moment: int) -> None:
        """Puts the cursor on the day of a moment."""
        if 0 <= (day := self.axis.day_of(moment)) < len(self.contents.days):
            self._go(day)

    def action_to_now(self) -> None:
        self.post_message(Turned(self, 0))

    def action_item_next(self) -> None:
        self._step_item(1)

    def action_item_back(self) -> None:
        self._step_item(-1)

    def _step_item(self, step: int) -> None:
        """To the next item of the day, then of the next day that has some."""
        if 0 <= self.chosen + step < len(self._items[self.at]):
            self._go(self.at, self.chosen + step)
            return
        day = self.at + step
        while 0 <= day < len(self._items):
            if self._items[day]:
                self._go(day, 0 if step > 0 else len(self._items[day]) - 1)
                return
            day += step

    def action_open(self) -> None:
        if self.item:
            super().action_open()
        else:
            self.choose_day()

    def action_move_up(self) -> None:
        self.shift_days(-WEEK)

    def action_move_down(self) -> None:
        self.shift_days(WEEK)

    # Drawing

    def _tops(self) -> list[int]:
        """The first line of each week, and the line after the last."""
        weeks, height = len(self.contents.days) // WEEK, max(self.area.height - 1, 1)
        return [1 + height * week // max(weeks, 1) for week in range(max(weeks, 1) + 1)]

    def _lefts(self) -> list[int]:
        """The first cell of each day of a week, and the cell after the last."""
        width = max(self.area.width - GUTTER, WEEK)
        return [GUTTER + width * day // WEEK for day in range(WEEK + 1)]

    def _lines_of(self, day: int) -> range:
        tops = self._tops()
        week = day // WEEK
        return range(tops[week], tops[week + 1]) if week + 1 < len(tops) else range(0)

    def render_line(self, y: int) -> Strip:
        """The names of the weekdays, then the boxes of each week."""
        lefts = self._lefts()
        if not self.contents.heads:
            return self.blank()  # before anything was read
        if y == 0:
            corner = fit(f"‹{' ' * (GUTTER - 2)}›", GUTTER)
            segments = [Segment(corner, self.paint("grid--hour"))]
            for day, name in enumerate(self.contents.heads[:WEEK]):
                width = lefts[day + 1] - lefts[day]
                segments.append(Segment(fit(f" {name}", width), self.paint("grid--head")))
            return Strip(segments).adjust_cell_length(self.area.width, self.paint())
        tops = self._tops()
        week = next((week for week in range(len(tops) - 1) if tops[week] <= y < tops[week + 1]), None)
        if week is None:
            return self.blank()
        line, room = y - tops[week], tops[week + 1] - tops[week] - 1
        number = self.contents.weeks[week] if line == 0 and week < len(self.contents.weeks) else ""
        segments = [Segment(fit(number, GUTTER), self.paint("grid--hour"))]
        for column in range(WEEK):
            segments.append(Segment("│", self.paint("grid--rule")))
            segments += self._cell(week * WEEK + column, line, room, lefts[column + 1] - lefts[column] - 1)
        return Strip(segments).adjust_cell_length(self.area.width, self.paint())

    def _cell(self, day: int, line: int, room: int, width: int) -> list[Segment]:
        """One line of a day's box: its number, then items; the last line counts those that do not fit."""
        if line == 0:
            return (
                [Segment(fit("⇒", width), self.paint("grid--drop"))] if self.drop == day else self._number(day, width)
            )
        items = self._items[day]
        first = max(0, min(self.chosen - room + 2, len(items) - room)) if day == self.at and room > 1 else 0
        index = first + line - 1
        hidden = len(items) - first - room
        if line == room and hidden > 0:
            return [Segment(fit(f" +{hidden + 1}", width), self.paint("grid--more"))]
        if index >= len(items):
            return [Segment(" " * width, self.paint())]
        item = items[index]
        selected = day == self.at and index == self.chosen
        name = "grid--cursor" if selected else tone(item)
        local = self.axis.local(item.begin)
        time = "" if item.all_day or width < 16 else locales.current().time(local.hour, local.minute)
        text = " ".join(filter(None, (item.signs, time, item.title)))
        return [Segment(fit(("█" if selected else "▌") + text, width), self.paint(name))]

    def _number(self, day: int, width: int) -> list[Segment]:
        """The day of the month, and what is free of it where there is room."""
        date, number = self.contents.days[day], self.contents.heads[WEEK + day]
        cursor, is_today = day == self.at, date == self.contents.today
        text = ("▌" if cursor else " ") + (f"[{number}]" if is_today else number)
        free = self.contents.sums[day]
        free = free if len(text) + len(free) < width else ""
        other = date[:7] != self.contents.days[len(self.contents.days) // 2][:7]
        name = "grid--cursor" if cursor else "grid--dim" if other else "grid--head"
        return [
            Segment(fit(text, width - len(free)), self.paint(name)),
            Segment(free, self.paint("grid--cursor" if cursor else "grid--dim" if other else "grid--sum")),
        ]

    # Mouse

    def _day_at(self, event: events.MouseEvent) -> tuple[int, int] | None:
        """The day under the pointer and the line in its box."""
        x, y = event.screen_x - self.region.x, event.screen_y - self.region.y
        tops, lefts = self._tops(), self._lefts()
        if x < GUTTER or not 1 <= y < tops[-1] or x >= lefts[-1]:
            return None
        week = next(week for week in range(len(tops) - 1) if y < tops[week + 1])
        column = next(day for day in range(WEEK) if x < lefts[day + 1])
        return week * WEEK + column, y - tops[week]

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Takes the item under the pointer."""
        if found := self._day_at(event):
            day, line = found
            room = len(self._lines_of(day)) - 1
            items = self._items[day]
            taken = line - 1 if 0 < line <= len(items) and not (line == room and len(items) > room) else -1
            self._go(day, taken)
            if self.item:
                self._drag = (self.item, day)
                self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Shows the day that what is dragged would fall on."""
        if self._drag:
            found = self._day_at(event)
            drop = found[0] if found and found[0] != self._drag[1] else None
            if drop != self.drop:
                self.drop = drop
                self.refresh()

    def on_mouse_up(self) -> None:
        if self._drag:
            days = self.drop - self._drag[1] if self.drop is not None else 0
            self.let_go()
            if days:
                self.shift_days(days)

    @property
    def dragging(self) -> bool:
        return self._drag is not None

    def let_go(self) -> None:
        self.release_mouse()
        self._drag = self.drop = None
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """The second click opens; the arrows in the corner turn to other months."""
        x, y = event.screen_x - self.region.x, event.screen_y - self.region.y
        if y == 0 and x < GUTTER:
            self.post_message(Turned(self, -1 if x < GUTTER // 2 else 1))
        elif event.chain == 2 and self._day_at(event):
            self.action_open()

    def wheel(self, event: events.MouseEvent, items: int) -> None:  # noqa: ARG002 - all weeks together
        self._go(self.at + (WEEK if items > 0 else -WEEK))
