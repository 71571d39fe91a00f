"""What all forms have in common: lines to type into, saving from anywhere, and fields that say why they are refused."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from sfa.actions import bindings
from sfa.errors import FieldError
from sfa.i18n import _
from sfa.models import Field
from sfa.models.fields import Value
from sfa.screens.draft import Draft
from sfa.screens.formfields import form_lines
from sfa.widgets.formcanvas import FormLine
from sfa.widgets.formlines import FormLines
from sfa.widgets.keybar import KeyBar
from sfa.widgets.statusline import StatusLine

if TYPE_CHECKING:
    from sfa.app import SfaApp


class Sheet(ModalScreen[None]):
    """A form over ``fields`` that starts with ``present`` values. A subclass says what it is and what saving does."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("form"),
        Binding("escape", "leave", _("Leave"), tooltip=_("Leave without saving."), id="back"),
        Binding("f1", "app.help", _("Help"), id="help"),
    ]
    CSS_PATH = "form.tcss"
    AUTO_FOCUS = ""
    enter_saves = False
    """Whether Enter saves from every field."""

    def __init__(self, sfa: SfaApp, fields: Mapping[str, Field[Any]], present: Mapping[str, Value]) -> None:
        super().__init__()
        self.sfa, self.book, self.fields, self.present = sfa, sfa.book, dict(fields), dict(present)
        self.draft = self.new_draft()
        self.saving = self.saved = False
        self.refusal: FieldError | None = None
        self.wrong: list[str] = []  # the fields that kept the form from being saved

    def new_draft(self) -> Draft:
        """What is typed into an untouched form."""
        return Draft(self.book, self.fields, self.present)

    def heading(self) -> str:
        """What is done here, for the first line."""
        raise NotImplementedError

    def save(self, changes: dict[str, Value]) -> None:
        """Writes what was changed; in the writer's thread."""
        raise NotImplementedError

    def done(self) -> None:
        """What follows once it was saved and the form has gone."""

    def form_lines(self) -> list[FormLine]:
        """The lines in view."""
        return form_lines(self.fields, self.fields, 0, whole=False)

    def reveal(self, names: list[str]) -> None:
        """Has these fields in view."""

    def compose(self) -> ComposeResult:
        yield StatusLine(id="status")
        yield FormLines(self.draft, enter_saves=self.enter_saves, id="lines")
        yield StatusLine(id="notice")
        yield KeyBar()

    @property
    def lines(self) -> FormLines:
        return self.query_one(FormLines)

    def on_mount(self) -> None:
        self.show()

    def show(self, at: str = "") -> None:
        """Draws the lines anew, with the cursor on the line ``at``."""
        self.lines.show(self.form_lines(), at)
        self.tell()

    def standing(self) -> str:
        """How things stand while nothing is wrong."""
        return ""

    def tell(self) -> None:
        """The first line: what is done, how things stand, or what keeps the form from being saved."""
        wrong = [self.fields[name].title for name in self.wrong if self.draft.note(name).bad]
        right = _("! Not saved: {fields}").format(fields=", ".join(wrong)) if wrong else self.standing()
        self.query_one("#status", StatusLine).update(self.heading(), f"  {right}")

    def notice(self, text: str) -> None:
        """The last line: what there is to know."""
        self.query_one("#notice", StatusLine).update(text)

    @on(FormLines.Edited)
    def tell_again(self) -> None:
        self.tell()

    def action_leave(self) -> None:
        if not self.lines.close_offer():
            self.dismiss()

    @on(FormLines.Pressed)
    async def press(self, event: FormLines.Pressed) -> None:
        """A button does what its action does."""
        await self.run_action(event.id)

    def action_save(self) -> None:
        """Saves and closes, or goes to what cannot be saved."""
        if self.saving:
            return
        if faults := self.draft.faults():
            self.refuse(faults)
            return
        self.saving, self.refusal = True, None
        self.sfa.perform(partial(self._save, self.draft.changes), self._saved, self._failed)

    def _save(self, changes: dict[str, Value]) -> None:
        try:
            self.save(changes)
        except FieldError as error:
            self.refusal = error
            raise

    def _saved(self) -> None:
        self.saved = True
        self.dismiss()
        self.done()

    def _failed(self) -> None:
        """Marks the field that the book did not take."""
        self.saving = False
        if self.refusal and self.refusal.field in self.fields:
            self.draft.refuse(self.refusal.field, self.refusal.reason)
            self.refuse({self.refusal.field: self.refusal.reason})

    def refuse(self, faults: Mapping[str, str]) -> None:
        """Goes to the first field that cannot be saved, and names all."""
        self.wrong = list(faults)
        self.reveal(self.wrong)
        self.show(self.wrong[0])
