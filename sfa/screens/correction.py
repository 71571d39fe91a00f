"""A form that starts with values which head office did not take over, to be set right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sfa.i18n import N_, _
from sfa.models import KINDS
from sfa.models.fields import Value
from sfa.screens.draft import Typed
from sfa.screens.form import FormScreen

if TYPE_CHECKING:
    from sfa.app import SfaApp

Settle = Callable[[Mapping[str, Value]], object]


class CorrectionScreen(FormScreen):
    """The form of a record (of a new one without ``record_id``) with the values ``wanted`` in place of its own.

    The cursor is on the field ``at``; ``told`` says what it is about; ``settle`` is given all values that are not as in
    the book, in the writer's thread.
    """

    help = N_(
        "The record as you wanted it, to be set right. Ctrl+S saves and sends it; Escape leaves everything as it is."
    )

    def __init__(
        self,
        sfa: SfaApp,
        kind: str,
        record_id: str,
        wanted: Mapping[str, Value],
        settle: Settle,
        *,
        at: str = "",
        told: str = "",
    ) -> None:
        super().__init__(sfa, kind, record_id, preset={} if record_id else wanted)
        self._settle, self._at, self._told = settle, at, told
        if record_id and not self.draft.typed.texts:
            self.draft.fill(wanted)
        self._given = self.draft.typed

    @property
    def _key(self) -> str:
        return f"correct {super()._key}"

    def heading(self) -> str:
        label = _(KINDS[self.kind].label).lower()
        name = self.record.heading if self.record else KINDS[self.kind].heading_of(self.present)
        return _("Set right {kind} {name}").format(kind=label, name=name)

    def on_mount(self) -> None:
        self.call_after_refresh(self._point)

    def _point(self) -> None:
        """Goes to the field at fault, or to the first that holds what was wanted."""
        if self._at in self.fields:
            self.draft.refuse(self._at, self._told)
            self.refuse({self._at: self._told})
        elif first := next((name for name in self.fields if name in self._given.texts), ""):
            self.reveal([first])
            self.show(first)
        if self._told:
            self.notice(self._told)

    def keeps(self, typed: Typed) -> bool:
        return typed != self._given

    def action_save(self) -> None:
        """Also where nothing was changed: it may be good by now."""
        if not self.saving and not self.draft.faults():
            self.saving, self.refusal = True, None
            self.sfa.perform(lambda: self._save(self.draft.changes), self._saved, self._failed)
        else:
            super().action_save()

    def save(self, changes: dict[str, Value]) -> None:
        values = self.draft.values
        self._settle({name: values.get(name) for name in {*changes, *self._given.texts}})
