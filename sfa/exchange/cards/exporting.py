"""Contacts and leads of the book as a file of cards."""

from __future__ import annotations

from typing import IO

from sfa.exchange.cards.wording import Values, require_kind, sayings
from sfa.exchange.exporting import records
from sfa.formats.vcard.reading import COMMON
from sfa.formats.vcard.writing import card
from sfa.store.book import Book
from sfa.store.lookup import Lookup
from sfa.store.query import Query


def export_cards(book: Book, query: Query, stream: IO[str], version: str = COMMON) -> int:
    """Writes the records of ``query`` as cards and gives their number. Raises ``UserError`` for what cards cannot be.

    ``stream`` must not translate line ends (``newline=""``).
    """
    require_kind(query.kind)
    lookup, count = Lookup(book), 0
    for count, values in enumerate(records(book, query), 1):  # noqa: B007 - how many there were
        stream.write(written(query.kind, values, lookup, version))
    return count


def written(kind: str, values: Values, lookup: Lookup, version: str = COMMON) -> str:
    """The card of one record."""
    said, extras = sayings(kind, values, lookup)
    return card(said, version, extras)
