"""The self-check: whether the book holds what head office does, told from the records themselves.

Cursors only tell what was fetched. So once a week, and after every first load, the number of records of each stream and
the digests of their texts are compared. What differs is fetched anew; the journal tells what was put right.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from sfa.i18n import _
from sfa.locales import now
from sfa.models import KINDS
from sfa.store.columns import decode, listed
from sfa.store.failures import FAILURES, unreadable
from sfa.sync import outbox, rebase
from sfa.sync.codec import digest
from sfa.sync.cursors import PERIOD, compare
from sfa.sync.merge import document
from sfa.sync.messages import Digest
from sfa.sync.steps import Reply, Request, SyncError, accepted, decoded

if TYPE_CHECKING:
    from sfa.store.book import Book

PAGE = 2_000


class Sum(NamedTuple):
    """How many records, and the exclusive or of their digests."""

    records: int
    digest: str


def is_due(book: Book) -> bool:
    """Whether it is time to compare."""
    at = book.meta("verify_at")
    return bool(at) and at <= now()


def verify(book: Book) -> Generator[Request, Reply, None]:
    """Compares every stream that stands where head office does, and fetches anew what differs.

    Nothing is compared while own actions wait: it stays due. Raises ``SyncError`` where fetching anew did not help.
    """
    compared = True
    for (stream,) in book.rows("SELECT number FROM stream ORDER BY number"):
        same = yield from _is_same(book, stream)
        if same is False:
            yield from rebase.reload(book, stream)
            same = yield from _is_same(book, stream)
            if same is False:
                _next(book)
                raise SyncError("differs", _("The book does not agree with head office, though it was fetched anew."))
        compared &= same is not None
    if compared:
        _next(book)


def _next(book: Book) -> None:
    with book.transaction() as connection:
        compare(connection, PERIOD)


def _is_same(book: Book, stream: int) -> Generator[Request, Reply, bool | None]:
    """Whether the book holds what head office does; None where that cannot be told now."""
    reply = yield Request("GET", f"/v1/digest/{stream}")
    if reply.status == 403:
        return None  # the next sync hears of it
    there = decoded(accepted(reply), Digest)
    with _unmoving(book):
        at = book.value("SELECT seq FROM stream WHERE number = ?", (stream,))
        if at != there.seq or outbox.waiting(book) or book.value(f"SELECT 1 FROM outgoing WHERE {outbox.JUDGED}"):
            return None
        return total(book, stream) == (there.records, there.digest)


@contextmanager
def _unmoving(book: Book) -> Iterator[None]:
    """Within it, this thread sees the book as it was at its beginning; others may go on writing."""
    try:
        book.connection.execute("BEGIN")
        try:
            yield
        finally:
            book.connection.execute("COMMIT")
    except FAILURES as error:
        raise unreadable(book.path, error) from error


def total(book: Book, stream: int) -> Sum:
    """What the book holds of ``stream``."""
    count = combined = 0
    for kind, record, text in _texts(book, stream):
        count += 1
        combined ^= int(digest(f"{kind}:{record}:{text}"), 16)
    return Sum(count, f"{combined:016x}")


def _texts(book: Book, stream: int) -> Iterator[tuple[str, str, str]]:
    """Kind, id and canonical text of every record of a stream."""
    for kind in KINDS:
        last = 0
        sql = f'SELECT {listed(kind)} FROM "{kind}" WHERE n > ? AND stream = ? ORDER BY n LIMIT {PAGE}'
        while rows := book.rows(sql, (last, stream)):
            for values in (decode(kind, row) for row in rows):
                last = values["n"]
                yield kind, values["id"], document(values)
    for record, kind, doc in book.rows("SELECT record, kind, doc FROM stranger WHERE stream = ?", (stream,)):
        yield kind, record, document(json.loads(doc))
