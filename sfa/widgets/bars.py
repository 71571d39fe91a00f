"""Bars made of block characters: amounts side by side, readable without colour and at any width."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from sfa.widgets.cells import clean, fit
from sfa.widgets.lines import LineWidget

_EIGHTHS = " ▏▎▍▌▋▊▉"


def bar(value: float, most: float, width: int) -> str:
    """A bar for ``value`` where ``most`` fills ``width`` cells, in eighths of a cell; what is above zero is visible."""
    if value <= 0 or most <= 0:
        return ""
    eighths = min(max(round(value / most * width * 8), 1), width * 8)
    full, rest = divmod(eighths, 8)
    return "█" * full + (_EIGHTHS[rest] if rest else "")


class BarRow(NamedTuple):
    """One bar: a label before it, its value as text behind it."""

    label: str
    value: float
    text: str


class Bars(LineWidget):
    """Bars below each other, all to the same scale; one line each."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"bars--bar"}
    DEFAULT_CSS = """
    Bars {
        height: auto;
        & > .bars--bar { color: $primary; }
    }
    """

    def __init__(self, rows: Sequence[BarRow] = (), *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._rows = rows

    def show(self, rows: Sequence[BarRow]) -> None:
        """Other bars; lays out anew only if there are more or fewer of them."""
        layout = len(rows) != len(self._rows)
        self._rows = rows
        self.refresh(layout=layout)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:  # noqa: ARG002 - Textual's names
        return len(self._rows)

    def render_line(self, y: int) -> Strip:
        if y >= len(self._rows):
            return self.blank()
        row, width = self._rows[y], self.area.width
        label_width = min(max(cell_len(clean(other.label)) for other in self._rows), width // 3)
        text_width = min(max(cell_len(clean(other.text)) for other in self._rows), width // 2)
        room = max(width - label_width - text_width - 2, 0)
        drawn = bar(row.value, max(other.value for other in self._rows), room)
        return Strip(
            [
                Segment(fit(row.label, label_width) + " ", self.paint()),
                Segment(fit(drawn, room), self.paint("bars--bar")),
                Segment(" " + fit(row.text, text_width, "right"), self.paint()),
            ],
            width,
        )
