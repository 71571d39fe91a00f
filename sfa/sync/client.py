"""One reconciliation with head office: what was done here goes up, what was done elsewhere comes down.

``sync`` is a generator that asks for requests to be made and is sent their replies; so whoever drives it decides how,
and the tests decide what goes wrong at each of them. Between two requests nothing is open: every step is one
transaction, and the program may end at any point. Pushing comes first, always; then a pull never meets an action whose
fate is unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfa.i18n import _
from sfa.locales import now
from sfa.sync import outbox, verify
from sfa.sync.cursors import PERIOD, compare
from sfa.sync.outbox import set_meta
from sfa.sync.pulling import pull
from sfa.sync.pushing import push
from sfa.sync.steps import Report, Restart, Result, Steps, SyncError

if TYPE_CHECKING:
    from sfa.store.book import Book

ROUNDS = 5
"""How often one sync starts over, when rights changed meanwhile; besides, each log may have been put back."""


def sync(book: Book, report: Report = lambda *_progress: None) -> Steps:
    """Reconciles ``book`` with its head office. Raises ``SyncError``, ``Untrue`` or ``BookError``."""
    if not book.meta("server"):
        raise SyncError("alone", _("This book belongs to no head office."), _("sfa login URL joins it to one."))
    result, due = Result(), verify.is_due(book)
    for _round in range(ROUNDS + book.value("SELECT count(*) FROM stream")):
        try:
            level = yield from push(book, result, report)
            again = not level and (yield from pull(book, result, report))
        except Restart as restart:
            yield from restart.then(book, *restart.arguments)
            continue
        if not again and not outbox.waiting(book):
            break
    else:
        raise SyncError(
            "unsettled", _("Head office changes faster than this laptop can follow."), _("Try again later.")
        )
    if not level or not book.meta("verify_at"):
        with book.transaction() as connection:
            set_meta(connection, synced_at=now())
            if not book.meta("verify_at"):
                compare(connection, PERIOD)
    if due:
        yield from verify.verify(book)
    return result
