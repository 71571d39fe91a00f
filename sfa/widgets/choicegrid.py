"""A few choices in two columns, each with the key that takes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.strip import Strip

from sfa.widgets.cells import fit
from sfa.widgets.lines import LineWidget

KEYS = "123456789abcdefghijklmnopqrstuvwx"


class GridChoice(NamedTuple):
    """One choice."""

    id: str
    label: str


class ChoiceGrid(LineWidget, can_focus=True):
    """One of ``choices`` may be taken: by its key, by arrows and Enter, or by the mouse.

    ``taken`` learns of it in the key's own turn, so that the letters typed behind it find the next field.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(0, -1)", show=False),
        Binding("down", "step(0, 1)", show=False),
        Binding("left", "step(-1, 0)", show=False),
        Binding("right", "step(1, 0)", show=False),
        Binding("enter,space", "take", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"grid--key", "grid--cursor", "grid--chosen"}
    DEFAULT_CSS = """
    ChoiceGrid {
        & > .grid--key { color: $text-accent; text-style: bold; }
        & > .grid--chosen { color: $text-success; text-style: bold; }
        & > .grid--cursor {
            background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold;
        }
    }
    """

    def __init__(self, choices: Sequence[GridChoice], taken: Callable[[str], None], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.choices, self.taken = choices, taken
        self.chosen: str | None = None
        self._cursor = 0

    @property
    def rows(self) -> int:
        """How many lines it needs."""
        return (len(self.choices) + 1) // 2

    def take(self, index: int) -> None:
        """Takes the choice at ``index``, as if its key were pressed."""
        self._cursor = index
        self.chosen = self.choices[index].id
        self.refresh()
        self.taken(self.choices[index].id)

    def choose(self, id: str) -> None:
        """Marks a choice as taken without telling."""
        self.chosen = id
        self._cursor = next((index for index, choice in enumerate(self.choices) if choice.id == id), 0)
        self.refresh()

    def on_key(self, event: events.Key) -> None:
        index = KEYS.find(event.character) if event.character else -1
        if (holder := self.screen.focused) is not self and holder:
            event.stop()
            event.prevent_default()
            holder.post_message(events.Key(event.key, event.character))
        elif 0 <= index < len(self.choices):
            event.stop()
            event.prevent_default()
            self.take(index)

    def action_take(self) -> None:
        if self.choices:
            self.take(self._cursor)

    def action_step(self, columns: int, rows: int) -> None:
        """Moves the cursor; it stays where there is nothing further on."""
        found = self._cursor + columns * self.rows + rows
        if 0 <= found < len(self.choices):
            self._cursor = found
            self.refresh()

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        event.stop()
        index = event.y + (self.rows if event.x >= self.size.width // 2 else 0)
        if index < len(self.choices):
            self.take(index)

    def render_line(self, y: int) -> Strip:
        half = self.size.width // 2
        left = self._cell(y, half) if y < self.rows else []
        right = self._cell(y + self.rows, self.size.width - half)
        return Strip([*left, *right]).adjust_cell_length(self.size.width, self.paint())

    def _cell(self, index: int, width: int) -> list[Segment]:
        if index >= len(self.choices):
            return []
        choice = self.choices[index]
        chosen = choice.id == self.chosen
        name = "grid--cursor" if self.has_focus and index == self._cursor else "grid--chosen" if chosen else ""
        label = fit(choice.label, min(cell_len(choice.label), width - 5))
        return [
            Segment("● " if chosen else "  ", self.paint("grid--chosen")),
            Segment(f"{KEYS[index : index + 1]:1} ", self.paint("grid--key")),
            Segment(label, self.paint(name)),
            Segment(" " * (width - 4 - cell_len(label)), self.paint()),
        ]
