"""The outbox: the laptop's own actions, as the journal tells them, on their way to head office.

An action is written down for sending once (``freeze``), so that a retry sends the same bytes whatever was done since,
and so that it still goes up when the records that it is about have left the laptop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Raw

from sfa.models import KINDS
from sfa.models.fields import Value
from sfa.store import journal
from sfa.store.columns import columns as columns_of
from sfa.store.columns import dumps, json_columns, loads, search_table
from sfa.store.journal import Entry as Written
from sfa.sync.codec import chained, digest
from sfa.sync.merge import LOCAL, context, substance
from sfa.sync.messages import ENTRIES, PART_BYTES, Action, Entry, encode

if TYPE_CHECKING:
    from sqlcipher3.dbapi2 import Connection

    from sfa.store.book import Book

Values = dict[str, Value]
OWN = "origin != 'sync'"
JUDGED = "outcome IN ('applied', 'merged', 'conflict')"
DROPPED = "UPDATE outgoing SET outcome = 'dropped', parts = '[]' WHERE action = ?"
"""For a refused action that its user has settled: it is never sent again."""
BATCH = 500
"""Actions that are written down at a time."""
READ = 20
"""Actions that are read at a time."""


class Sealed(NamedTuple):
    """An action ready to be sent: the bytes of its parts, and the chain before it."""

    action: int
    before: str
    parts: list[bytes]


def waiting(book: Book) -> int:
    """How many own actions head office has not judged yet."""
    sql = f"""SELECT (SELECT count(*) FROM action WHERE {OWN} AND n > ?)
        + (SELECT count(*) FROM outgoing WHERE outcome IS NULL)"""
    return int(book.value(sql, (pushed(book),)))


def pushed(book: Book) -> int:
    """The number of the last own action that was written down for sending."""
    return int(book.meta("pushed") or 0)


def set_meta(connection: Connection, **values: object) -> None:
    connection.executemany(
        "INSERT OR REPLACE INTO meta VALUES (?, ?)", [(key, str(value)) for key, value in values.items()]
    )


def freeze(book: Book, connection: Connection, limit: int = BATCH) -> int:
    """Writes the next own actions down for sending, within the caller's transaction; how many."""
    rows = connection.execute(
        f"SELECT n FROM action WHERE {OWN} AND n > ? ORDER BY n LIMIT ?", (pushed(book), limit)
    ).fetchall()
    chain = book.meta("chain")
    for (number,) in rows:
        chain = seal(book, connection, number, chain)
    if rows:
        set_meta(connection, pushed=rows[-1][0], chain=chain)
    return len(rows)


def seal(book: Book, connection: Connection, number: int, before: str) -> str:
    """Writes an own action down for sending, after the chain ``before``; gives the chain with it."""
    action = journal.action(book, number)
    parts = list(_parts(book, action))
    chain = chained(before, parts)
    connection.execute(
        "INSERT INTO outgoing (action, id, title, parts, before, chain) VALUES (?, ?, ?, ?, ?, ?)",
        (number, action.id, action.title, b"\n".join(parts).decode(), before, chain),
    )
    return chain


def chain_anew(book: Book, connection: Connection) -> None:
    """Begins a new chain with what waits: to head office, this is a laptop that has sent nothing yet."""
    chain = ""
    for number, parts in book.rows("SELECT action, parts FROM outgoing WHERE outcome IS NULL ORDER BY action"):
        before, chain = chain, chained(chain, parts.encode().split(b"\n"))
        connection.execute("UPDATE outgoing SET before = ?, chain = ? WHERE action = ?", (before, chain, number))
    set_meta(connection, chain=chain)


def sealed(book: Book) -> Iterator[Sealed]:
    """What is to be sent, in order."""
    sql = "SELECT action, before, parts FROM outgoing WHERE outcome IS NULL AND action > ? ORDER BY action LIMIT ?"
    last = 0
    while rows := book.rows(sql, (last, READ)):
        for action, before, parts in rows:
            yield Sealed(action, before, parts.encode().split(b"\n"))
        last = rows[-1][0]


