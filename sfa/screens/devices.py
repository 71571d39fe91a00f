"""How the screens live with calendars and address books elsewhere: the sync beside them, and what they say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfa.exchange.dav import remotes
from sfa.exchange.dav.items import Items
from sfa.exchange.dav.service import DavService, State
from sfa.i18n import _
from sfa.locales import current
from sfa.screens.companion import Companion
from sfa.sync import inbox
from sfa.sync.status import when
from sfa.widgets.pages import Row

if TYPE_CHECKING:
    from sfa.app import SfaApp
    from sfa.store.book import Book


class Devices(Companion[State, DavService]):
    """Keeps what is connected in step with the book of an app, and tells of it."""

    def __init__(self, app: SfaApp) -> None:
        super().__init__(app, State())
        self.service = DavService(app.book, self._heard)
        self._conflicts, self._counted = len(inbox.conflicts(app.book)), app.revision
        app.devices = self
        self.service.start()
        self._show()

    def _tell(self, before: State) -> None:
        if self._state.syncs != before.syncs:
            self.app.watch_book()
            known, self._conflicts = self._conflicts, len(inbox.conflicts(self.book))
            if self._conflicts > known:
                self.app.tell(_("Something was changed both here and on another device · S shows it"))

    def briefly(self, _width: int) -> tuple[str, bool]:
        """What somebody should know, for a status line; nothing where all is well."""
        if self._counted != self.app.revision:
            self._conflicts, self._counted = len(inbox.conflicts(self.book)), self.app.revision
        parts = []
        if self._conflicts and self.app.liaison is None:
            parts.append(f"≠{current().number(self._conflicts)}")
        for name in self._state.problems:  # why is told in S, which has room for addresses
            parts.append(_("{name}: not synced").format(name=name or _("calendars")))
        return " · ".join(parts), bool(parts)


def rows(book: Book) -> list[Row]:
    """What is connected, for the screen of the sync."""
    return [_row(book, one) for one in remotes.remotes(book)]


def _row(book: Book, one: remotes.Remote) -> Row:
    kind = _("calendar") if one.is_calendar else _("address book")
    items = Items(book, one.id)
    told = one.problem
    if not told:
        left_out = items.problems()
        told = _("{count} in step").format(count=current().number(items.count()))
        if left_out:
            told += " · " + _("{count} not: {reason}").format(count=len(left_out), reason=left_out[0].problem)
    synced = when(one.synced_at) if one.synced_at else _("not yet")
    return Row(f"remote - {one.id}", (f"{one.name} · {kind}", told, synced))
