"""What is closed and forgotten when records have left the laptop: head office shares them no longer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from sfa.i18n import _
from sfa.models import KINDS
from sfa.screens.call import CallScreen
from sfa.screens.form import FormScreen
from sfa.screens.history import HistoryScreen
from sfa.screens.record import RecordScreen
from sfa.screens.sheet import Sheet
from sfa.store import journal
from sfa.store.book import Book

if TYPE_CHECKING:
    from sfa.app import SfaApp

ID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")


def forget_departed(sfa: SfaApp) -> None:
    """Closes the screens of records that have left, drops what was typed about them, and says so in one line."""
    book = sfa.book
    sfa.visited = [item for item in sfa.visited if not _has_left(book, *item)]
    typed = [key for key in sfa.drafts if any(_is_nowhere(book, id) for id in ID.findall(key))]
    for key in typed:
        del sfa.drafts[key]
    shown = next((screen for screen in sfa.screen_stack if _shows_departed(book, screen)), None)
    if shown is not None:
        kind, _id = _about(shown)
        _close(sfa, shown)
        told = _("This {kind} has left your laptop: it was handed over, or your rights have changed.")
        sfa.tell(told.format(kind=_(KINDS[kind].label).lower()))
    elif typed:
        sfa.tell(_("What you had typed about records that have left your laptop is gone with them."))


def _close(sfa: SfaApp, shown: Screen[Any]) -> None:
    """Leaves a screen, and all that was opened from it."""
    while shown in sfa.screen_stack:
        if isinstance(sfa.screen, Sheet | CallScreen):
            sfa.screen.saved = True  # nothing of it is kept
        sfa.pop_screen()


def _about(screen: Screen[Any]) -> tuple[str, str]:
    """Kind and id of the record that a screen is about; empty for others."""
    if isinstance(screen, HistoryScreen):
        return screen.of
    if isinstance(screen, RecordScreen | FormScreen | CallScreen):
        return screen.kind, screen.record_id
    return "", ""


def _shows_departed(book: Book, screen: Screen[Any]) -> bool:
    kind, id = _about(screen)
    return bool(id) and _has_left(book, kind, id)


def _has_left(book: Book, kind: str, id: str) -> bool:
    """Whether a record is gone without a trace; what was undone leaves its history."""
    return book.find(kind, id) is None and not journal.record_entries(book, id)


def _is_nowhere(book: Book, id: str) -> bool:
    return all(book.find(kind, id) is None for kind in KINDS) and not journal.record_entries(book, id)
