"""One field of many records, set in one action."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sfa.i18n import N_, _
from sfa.models import Money
from sfa.models.fields import Value
from sfa.sales import edit
from sfa.screens.deeds import move, named
from sfa.screens.formfields import form_fields, ordered
from sfa.screens.picker import Option, Picker
from sfa.screens.sheet import Sheet

if TYPE_CHECKING:
    from sfa.app import SfaApp


def ask_field(sfa: SfaApp, kind: str, ids: Sequence[str]) -> None:
    """Asks for the field, then for its value. The stage of deals is chosen as everywhere else."""
    fields = form_fields(sfa.book, kind)
    options = [Option(name, fields[name].title) for name in ordered(fields, {}) if name != "pipeline"]

    def taken(chosen: list[str] | None) -> None:
        if chosen and (kind, chosen[0]) == ("opportunity", "stage"):
            move(sfa, ids)
        elif chosen:
            sfa.push_screen(BulkScreen(sfa, kind, ids, chosen[0]))

    sfa.push_screen(Picker(_("Which field of {name}?").format(name=named(sfa, kind, ids)), options), taken)


class BulkScreen(Sheet):
    """The field ``name`` of the records ``ids``; an amount comes with its currency."""

    enter_saves = True
    help = N_("What you type is set for all marked records at once; nothing empties the field. One undo takes it back.")

    def __init__(self, sfa: SfaApp, kind: str, ids: Sequence[str], name: str) -> None:
        self.kind, self.ids, self.name_set = kind, ids, name
        fields = form_fields(sfa.book, kind)
        field = fields[name]
        names = (name, field.currency) if isinstance(field, Money) else (name,)
        super().__init__(sfa, {name: fields[name] for name in names}, {})

    def heading(self) -> str:
        title = self.fields[self.name_set].title
        return _("Set {field} of {name}").format(field=title, name=named(self.sfa, self.kind, self.ids))

    def on_mount(self) -> None:
        self.notice(_("Enter sets it for all; left empty, it empties the field."))

    def save(self, changes: dict[str, Value]) -> None:
        value = self.draft.text(self.name_set).strip() or _("nothing")
        title = _("{heading} to {value}").format(heading=self.heading(), value=value)
        values = {self.name_set: None, **changes}
        with self.book.change(title, "screen") as change:
            self.draft.add_fresh(change)
            for record_id in self.ids:
                edit.edit(change, self.kind, record_id, values)
