"""A short list under several headings, with one cursor through all of it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.strip import Strip

from sfa.actions import bindings
from sfa.widgets.cells import fit
from sfa.widgets.columns import Column, ColumnLayout
from sfa.widgets.cursor import CursorWidget
from sfa.widgets.pages import Row
from sfa.widgets.viewport import Viewport

GUTTER = 2
"""Cells left of the first column, for the cursor."""


class Section(NamedTuple):
    """``heading`` above ``rows``; ``note`` stands at its right."""

    heading: str
    rows: Sequence[Row]
    note: str = ""


class _Line(NamedTuple):
    """A line of the widget: a heading, or the item with this number."""

    heading: Section | None = None
    item: int = -1


class SectionList(CursorWidget):
    """Rows under headings. Posts Highlighted and Opened. Sections without rows are left out."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("timeline")]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "sections--heading",
        "sections--note",
        "sections--cursor",
        "sections--dim",
        "sections--empty",
    }
    DEFAULT_CSS = """
    SectionList {
        height: 1fr;
        & > .sections--heading { text-style: bold; color: $text-accent; }
        & > .sections--note { color: $text-muted; }
        & > .sections--cursor { background: $block-cursor-blurred-background; text-style: bold; }
        &:focus > .sections--cursor {
            background: $block-cursor-background; color: $block-cursor-foreground; text-style: $block-cursor-text-style;
        }
        & > .sections--dim { color: $text-muted; }
        & > .sections--empty { color: $text-muted; }
    }
    """

    def __init__(
        self, columns: Sequence[Column], *, empty: str = "", id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.empty = empty
        self._columns = columns
        self._layout = ColumnLayout(columns, 0)
        self._items: list[Row] = []
        self._lines: list[_Line] = []
        self._places: list[int] = []  # item → its line
        self._fitted: Size | None = None
        self._view = Viewport()  # of lines; its cursor is an item's line

    @property
    def view(self) -> Viewport:
        """The items, not the lines: what keys move among."""
        items = Viewport(len(self._items), self._view.body)
        items.cursor = self.cursor
        return items

    @property
    def cursor(self) -> int:
        """The number of the item under the cursor, counted through all sections."""
        return self._lines[self._view.cursor].item if self._items else 0

    @property
    def cursor_id(self) -> str | None:
        return self._items[self.cursor].id if self._items else None

    def show(self, sections: Sequence[Section], *, keep: bool = True) -> None:
        """Shows other sections; the cursor stays on its record or where it was, or goes to the top (``keep`` False)."""
        kept, number = (self.cursor_id, self.cursor) if keep else (None, 0)
        before = self._faces()
        self._items, self._lines, self._places = [], [], []
        for section in sections:
            if not section.rows:
                continue
            self._lines.extend([_Line()] * bool(self._lines) + [_Line(section)])
            for row in section.rows:
                self._places.append(len(self._lines))
                self._lines.append(_Line(item=len(self._items)))
                self._items.append(row)
        found = next((index for index, row in enumerate(self._items) if row.id == kept), number)
        self._view.resize(len(self._lines), self.size.height)
        self._place(found)
        after = self._faces()
        if before and after:  # most of what is typed changes a few lines
            self.repaint(y for y, (old, new) in enumerate(zip_longest(before, after)) if old != new)
        else:
            self.refresh()
        self.tell_cursor()

    def _faces(self) -> list[object]:
        """What tells each line in view from another: its heading or row, and whether it has the cursor."""
        top, cursor = self._view.top, self._view.cursor
        return [
            (
                line.heading and (line.heading.heading, line.heading.note),
                line.item >= 0 and self._items[line.item],
                y == cursor,
            )
            for y, line in enumerate(self._lines[top : top + self.size.height], top)
        ]

    def _place(self, item: int) -> bool:
        """Puts the cursor on an item, its heading in view where it is the first below it; whether anything scrolled."""
        if not self._items:
            return False
        line = self._places[max(0, min(item, len(self._items) - 1))]
        scrolled = self._view.scroll(min(self._view.top, line - 1)) if self._lines[line - 1].item < 0 else False
        return self._view.move(line) or scrolled

    def move_to(self, index: int) -> None:
        old = self._view.cursor
        if self._place(index):
            self.refresh()
        else:
            self.repaint({old - self._view.top, self._view.cursor - self._view.top})
        self.tell_cursor()

    def render_line(self, y: int) -> Strip:
        """A heading, a row, or nothing between two sections."""
        if self._fitted != self.size:
            self._fit()
        if not self._items:
            return self.centred(self.empty, y, "sections--empty")
        index = self._view.top + y
        if index >= len(self._lines):
            return self.blank()
        line = self._lines[index]
        if line.heading:
            return self._heading(line.heading)
        return self._row(self._items[line.item], index == self._view.cursor) if line.item >= 0 else self.blank()

    def _heading(self, section: Section) -> Strip:
        width = self.size.width
        note = fit(section.note, min(len(section.note), width // 2))
        heading = fit(section.heading, width - len(note) - 1)
        return Strip(
            [Segment(heading, self.paint("sections--heading")), Segment(note + " ", self.paint("sections--note"))],
            width,
        )

    def _row(self, row: Row, cursor: bool) -> Strip:
        name = "sections--cursor" if cursor else "sections--dim" if row.dim else ""
        text = ("▌ " if cursor else "  ") + self._layout.line(row.cells) + " "
        return Strip([Segment(text, self.paint(name))], self.size.width)

    def _fit(self) -> None:
        """Takes over the size that it is drawn in. In the drawing itself, so that the first paint is whole already."""
        self._fitted = self.size
        self._layout = ColumnLayout(self._columns, max(self.size.width - GUTTER - 1, 0))
        cursor = self.cursor
        self._view.resize(len(self._lines), self.size.height)
        self._place(cursor)

    def on_click(self, event: events.Click) -> None:
        """A row takes the cursor, and on the second click opens."""
        index = self._view.top + event.y
        if index < len(self._lines) and self._lines[index].item >= 0:
            self.move_to(self._lines[index].item)
            if event.chain == 2:
                self.action_open()

    def wheel(self, event: events.MouseEvent, items: int) -> None:  # noqa: ARG002 - one list, wherever the pointer is
        if self._view.scroll(self._view.top + items):
            self.refresh()
