"""What the tests of address books share: cards as files, in and out."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from sfa.exchange.cards.exporting import export_cards
from sfa.exchange.cards.importing import CardImport, run_card_import
from sfa.store.book import Book
from sfa.store.query import Query

Importer = Callable[..., CardImport]


@pytest.fixture
def take(book: Book, tmp_path: Path) -> Importer:
    """Imports the lines of cards of version 3, each card as one text."""

    def importer(*cards: str, kind: str = "contact", **options: object) -> CardImport:
        path = tmp_path / "people.vcf"
        path.write_text("".join(f"BEGIN:VCARD\nVERSION:3.0\n{card}\nEND:VCARD\n" for card in cards), "utf-8")
        return run_card_import(book, [path], kind, **options)  # type: ignore[arg-type]

    return importer


def counted(result: CardImport) -> tuple[int, int, int, int]:
    """Created, updated, unchanged, rejected."""
    files = result.files
    return (
        sum(file.created for file in files),
        sum(file.updated for file in files),
        sum(file.unchanged for file in files),
        sum(len(file.rejected) for file in files),
    )


def exported(book: Book, kind: str = "contact", version: str = "3.0", query: Query | None = None) -> str:
    """The book's cards."""
    stream = io.StringIO(newline="")
    export_cards(book, query or Query(kind), stream, version)
    return stream.getvalue()
