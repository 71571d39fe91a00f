"""How a book joins a head office: with all that it holds, and as the user that head office knows."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

from sfa.i18n import _
from sfa.models import KINDS, fold
from sfa.models.fields import Value
from sfa.store.identity import rename
from sfa.sync import bootstrap, rebase
from sfa.sync.client import sync
from sfa.sync.cursors import follow
from sfa.sync.messages import Welcome
from sfa.sync.outbox import set_meta
from sfa.sync.pulling import pull
from sfa.sync.steps import Report, Request, Restart, Result, SyncError

if TYPE_CHECKING:
    from sqlcipher3.dbapi2 import Connection

    from sfa.store.book import Book

Documents = rebase.Documents
COMPANY = 1
"""The number of the company's stream."""
HANDED_OVER = ("account", "lead")
"""Kinds with a territory of their own."""


def join(
    book: Book, url: str, welcome: Welcome, report: Report = lambda *_progress: None
) -> Generator[Request, Any, Result]:
    """Makes ``book`` one of the user's at the head office that has just said ``welcome``, then reconciles.

    What both have by the same name in the company's catalogue becomes one; all else that the book holds goes up.
    Interrupted at any point, ``sync`` goes on from there.
    """
    if book.meta("server"):
        raise SyncError("joined", _("This book belongs to a head office already."), _("sfa logout leaves it."))
    catalogue = yield from _catalogue(book, welcome.acl)
    with book.transaction() as connection:
        own = book.user
        if own and own != welcome.user:
            rename(book, connection, "user", own, welcome.user)
        _become_one(book, connection, catalogue)
        set_meta(
            connection, server=url, server_id=welcome.server, device=welcome.device, user=welcome.user,
            login=welcome.name, acl=0, chain="", pushed=0,
        )  # fmt: skip
        follow(connection, welcome.streams)
        home = next((info for info in welcome.streams if info.home and info.kind == "territory"), None)
        set_meta(connection, home=home.id if home else "")
    first = Result()
    try:
        first.received += yield from bootstrap.load(book, welcome.streams, report)
        with book.transaction() as connection:  # until here, the next sync starts with the first load
            set_meta(connection, acl=welcome.acl)
        yield from pull(book, first, report)
    except Restart as restart:
        yield from restart.then(book, *restart.arguments)
    _settle_in(book)
    result = yield from sync(book, report)
    result.received += first.received
    return result


def _catalogue(book: Book, acl: int) -> Generator[Request, Any, Documents]:
    """What the company's stream holds; nothing where the book has nothing that could be the same."""
    if not any(book.value(f'SELECT 1 FROM "{kind}" LIMIT 1') for kind in _shared()):
        return {}
    found = yield from rebase.holdings(book, COMPANY, acl)
    if found is None:
        raise SyncError("unsettled", _("What you may see at head office has just changed."), _("Try again."))
    return found[0]


def _become_one(book: Book, connection: Connection, catalogue: Documents) -> None:
    """Gives records of the company's catalogue that go by the same name there and here the id they have there."""
    there: dict[tuple[str, ...], str] = {}
    for record_id, (kind, values) in catalogue.items():
        if kind in KINDS and not values.get("deleted_at"):
            there.setdefault(_name(kind, values), record_id)
    for kind in _shared():
        for record in book.records(kind):
            known = there.get(_name(kind, record.values))
            if known and known != record.id and record.id not in catalogue and book.find(kind, known) is None:
                rename(book, connection, kind, record.id, known)


def _shared() -> Iterator[str]:
    """The company's kinds, those first that others are named within."""
    kinds = [kind for kind, record in KINDS.items() if record.scope == "company"]
    return iter(sorted(kinds, key=lambda kind: bool(KINDS[kind].scoped_by)))


def _name(kind: str, values: dict[str, Value]) -> tuple[str, ...]:
    """What a record of the catalogue goes by; within what it belongs to."""
    if kind == "custom_field":
        return kind, str(values.get("of_kind")), str(values.get("name"))
    scope = KINDS[kind].scoped_by
    return kind, fold(KINDS[kind].heading_of(values)), str(values.get(scope)) if scope else ""


def _settle_in(book: Book) -> None:
    """Accounts and leads that the book brought along belong to the user's own territory."""
    home = book.meta("home")
    if not home or book.find("territory", home) is None:
        return
    with book.change(_("Joined head office"), "command") as change:
        for kind in HANDED_OVER:
            for (record,) in book.rows(f'SELECT id FROM "{kind}" WHERE territory IS NULL AND stream IS NULL'):
                change.put(kind, record, {"territory": home})
