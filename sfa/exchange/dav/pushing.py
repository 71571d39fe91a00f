"""What has changed in the book goes to the server; what is sent is written down first, so that nothing goes twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from sfa.exchange.dav.collection import Collection, Stale, Unfit
from sfa.exchange.dav.items import Item, Items
from sfa.exchange.dav.mapping import Kind, Written
from sfa.exchange.dav.remotes import Remote, note
from sfa.i18n import _

if TYPE_CHECKING:
    from sqlcipher3.dbapi2 import Connection

    from sfa.store.book import Book

PAGE = 50
"""Things that are written down, sent and noted together."""


class Push:
    """Has ``collection`` hear of what has changed in ``book``."""

    def __init__(
        self, book: Book, remote: Remote, collection: Collection, kind: Kind, tick: Callable[[], None]
    ) -> None:
        self.book, self.remote, self.collection, self.kind, self._tick = book, remote, collection, kind, tick
        self.items = Items(book, remote.id)
        self.sent = self.deleted = 0
        self.added = False
        """Whether something was put there in the last run that had not been there."""

    def run(self, told: Mapping[str, bool]) -> set[str]:
        """Sends all that is to be sent; gives the hrefs where the server holds what we have not seen.

        ``told``: the hrefs that were looked at for that reason in this sync, and whether there was something.
        """
        self._collect()
        self.added = False
        unseen: set[str] = set()
        after = ""
        while page := self.items.todo(PAGE, after):
            unseen |= self._page(page, told)
            self._tick()
            after = page[-1].href
        return unseen

    # What is to be done

    def _collect(self) -> None:
        """Marks what the journal says has changed, what belongs there now, and what does so no more."""
        last = self.book.value("SELECT max(n) FROM action") or 0
        seen = int(self.book.value("SELECT seen FROM remote WHERE id = ?", (self.remote.id,)) or 0)
        if seen == last:
            return
        with self.book.transaction() as connection:
            marked = self.kind.touched(seen) | self._vanished(connection)
            connection.executemany(
                "UPDATE remote_item SET todo = 1 WHERE remote = ? AND record = ?",
                [(self.remote.id, record) for record in marked],
            )
            linked = {row[0] for row in self.book.rows("SELECT record FROM remote_item WHERE record IS NOT NULL")}
            added = sorted(self.kind.chosen() - linked)
            self.items.put(
                connection, *(Item(self.collection.href(record), record, record, todo=True) for record in added)
            )
            note(connection, self.remote, seen=last)

    def _vanished(self, connection: Connection) -> set[str]:
        """Records that lie there, and are deleted here or have left the book."""
        sql = f"""SELECT item.record FROM remote_item item LEFT JOIN "{self.kind.kind}" held ON held.id = item.record
            WHERE item.remote = ? AND item.record IS NOT NULL AND (held.id IS NULL OR held.deleted_at IS NOT NULL)"""
        return {row[0] for row in connection.execute(sql, (self.remote.id,))}

    # Doing it

    def _page(self, page: Sequence[Item], told: Mapping[str, bool]) -> set[str]:
        ids = [item.record for item in page if item.record]
        staying = self.kind.staying(ids)
        written = self.kind.written(sorted(staying))
        going = [(item, written.get(item.record or "")) for item in page]
        with self.book.transaction() as connection:
            # Before the first of them goes: what arrives, though we do not hear of it, is known by this.
            sent = [item._replace(sent=found.parts) for item, found in going if found and item.held != found.parts]
            self.items.put(connection, *sent)
        results: list[Item] = []
        unseen: set[str] = set()
        try:
            for item, found in going:
                try:
                    results.append(self._put(item, found) if found else self._delete(item))
                except Stale:
                    if item.href in told and not told[item.href]:
                        reason = _("the server has it elsewhere, or does not take it")
                        results.append(item._replace(todo=False, problem=reason))
                    else:
                        unseen.add(item.href)
                except Unfit as error:
                    results.append(item._replace(todo=False, problem=error.message))
        finally:
            with self.book.transaction() as connection:
                self.items.put(connection, *(one for one in results if one.record))
                self.items.drop(connection, *(one.href for one in results if not one.record))
        return unseen

    def _put(self, item: Item, found: Written) -> Item:
        if item.base is not None and item.held == found.parts:
            return item._replace(todo=False, sent=None)
        if item.base is not None and not item.etag:
            raise Stale
        etag = self.collection.put(item.href, found.text, item.etag if item.base is not None else "")
        self.sent += 1
        self.added |= item.base is None
        return item._replace(
            etag=etag, base=found.parts, ours=None, sent=None, todo=False, fresh=item.base is None, problem=""
        )

    def _delete(self, item: Item) -> Item:
        """Takes it away; the row goes with it, which has no record in what this gives."""
        if item.base is not None:
            if not item.etag:
                raise Stale
            self.collection.delete(item.href, item.etag)
            self.deleted += 1
        return item._replace(record=None)
