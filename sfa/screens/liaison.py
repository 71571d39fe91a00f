"""How the screens live with a head office: the sync beside them, and what they say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfa import locales
from sfa.i18n import N_, _
from sfa.screens.companion import Companion
from sfa.screens.departures import forget_departed
from sfa.sync import inbox, membership
from sfa.sync.service import MakeLine, State, SyncService
from sfa.sync.status import status, when

if TYPE_CHECKING:
    from sfa.app import SfaApp

WIDE = 120
"""Cells from which the status line has room for words."""
BRIEF = {
    "offline": N_("offline"),
    "unauthorized": N_("log in again"),
    "logged_out": N_("log in again"),
    "user_disabled": N_("locked out"),
    "untrusted": N_("not trusted"),
    "no_office": N_("no office there"),
    "busy": N_("office is busy"),
    "too_many": N_("office is busy"),
    "unavailable": N_("office is down"),
    "book": N_("book not written"),
}
"""Why the last sync failed, in a word or two; more is on the screen of the sync."""


class Liaison(Companion[State, SyncService]):
    """Keeps the book of an app in step with head office, and tells of it. ``make_line`` where it is not the usual."""

    def __init__(self, app: SfaApp, make_line: MakeLine | None = None) -> None:
        super().__init__(app, State())
        self.service = SyncService(app.book, make_line or (lambda: membership.line(self.book)), self._heard)
        self.status = self._told = status(app.book)
        self._territories = self._followed()
        app.liaison = self
        self.service.start()
        self._show()

    def book_changed(self) -> None:
        """Counts anew what waits, and closes what is about records that have left."""
        before, now = self.status, status(self.book)
        self.status = now
        if now.unsent > before.unsent:  # perhaps by another program, of which the sync does not hear
            self.service.changed()
        told = self._told
        self._told = told._replace(
            conflicts=min(told.conflicts, now.conflicts), rejected=min(told.rejected, now.rejected)
        )
        forget_departed(self.app)
        self._show()

    def close_book(self) -> None:
        """Closes the book for good where head office has locked this laptop out; raises ``UserError`` that says so."""
        if self._state.locked:
            membership.close(self.book, self._state.locked)

    # What the sync tells

    def _tell(self, before: State) -> None:
        if self._state.locked:
            self.app.exit(return_code=1)
        elif self._state.syncs != before.syncs:
            self._tell_news()

    def _tell_news(self) -> None:
        """After a sync: shows what came, and says what needs somebody."""
        self.app.watch_book()
        self.status = status(self.book)
        known, self._told = self._told, self.status
        if self.status.rejected > known.rejected:
            refused = inbox.rejected(self.book)[-1]
            told = _("Head office refused “{title}”: {reason} · S shows it").format(
                title=refused.title, reason=refused.reason
            )
            self.app.notify(told, severity="error", markup=False, timeout=8)
        if self.status.conflicts > known.conflicts:
            elsewhere = any(one.place for one in inbox.conflicts(self.book)[known.conflicts :])
            self.app.tell(
                _("Something was changed both here and on another device · S shows it")
                if elsewhere
                else _("Somebody else changed the same as you · S shows it")
            )
        territories = self._followed()
        for number in self._territories.keys() - territories.keys():
            told = _("You no longer see {territory}: what was in it has left your laptop.")
            self.app.tell(told.format(territory=self._territories[number]))
        self._territories = territories

    def _followed(self) -> dict[int, str]:
        """Number and name of the territories that the user sees."""
        return dict(self.book.rows("SELECT number, name FROM stream WHERE kind = 'territory'"))

    # The status line

    def briefly(self, width: int) -> tuple[str, bool]:
        """How it stands with head office, for a status line of ``width`` cells; and whether somebody should look."""
        state, known = self._state, self.status
        bad = known.waits or bool(state.problem)
        if width >= WIDE:
            parts = [known.line(), self.progress() or state.problem.rstrip(".")]
            return " · ".join(filter(None, parts)), bad
        number = locales.current().number
        counts = ((known.unsent, "↑"), (known.conflicts, "≠"), (known.rejected, "✗"))
        parts = [f"{sign}{number(count)}" for count, sign in counts if count]
        if state.problem:
            parts.append(_(BRIEF.get(state.code, N_("sync failed"))))
        else:
            parts.insert(0, "⇅" if state.running else "✓" if known.synced_at else "…")
        if known.synced_at:
            parts.append(when(known.synced_at))
        return " ".join(parts), bad

    def progress(self) -> str:
        """How far a long step is; empty where there is none."""
        state, number = self._state, locales.current().number
        if not state.running or not state.total:
            return ""
        if state.step == "snapshot":  # counted in bytes, which tell nobody anything
            return _("fetching {share}").format(share=locales.current().percent(100 * state.done // state.total))
        step = _("sending") if state.step == "push" else _("fetching")
        return _("{step} {done} of {total}").format(step=step, done=number(state.done), total=number(state.total))
