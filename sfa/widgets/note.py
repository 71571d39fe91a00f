"""A few lines of running text."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual.geometry import Size
from textual.strip import Strip

from sfa.widgets.cells import fit, wrap
from sfa.widgets.lines import LineWidget


class Note(LineWidget):
    """Text wrapped to the width; changing it lays nothing out. What its height does not show ends in an ellipsis."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"note--plain", "note--good", "note--bad"}
    DEFAULT_CSS = """
    Note {
        height: 1;
        & > .note--good { color: $text-success; }
        & > .note--bad { color: $text-error; text-style: bold; }
    }
    """

    def __init__(self, text: str = "", *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.text = text
        self.tone = "plain"

    def update(self, text: str, tone: str = "plain") -> None:
        """Shows another text; ``tone`` is ``plain``, ``good`` or ``bad`` and only colours what the words say."""
        if (text, tone) != (self.text, self.tone):
            self.text, self.tone = text, tone
            self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's names
        return len(wrap(self.text, width - 2))

    def render_line(self, y: int) -> Strip:
        width, height = self.size
        lines = wrap(self.text, width - 2)
        text = lines[y] if y < len(lines) else ""
        if y == height - 1 and len(lines) > height:
            text = fit(text, width - 3).rstrip() + "…"
        return Strip([Segment(fit(f" {text}", width), self.paint(f"note--{self.tone}"))], width)
