"""Full-text search over all records: what a record is found by, kept in step by every change.

The row number of a document is its relevance (rank of the kind, then age), so that the best hits are the first read and
a letter typed costs the same in a book of a million contacts. ``bm25`` would read every hit before it shows the first.

Words are folded here, for documents and queries alike: without case and accents, one of Chinese or Japanese a
character. So the index's own tokenizer has nothing left to decide (it takes every character beyond ASCII for a letter).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sfa.models import KINDS, fold
from sfa.models.fields import Field, Value
from sfa.models.lists import LINK_MARK, link_word
from sfa.store.columns import decode, listed

if TYPE_CHECKING:
    from sfa.store.book import Book

SHIFT = 40
MASK = (1 << SHIFT) - 1
_IDEOGRAMS = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
WORD = re.compile(f"[{_IDEOGRAMS}]|{LINK_MARK}?[^\\W_{_IDEOGRAMS}]+")
PHONE = re.compile(r"[+(]?\d[\d\s()./+-]{3,}$")
PAGE = 10_000  # records that are read at once


class Hit(NamedTuple):
    kind: str
    n: int


def document_id(kind: str, n: int) -> int:
    """The number of the search document of row ``n`` of ``kind``."""
    return KINDS[kind].rank << SHIFT | n


def words(text: str) -> list[str]:
    """The words of ``text`` as they are compared."""
    return WORD.findall(fold(text))


def document(fields: Mapping[str, Field[Any]], values: Mapping[str, Value]) -> str:
    """The words that a record with ``values`` is found by."""
    parts = [
        field.words(values[name]) for name, field in fields.items() if field.searched and values.get(name) is not None
    ]
    return folded(" ".join(parts))


def folded(text: str) -> str:
    """``text`` as the index's tokenizer takes it apart into the same words."""
    return text if text.isascii() else " ".join(words(text))


@cache
def ranked() -> tuple[str, ...]:
    """The searched kinds, best first."""
    return tuple(sorted((kind for kind in KINDS if KINDS[kind].rank), key=lambda kind: -KINDS[kind].rank))


def match(text: str) -> str:
    """``text`` as an FTS5 query: every word begins a word of the document; a phone number counts as one word."""
    query = " ".join(f'"{word}"*' for word in words(text))
    if not PHONE.match(text.strip()):
        return query
    digits = "".join(str(int(char)) for char in text.replace("(0)", "") if char.isdecimal()).removeprefix("00")
    return f'"{digits}"* OR ({query})' if digits else query


def linking(kind: str, record_id: str) -> tuple[str, int, int]:
    """Parameters of ``LINKING``: which rows of ``kind`` link to a record by a searched set of links."""
    return f'"{link_word(record_id)}"', document_id(kind, 0), document_id(kind, MASK)


LINKING = f"SELECT rowid & {MASK} FROM search WHERE search MATCH ? AND rowid BETWEEN ? AND ?"


def hits(book: Book, text: str, kinds: tuple[str, ...] = (), limit: int = 8) -> list[Hit]:
    """The first ``limit`` hits of each kind (of all where none is named), best kind first, newest first in it."""
    query = match(text)
    if not query:
        return []
    sql = "SELECT rowid FROM search WHERE search MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid DESC LIMIT ?"
    return [
        Hit(kind, row[0] & MASK)
        for kind in kinds or ranked()
        for row in book.rows(sql, (query, document_id(kind, 0), document_id(kind, MASK), limit))
    ]


def reindex(book: Book, kind: str, where: str = "1", parameters: tuple[Any, ...] = ()) -> None:
    """Writes the documents of ``kind`` anew where the SQL condition ``where`` is true; in a transaction."""
    fields, last = book.fields(kind), 0
    sql = f'SELECT {listed(kind)} FROM "{kind}" WHERE n > ? AND ({where}) ORDER BY n LIMIT {PAGE}'
    while rows := book.rows(sql, (last, *parameters)):
        records = [decode(kind, row) for row in rows]
        last = records[-1]["n"]
        found = [
            (document_id(kind, values["n"]), document(fields, values))
            for values in records
            if not values.get("deleted_at")
        ]
        book.connection.executemany(
            "DELETE FROM search WHERE rowid = ?", [(document_id(kind, values["n"]),) for values in records]
        )
        book.connection.executemany("INSERT INTO search (rowid, text) VALUES (?, ?)", found)
