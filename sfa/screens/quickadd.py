"""Adding something with one line from anywhere; what it will add is told while it is typed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from sfa.errors import SfaError
from sfa.i18n import N_, _
from sfa.models.fields import Value
from sfa.sales import quickadd
from sfa.screens.form import new_record
from sfa.screens.place import Place

if TYPE_CHECKING:
    from sfa.app import SfaApp

EXAMPLES = (
    N_("contact Anna Schmidt acme +49 30 1234567"),
    N_("deal Retrofit acme 45k"),
    N_("call anna fri 10"),
    N_("acme: called anna, wants a new line, send offer fri"),
)


class QuickAddScreen(ModalScreen[None]):
    """One line. Enter adds what is told below it, Tab opens it as a form; with nothing typed both ask for the kind."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "app.pop_screen", show=False),
        Binding("ctrl+s", "take", show=False),
        Binding("tab", "form", show=False),
        Binding("f1", "app.help", show=False),
    ]
    CSS_PATH = "dialogs.tcss"
    DEFAULT_CSS = """
    QuickAddScreen { align: center middle; }
    QuickAddScreen .dialog { width: 78%; min-width: 58; max-width: 100; border-title-style: bold; }
    QuickAddScreen #text { background: $foreground 7%; }
    QuickAddScreen #plan { height: auto; min-height: 5; margin: 1 0; }
    QuickAddScreen #plan.none { color: $text-muted; }
    QuickAddScreen #plan.bad { color: $text-error; }
    """
    help = N_("Say in one line what to add; below it stands what it will be. One undo takes all of it back.")

    @property
    def sfa(self) -> SfaApp:
        return self.app  # type: ignore[return-value]

    @property
    def text(self) -> str:
        return self.query_one("#text", Input).value

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = _("Add")
            yield Input(placeholder=_("What is to be added?"), id="text", compact=True)
            yield Static("", id="plan", markup=False)
            hint = _("Enter adds · Tab opens a form · Esc leaves")
            yield Static(hint, classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        self.judge()

    @on(Input.Changed, "#text")
    def judge(self) -> None:
        """Asks in the background what the line would add; what is typed last wins."""
        if self.text.strip():
            self.run_worker(partial(self._read, self.text), thread=True, exclusive=True, exit_on_error=False)
        else:
            self._tell(_("For example:"), *(f"  {_(example)}" for example in EXAMPLES), style="none")

    def _read(self, text: str) -> None:
        """In a worker's thread."""
        try:
            lines, style = [f"+ {step.echo}" for step in quickadd.understand(self.sfa.book, text)], ""
        except SfaError as error:
            lines, style = [f"! {error}"], "bad"
        self.app.call_from_thread(self._understood, text, lines, style)

    def _understood(self, text: str, lines: list[str], style: str) -> None:
        if self.is_attached and text == self.text:
            self._tell(*lines, style=style)

    def _tell(self, *lines: str, style: str) -> None:
        plan = self.query_one("#plan", Static)
        plan.set_classes(style)
        plan.update("\n".join(lines))

    @on(Input.Submitted, "#text")
    def action_take(self) -> None:
        """Adds it, or asks for the kind where nothing was typed."""
        text = self.text
        if text.strip():
            self.sfa.perform(lambda: quickadd.quick_add(self.sfa.book, text, origin="screen"), self._added)
        else:
            self._ask_kind()

    def _added(self) -> None:
        self.dismiss()

    def action_form(self) -> None:
        """Goes on in the form of what was typed, where it is one record."""
        try:
            steps = quickadd.understand(self.sfa.book, self.text) if self.text.strip() else []
        except SfaError as error:
            self.sfa.tell_error(error)
            return
        if len(steps) > 1:
            self.sfa.tell(_("These are several records: Enter adds them, each has its form then."))
        elif steps:
            self._to_form(steps[0].kind, {name: value for name, value in steps[0].values.items() if value})
        else:
            self._ask_kind()

    def _ask_kind(self) -> None:
        """Goes to the form of any kind, which starts with what the place below is about."""
        below = self.sfa.screen_stack[-2]
        self._to_form(None, below.preset() if isinstance(below, Place) else {})

    def _to_form(self, kind: str | None, preset: Mapping[str, Value]) -> None:
        self.app.pop_screen()
        self.sfa.call_later(new_record, self.sfa, kind, preset)  # what this screen asked for would end with it
