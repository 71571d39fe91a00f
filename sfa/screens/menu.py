"""All that can be done with what is at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfa.actions import DEALS, RECORDS
from sfa.i18n import _
from sfa.screens.commands import Command, CommandsScreen
from sfa.screens.deeds import named
from sfa.screens.place import ON_RECORDS, Place

if TYPE_CHECKING:
    from sfa.app import SfaApp


def open_menu(sfa: SfaApp, place: Place) -> None:
    """Shows the actions of ``place``, those on the record at hand first; the refused ones say why."""
    sfa.push_screen(MenuScreen(sfa, place))


class MenuScreen(CommandsScreen):
    """The actions of a place, to choose from."""

    def __init__(self, sfa: SfaApp, place: Place) -> None:
        subject = place.subject()
        self.at_hand = named(sfa, subject.kind, subject.ids) if subject and subject.ids else _("No record at hand")
        super().__init__(place, _("What would you like to do?"))
        self.placeholder = _("type to narrow · Enter does it · Esc leaves")

    def heading_of(self, command: Command) -> str:
        if command.action.id in ON_RECORDS:
            return self.at_hand
        return _("Here") if command.action.group in (RECORDS, DEALS) and command.action.id != "menu" else ""
