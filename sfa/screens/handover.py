"""Giving accounts and leads to another territory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sfa.i18n import _
from sfa.sales import handover
from sfa.screens.deeds import named
from sfa.screens.picker import Option, Picker

if TYPE_CHECKING:
    from sfa.app import SfaApp


def hand_over(sfa: SfaApp, kind: str, ids: Sequence[str]) -> None:
    """Asks for the territory, says who will no longer see the records, and hands them over."""
    goals = handover.goals_for(sfa.book, kind, ids)
    if not goals:
        sfa.tell(_("There is no other territory that you may give to; a manager of this one may give to any."))
        return
    stays, leaves = _("you see it still"), _("it leaves you")
    options = [Option(goal.id, goal.name, stays if goal.seen else leaves) for goal in goals]

    def taken(chosen: list[str] | None) -> None:
        if chosen:
            sfa.perform(lambda: handover.hand_over(sfa.book, kind, ids, chosen[0], "screen"))

    sfa.push_screen(Picker(_heading(sfa, kind, ids), options), taken)


def _heading(sfa: SfaApp, kind: str, ids: Sequence[str]) -> str:
    what = _("Hand over {name}, with all that belongs to it").format(name=named(sfa, kind, ids))
    places = handover.places(sfa.book, kind, ids)
    told = _("Who sees {places} but not the territory you choose will see it no more:")
    return f"{what}\n{told.format(places=', '.join(places))}" if places else what
