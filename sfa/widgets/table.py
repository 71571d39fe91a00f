"""A list of any length: draws the rows in view, reads them page by page, repaints the lines that a key changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.actions import SkipAction
from textual.binding import BindingType
from textual.geometry import Size
from textual.strip import Strip

from sfa.actions import bindings
from sfa.widgets.columns import Column, ColumnLayout
from sfa.widgets.cursor import CursorWidget
from sfa.widgets.marks import Marks
from sfa.widgets.messages import Marked, SortBy
from sfa.widgets.pages import PAGE, ListSource, Pages, Row, Source
from sfa.widgets.viewport import Viewport

GUTTER = 2
"""Cells left of the first column, for cursor and mark."""
HEADER = 1
"""Lines above the first row."""
KEPT = 500
"""Drawn lines kept in memory."""


class Table(CursorWidget):
    """Rows of a ``Source`` under a header, with a cursor and marks. Posts Highlighted, Opened, Marked and SortBy.

    Args:
        columns: in the order of the rows' cells.
        source: the rows; without one the table is empty until ``show``.
        empty: what an empty table says, several lines if need be.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("table")]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "table--header",
        "table--cursor",
        "table--mark",
        "table--dim",
        "table--empty",
        "table--thumb",
    }
    DEFAULT_CSS = """
    Table {
        height: 1fr;
        & > .table--header { background: $panel; text-style: bold; }
        & > .table--cursor { background: $block-cursor-blurred-background; text-style: bold; }
        &:focus > .table--cursor {
            background: $block-cursor-background; color: $block-cursor-foreground; text-style: $block-cursor-text-style;
        }
        & > .table--mark { color: $text-accent; text-style: bold; }
        & > .table--dim { color: $text-muted; }
        & > .table--empty { color: $text-muted; }
        & > .table--thumb { color: $text-muted; }
    }
    """

    def __init__(
        self,
        columns: Sequence[Column] = (),
        source: Source | None = None,
        *,
        empty: str = "",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.empty = empty
        self._columns = columns
        self._sort: tuple[str | None, bool] = (None, False)
        self._source: Source = source or ListSource()
        self._pages: Pages[Row] = Pages(self._source)
        self._view = Viewport(self._pages.count)
        self._marks = Marks()
        self._layout = ColumnLayout(columns, 0)
        self._drawn: dict[tuple[int, bool, bool, bool], Strip] = {}
        self._fitted: Size | None = None

    # What the owner asks and says

    @property
    def count(self) -> int:
        """How many rows there are."""
        return self._view.count

    @property
    def cursor(self) -> int:
        """The index of the row under the cursor."""
        return self._view.cursor

    @property
    def view(self) -> Viewport:
        return self._view

    @property
    def cursor_id(self) -> str | None:
        row = self._pages[self.cursor]
        return row.id if row else None

    @property
    def columns(self) -> Sequence[Column]:
        """All columns, those dropped for lack of width included."""
        return self._columns

    @property
    def marked(self) -> int:
        """How many records are marked."""
        return self._marks.count(self.count, self.cursor)

    def targets(self) -> list[str]:
        """The ids to act on: those marked, or if none is the one under the cursor.

        Where all are marked it reads the ids from the source: call it in a worker when the table may be long.
        """
        self._settle_range()
        if self._marks.all:
            return self._marks.within(self._source.ids(0, self.count))
        cursor = self.cursor_id
        return self._marks.ids or ([cursor] if cursor else [])

    def show(
        self, source: Source, keep_id: str | None = None, *, keep_marks: bool = False, empty: str | None = None
    ) -> None:
        """Shows the rows of ``source`` instead, without a layout.

        The cursor goes to the record ``keep_id``, on the same line of the screen if it can; if that record is gone it
        stays where it was, and without ``keep_id`` it goes to the top. Marks are forgotten unless the rows are the same
        records again (``keep_marks``: after a sort or an edit).
        """
        if not keep_marks:
            self.clear_marks()
        self._marks.anchor = None
        self.empty = self.empty if empty is None else empty
        index = source.index(keep_id) if keep_id else 0
        line = self.cursor - self._view.top
        self._source, self._pages = source, Pages(source)
        self._drawn.clear()
        self._view.count = self._pages.count
        self._view.cursor = self._view.clamp(self.cursor if index is None else index)
        self._view.scroll(self.cursor - line)
        self._view.move(self.cursor)
        self.refresh()
        self.tell_cursor()

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Other columns; the cells of the source's rows must be in the same order."""
        self._columns = columns
        self._lay_out()
        self.refresh()

    def set_sort(self, column: str | None, descending: bool = False) -> None:
        """Draws the arrow; the order itself is the source's."""
        self._sort = (column, descending)
        self.repaint([0])

    def clear_marks(self) -> None:
        """Forgets all marks."""
        if self.marked:
            self._marks.clear()
            self.refresh()
            self._tell_marks()

    def move_to(self, index: int) -> None:
        old, was_in_view = self.cursor, self._view.in_view(self.cursor)
        if self._view.move(index) or not was_in_view:
            self.repaint(range(HEADER, self.size.height))
        elif self._marks.anchor is None:
            self.repaint({self._line_of(old), self._line_of(self.cursor)})
        else:
            first, last = sorted((old, self.cursor))
            self.repaint(range(self._line_of(first), self._line_of(last) + 1))
        if self._marks.anchor is not None:
            self._tell_marks()
        self.tell_cursor()
        self._prefetch(self.cursor - old)

    # Actions

    def action_mark(self) -> None:
        if self._marks.anchor is not None:
            self.action_mark_range()
        elif id := self.cursor_id:
            self._marks.toggle(id)
            self.repaint([self._line_of(self.cursor)])
            self._tell_marks()
            self.action_cursor_down()

    def action_mark_range(self) -> None:
        if self._marks.anchor is not None:
            self._settle_range()
        elif self.count:
            self._marks.anchor = self.cursor
        self.repaint([self._line_of(self.cursor)])
        self._tell_marks()

    def action_mark_all(self) -> None:
        if self._marks.all:
            self._marks.clear()
        else:
            self._marks.mark_all()
        self.refresh()
        self._tell_marks()

    def action_unmark(self) -> None:
        if not self.marked:
            raise SkipAction  # Escape then means what it means to the screen
        self.clear_marks()

    # Drawing

    @property
    def _text_width(self) -> int:
        return max(self.area.width - GUTTER - 1, 0)  # the last cell shows how far the list is scrolled

    def _line_of(self, index: int) -> int:
        return index - self._view.top + HEADER

    def render_line(self, y: int) -> Strip:
        """Line 0 is the header, the others are rows."""
        if self._fitted != self.area:
            self._fit()
        if y < HEADER:
            title = " " * GUTTER + self._layout.header(*self._sort) + " "
            return Strip([Segment(title, self.paint("table--header"))], self.area.width)
        if not self.count:
            return self.centred(self.empty, y, "table--empty")
        index = self._view.top + y - HEADER
        row = self._pages[index]
        return self._draw(index, row) if row else self.blank()

    def _draw(self, index: int, row: Row) -> Strip:
        """The line of a row, kept: a list that scrolls draws one new line, Textual has the others encoded already."""
        cursor, mark = index == self.cursor, row.id in self._marks or index in self._marks.span(self.cursor)
        key = (index, cursor, mark, self._view.in_thumb(index - self._view.top))
        strip = self._drawn.get(key)
        if strip is None:
            if len(self._drawn) >= KEPT:
                self._drawn.clear()
            strip = self._drawn[key] = self._draw_row(row, *key[1:])
        return strip

    def _draw_row(self, row: Row, cursor: bool, mark: bool, thumb: bool) -> Strip:
        name = "table--cursor" if cursor else "table--mark" if mark else "table--dim" if row.dim else ""
        text = ("▌" if cursor else " ") + ("✓" if mark else " ") + self._layout.line(row.cells)
        right = Segment("┃" if thumb else " ", self.paint("table--thumb"))
        return Strip([Segment(text, self.paint(name)), right], self.area.width)

    def _fit(self) -> None:
        """Takes over the size that it is drawn in. In the drawing itself, so that the first paint is whole already."""
        self._fitted = self.area
        self._lay_out()
        self._view.resize(self.count, self.area.height - HEADER)

    def _lay_out(self) -> None:
        self._drawn.clear()
        self._layout = ColumnLayout(self._columns, self._text_width)

    def notify_style_update(self) -> None:
        self._drawn.clear()
        super().notify_style_update()

    def _prefetch(self, step: int) -> None:
        """Reads the page that the cursor is heading for after this key's repaint, so that no later key has to."""
        ahead = self.cursor + (PAGE // 2 if step > 0 else -PAGE // 2)
        if self._pages.missing(ahead):
            self.call_after_refresh(self._pages.__getitem__, ahead)

    # Telling

    def _settle_range(self) -> None:
        """Turns the range that moves with the cursor into marks."""
        span = self._marks.span(self.cursor)
        self._marks.anchor = None
        if span:
            self._marks.add(self._source.ids(span.start, span.stop))

    def _tell_marks(self) -> None:
        self.post_message(Marked(self, self.marked))

    # Mouse

    def on_click(self, event: events.Click) -> None:
        """A title sorts, the gutter marks, a row takes the cursor and on the second click opens."""
        index = self._view.top + event.y - HEADER
        if event.y < HEADER:
            if column := self._layout.column_at(event.x - GUTTER):
                self.post_message(SortBy(self, column.name))
        elif index < self.count:
            self.move_to(index)
            if event.x < GUTTER:
                self.action_mark()
            elif event.chain == 2:
                self.action_open()

    def wheel(self, event: events.MouseEvent, items: int) -> None:  # noqa: ARG002 - one list, wherever the pointer is
        if self._view.scroll(self._view.top + items):
            self.repaint(range(HEADER, self.size.height))
