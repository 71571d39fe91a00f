"""What has changed on a server comes into the book: page by page, each page whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from sfa.errors import SfaError
from sfa.exchange.dav.client import DavError
from sfa.exchange.dav.collection import Collection, Fetched
from sfa.exchange.dav.differences import write_down
from sfa.exchange.dav.items import Item, Items
from sfa.exchange.dav.mapping import Kind, Thing
from sfa.exchange.dav.remotes import Remote, note
from sfa.exchange.dav.threeway import WHOLE, Met, Parts, Side, agreed, meet
from sfa.i18n import _
from sfa.models import KINDS

if TYPE_CHECKING:
    from sfa.store.book import Book
    from sfa.store.change import Change


MANY = 3
"""Things that do not vanish all at once but for a fault: a calendar that was lost empties no book."""


class Pull:
    """Brings what has changed in ``collection`` into ``book``."""

    def __init__(
        self, book: Book, remote: Remote, collection: Collection, kind: Kind, tick: Callable[[], None]
    ) -> None:
        self.book, self.remote, self.collection, self.kind, self._tick = book, remote, collection, kind, tick
        self.items = Items(book, remote.id)
        self.records = self.conflicts = 0
        self.found: dict[str, bool] = {}
        """Hrefs that were asked for, and whether something lay there."""
        self.names: list[str] = []
        self.contested: list[str] = []

    def run(self, mark: str, again: Iterable[str] = ()) -> str:
        """Takes in what has happened since ``mark``, and what lies at the hrefs ``again``; gives the new mark.

        It is noted only when all has landed: what is interrupted is asked for again, and known by its ETag.
        """
        changes = self.collection.changes(mark)
        known = self.items.etags() if changes.etags or changes.whole else {}
        if changes.whole and not changes.etags and len(known) >= MANY:
            raise DavError(
                "emptied",
                _("There is nothing in {name} any more. Nothing was deleted here.").format(name=self.remote.name),
                _("If it was made anew, “sync --again” puts everything there."),
            )
        wanted = dict.fromkeys(again)
        wanted |= {href: None for href, etag in changes.etags.items() if not etag or known.get(href) != etag}
        fresh = self.items.fresh()
        # What has come there since the mark must be told of: a server that compares two states is silent of it where it
        # has been taken away again.
        missing = known if changes.whole else [*changes.gone, *fresh]
        gone = [href for href in dict.fromkeys(missing) if href not in changes.etags]
        # What has gone comes last: what only lies elsewhere now is known there by then.
        for page in self.collection.fetch(wanted):
            self.found.update({href: fetched is not None for href, fetched in page.items()})
            self._land(page)
            self._tick()
        vanished = [href for href in gone if href not in wanted]
        for start in range(0, len(vanished), 100):
            self._land(dict.fromkeys(vanished[start : start + 100]))
        if changes.mark != mark or fresh:
            with self.book.transaction() as connection:
                note(connection, self.remote, mark=changes.mark)
                self.items.seen(connection)
        return changes.mark

    def _land(self, page: Mapping[str, Fetched | None]) -> None:
        """One page, as one action; what cannot be taken in is left out, and remembered with the reason."""
        refused: dict[str, str] = {}
        things = dict(self._read(page, refused))
        while True:
            before = self.records, self.conflicts
            self.names, self.contested, href = [], [], ""
            try:
                with self.book.change("", self.remote.type) as change:
                    rows = self.items.at(page)
                    for href, fetched in page.items():
                        row = rows.get(href) or Item(href)
                        if fetched is None:
                            self._gone(change, row)
                        elif href in refused:
                            self._refuse(change, row, fetched, refused[href])
                        else:
                            self._meet(change, row, fetched, things[href])
                    change.title = self._title()
                return
            except SfaError as error:
                if href in refused or page.get(href) is None:
                    raise
                refused[href] = str(error)
                self.records, self.conflicts = before

    def _read(self, page: Mapping[str, Fetched | None], refused: dict[str, str]) -> Iterable[tuple[str, Thing]]:
        for href, fetched in page.items():
            if fetched is not None:
                try:
                    yield href, self.kind.read(fetched.text)
                except ValueError as error:
                    refused[href] = str(error)

    def _title(self) -> str:
        if not self.names:
            names = ", ".join(dict.fromkeys(self.contested))
            return _("Changed here and in {place}: {name}").format(name=names[:200], place=self.remote.name)
        if len(self.names) == 1:
            return _("{name}, as in {place}").format(name=self.names[0], place=self.remote.name)
        return _("{count} changes from {place}").format(count=len(self.names), place=self.remote.name)

    # One thing

    def _refuse(self, change: Change, row: Item, fetched: Fetched, reason: str) -> None:
        """It stays as it is on both sides, until it is changed there."""
        etag = row.etag if row.record else fetched.etag  # what was not read must not be overwritten
        self.items.put(change.connection, row._replace(etag=etag, problem=reason))

    def _meet(self, change: Change, row: Item, fetched: Fetched, thing: Thing) -> None:
        record = row.record or self.kind.find(thing.uid)
        if record and not self.kind.part(record, WHOLE):  # it was taken out of the book whole
            if thing.parts == row.base:
                self.items.put(change.connection, row._replace(etag=fetched.etag, todo=True))
                return
            row, record = Item(row.href), None
        mine = self._held(record)
        parts = self.kind.likened(thing.parts, row.base or mine)
        if record is None and (thing.secret or not self.kind.takes(thing)):
            self.items.put(change.connection, Item(row.href, None, thing.uid, fetched.etag))
            return
        there, here = Side(row.base or {}, parts), Side(row.held, mine)
        if row.sent == parts:  # it had arrived, only the answer had not
            there, here = Side(row.sent, parts), Side(row.sent, mine)
        met = meet(self.kind.fields, there, here)
        record = self._take(change, record, fetched.text, mine, met)
        after = self._held(record)
        ours = agreed(there, here, after)
        todo = ours != after
        if record is not None:
            self.items.release(change.connection, record, row.href)
        kept = Item(
            row.href, record, thing.uid, fetched.etag, parts, ours, None, todo, fresh=row.base is None or row.fresh
        )
        self.items.put(change.connection, kept)

    def _held(self, record: str | None) -> Parts:
        """What the book holds now; nothing where the record is deleted."""
        written = self.kind.written([record]) if record else {}
        return written[record].parts if record in written else {}

    def _take(self, change: Change, record: str | None, text: str, mine: Parts, met: Met) -> str | None:
        if met.parts and met.parts != mine:
            record = self.kind.apply(change, record if mine else None, text, mine, met.parts)
            self._count(change, record)
        elif mine and not met.parts and record:
            self._count(change, record)
            self.kind.delete(change, record)
        for found in met.differences:
            about = self.kind.part(record, found.part) if record else ""
            if about:
                write_down(change, self.remote.name, self.kind.kind, about, found)
                self.conflicts += 1
                self.contested.append(self._heading(change, about))
        return record

    def _count(self, change: Change, record: str) -> None:
        self.records += 1
        self.names.append(self._heading(change, record))

    def _heading(self, change: Change, record: str) -> str:
        return KINDS[self.kind.kind].heading_of(change.get(self.kind.kind, record).values)

    def _gone(self, change: Change, row: Item) -> None:
        """It was deleted there: so it is here, unless it was changed here since, or is history by now."""
        if row.record is None:
            self.items.drop(change.connection, row.href)
        if row.record is None or row.base is None:  # it was never there
            return
        mine = self._held(row.record)
        kept = Item(row.href, row.record, row.uid)
        if mine and WHOLE in mine and self.kind.keeps(row.record) and mine == row.held:
            self.items.put(change.connection, kept)  # it goes there again when it is changed
            return
        met = meet(self.kind.fields, Side(row.base or {}, {}), Side(row.held, mine))
        self._take(change, row.record, "", mine, met)
        if met.parts:
            self.items.put(change.connection, kept._replace(todo=True))
        else:
            self.items.drop(change.connection, row.href)
