"""One search over all records and all commands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType

from sfa.i18n import _
from sfa.models import KINDS
from sfa.sales import find
from sfa.screens.commands import Command, Finder, commands, run
from sfa.widgets.pages import Row
from sfa.widgets.sections import Section

PER_KIND = 8
"""Hits shown of each kind."""
COMMANDS = 8
"""Commands shown."""


class SearchScreen(Finder):
    """Finds by the beginnings of words; a record opens, a command runs where the search was called."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+p", "app.pop_screen", show=False)]

    def __init__(self) -> None:
        super().__init__()
        self.placeholder = _("A name, a phone number, an e-mail, a command …")
        self.empty = _("Nothing is called that. Words count from their beginning.")
        self.offered: dict[str, Command] = {}

    def on_mount(self) -> None:
        below = self.sfa.screen_stack[-2]
        self.offered = {
            command.action.id: command
            for command in commands(below, self.sfa.settings.keys)
            if command.node in (below, self.sfa)
            and not command.action.call
            and command.action.id not in ("search", "back")
        }

    def sections(self, text: str) -> Iterable[Section]:
        yield from self._records(text)
        yield self._commands(text)
        yield self._lists(text)

    def _records(self, text: str) -> Iterable[Section]:
        book = self.sfa.book
        found = find.find(book, text, limit=PER_KIND) if text.strip() else find.recent(book, PER_KIND)
        rows: dict[str, list[Row]] = {}
        for hit in found:
            rows.setdefault(hit.kind if text.strip() else "", []).append(
                Row(f"{hit.kind} {hit.id}", (hit.title, hit.subtitle))
            )
        return [Section(_(KINDS[kind].plural) if kind else _("Recent"), group) for kind, group in rows.items()]

    def _commands(self, text: str) -> Section:
        words = text.casefold().split()
        rows = [
            Row(f"! {id}", (f"{command.title}  {' '.join(command.keys[:1])}", command.help))
            for id, command in self.offered.items()
            if command.matches(words)
        ]
        return Section(_("Commands"), rows[:COMMANDS])

    def _lists(self, text: str) -> Section:
        """The lists that have no key of their own."""
        others = {record.kind: _(record.plural) for record in KINDS.values() if not record.in_menu}
        told = _("The list of all of them.")
        found = [
            kind for kind, plural in others.items() if text.strip() and text.casefold().strip() in plural.casefold()
        ]
        return Section(_("Lists"), [Row(f"= {kind}", (others[kind], told)) for kind in found])

    async def choose(self, id: str) -> None:
        kind, _space, name = id.partition(" ")
        if kind == "!":
            await run(self.sfa, self.offered[name])
        elif kind == "=":
            self.sfa.open_list(name)
        else:
            self.sfa.open_record(kind, name)
