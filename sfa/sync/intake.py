"""A snapshot's rows on their way into a book in use: in short transactions, and from where it was interrupted.

How far it is stands in the book's settings, written with each step. First comes the history, in numbers that were kept
free for it: so whatever the rep does meanwhile is later.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from sfa.store.columns import dumps
from sfa.sync import download
from sfa.sync.cursors import SOON, compare, follow, reach
from sfa.sync.landing import Landing
from sfa.sync.messages import StreamInfo
from sfa.sync.outbox import set_meta
from sfa.sync.parting import part_stream
from sfa.sync.snapshot import Snapshot
from sfa.sync.steps import Reply, Report, Request, Restart, tell

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlcipher3.dbapi2 import Connection

    from sfa.store.book import Book

HISTORY = 5_000
"""Entries or actions of the journal in one transaction."""
State = dict[str, Any]


def begun(book: Book, wanted: Collection[int]) -> int:
    """The stream whose load was interrupted and goes on; 0 where none does.

    What came of one that cannot go on, because its snapshot is gone or it is no longer ``wanted``, is taken out again.
    """
    state: State = json.loads(book.meta("loading") or "{}")
    if not state:
        return 0
    if state["stream"] in wanted and download.is_there(book, state["stream"], state["tag"]):
        return int(state["stream"])
    with book.transaction() as connection:
        if not book.value("SELECT seq FROM stream WHERE number = ?", (state["stream"],)):
            for table, (first, last) in zip(("entry", "action"), state["free"], strict=True):
                connection.execute(f"DELETE FROM {table} WHERE n > ? AND n <= ?", (first, last))
            part_stream(book, connection, state["stream"])
        connection.execute("DELETE FROM meta WHERE key = 'loading'")
    return 0


def take_in(book: Book, snapshot: Snapshot, info: StreamInfo, tag: str, report: Report) -> int:
    """Takes all of a snapshot in, or what is left of it; how many records it has. Raises ``Untrue``, ``BookError``."""
    state: State = json.loads(book.meta("loading") or "{}") or _begin(book, snapshot, info, tag)
    if not state:
        return 0
    for table, column in (("entry", 0), ("action", 1)):
        _copy_history(book, snapshot, state, table, column)
    whole = snapshot.count()
    for batch in snapshot.batches(book, tuple(state["place"]) if state["place"] else None):
        with book.transaction() as connection:
            landing = Landing(book, connection)
            for kind, documents in batch.kinds.items():
                landing.arrive(info.number, kind, documents)
            landing.close()
            _note(book, connection, state, place=batch.place, records=state["records"] + landing.records)
        tell(book, landing.kinds)
        report("load", state["records"], whole)
    with book.transaction() as connection:
        _note(book, connection, state)
        reach(connection, [(info.number, snapshot.seq, snapshot.mark)])
        compare(connection, SOON)
        landing = Landing(book, connection)
        landing.settle_landed(info.number)
        landing.close()
        connection.execute("DELETE FROM meta WHERE key = 'loading'")
    tell(book, landing.kinds)
    return int(state["records"])


def _begin(book: Book, snapshot: Snapshot, info: StreamInfo, tag: str) -> State:
    """Makes room for the history; nothing where another program has loaded the stream meanwhile."""
    with book.transaction() as connection:
        follow(connection, [info])
        if book.value("SELECT seq FROM stream WHERE number = ?", (info.number,)):
            return {}
        free = [_keep_free(connection, snapshot, table) for table in ("entry", "action")]
        state = {"stream": info.number, "tag": tag, "free": free, "history": [0, 0], "place": None, "records": 0}
        set_meta(connection, loading=dumps(state))
    return state


def _note(book: Book, connection: Connection, state: State, **values: Any) -> None:
    """Writes down how far it is, in the transaction that went so far. ``Restart`` where another program was faster."""
    if book.meta("loading") != dumps(state):
        raise Restart(_nothing)
    state.update(values)
    set_meta(connection, loading=dumps(state))


def _nothing(_book: Book) -> Generator[Request, Reply, None]:
    yield from ()


def _keep_free(connection: Connection, snapshot: Snapshot, table: str) -> tuple[int, int]:
    """Numbers of ``table``, without the first and with the last, that nobody else will use."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
    first = row[0] if row else 0
    last = first + int(snapshot.value(f"SELECT coalesce(max(n), 0) FROM {table}"))
    if row:
        connection.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", (last, table))
    else:
        connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, last))
    return first, last


_ENTRIES = """INSERT OR REPLACE INTO entry (n, action, kind, record, op, fields) SELECT ?1 + ?3, ?2 + ?4, ?5, ?6, ?7, ?8
    WHERE NOT EXISTS (SELECT 1 FROM entry WHERE record = ?6 AND n <= ?3)"""
_ACTIONS = """INSERT OR REPLACE INTO action (n, id, at, user, device, origin, title, mode, root)
    SELECT ?1 + ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?2 + ?4 WHERE EXISTS (SELECT 1 FROM entry WHERE action = ?1 + ?4)"""


def _copy_history(book: Book, snapshot: Snapshot, state: State, table: str, column: int) -> None:
    """Takes in the journal; but for what a book that had a record before has its own history of."""
    (entry_first, _last), (action_first, _end) = state["free"]
    sql, columns = {
        "entry": (_ENTRIES, "n, action, ?1, ?2, kind, record, op, fields"),
        "action": (_ACTIONS, "n, root, ?1, ?2, id, at, user, device, origin, title, mode"),
    }[table]
    select = f"SELECT {columns} FROM {table} WHERE n > ?3 ORDER BY n LIMIT {HISTORY}"
    while True:
        after = (entry_first, action_first, state["history"][column])
        rows = snapshot.connection.execute(select, after).fetchall()
        if not rows:
            return
        with book.transaction() as connection:
            connection.executemany(sql, rows)
            history = [rows[-1][0], state["history"][1]] if column == 0 else [state["history"][0], rows[-1][0]]
            _note(book, connection, state, history=history)
