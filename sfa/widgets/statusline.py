"""One line that says how things stand."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from sfa.printable import clean
from sfa.widgets.cells import fit
from sfa.widgets.lines import LineWidget


class StatusLine(LineWidget):
    """A left and a right part; where there is not room for both, the left one is cut."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"statusline--right"}
    DEFAULT_CSS = """
    StatusLine {
        height: 1;
        background: $panel;
        color: $foreground;
        & > .statusline--right { color: $text-muted; }
    }
    """

    def __init__(self, left: str = "", right: str = "", *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.left = left
        self.right = right

    def update(self, left: str | None = None, right: str | None = None) -> None:
        """Replaces a part, or both; repaints only when they differ, and never lays anything out."""
        parts = (self.left if left is None else left, self.right if right is None else right)
        if parts != (self.left, self.right):
            self.left, self.right = parts
            self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - it has only one
        width = self.area.width
        right = fit(self.right, min(cell_len(clean(self.right)), width - 1))
        left = fit(" " + self.left, width - 1 - cell_len(right))
        return Strip(
            [Segment(left, self.paint()), Segment(right, self.paint("statusline--right")), Segment(" ", self.paint())],
            width,
        )
