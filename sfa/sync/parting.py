"""How records leave a laptop for good: rows, search entries, history, and everything else that tells of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sfa.models import KINDS
from sfa.store.columns import dumps
from sfa.store.search import drop_documents
from sfa.sync import outbox

if TYPE_CHECKING:
    from sqlcipher3.dbapi2 import Connection

    from sfa.store.book import Book

PAGE = 5_000


def part(book: Book, connection: Connection, records: Mapping[str, Sequence[str]]) -> None:
    """Takes records (kind → ids) out of the book without a trace, within the caller's transaction.

    Own actions that were not sent yet are written down for sending first: they still go up, and are judged.
    """
    while outbox.freeze(book, connection):
        pass
    for kind, ids in records.items():
        for start in range(0, len(ids), PAGE):
            _part(connection, kind, ids[start : start + PAGE])
    connection.execute("DELETE FROM action WHERE NOT EXISTS (SELECT 1 FROM entry WHERE entry.action = action.n)")


def _part(connection: Connection, kind: str, ids: Sequence[str]) -> None:
    chosen, parameter = "IN (SELECT value FROM json_each(?))", (dumps(list(ids)),)
    if kind in KINDS and KINDS[kind].rank:
        rows = connection.execute(f'SELECT n FROM "{kind}" WHERE id {chosen}', parameter).fetchall()
        drop_documents(connection, kind, [row[0] for row in rows])
    table = f'"{kind}" WHERE id' if kind in KINDS else "stranger WHERE record"
    connection.execute(f"DELETE FROM {table} {chosen}", parameter)
    connection.execute(f"DELETE FROM entry WHERE record {chosen}", parameter)
    connection.execute(f"DELETE FROM shadow WHERE record {chosen}", parameter)


def part_stream(book: Book, connection: Connection, stream: int) -> set[str]:
    """Takes everything that lives in ``stream`` out of the book; gives the kinds that there was something of."""
    lives = 'SELECT id FROM "{kind}" WHERE stream = ? UNION SELECT record FROM shadow WHERE stream = ? AND kind = ?'
    found = {
        kind: [row[0] for row in connection.execute(lives.format(kind=kind), (stream, stream, kind)).fetchall()]
        for kind in KINDS
    }
    for kind, record in connection.execute("SELECT kind, record FROM stranger WHERE stream = ?", (stream,)).fetchall():
        found.setdefault(kind, []).append(record)
    part(book, connection, {kind: ids for kind, ids in found.items() if ids})
    connection.execute("DELETE FROM stream WHERE number = ?", (stream,))
    return {kind for kind, ids in found.items() if ids}
