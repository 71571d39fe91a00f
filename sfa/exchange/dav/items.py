"""What lies on a server, as the book remembers it: a row per href, with what both sides said when they agreed last."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sfa.exchange.dav.threeway import Parts
from sfa.store.columns import dumps

if TYPE_CHECKING:
    from sqlcipher3.dbapi2 import Connection

    from sfa.store.book import Book

COLUMNS = "href, record, uid, etag, base, ours, sent, todo, fresh, problem"


class Item(NamedTuple):
    """One thing: ``record`` is None for what the book does not take in.

    ``base`` is how it read there when both agreed last (None: never), ``ours`` what the book held for that; ``sent``
    what was put there without our hearing that it arrived. ``todo``: the server is to hear of it. ``fresh``: it
    came there after the mark. ``problem``: why it is not as it should be.
    """

    href: str
    record: str | None = None
    uid: str = ""
    etag: str = ""
    base: Parts | None = None
    ours: Parts | None = None
    sent: Parts | None = None
    todo: bool = False
    fresh: bool = False
    problem: str = ""

    @property
    def held(self) -> Parts:
        """What the book held when both agreed last."""
        return (self.ours if self.ours is not None else self.base) or {}


class Items:
    """The rows of one remote."""

    def __init__(self, book: Book, remote: str) -> None:
        self.book, self.remote = book, remote

    def etags(self) -> dict[str, str]:
        """Href → ETag of all that is known to lie there."""
        sql = "SELECT href, etag FROM remote_item WHERE remote = ? AND (base IS NOT NULL OR record IS NULL)"
        return dict(self.book.rows(sql, (self.remote,)))

    def at(self, hrefs: Iterable[str]) -> dict[str, Item]:
        """The rows of these hrefs."""
        where = "href IN (SELECT value FROM json_each(?))"
        return {item.href: item for item in self._read(where, (dumps(list(hrefs)),))}

    def of(self, record: str) -> Item | None:
        """The row of a record."""
        return next(self._read("record = ?", (record,)), None)

    def todo(self, limit: int, after: str) -> list[Item]:
        """The next of those that the server is to hear of."""
        return list(self._read("todo AND href > ? ORDER BY href LIMIT ?", (after, limit)))

    def fresh(self) -> list[str]:
        """The hrefs that are new there since the mark, as far as we know."""
        return [
            row[0] for row in self.book.rows("SELECT href FROM remote_item WHERE remote = ? AND fresh", (self.remote,))
        ]

    def seen(self, connection: Connection) -> None:
        """The server has told us of all that is there, with a new mark."""
        connection.execute("UPDATE remote_item SET fresh = 0 WHERE remote = ? AND fresh", (self.remote,))

    def problems(self) -> list[Item]:
        """Those that are not as they should be."""
        return list(self._read("problem != '' ORDER BY href", ()))

    def count(self) -> int:
        """How many records lie there."""
        sql = "SELECT count(*) FROM remote_item WHERE remote = ? AND record IS NOT NULL AND base IS NOT NULL"
        return int(self.book.value(sql, (self.remote,)))

    def _read(self, where: str, values: Sequence[Any]) -> Iterator[Item]:
        sql = f"SELECT {COLUMNS} FROM remote_item WHERE remote = ? AND {where}"
        for href, record, uid, etag, base, ours, sent, todo, fresh, problem in self.book.rows(
            sql, (self.remote, *values)
        ):
            yield Item(
                href, record, uid, etag, _loads(base), _loads(ours), _loads(sent), bool(todo), bool(fresh), problem
            )

    def put(self, connection: Connection, *items: Item) -> None:
        """Writes rows, within the caller's transaction."""
        connection.executemany(
            f"INSERT OR REPLACE INTO remote_item (remote, {COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    self.remote, one.href, one.record, one.uid, one.etag, _dumps(one.base),
                    None if one.ours == one.base else _dumps(one.ours), _dumps(one.sent), one.todo, one.fresh,
                    one.problem,
                )
                for one in items
            ],
        )  # fmt: skip

    def drop(self, connection: Connection, *hrefs: str) -> None:
        """Forgets rows."""
        connection.executemany(
            "DELETE FROM remote_item WHERE remote = ? AND href = ?", [(self.remote, href) for href in hrefs]
        )

    def release(self, connection: Connection, record: str, href: str) -> None:
        """Has ``record`` lie nowhere but at ``href``: it was moved there, from here or from another collection."""
        connection.execute(
            "DELETE FROM remote_item WHERE record = ? AND NOT (remote = ? AND href = ?)", (record, self.remote, href)
        )


def _loads(text: str | None) -> Parts | None:
    return json.loads(text) if text is not None else None


def _dumps(value: Any) -> str | None:
    return None if value is None else dumps(value)
