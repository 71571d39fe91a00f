"""A rep's book with the people whom invitations name."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from sfa.exchange.calendars.exporting import export_ical
from sfa.exchange.calendars.importing import FileResult, run_import
from sfa.sales import edit
from sfa.store.book import Book
from sfa.store.query import Query

INVITATIONS = Path(__file__).parent / "invitations"


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    book = Book.create(tmp_path / "book.sfa", "Mia Rep")
    with book.change("people") as change:
        edit.edit(change, "user", book.user, {"email": [{"label": "work", "value": "mia@rep.example"}]})
        account = edit.create(change, "account", {"name": "Contoso"})
        for first, last, mail in (
            ("Erika", "Gabler", "Erika.Gabler@contoso.example"),
            ("Priya", "Raman", "priya.raman@fabrikam.example"),
        ):
            points = [{"label": "work", "value": mail}]
            edit.create(
                change, "contact", {"first_name": first, "last_name": last, "account": account, "emails": points}
            )
        lead = {
            "last_name": "Lead",
            "company": "Northwind",
            "emails": [{"label": "work", "value": "sam.lead@northwind.example"}],
        }
        edit.create(change, "lead", lead)
    yield book
    book.close()


def take(book: Book, *names: str) -> FileResult:
    """Imports invitations one after the other; what became of the last."""
    for name in names:
        result = run_import(book, [INVITATIONS / name])
    return result.files[0]


def exported(book: Book, query: Query | None = None) -> str:
    stream = io.StringIO(newline="")
    export_ical(book, query or Query("activity"), stream)
    return stream.getvalue()


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="")
    return path
