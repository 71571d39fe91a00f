"""What this place is for, and every key that works in it; Enter runs it."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.screen import Screen

from sfa.actions import ANYWHERE
from sfa.i18n import _
from sfa.screens.commands import Command, CommandsScreen


class HelpScreen(CommandsScreen):
    """The purpose of a screen, then its keys: of the widget in focus and the place, then of the program."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f1", "app.pop_screen", show=False)]

    def __init__(self, screen: Screen[Any]) -> None:
        purpose = _(getattr(screen, "help", "")) or _("Type, then Enter takes and Esc leaves.")
        super().__init__(screen, _("Help"), purpose)
        self.placeholder = _("type to narrow the keys · Enter runs one · Esc leaves")

    def heading_of(self, command: Command) -> str:
        return _(ANYWHERE if command.node is self.app else command.action.group)
