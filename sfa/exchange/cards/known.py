"""Which record of the book a card is: by the id that it came with, or because it is the very same card."""

from __future__ import annotations

from functools import cached_property

from sfa.exchange.cards.wording import SOURCE, Values
from sfa.models import is_id
from sfa.store.book import Book


class KnownCards:
    """The live records of ``kind`` that cards can be. A record that became part of another is that other."""

    def __init__(self, book: Book, kind: str) -> None:
        self.book, self.kind = book, kind
        self.column = "uid" if kind == "contact" else "external_id"

    @cached_property
    def _uids(self) -> dict[str, str]:
        known = f'SELECT "{self.column}", id FROM "{self.kind}" WHERE "{self.column}" IS NOT NULL'
        if self.kind != "contact":  # another system's ids are no cards'
            known += f" AND external_source = '{SOURCE}'"
        return dict(self.book.connection.execute(f"{known} ORDER BY deleted_at IS NULL"))  # the live ones win

    @cached_property
    def _texts(self) -> dict[int, str]:
        if self.kind != "contact":
            return {}
        sql = "SELECT original, id FROM contact WHERE uid IS NULL AND original IS NOT NULL AND deleted_at IS NULL"
        return {hash(text): record_id for text, record_id in self.book.connection.execute(sql)}

    def find(self, values: Values) -> str | None:
        """The id of the record that a card with ``values`` is."""
        if uid := values.get(self.column):
            return self._live(self._uids.get(uid)) or self._live(uid)
        text = values.get("original")  # leads keep none: nothing says that two of them are one
        return self._texts.get(hash(text)) if text else None

    def add(self, record_id: str, values: Values) -> None:
        """A card became a record."""
        if uid := values.get(self.column):
            self._uids[uid] = record_id
        elif text := values.get("original"):
            self._texts[hash(text)] = record_id

    def _live(self, record_id: str | None) -> str | None:
        while record_id and is_id(record_id) and (record := self.book.find(self.kind, record_id)):
            if not record.deleted_at:
                return record_id
            record_id = record.values.get("merged_into")
        return None
