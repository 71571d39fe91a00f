"""Looking at a whole book at once."""

from __future__ import annotations

from typing import Any

from sfa.models import KINDS
from sfa.store.book import Book


def dump(book: Book) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every kind as it lies in its table, and the numbers of the search documents."""
    tables = {kind: book.rows(f"SELECT * FROM {kind} ORDER BY n") for kind in KINDS}
    return {**tables, "search": book.rows("SELECT rowid FROM search ORDER BY rowid")}
