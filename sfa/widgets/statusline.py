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
    """A left and a right part, and at the far right how it stands with head office, if there is one.

    Where there is not room for all, the left part is cut.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"statusline--right", "statusline--bad"}
    DEFAULT_CSS = """
    StatusLine {
        height: 1;
        background: $panel;
        color: $foreground;
        & > .statusline--right { color: $text-muted; }
        & > .statusline--bad { color: $text-warning; text-style: bold; }
    }
    """

    def __init__(self, left: str = "", right: str = "", *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.left = left
        self.right = right
        self.far, self.bad = "", False

    def update(self, left: str | None = None, right: str | None = None) -> None:
        """Replaces a part, or both; repaints only when they differ, and never lays anything out."""
        parts = (self.left if left is None else left, self.right if right is None else right)
        if parts != (self.left, self.right):
            self.left, self.right = parts
            self.refresh()

    def tell_far(self, text: str, *, bad: bool = False) -> None:
        """Replaces what stands at the far right; ``bad``: somebody should look at it."""
        if (text, bad) != (self.far, self.bad):
            self.far, self.bad = text, bad
            self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - it has only one
        width = self.area.width
        far = fit(self.far, min(cell_len(clean(self.far)), width - 1))
        gap = "  " if far else ""
        room = width - 1 - cell_len(far) - len(gap)
        right = fit(self.right, min(cell_len(clean(self.right)), room))
        left = fit(" " + self.left, room - cell_len(right))
        name = "statusline--bad" if self.bad else "statusline--right"
        return Strip(
            [
                Segment(left, self.paint()),
                Segment(right + gap, self.paint("statusline--right")),
                Segment(far, self.paint(name)),
                Segment(" ", self.paint()),
            ],
            width,
        )
