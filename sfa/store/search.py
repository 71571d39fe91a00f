"""Full-text search over all records: what a record is found by, kept in step by every change.

Every kind has an index of its own, in which the number of a document (that of its row) is its relevance: the newest are
the first read, so that a letter typed costs the same in a book of a million contacts. ``bm25`` would read every hit
before it shows the first, and one index for all kinds would be asked once for each of them.

Words are folded here, for documents and queries alike: without case and accents, one of Chinese or Japanese a
character. So the index's own tokenizer has nothing left to decide (it takes every character beyond ASCII for a letter).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from sfa.models import KINDS, fold
from sfa.models.fields import Field, Value
from sfa.models.lists import LINK_MARK, link_word
from sfa.store.columns import decode, listed, search_table

if TYPE_CHECKING:
    from sqlcipher3.dbapi2 import Connection

    from sfa.store.book import Book

_IDEOGRAMS = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
WORD = re.compile(f"[{_IDEOGRAMS}]|{LINK_MARK}?[^\\W_{_IDEOGRAMS}]+")
PHONE = re.compile(r"[+(]?\d[\d\s()./+-]{3,}$")
PAGE = 10_000  # records that are read at once
INDEXED = 5  # letters of a word that its beginning has an index for
_ASKED = 2  # words that mostly narrow enough
_NEAR, _BATCH = 64, 16  # near hits looked at, and so many at once


class Hit(NamedTuple):
    kind: str
    n: int


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


def matching(kind: str) -> str:
    """The numbers of the rows of ``kind`` that an FTS5 query finds; the query is its parameter."""
    table = search_table(kind)
    return f"SELECT rowid FROM {table} WHERE {table} MATCH ?"


def linked(record_id: str) -> str:
    """The FTS5 query for records that link to this one by a searched set of links."""
    return f'"{link_word(record_id)}"'


def hits(book: Book, text: str, kinds: tuple[str, ...] = (), limit: int = 8) -> list[Hit]:
    """The first ``limit`` hits of each kind (of all where none is named), best kind first, newest first in it."""
    return [
        Hit(kind, n) for kind in (kinds or ranked() if match(text) else ()) for n in _first(book, kind, text, limit)
    ]


def _first(book: Book, kind: str, text: str, limit: int) -> list[int]:
    """The newest hits of one kind.

    For the beginning of a long word the index reads every hit before the first is known. So the newest near hits come
    first, and the records themselves tell which of them are hits. Where that are too few, there are few to be read.
    """
    newest = f"{matching(kind)} ORDER BY rowid DESC LIMIT ?"
    for near in _near(text):
        numbers = [row[0] for row in book.rows(newest, (near, _NEAR))]
        found = list(islice(_confirmed(book, kind, numbers, words(text)), limit))
        if len(found) == limit or len(numbers) < _NEAR:
            return found
    return [row[0] for row in book.rows(newest, (match(text), limit))]


def _near(text: str) -> list[str]:
    """Queries that find at once what ``match(text)`` does, and more; none where ``match(text)`` itself is at once.

    First by the longest words: each word costs a look at all that begins with it. Then by all, which leaves less over.
    """
    wanted = sorted(words(text), key=len, reverse=True)
    if PHONE.match(text.strip()) or (len(wanted[0]) <= INDEXED and len(wanted) < 4):
        return []
    queries = (" ".join(f'"{word[:INDEXED]}"*' for word in asked) for asked in (wanted[:_ASKED], wanted))
    return list(dict.fromkeys(queries))


def _confirmed(book: Book, kind: str, numbers: Sequence[int], wanted: Sequence[str]) -> Iterator[int]:
    """Those of the records whose documents have words that begin with all that are ``wanted``."""
    fields = book.fields(kind)
    for start in range(0, len(numbers), _BATCH):
        batch = numbers[start : start + _BATCH]
        marks = ", ".join("?" * len(batch))
        rows = book.rows(f'SELECT {listed(kind)} FROM "{kind}" WHERE n IN ({marks}) ORDER BY n DESC', batch)
        for values in (decode(kind, row) for row in rows):
            there = words(document(fields, values))
            if all(any(word.startswith(beginning) for word in there) for beginning in wanted):
                yield values["n"]


def reindex(book: Book, kind: str, where: str = "1", parameters: tuple[Any, ...] = ()) -> None:
    """Writes the documents of ``kind`` anew where the SQL condition ``where`` is true; in a transaction."""
    fields, last = book.fields(kind), 0
    sql = f'SELECT {listed(kind)} FROM "{kind}" WHERE n > ? AND ({where}) ORDER BY n LIMIT {PAGE}'
    while rows := book.rows(sql, (last, *parameters)):
        records = [decode(kind, row) for row in rows]
        last = records[-1]["n"]
        live = [values for values in records if not values.get("deleted_at")]
        drop_documents(book.connection, kind, [values["n"] for values in records])
        add_documents(book.connection, kind, [(values["n"], document(fields, values)) for values in live])


def add_documents(connection: Connection, kind: str, documents: Iterable[tuple[int, str]]) -> None:
    """Adds documents, each with the number of its row."""
    connection.executemany(f"INSERT INTO {search_table(kind)} (rowid, text) VALUES (?, ?)", documents)


def drop_documents(connection: Connection, kind: str, numbers: Iterable[int]) -> None:
    """Takes the documents of rows away, where they have one."""
    connection.executemany(f"DELETE FROM {search_table(kind)} WHERE rowid = ?", ((number,) for number in numbers))
