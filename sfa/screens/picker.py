"""Choosing one thing, or several, from a short list: type to narrow, Enter takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from sfa.i18n import _
from sfa.widgets.columns import Column
from sfa.widgets.messages import Opened
from sfa.widgets.pages import ListSource, Row
from sfa.widgets.table import Table


class Option(NamedTuple):
    """One thing to choose; ``hint`` stands at its right."""

    id: str
    label: str
    hint: str = ""


class Picker(ModalScreen[list[str] | None]):
    """Dismisses with the ids chosen, None on Escape. With ``several``, Space marks; marked at first are ``chosen``."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", show=False),
        Binding("up", "step(-1)", show=False),
        Binding("down", "step(1)", show=False),
        Binding("pageup", "step(-10)", show=False),
        Binding("pagedown", "step(10)", show=False),
    ]
    CSS_PATH = "dialogs.tcss"

    def __init__(
        self,
        heading: str,
        options: Sequence[Option],
        *,
        several: bool = False,
        chosen: Sequence[str] = (),
        at: str = "",
    ) -> None:
        super().__init__()
        self.heading, self.options, self.several = heading, options, several
        self.chosen = dict.fromkeys(chosen)
        self.at = at

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(self.heading, classes="dialog-title", markup=False)
            yield Input(placeholder=_("type to narrow"), id="narrow", compact=True)
            yield Table(
                [Column("label", "", 20, weight=3), Column("hint", "", 10, align="right", weight=1)],
                id="options",
                empty=_("Nothing is called that."),
            )
            hint = _("Space marks · Enter takes · Esc leaves") if self.several else _("Enter takes · Esc leaves")
            yield Static(hint, classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        table = self.query_one("#options", Table)
        table.can_focus = False
        table.styles.height = min(len(self.options), 14) + 1
        self._show(self.at)

    def _show(self, at: str = "") -> None:
        words = self.query_one("#narrow", Input).value.casefold().split()
        rows = [Row(option.id, (self._marked(option), option.hint)) for option in self.options
                if all(word in option.label.casefold() for word in words)]  # fmt: skip
        self.query_one("#options", Table).show(ListSource(rows), keep_id=at or None)

    def _marked(self, option: Option) -> str:
        if not self.several:
            return option.label
        return f"{'[x]' if option.id in self.chosen else '[ ]'} {option.label}"

    @on(Input.Changed, "#narrow")
    def narrow(self) -> None:
        self._show()

    def on_key(self, event: events.Key) -> None:
        if self.several and event.key == "space":
            event.stop()
            event.prevent_default()
            self.toggle()

    def toggle(self) -> None:
        """Marks or unmarks what is under the cursor, and goes on."""
        table = self.query_one("#options", Table)
        if (at := table.cursor_id) is None:
            return
        if at in self.chosen:
            del self.chosen[at]
        else:
            self.chosen[at] = None
        self._show(at)
        table.action_cursor_down()

    def action_step(self, lines: int) -> None:
        table = self.query_one("#options", Table)
        table.move_to(table.cursor + lines)

    @on(Input.Submitted, "#narrow")
    @on(Opened, "#options")
    def take(self) -> None:
        at = self.query_one("#options", Table).cursor_id
        if self.several:
            self.dismiss(list(self.chosen))
        elif at is not None:
            self.dismiss([at])

    def action_cancel(self) -> None:
        self.dismiss(None)
