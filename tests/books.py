"""Looking at a whole book at once."""

from __future__ import annotations

from typing import Any

from sfa.models import KINDS
from sfa.store.book import Book
from sfa.store.columns import search_table, searched


def dump(book: Book) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every kind as it lies in its table, and the numbers of the search documents."""
    tables = {kind: book.rows(f"SELECT * FROM {kind} ORDER BY n") for kind in KINDS}
    searches = {search_table(kind): f"SELECT rowid FROM {search_table(kind)} ORDER BY rowid" for kind in searched()}
    return {**tables, **{name: book.rows(sql) for name, sql in searches.items()}}
