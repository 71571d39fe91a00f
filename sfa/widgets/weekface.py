"""How a week is drawn: headings, whole days, hours with what lies in them, free time and the time that it is."""

from __future__ import annotations

from rich.cells import chop_cells
from rich.segment import Segment
from textual.strip import Strip

from sfa import locales
from sfa.i18n import _
from sfa.printable import clean
from sfa.widgets.calendargrid import CalendarGrid, tone
from sfa.widgets.cells import fit, wrap
from sfa.widgets.weekplan import Placed, WeekPlan

GUTTER = 6
"""Cells for the hours, left of the days."""


class WeekFace(CalendarGrid):
    """Draws what a subclass has laid out."""

    plan: WeekPlan
    col: int
    row: int
    drop: tuple[int, int] | None

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._texts: dict[Placed, list[str]] = {}

    @property
    def heads(self) -> int:
        raise NotImplementedError

    @property
    def placed(self) -> Placed | None:
        raise NotImplementedError

    @property
    def dropped(self) -> tuple[int, int, bool] | None:
        raise NotImplementedError

    def fit(self) -> None:
        """Takes over the size that it is drawn in."""
        raise NotImplementedError

    def forget(self) -> None:
        """Other items, or other places for them."""
        self._texts.clear()

    def line_of(self, row: int) -> int:
        """The line of the widget that shows a row."""
        return self.heads + self.plan.lines + (row if row < 0 else row - self.view.top)

    def render_line(self, y: int) -> Strip:
        """Headings, lines for whole days, then the rows in view."""
        self.fit()
        if not self.contents.heads:
            return self.blank()  # before anything was read
        if y < self.heads:
            return self._heading(y)
        row = y - self.heads - self.plan.lines
        row = row if row < 0 else row + self.view.top
        if row >= self.plan.rows:
            return self.blank()
        segments = [self._gutter(row)]
        for day in range(len(self.contents.days)):
            segments.append(Segment("│", self.paint("grid--rule")))
            segments += self._cell(day, row)
        return Strip(segments).adjust_cell_length(self.area.width, self.paint())

    # Headings and hours

    def _heading(self, y: int) -> Strip:
        corner = fit(f"‹{self.contents.corner:^{GUTTER - 3}}›" if y == 0 else "", GUTTER)
        segments = [Segment(corner, self.paint("grid--hour"))]
        texts = self.contents.heads if y == 0 else self.contents.sums
        for day, (text, column) in enumerate(zip(texts, self.plan.columns, strict=True)):
            is_today = self.contents.days[day] == self.contents.today
            name = "grid--sum" if y else "grid--today" if is_today else "grid--head"
            segments.append(Segment(" " if y else "›" if day == self.col else " ", self.paint("grid--hour")))
            segments.append(Segment(fit(text, column.width), self.paint(name)))
        return Strip(segments).adjust_cell_length(self.area.width, self.paint())

    def _gutter(self, row: int) -> Segment:
        if row < 0:
            return Segment(fit(_("day") if row == -self.plan.lines else "", GUTTER), self.paint("grid--hour"))
        if self._is_now(row):
            local = self.axis.local(self.contents.now)
            return Segment(fit(f"{local:%H:%M}▸", GUTTER), self.paint("grid--now"))
        minute, fold = self.axis.slots[row]
        text = "" if minute % 60 else hour_label(minute // 60)
        return Segment(fit(f"{text}{'″' if fold and text else ''}", GUTTER), self.paint("grid--hour"))

    def _is_now(self, row: int) -> bool:
        day = self.axis.day_of(self.contents.now)
        return 0 <= day < len(self.contents.days) and self.axis.row_of(day, self.contents.now) == row

    # A cell of a day

    def _cell(self, day: int, row: int) -> list[Segment]:
        width, x = self.plan.columns[day].width, 0
        if (drop := self._dropped_text(day, row)) is not None:
            return [Segment(fit(drop, width), self.paint("grid--drop"))]
        segments: list[Segment] = []
        here = self.plan.at(day, row)
        for placed in here:
            if placed.left > x:
                segments.append(Segment(" " * (placed.left - x), self.paint(self._ground(day, row)[1])))
            segments.append(self._block(placed, row, selected=day == self.col and placed == self.placed))
            x = placed.left + placed.width
        if x < width:
            text, name = ("", self._ground(day, row)[1]) if here else self._ground(day, row)
            segments.append(Segment(fit(text, width - x), self.paint(name)))
        return segments

    def _ground(self, day: int, row: int) -> tuple[str, str]:
        """The text of an empty cell and its style."""
        cursor = (day, row) == (self.col, self.row)
        if row < 0:
            return ("▌", "grid--cursor") if cursor else ("", "")
        begin = self.axis.begins(day, row)
        if begin is None:
            return "╳" * self.plan.columns[day].width, "grid--rule"
        if cursor:
            return f"▌{locales.current().time(*divmod(self.axis.slots[row].minute, 60))}", "grid--cursor"
        if self._is_now(row) and self.axis.day_of(self.contents.now) == day:
            return "─" * self.plan.columns[day].width, "grid--now"
        for start, end, label in self.contents.free:
            if start <= begin < end or begin <= start < begin + self.axis.step * 60 <= end:
                return f"┊ {label}" if self._opens(day, row, start) else "┊", "grid--free"
        off = not any(start <= begin < end for start, end in self.contents.working)
        return "", "grid--off" if off else ""

    def _opens(self, day: int, row: int, start: int) -> bool:
        """Whether free time that begins at ``start`` has its first row here."""
        return self.axis.row_of(day, start) == row or row == self.view.top

    def _dropped_text(self, day: int, row: int) -> str | None:
        """What a cell shows that what is dragged would fall on."""
        dropped = self.dropped
        if dropped is None:
            return None
        begin, end, all_day = dropped
        if all_day:
            inside = row == -1 and begin <= self.axis.midnights[day] < end
            return "⇒" if inside else None
        rows = self.axis.rows_of(day, begin, end)
        if rows is None or not rows[0] <= row <= rows[1]:
            return None
        local = self.axis.local(begin)
        return f"⇒ {locales.current().time(local.hour, local.minute)}" if row == rows[0] else ""

    def _block(self, placed: Placed, row: int, *, selected: bool) -> Segment:
        """One line of what lies in a cell."""
        if placed not in self._texts:
            self._texts[placed] = self._lines(placed)
        text = self._texts[placed][row - placed.top]
        item = placed.item
        name = "grid--cursor" if selected else "grid--more" if item is None else tone(item)
        edge = "█" if selected else "▌" if item else "▐"
        return Segment(fit(edge + text, placed.width), self.paint(name))

    def _lines(self, placed: Placed) -> list[str]:
        """What is written on an item, as many lines as it has rows."""
        rows, width = placed.bottom - placed.top + 1, placed.width - 1
        item = placed.item
        if item is None:
            return [f"+{placed.more}", *[""] * (rows - 1)]
        local = self.axis.local(item.begin)
        time = locales.current().time(local.hour, local.minute)
        timed = not item.all_day and width >= (14 if item.begin % (self.axis.step * 60) else 24)
        parts = [item.signs, time if timed else "", item.title]
        found = wrap(" ".join(filter(None, parts)), width)
        if found[0] == item.signs and width > 0:  # the first word is wider than the item
            found = chop_cells(clean(" ".join(filter(None, parts))), width)
        if item.detail and len(found) < rows:
            found += wrap(item.detail, width)
        if len(found) > rows:
            found[rows - 1 :] = [fit(" ".join(found[rows - 1 :]), width)]
        return [*found, *[""] * (rows - len(found))]


def hour_label(hour: int) -> str:
    """A full hour in five cells: ``09:00``, ``9 AM``."""
    locale = locales.current()
    if "{a}" not in locale.clock:
        return locale.time(hour, 0)
    return f"{(hour - 1) % 12 + 1} {locale.halves[hour >= 12]}"
