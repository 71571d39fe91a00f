"""Who is called: name, number and the planned call, and the keys for them."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from sfa.i18n import _
from sfa.widgets.cells import fit
from sfa.widgets.lines import LineWidget


class WhoBlock(LineWidget, can_focus=True):
    """Three lines: the person, the number, and the planned call. Posts ``Asked``."""

    class Asked(Message):
        """The user wants ``what``: ``person``, ``copy`` or ``switch``."""

        def __init__(self, what: str) -> None:
            super().__init__()
            self.what = what

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "ask('person')", show=False),
        Binding("y", "ask('copy')", show=False),
        Binding("space", "ask('switch')", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"who--name", "who--dim", "who--warning"}
    DEFAULT_CSS = """
    WhoBlock {
        & > .who--name { text-style: bold; }
        & > .who--dim { color: $text-muted; }
        & > .who--warning { color: $text-error; text-style: bold; }
        &:focus { background: $boost; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._person = self._detail = self._number = self._planned = self._warning = ""

    def show(self, person: str, detail: str, number: str, planned: str, warning: str) -> None:
        """Shows another person, number, planned call or warning."""
        self._person, self._detail, self._number = person, detail, number
        self._planned, self._warning = planned, warning and f"! {warning}"
        self.refresh()

    def action_ask(self, what: str) -> None:
        self.post_message(self.Asked(what))

    def on_click(self, event: events.Click) -> None:
        """Each line does what its key does."""
        event.stop()
        self.action_ask(("person", "copy", "switch")[min(event.y, 2)])

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def render_line(self, y: int) -> Strip:
        number = f"☎ {self._number}" if self._number else _("no phone number")
        lines = (
            (self._person, "who--name", self._detail, "who--dim", _("Enter: another person")),
            (number, "", self._warning, "who--warning", _("y copies")),
            (self._planned, "", "", "", _("Space switches")),
        )
        text, style, more, more_style, key = lines[min(y, 2)]
        hint = key if self.has_focus else _("Shift+Tab y copies") if y == 1 and self._number else ""
        room = self.size.width - cell_len(hint)
        left = fit(text, min(cell_len(text), room - 1))
        middle = fit(f"  {more}" if more else "", room - cell_len(left))
        parts = ((left, style), (middle, more_style), (hint, "who--dim"))
        return Strip([Segment(part, self.paint(name)) for part, name in parts])
