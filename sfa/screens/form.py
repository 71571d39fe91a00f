"""The form of any kind of record, derived from its definition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from sfa.actions import bindings
from sfa.i18n import N_, _
from sfa.locales import current
from sfa.models import KINDS
from sfa.models.fields import Value
from sfa.sales import edit
from sfa.screens.bulk import BulkScreen, ask_field
from sfa.screens.formfields import form_fields, form_lines, is_main, ordered, starting_values
from sfa.screens.picker import Option, Picker
from sfa.screens.sheet import Sheet
from sfa.widgets.formcanvas import FormLine
from sfa.widgets.formlines import FormLines

if TYPE_CHECKING:
    from sfa.app import SfaApp
    from sfa.models import Record
    from sfa.sales.duplicates import Hint
    from sfa.sales.series import Scope
    from sfa.screens.draft import Typed

__all__ = ["BulkScreen", "FormScreen", "edit_records", "new_record"]

OPENED = ("account", "contact", "lead", "opportunity")
"""Kinds whose new record is shown once it was added."""
COMPARED = ("account", "contact", "lead")
"""Kinds that are compared with the book while they are typed."""


def new_record(sfa: SfaApp, kind: str | None, preset: Mapping[str, Value]) -> None:
    """Shows an empty form for ``kind``, asking for it where it is None. ``preset`` holds values to start with.

    What a kind has no field for is left out of ``preset``.
    """
    if kind is not None:
        sfa.push_screen(FormScreen(sfa, kind, preset=preset))
        return
    made = [record for record in KINDS.values() if record.by_hand]
    ranked = sorted(made, key=lambda record: (not record.in_menu, -record.rank, _(record.label)))

    def taken(chosen: list[str] | None) -> None:
        if chosen:
            new_record(sfa, chosen[0], preset)

    sfa.push_screen(Picker(_("Add"), [Option(record.kind, _(record.label)) for record in ranked]), taken)


def edit_records(sfa: SfaApp, kind: str, ids: Sequence[str]) -> None:
    """Shows the form of a record; of several, asks for the field that is set for all."""
    if len(ids) == 1:
        sfa.push_screen(FormScreen(sfa, kind, ids[0]))
    else:
        ask_field(sfa, kind, ids)


class FormScreen(Sheet):
    """The fields of a new record, or of the record ``record_id``."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("fields")]
    help = N_(
        "A line per field; those with * are required. Enter and Tab go on, suggestions open while you type. "
        "Ctrl+S saves from anywhere; Escape leaves and keeps what you typed for the next time."
    )

    def __init__(
        self, sfa: SfaApp, kind: str, record_id: str = "", *, preset: Mapping[str, Value] | None = None
    ) -> None:
        self.kind, self.record_id, self.preset = kind, record_id, preset or {}
        self.record = sfa.book.get(kind, record_id) if record_id else None
        self.whole, self.added = False, ""
        self.scope: Scope | None = None
        self.hints: Sequence[Hint] = ()
        present = self.record.values if self.record else self._start(sfa)
        fields = form_fields(sfa.book, kind)
        super().__init__(sfa, {name: fields[name] for name in ordered(fields, present)}, present)
        if typed := sfa.drafts.pop(self._key, None):
            self.draft.restore(typed)

    def _start(self, sfa: SfaApp) -> dict[str, Value]:
        return starting_values(sfa.book, self.kind, self.preset, current().default_currency())

    @property
    def _key(self) -> str:
        """What the draft of this form is kept under."""
        return f"{self.kind} {self.record_id or sorted(self.preset.items())}"

    def heading(self) -> str:
        label = _(KINDS[self.kind].label).lower()
        if self.record:
            return _("Edit {kind} {name}").format(kind=label, name=self.record.heading)
        return _("New {kind}").format(kind=label)

    def standing(self) -> str:
        count = len(self.draft.typed.texts)
        return _("{count} changed, not saved").format(count=count) if count else ""

    def on_mount(self) -> None:
        if self.draft.typed.texts:
            self.notice(_("What you typed before is back · Ctrl+R starts over"))

    # Which fields are in view

    def form_lines(self) -> list[FormLine]:
        shown = [name for name in self.fields if self.whole or self._is_shown(name)]
        return form_lines(self.fields, shown, len(self.fields) - len(shown), whole=self.whole)

    def _is_shown(self, name: str) -> bool:
        """Main fields, and those that hold something of one's own."""
        held = self.record is not None and bool(self.draft.text(name))
        return held or is_main(self.fields, name) or name in self.draft.typed.texts

    def reveal(self, names: list[str]) -> None:
        self.whole = self.whole or not all(map(self._is_shown, names))

    def action_more_fields(self) -> None:
        """Shows all fields, or the main ones again."""
        self.whole = not self.whole
        self.show(self.lines.current.id)

    # Whether the record is in the book already

    @on(FormLines.Edited)
    def look(self) -> None:
        """Asks in the background; what is typed last wins."""
        if self.kind in COMPARED:
            values = {name: value for name, value in self.draft.values.items() if value is not None}
            self.run_worker(
                partial(self._look, values), thread=True, exclusive=True, group="hints", exit_on_error=False
            )

    def _look(self, values: dict[str, Value]) -> None:
        from sfa.sales import duplicates

        hints = duplicates.hints(self.book, self.kind, values, exclude=self.record_id or None)
        self.app.call_from_thread(self._hinted, values, hints)

    def _hinted(self, values: dict[str, Value], hints: Sequence[Hint]) -> None:
        if not self.is_attached or any(self.draft.values.get(name) != value for name, value in values.items()):
            return
        self.hints = hints
        self.notice(self._looks_like(hints) if hints else "")

    @staticmethod
    def _looks_like(hints: Sequence[Hint]) -> str:
        told = _("Looks like {name} ({reason})").format(name=hints[0].title, reason=hints[0].reason)
        more = _(" and {count} more").format(count=len(hints) - 1) if len(hints) > 1 else ""
        return f"{told}{more} · {_('Ctrl+O opens it')}"

    def action_open_match(self) -> None:
        """Opens the record that this one looks like; Escape comes back here."""
        if self.hints:
            self.sfa.open_record(self.kind, self.hints[0].id)
        else:
            self.sfa.tell(_("Nothing in the book looks like this."))

    # Leaving and saving

    def action_start_over(self) -> None:
        """Forgets what was typed."""
        self.draft = self.lines.model = self.new_draft()
        self.hints = ()
        self.notice("")
        self.show()

    def on_unmount(self) -> None:
        """Keeps what was typed and not saved for the next time, however the form was left."""
        typed = self.draft.typed
        if typed.texts and not self.saved and self.keeps(typed):
            self.sfa.drafts[self._key] = typed
            self.sfa.tell(_("Not saved. What you typed is kept until you quit: open the form again."))

    def keeps(self, typed: Typed) -> bool:  # noqa: ARG002 - for forms that start with more than the record holds
        """Whether what was typed is worth keeping."""
        return True

    def action_save(self) -> None:
        if self.record and not self.draft.faults() and not self.draft.changes:
            self.saved = True
            self.dismiss()
            self.sfa.tell(_("Nothing was changed."))
        elif self.record and self.record.values.get("rrule") and not self.draft.faults():
            self._ask_scope(self.record)
        else:
            super().action_save()

    def _ask_scope(self, series: Record) -> None:
        """Asks how much of a series the changes are for, and saves them."""
        from sfa.screens.repeating import ask_scope

        def chosen(scope: Scope) -> None:
            self.scope = scope
            super(FormScreen, self).action_save()

        ask_scope(
            self.sfa,
            _("Change of {name}").format(name=series.heading),
            series,
            chosen,
            rule="rrule" in self.draft.changes,
        )

    def save(self, changes: dict[str, Value]) -> None:
        title = edit.edited_title(self.record) if self.record else edit.created_title(self.kind, self.draft.values)
        with self.book.change(title, "screen") as change:
            self.draft.add_fresh(change)
            if self.record and self.scope:
                from sfa.sales import series

                series.edited(change, self.record_id, self.record.values["start"], changes, self.scope)
            elif self.record:
                edit.edit(change, self.kind, self.record_id, changes)
            else:
                self.added = edit.create(change, self.kind, {**self.present, **changes})

    def done(self) -> None:
        if not self.record and self.kind in OPENED:
            self.sfa.open_record(self.kind, self.added)
