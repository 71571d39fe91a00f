"""A book of nobody's that follows one stream, written by the code of the laptops: what snapshots are taken of."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from sfa.models import KINDS
from sfa.server.database import Database, Row, Session
from sfa.server.digests import held
from sfa.store.book import Book
from sfa.store.columns import dumps, json_columns, search_table, searched
from sfa.sync import bootstrap, rebase, verify
from sfa.sync.cursors import follow, reach
from sfa.sync.download import Tag
from sfa.sync.landing import Landing
from sfa.sync.messages import LogRow, Place, StreamInfo, decode

if TYPE_CHECKING:
    from sfa.sync.rebase import Documents

Pause = Callable[[float], object]
"""Told how many seconds a piece of work took: whoever is not to be in others' way rests there."""
ROWS = 500
"""Rows of the log from which on a transaction ends, with the next action that does."""
READ = 50
"""Rows of the log that are read at once; one may have a megabyte."""


class Replica:
    """A new book at ``path`` that follows the stream ``info``."""

    def __init__(self, database: Database, path: Path, info: StreamInfo, pause: Pause) -> None:
        self.database, self.info, self._pause = database, info, pause
        self.book = Book.create(path, None)
        self.book.connection.execute("PRAGMA synchronous = OFF")  # lost with the power, it is made anew
        with self.book.transaction() as connection:
            follow(connection, [info])
        self.at = (0, "")

    def close(self) -> None:
        self.book.close()

    def begin_with(self, snapshot: Path, tag: Tag) -> None:
        """Starts from an earlier snapshot, unpacked. Raises ``Untrue``."""
        bootstrap.take(self.book, snapshot, self.info, tag)
        self.at = (tag.seq, tag.mark)

    def catch_up(self) -> None:
        """Follows the log to its end; then holds what head office does, whatever the log gave.

        What a cut log no longer tells has no history.
        """
        while self.info.floor <= self.at[0] < self.info.seq:
            began = perf_counter()
            self._follow(self.info.seq, lambda after: self.database.read(lambda session: self._read(session, after)))
            self._pause(perf_counter() - began)
        self.database.read(self._agree)

    def _follow(self, until: int, read: Callable[[int], list[Row]]) -> None:
        """Lands the next actions, each whole."""
        with self.book.transaction() as connection:
            landing = Landing(self.book, connection)
            count, final = 0, 1
            while self.at[0] < until and not (final and count >= ROWS):
                rows = read(self.at[0])
                places = [Place(self.info.number, seq, bool(last), _row(body)) for seq, _mark, last, body in rows]
                landing.foresee(places)
                landing.land(places)
                seq, mark, final, _body = rows[-1]
                self.at = (seq, mark)
                count += len(rows)
            reach(connection, [(self.info.number, *self.at)])
            landing.close()

    def _read(self, session: Session, after: int) -> list[Row]:
        sql = "SELECT seq, mark, final, body FROM log WHERE stream = ? AND seq > ? ORDER BY seq LIMIT ?"
        return session.rows(sql, (self.info.number, after, READ))

    def _agree(self, session: Session) -> None:
        """Brings the replica to the very state of ``session``."""
        number = self.info.number
        ((seq, head, floor),) = session.rows("SELECT seq, head, floor FROM stream WHERE number = ?", (number,))
        while floor <= self.at[0] < seq:
            self._follow(seq, lambda after: self._read(session, after))
        there = held(session, number)
        if self._sum() != (there.records, there.digest):
            rebase.replace(self.book, number, _documents(session, number), seq, head)
            if self._sum() != (there.records, there.digest):
                raise RuntimeError("a replica that does not come to hold what head office does")
        self.at = (seq, head)

    def _sum(self) -> verify.Sum:
        return verify.total(self.book, self.info.number)

    def write(self, target: Path) -> None:
        """Writes it to a new file, as laptops take it: compact, search in one piece, nothing of this book's own."""
        with self.book.transaction() as connection:
            written = dumps({kind: sorted(json_columns(kind)) for kind in KINDS})
            connection.execute("DELETE FROM meta WHERE key NOT IN ('schema', 'searched')")
            connection.execute("INSERT INTO meta VALUES ('json', ?)", (written,))
            for kind in searched():
                connection.execute(f"INSERT INTO {search_table(kind)} ({search_table(kind)}) VALUES ('optimize')")
        self.book.connection.execute("VACUUM INTO ?", (str(target),))


def _row(body: str) -> LogRow:
    return decode(body.encode(), LogRow)


def _documents(session: Session, stream: int) -> Documents:
    rows = session.rows("SELECT id, kind, doc FROM record WHERE stream = ?", (stream,))
    return {record: (kind, json.loads(doc)) for record, kind, doc in rows}
