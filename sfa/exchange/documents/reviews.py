"""A pipeline review as a file: text, Markdown or PDF, by the ending of its name."""

from __future__ import annotations

from pathlib import Path

from sfa.exchange.documents.pages import Document
from sfa.sales.review import telling, writing
from sfa.sales.review.summary import Review
from sfa.store.book import Book


def save(book: Book, review: Review, path: Path, form: str = "") -> None:
    """Writes the review as ``form``: ``.pdf``, ``.md`` or text; as the ending of ``path`` says where empty.

    Raises ``OSError``.
    """
    ending = form or path.suffix.lower()
    if ending == ".pdf":
        _pdf(book, review, path)
    else:
        write = writing.markdown if ending in (".md", ".markdown") else writing.text
        path.write_text(write(book, review), "utf-8")


def _pdf(book: Book, review: Review, path: Path) -> None:
    document = Document(writing.title(), telling.headline(book, review))
    if known := telling.known_from(review):
        document.text(known)
    for grid in writing.grids(book, review):
        document.heading(grid.title)
        document.table(grid.columns, grid.rows, grid.right)
        if grid.note:
            document.text(grid.note)
    document.write(path)
