"""Keeping the book and a calendar or address book on a server in step, both ways.

First what has changed there comes in, then what has changed here goes out; where that was new, or the server then
holds what we have not seen, once more. Everything is written down before it is done, or in one transaction with what
it does, so that a sync can end anywhere and the next one goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, suppress
from typing import TYPE_CHECKING, NamedTuple

from sfa.errors import BookError, SfaError
from sfa.exchange.dav.client import Asking, Client, DavError
from sfa.exchange.dav.collection import Collection
from sfa.exchange.dav.items import Items
from sfa.exchange.dav.pulling import Pull
from sfa.exchange.dav.pushing import Push
from sfa.exchange.dav.remotes import Remote, note, password
from sfa.i18n import _
from sfa.locales import now
from sfa.sync.turn import turn

if TYPE_CHECKING:
    from sfa.exchange.dav.mapping import Kind
    from sfa.store.book import Book

ROUNDS = 5
"""How often a sync looks again where somebody else is at work there."""


class Outcome(NamedTuple):
    """What a sync did: records that came in, things sent and taken away there, conflicts; what could not be done."""

    received: int
    sent: int
    deleted: int
    conflicts: int
    problems: list[tuple[str, str]]


def sync(book: Book, remote: Remote, tick: Callable[[], None] = lambda: None, line: Asking | None = None) -> Outcome:
    """Syncs one remote; ``tick`` is called now and then, and may raise. Raises ``SfaError``; the book tells it, too."""
    with turn(book, "dav") as mine:
        if not mine:
            raise DavError("busy", _("Another program syncs {name} just now.").format(name=remote.name))
        try:
            if line is not None:
                return _sync(book, remote, line, tick)
            with closing(Client(remote.url, remote.user, password(remote), remote.ca)) as client:
                return _sync(book, remote, client, tick)
        except SfaError as error:
            with suppress(BookError), book.transaction() as connection:
                note(connection, remote, problem=error.message)
            raise


def kind_of(book: Book, remote: Remote) -> Kind:
    """What is kept in step with ``remote``."""
    if remote.is_calendar:
        from sfa.exchange.dav.activities import Activities

        return Activities(book, remote)
    from sfa.exchange.dav.people import People

    return People(book, remote)


def _sync(book: Book, remote: Remote, line: Asking, tick: Callable[[], None]) -> Outcome:
    collection, kind = Collection(line, remote.url, remote.type), kind_of(book, remote)
    pull, push = Pull(book, remote, collection, kind, tick), Push(book, remote, collection, kind, tick)
    mark, unseen = remote.mark, set[str]()
    for _round in range(ROUNDS):
        mark = pull.run(mark, unseen)
        unseen = push.run(pull.found)
        if not unseen and not push.added:
            break
    with book.transaction() as connection:
        note(connection, remote, synced_at=now(), problem="")
    problems = [(item.uid or item.href, item.problem) for item in Items(book, remote.id).problems()]
    return Outcome(pull.records, push.sent, push.deleted, pull.conflicts, problems)
