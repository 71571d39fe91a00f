"""One line of text from the user, judged while it is typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from sfa.errors import SfaError
from sfa.i18n import _


class Prompt(ModalScreen[str | None]):
    """Dismisses with the text, None on Escape. ``echo`` says what the text means, or raises why it cannot be taken."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", show=False)]
    CSS_PATH = "dialogs.tcss"

    def __init__(self, heading: str, value: str = "", *, example: str = "", echo: Callable[[str], str] = str) -> None:
        super().__init__()
        self.heading, self.value, self.example, self.echo = heading, value, example, echo
        self.good = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(self.heading, classes="dialog-title", markup=False)
            yield Input(self.value, placeholder=self.example, id="text", compact=True)
            yield Static("", id="echo", classes="dialog-echo", markup=False)
            yield Static(_("Enter takes · Esc leaves"), classes="dialog-hint", markup=False)

    @on(Input.Changed, "#text")
    def judge(self) -> None:
        text, line = self.query_one("#text", Input).value, self.query_one("#echo", Static)
        try:
            told, self.good = (self.echo(text), True) if text.strip() else ("", False)
        except (SfaError, ValueError) as error:
            told, self.good = f"! {error}", False
        line.set_class(not self.good, "bad")
        line.update(told)

    @on(Input.Submitted, "#text")
    def take(self) -> None:
        if self.good:
            self.dismiss(self.query_one("#text", Input).value)

    def action_cancel(self) -> None:
        self.dismiss(None)
