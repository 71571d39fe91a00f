"""What the store's tests look at."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from sfa.models import KINDS
from sfa.sales import edit
from sfa.store.book import Book
from sfa.store.columns import search_table, searched
from sfa.store.query import Listing, Query, parse_condition
from tests.books import dump

Words = list[tuple[Any, ...]]


def search_words(book: Book) -> Words:
    """Every word of the search index with the document that holds it."""
    found: Words = []
    for kind in searched():
        index, words = search_table(kind), f"temp.words_{kind}"
        book.connection.execute(f"CREATE VIRTUAL TABLE IF NOT EXISTS {words} USING fts5vocab(main, {index}, instance)")
        found += [(kind, *row) for row in book.rows(f"SELECT term, doc FROM {words} ORDER BY term, doc")]
    return found


def whole(book: Book) -> dict[str, Any]:
    """Everything that a rep can see, byte for byte: all rows of all tables, and what search finds."""
    return {**dump(book), "words": search_words(book)}


def journal_size(book: Book) -> tuple[int, int]:
    actions, entries = book.rows("SELECT (SELECT count(*) FROM action), (SELECT count(*) FROM entry)")[0]
    return actions, entries


def add(book: Book, kind: str, /, **values: Any) -> str:
    """One new record by an action of its own; its id."""
    with book.change(f"Add {kind}") as change:
        return edit.create(change, kind, values)


def put(book: Book, kind: str, record_id: str, /, **values: Any) -> None:
    with book.change(f"Edit {kind}") as change:
        edit.edit(change, kind, record_id, values)


def ask(book: Book, kind: str, *where: str, sort: tuple[str, ...] = (), text: str = "") -> str:
    """The names of what is found, in order."""
    listing = Listing(book, Query(kind, (KINDS[kind].named_by[-1],), tuple(map(parse_condition, where)), sort, text))
    rows = listing.page(0, 100)
    assert listing.count == len(rows)
    assert listing.ids() == [row[0] for row in rows]
    return " ".join(str(row[1]) for row in rows)


def run_python(
    script: str,
    *arguments: object,
    env: dict[str, str] | None = None,
    where: Path = Path(__file__).parents[2],
    talks: bool = False,
) -> subprocess.Popen[str]:
    """Another program that works with a book, as a process of its own; the package is that of the folder ``where``.

    One that ``talks`` waits for lines on its stdin.
    """
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdin=subprocess.PIPE if talks else None,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=where,
        env=env,
    )
