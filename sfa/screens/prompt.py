"""One line of text from the user, judged while it is typed."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from sfa.errors import SfaError
from sfa.i18n import _
from sfa.widgets.typeahead import AnswerLine


class Prompt(ModalScreen[str | None]):
    """Dismisses with the text, None on Escape. ``echo`` says what the text means, or raises why it cannot be taken."""

    CSS_PATH = "dialogs.tcss"

    def __init__(self, heading: str, value: str = "", *, example: str = "", echo: Callable[[str], str] = str) -> None:
        super().__init__()
        self.heading, self.value, self.example, self.echo = heading, value, example, echo
        self.good = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(self.heading, classes="dialog-title", markup=False)
            keys = {"enter": self.take, "escape": self.cancel}
            yield AnswerLine(keys, self.judge, value=self.value, placeholder=self.example, id="text")
            yield Static("", id="echo", classes="dialog-echo", markup=False)
            yield Static(_("Enter takes · Esc leaves"), classes="dialog-hint", markup=False)

    @property
    def text(self) -> str:
        """What is typed."""
        return self.query_one("#text", AnswerLine).value

    def on_mount(self) -> None:
        self.judge()

    def judge(self) -> None:
        """Says what the text means, or why it cannot be taken."""
        text, line = self.text, self.query_one("#echo", Static)
        try:
            told, self.good = (self.echo(text), True) if text.strip() else ("", False)
        except (SfaError, ValueError) as error:
            told, self.good = f"! {error}", False
        line.set_class(not self.good, "bad")
        line.update(told)

    def take(self) -> None:
        """Answers with the text, unless it cannot be taken."""
        if self.good:
            self.dismiss(self.text)

    def cancel(self) -> None:
        """Leaves without an answer."""
        self.dismiss(None)
