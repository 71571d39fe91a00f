"""Values of several sides beside each other, line by line; below each other where it is narrow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.strip import Strip

from sfa.actions import bindings
from sfa.printable import clean
from sfa.widgets.cells import fit, wrap
from sfa.widgets.cursor import CursorWidget
from sfa.widgets.viewport import Viewport

GUTTER = 4
"""Cells left of the labels, for the cursor and the mark of what differs."""
GAP = 2
LABEL = 22
"""Cells of the longest label."""
SIDE = 16
"""Cells that a side needs at least to stand beside the others."""
DIFFERS = "≠"


class Compared(NamedTuple):
    """One field: its value on each side; ``differs``: not all that matter are the same."""

    label: str
    values: Sequence[str]
    differs: bool = True


class _Line(NamedTuple):
    row: int
    mark: str
    label: str
    texts: Sequence[str]


class Comparison(CursorWidget):
    """Rows of ``Compared`` under the headings of their sides. Posts Opened with the id it was given."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("timeline")]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "comparison--heading",
        "comparison--label",
        "comparison--same",
        "comparison--cursor",
    }
    DEFAULT_CSS = """
    Comparison {
        height: 1fr;
        & > .comparison--heading { text-style: bold; color: $text-accent; }
        & > .comparison--label { color: $text-muted; }
        & > .comparison--same { color: $text-muted; }
        & > .comparison--cursor { background: $block-cursor-blurred-background; text-style: bold; }
        &:focus > .comparison--cursor {
            background: $block-cursor-background; color: $block-cursor-foreground; text-style: $block-cursor-text-style;
        }
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._about = ""
        self._headings: Sequence[str] = ()
        self._rows: Sequence[Compared] = ()
        self._lines: list[_Line] = []
        self._margin = self._side = 0
        self._fitted: Size | None = None
        self._view = Viewport()

    @property
    def view(self) -> Viewport:
        """The lines below the headings."""
        return self._view

    @property
    def cursor_id(self) -> str | None:
        return self._about or None

    def show(self, about: str, headings: Sequence[str], rows: Sequence[Compared]) -> None:
        """Compares something else; ``about`` is the id of what is compared."""
        if about != self._about:
            self._view.cursor = self._view.top = 0
        self._about, self._headings, self._rows = about, headings, rows
        self._fitted = None
        self.refresh()
        self.tell_cursor()

    @property
    def _is_stacked(self) -> bool:
        return self._side < SIDE

    def _fit(self) -> None:
        """Takes over the size that it is drawn in. In the drawing itself, so that the first paint is whole already."""
        self._fitted = self.size
        width, sides = self.size.width, max(len(self._headings), 1)
        labels = [cell_len(clean(row.label)) for row in self._rows]
        self._margin = min(max(labels, default=0), LABEL, max(width // 5, 1))
        self._side = (width - GUTTER - self._margin - 1) // sides - GAP
        self._lines = [*(self._stacked() if self._is_stacked else self._beside())]
        self._view.resize(len(self._lines), self.size.height - (not self._is_stacked))

    def _beside(self) -> Iterator[_Line]:
        for number, row in enumerate(self._rows):
            mark = DIFFERS if row.differs else " "
            cells = [wrap(value, self._side) or [""] for value in row.values]
            label = wrap(row.label, self._margin)
            for place, (name, *texts) in enumerate(zip_longest(label, *cells, fillvalue="")):
                yield _Line(number, " " if place else mark, name, texts)

    def _stacked(self) -> Iterator[_Line]:
        """A line for each label, and below it one or more for each side."""
        self._margin = max(map(cell_len, self._headings), default=0) + 2
        room = self.size.width - GUTTER - self._margin - GAP - 1
        for number, row in enumerate(self._rows):
            yield _Line(number, DIFFERS if row.differs else " ", row.label, ())
            for heading, value in zip(self._headings, row.values, strict=True):
                for place, text in enumerate(wrap(value, room) or [""]):
                    yield _Line(number, " ", "" if place else f"  {heading}", (text,))

    def render_line(self, y: int) -> Strip:
        if self._fitted != self.size:
            self._fit()
        if not self._is_stacked:
            if y == 0:
                return self._heading()
            y -= 1
        index = self._view.top + y
        if index >= len(self._lines):
            return self.blank()
        line, width = self._lines[index], self.size.width
        head = f"{'▌' if index == self._view.cursor else ' '} {line.mark} "
        if self._is_stacked and not line.texts:
            label, texts = line.label, ""
        else:
            label = fit(line.label, self._margin)
            texts = "".join(" " * GAP + fit(text, self._width_of(line)) for text in line.texts)
        if index == self._view.cursor:
            return Strip([Segment(fit(head + label + texts, width), self.paint("comparison--cursor"))], width)
        name = "" if self._rows[line.row].differs else "comparison--same"
        segments = [
            Segment(head, self.paint()),
            Segment(label, self.paint("comparison--label")),
            Segment(texts, self.paint(name)),
        ]
        return Strip(segments).adjust_cell_length(width, self.paint())

    def _width_of(self, line: _Line) -> int:
        return self._side if len(line.texts) > 1 else self.size.width - GUTTER - self._margin - GAP - 1

    def _heading(self) -> Strip:
        told = "".join(" " * GAP + fit(heading, self._side) for heading in self._headings)
        text = fit(" " * (GUTTER + self._margin) + told, self.size.width)
        return Strip([Segment(text, self.paint("comparison--heading"))], self.size.width)

    def move_to(self, index: int) -> None:
        old, view = self._view.cursor, self._view
        if view.move(index):
            self.refresh()
        else:
            top = view.top - (not self._is_stacked)
            self.repaint({old - top, view.cursor - top})

    def on_click(self, event: events.Click) -> None:
        """A line takes the cursor, and on the second click opens."""
        index = self._view.top + event.y - (not self._is_stacked)
        if 0 <= index < len(self._lines):
            self.move_to(index)
            if event.chain == 2:
                self.action_open()

    def wheel(self, event: events.MouseEvent, items: int) -> None:  # noqa: ARG002 - one list, wherever the pointer is
        if self._view.scroll(self._view.top + items):
            self.refresh()
