"""Whose deals a review or a forecast is of, chosen from the tree of managers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sfa.i18n import _
from sfa.sales import teams
from sfa.screens.picker import Option, Picker

if TYPE_CHECKING:
    from sfa.app import SfaApp

EVERYBODY = "*"


def choose(sfa: SfaApp, at: str | None, taken: Callable[[str | None], None]) -> None:
    """Asks for a user, who stands for himself and everybody below; None for the whole company."""
    people = teams.tree(sfa.book)
    managers = {person.manager for person in people}
    options = [Option(EVERYBODY, _("Everybody"))]
    options += [
        Option(person.id, "  " * person.depth + person.name, _("team") if person.id in managers else "")
        for person in people
    ]

    def chosen(ids: list[str] | None) -> None:
        if ids:
            taken(None if ids[0] == EVERYBODY else ids[0])

    sfa.push_screen(Picker(_("Whose deals"), options, at=at or EVERYBODY), chosen)
