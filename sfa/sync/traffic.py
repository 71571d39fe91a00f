"""What goes out to head office, and what came from it, record by record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sfa.models import KINDS
from sfa.store.lookup import Lookup
from sfa.sync import outbox

if TYPE_CHECKING:
    from sfa.store.book import Book

SHOWN = 200
"""Records of a list that are told one by one; entries of the journal that are looked at for what came in."""


class Passing(NamedTuple):
    """A record with changes on their way: how many, the newest's title, moment and user. ``kind`` empty: it left."""

    kind: str
    record: str
    heading: str
    changes: int
    title: str
    at: str
    user: str


def outgoing(book: Book) -> list[Passing]:
    """The records with changes that head office has not judged, the newest first."""
    sql = f"""SELECT n FROM action WHERE {outbox.OWN} AND n > ?
        UNION SELECT action FROM outgoing WHERE outcome IS NULL"""
    rows = book.rows(
        f"""SELECT entry.kind, entry.record, count(*), max(entry.action) FROM ({sql}) AS waiting
        JOIN entry ON entry.action = waiting.n GROUP BY entry.record ORDER BY 4 DESC, 2 LIMIT {SHOWN}""",
        (outbox.pushed(book),),
    )
    left = f"""SELECT '', '', 1, action FROM outgoing WHERE outcome IS NULL
        AND NOT EXISTS (SELECT 1 FROM entry WHERE entry.action = outgoing.action) LIMIT {SHOWN}"""
    return _passing(book, [*rows, *book.rows(left)])


def incoming(book: Book) -> list[Passing]:
    """The records with changes that came from others, or from the user's other laptops, last; the newest first."""
    rows = book.rows(
        f"""SELECT kind, record, count(*), max(action) FROM (
            SELECT entry.kind, entry.record, entry.action FROM entry JOIN action ON action.n = entry.action
            WHERE action.origin = 'sync' AND action.device != ? AND entry.kind != 'conflict'
            ORDER BY entry.n DESC LIMIT {SHOWN})
        GROUP BY record ORDER BY 4 DESC, 2""",
        (book.device,),
    )
    return _passing(book, rows)


def _passing(book: Book, rows: list[tuple[Any, ...]]) -> list[Passing]:
    lookup = Lookup(book)
    found = []
    for kind, record_id, count, action in rows:
        record = book.find(kind, record_id) if kind in KINDS else None
        told = book.rows("SELECT title, at, user FROM action WHERE n = ?", (action,))
        title, at, user = told[0] if told else (_sent_title(book, action), "", None)
        who = lookup.title("user", user) if user else ""
        found.append(Passing(kind, record_id, record.heading if record else "", count, title, at, who))
    return found


def _sent_title(book: Book, action: int) -> str:
    return str(book.value("SELECT title FROM outgoing WHERE action = ?", (action,)))
