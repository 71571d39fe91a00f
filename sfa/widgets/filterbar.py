"""The line where a list or board is narrowed while one types."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from sfa.widgets.inputline import InputLine


class FilterBar(InputLine):
    """Out of sight until ``open``. Posts Narrowed with each letter; Enter keeps the text, Escape clears it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "clear", show=False),
        Binding("enter,down", "keep", show=False),
    ]
    DEFAULT_CSS = """
    FilterBar { display: none; height: 1; border: none; padding: 0 1; background: $boost; }
    FilterBar.open { display: block; }
    FilterBar:focus { border: none; }
    """

    class Narrowed(Message):
        """The list should show only what matches ``text``."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, placeholder: str, *, id: str = "filter") -> None:
        super().__init__(placeholder=placeholder, id=id, compact=True, select_on_focus=False)

    def open(self) -> None:
        """Shows the line and takes the keys."""
        self.add_class("open")
        self.focus()

    def watch_value(self, value: str) -> None:
        if self.is_mounted:
            self.post_message(self.Narrowed(value))

    def action_keep(self) -> None:
        self.set_class(bool(self.value), "open")
        self.screen.query_one("#body").focus()

    def action_clear(self) -> None:
        self.value = ""
        self.action_keep()
