"""Winning and losing: what closes a deal, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sfa import locales
from sfa.i18n import N_, _
from sfa.models import LossReason
from sfa.models.fields import Value
from sfa.sales import edit, pipeline
from sfa.screens.deeds import named
from sfa.screens.formfields import form_fields
from sfa.screens.picker import Option, Picker
from sfa.screens.sheet import Sheet
from sfa.widgets.formcanvas import FormLine

if TYPE_CHECKING:
    from sfa.app import SfaApp


def won(sfa: SfaApp, kind: str, ids: Sequence[str]) -> None:
    """Wins a deal after asking for its amount and date; several at once as they stand. Converts a lead."""
    if kind == "lead":
        from sfa.screens.convert import convert_lead

        convert_lead(sfa, ids[0])
    elif len(ids) == 1:
        sfa.push_screen(WonScreen(sfa, ids[0]))
    else:
        deal = sfa.book.get("opportunity", ids[0])
        stages = pipeline.stages(sfa.book, deal.values["pipeline"])
        target = next(stage.id for stage in stages if stage.type == "Won")
        sfa.perform(lambda: pipeline.move(sfa.book, ids, target, origin="screen"))


def lost(sfa: SfaApp, kind: str, ids: Sequence[str]) -> None:
    """Loses deals, or disqualifies leads, after asking why."""
    reasons = sorted(
        sfa.book.records("loss_reason", "is_active = 1"), key=lambda reason: reason.values.get("position") or 0
    )
    options = [
        Option(reason.id, reason.heading, reason.values.get("description") or "")
        for reason in reasons
        if isinstance(reason, LossReason)
    ]

    def taken(chosen: list[str] | None) -> None:
        if chosen:
            sheet = LostScreen if kind == "opportunity" else DisqualifyScreen
            sfa.push_screen(sheet(sfa, ids, chosen[0]))

    if kind == "opportunity":
        heading = _("Why was {name} lost?") if len(ids) == 1 else _("Why were {name} lost?")
    else:
        heading = _("Why is {name} no lead?") if len(ids) == 1 else _("Why are {name} no leads?")
    sfa.push_screen(Picker(heading.format(name=named(sfa, kind, ids)), options), taken)


class Closing(Sheet):
    """A few lines of a record that is settled with them; Enter saves from each."""

    enter_saves = True
    kind = "opportunity"
    names: tuple[str, ...] = ()
    """The fields asked for."""
    button = ""

    def __init__(self, sfa: SfaApp, present: dict[str, Value]) -> None:
        fields = form_fields(sfa.book, self.kind)
        super().__init__(sfa, {name: fields[name] for name in self.names}, present)

    def form_lines(self) -> list[FormLine]:
        *lines, save = super().form_lines()
        return [*lines, replace(save, label=self.button, hint=_("Enter"))]


class WonScreen(Closing):
    """Amount and date of a deal that is won."""

    names = ("amount", "currency", "close_date")
    help = N_("The amount as it was agreed and the day it was; Enter wins the deal. One undo takes it back.")

    def __init__(self, sfa: SfaApp, deal_id: str) -> None:
        self.deal, self.button = sfa.book.get("opportunity", deal_id), _("Won")
        super().__init__(sfa, {**self.deal.values, "close_date": locales.today()})

    def heading(self) -> str:
        return _("Won: {name}").format(name=self.deal.heading)

    def save(self, changes: dict[str, Value]) -> None:
        values = {"close_date": self.draft.values["close_date"], **changes}
        with self.book.change(_("Won {name}").format(name=self.deal.heading), "screen") as change:
            pipeline.close(change, self.deal.id, "Won", values)


class LostScreen(Closing):
    """Who won instead, and what is to be remembered of deals that are lost."""

    names = ("winning_competitor", "loss_notes")
    help = N_(
        "Who won instead (type to choose, or to add one who is not in the book) and what would have won it; "
        "both may stay empty. Enter loses the deal. One undo takes it back."
    )

    def __init__(self, sfa: SfaApp, ids: Sequence[str], reason_id: str) -> None:
        self.ids, self.reason, self.button = ids, sfa.book.get("loss_reason", reason_id), _("Lost")
        self.name_of = named(sfa, "opportunity", ids)
        super().__init__(sfa, sfa.book.get("opportunity", ids[0]).values if len(ids) == 1 else {})

    def heading(self) -> str:
        return _("Lost: {name} – {reason}").format(name=self.name_of, reason=self.reason.heading)

    def save(self, changes: dict[str, Value]) -> None:
        with self.book.change(_("Lost {name}").format(name=self.name_of), "screen") as change:
            self.draft.add_fresh(change)
            for deal_id in self.ids:
                pipeline.close(change, deal_id, "Lost", {"loss_reason": self.reason.id, **changes})


class DisqualifyScreen(Closing):
    """Why leads come to nothing, in the words that the reason starts with."""

    kind = "lead"
    names = ("disqualify_reason",)
    help = N_(
        "Why nothing can be sold here, in your own words if you like. Enter disqualifies; one undo takes it back."
    )

    def __init__(self, sfa: SfaApp, ids: Sequence[str], reason_id: str) -> None:
        self.ids, self.button = ids, _("Disqualify")
        self.name_of = named(sfa, "lead", ids)
        super().__init__(sfa, {"disqualify_reason": sfa.book.get("loss_reason", reason_id).heading})

    def heading(self) -> str:
        return _("Disqualify {name}").format(name=self.name_of)

    def save(self, changes: dict[str, Value]) -> None:  # noqa: ARG002 - the words matter, changed or not
        values = {"status": "Unqualified", "disqualify_reason": self.draft.values["disqualify_reason"]}
        edit.bulk(self.book, "lead", self.ids, values, _("Disqualified {name}").format(name=self.name_of), "screen")