def _parts(book: Book, action: journal.Action) -> Iterator[bytes]:
    """The action as it is sent: one message, or several where it is large."""
    chunks: list[list[Entry]] = [[]]
    size = 0
    for entry in _entries(book, action.number):
        weight = len(encode(entry))
        if chunks[-1] and (len(chunks[-1]) >= ENTRIES or size + weight > PART_BYTES):
            chunks.append([])
            size = 0
        chunks[-1].append(entry)
        size += weight
    root = journal.action(book, action.root).id if action.root != action.number else None
    for part, entries in enumerate(chunks, 1):
        yield encode(
            Action(
                n=action.number, id=action.id, at=action.at, origin=action.origin[:40], title=action.title[:1000],
                entries=entries, mode=action.mode, root=root, part=part, parts=len(chunks),  # type: ignore[arg-type]
            )
        )  # fmt: skip


def _entries(book: Book, number: int) -> Iterator[Entry]:
    written = journal.entries(book, number)
    inserted = inserted_values(book, number, written, _unread)
    for entry in written:
        if entry.op == "insert":
            yield Entry(entry.kind, entry.record, "insert", inserted[entry.record])
        elif entry.op == "remove":
            values = {name: old for name, (old, _new) in entry.fields.items()}
            yield Entry(entry.kind, entry.record, "remove", was=digest(substance(values)))
        else:
            yield _update(book, entry)


def bare(values: Mapping[str, Value]) -> Values:
    """The values of a record without what is only local."""
    return {name: value for name, value in values.items() if name not in LOCAL and value is not None}


def _update(book: Book, entry: Written) -> Entry:
    fields = book.fields(entry.kind)
    deletes = entry.fields.get("deleted_at", (None, None))[1] is not None
    grouped = any(name in fields and fields[name].group for name in entry.fields)
    before: Values = {}
    if deletes or grouped:
        before = journal.state(book, entry.kind, entry.record, entry.action - 1) or {}
    seen = context(fields, before, entry.fields)
    was = digest(substance(before)) if deletes else ""
    return Entry(entry.kind, entry.record, "update", {**entry.fields}, seen, was)


def inserted_values(
    book: Book, number: int, entries: Sequence[Written], read: Callable[[str], Any] = loads
) -> dict[str, Values]:
    """The values that records were born with in action ``number``, many at a time; ``read`` is given those in JSON."""
    kinds: dict[str, list[str]] = {}
    for entry in entries:
        if entry.op == "insert":
            kinds.setdefault(entry.kind, []).append(entry.record)
    found: dict[str, Values] = {}
    for kind, ids in kinds.items():
        for start in range(0, len(ids), BATCH):
            found.update(_born(book, number, kind, ids[start : start + BATCH], read))
    return found


def _born(book: Book, number: int, kind: str, ids: list[str], read: Callable[[str], Any]) -> dict[str, Values]:
    chosen = "IN (SELECT value FROM json_each(?))"
    parameter = dumps(ids)
    columns = _sent(kind)
    listed = ", ".join(f'"{name}"' for name, _in_json in columns)
    rows = book.rows(f'SELECT id, custom, {listed} FROM "{kind}" WHERE id {chosen}', (parameter,))
    present = {record_id: _values(columns, values, custom, read) for record_id, custom, *values in rows}
    later = {
        row[0]
        for row in book.rows(
            f"SELECT DISTINCT record FROM entry WHERE record {chosen} AND action > ?", (parameter, number)
        )
    }
    for record_id in later:
        present[record_id] = bare(journal.state(book, kind, record_id, number) or {})
    return {record_id: present.get(record_id, {}) for record_id in ids}


@cache
def _sent(kind: str) -> tuple[tuple[str, bool], ...]:
    """The columns that are sent, and whether they hold JSON."""
    local = LOCAL | {"custom", "sort_key", "stream"}
    return tuple((name, name in json_columns(kind)) for name in columns_of(kind) if name not in local)


def _values(
    columns: Sequence[tuple[str, bool]], row: Sequence[Any], custom: str | None, read: Callable[[str], Any]
) -> Values:
    values = {
        name: read(value) if in_json else value
        for (name, in_json), value in zip(columns, row, strict=True)
        if value is not None
    }
    return {**values, **loads(custom)} if custom else values


def _unread(text: str) -> Raw:
    """What a column holds in JSON goes out as it is."""
    return Raw(text.encode())


def scrub(book: Book, kinds: set[str]) -> None:
    """Has what left the book leave the file too: all is written anew, the log is emptied."""
    connection = book.connection
    with book.write_lock:
        for kind in kinds & {kind for kind in KINDS if KINDS[kind].rank}:
            connection.execute(f"INSERT INTO {search_table(kind)} ({search_table(kind)}) VALUES ('optimize')")
        connection.execute("VACUUM")  # it would still stand in pages that are free, or free in part
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
