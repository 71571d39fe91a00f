"""A record's fields: label and value, wrapped; with a cursor by line, as a text may be taller than the pane."""

from __future__ import annotations

from collections.abc import Sequence
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
from sfa.widgets.messages import Opened
from sfa.widgets.viewport import Viewport

GUTTER = 2
"""Cells left of the labels, for the cursor."""
MOST = 20
"""Cells of the longest label."""


class Fact(NamedTuple):
    """One field; ``link`` names what Enter opens, empty where there is nothing to open."""

    label: str
    value: str
    link: str = ""
    dim: bool = False


class _Line(NamedTuple):
    fact: int
    label: str
    text: str


class FieldsPane(CursorWidget):
    """Facts below each other. Posts Highlighted and Opened with the link of the fact under the cursor, if any."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("timeline")]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "fields--label",
        "fields--dim",
        "fields--link",
        "fields--cursor",
        "fields--empty",
    }
    DEFAULT_CSS = """
    FieldsPane {
        height: 1fr;
        & > .fields--label { color: $text-muted; }
        & > .fields--dim { color: $text-muted; }
        & > .fields--link { text-style: underline; }
        & > .fields--empty { color: $text-muted; }
        & > .fields--cursor { background: $block-cursor-blurred-background; text-style: bold; }
        &:focus > .fields--cursor {
            background: $block-cursor-background; color: $block-cursor-foreground; text-style: $block-cursor-text-style;
        }
    }
    """

    def __init__(self, *, empty: str = "", id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.empty = empty
        self._facts: Sequence[Fact] = ()
        self._margin = 0
        self._lines: list[_Line] = []
        self._view = Viewport()

    @property
    def view(self) -> Viewport:
        """The lines."""
        return self._view

    @property
    def fact(self) -> Fact | None:
        """The one under the cursor."""
        return self._facts[self._lines[self._view.cursor].fact] if self._lines else None

    @property
    def cursor_id(self) -> str | None:
        return self.fact.link or None if self.fact else None

    def show(self, facts: Sequence[Fact]) -> None:
        """Shows other facts; the cursor stays on its line."""
        before = len(self._lines)
        self._facts = facts
        self._lay_out(self.size.width)
        self.refresh(layout=self.styles.is_auto_height and len(self._lines) != before)
        self.tell_cursor()

    def _lay_out(self, width: int) -> None:
        self._lines = self._wrapped(width)
        self._view.resize(len(self._lines), self.size.height)

    def _wrapped(self, width: int) -> list[_Line]:
        widest = max((cell_len(clean(fact.label)) for fact in self._facts), default=0)
        self._margin = min(widest, MOST, max(width // 3, 1))
        lines = []
        for number, fact in enumerate(self._facts):
            texts = wrap(fact.value, width - GUTTER - self._margin - 2) or [""]
            lines += [_Line(number, "" if place else fact.label, text) for place, text in enumerate(texts)]
        return lines

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's names
        return max(len(self._wrapped(width)), 1)

    def move_to(self, index: int) -> None:
        old, view = self._view.cursor, self._view
        if view.move(index):
            self.refresh()
        else:
            self.repaint({old - view.top, view.cursor - view.top})
        self.tell_cursor()

    def action_open(self) -> None:
        """Also where there is nothing to open: the id is empty then, and the owner knows what else to do."""
        if self._lines:
            self.post_message(Opened(self, self.cursor_id or ""))

    def render_line(self, y: int) -> Strip:
        if not self._lines:
            return self.centred(self.empty, y, "fields--empty")
        index = self._view.top + y
        if index >= len(self._lines):
            return self.blank()
        line, width = self._lines[index], self.size.width
        fact = self._facts[line.fact]
        label = fit(line.label, self._margin) + "  "
        if index == self._view.cursor:
            return Strip([Segment(fit("▌ " + label + line.text, width), self.paint("fields--cursor"))], width)
        name = "fields--dim" if fact.dim else "fields--link" if fact.link else ""
        room = width - GUTTER - cell_len(label)
        return Strip(
            [
                Segment("  " + label, self.paint("fields--label")),
                Segment(text := clean(line.text), self.paint(name)),
                Segment(" " * (room - cell_len(text)), self.paint()),
            ]
        ).adjust_cell_length(width, self.paint())

    def on_resize(self) -> None:
        self._lay_out(self.size.width)
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """A line takes the cursor, and on the second click opens."""
        if self._view.top + event.y < len(self._lines):
            self.move_to(self._view.top + event.y)
            if event.chain == 2:
                self.action_open()

    def wheel(self, event: events.MouseEvent, items: int) -> None:  # noqa: ARG002 - one list, wherever the pointer is
        if self._view.scroll(self._view.top + items):
            self.refresh()
