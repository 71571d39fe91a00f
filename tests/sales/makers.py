"""Records for the tests of selling, made through the door that everybody uses."""

from __future__ import annotations

from typing import Any

from sfa.sales import edit
from sfa.store.book import Book


def make(book: Book, kind: str, **values: Any) -> str:
    with book.change("Made one", "screen") as change:
        return edit.create(change, kind, values)


def update(book: Book, kind: str, record_id: str, action: str = "Changed one", **values: Any) -> None:
    with book.change(action, "screen") as change:
        edit.edit(change, kind, record_id, values)


def stage(book: Book, name: str) -> str:
    return str(book.value("SELECT id FROM stage WHERE name = ?", (name,)))


def deal(book: Book, name: str = "Big deal", at: str = "Prospecting", **values: Any) -> str:
    return make(book, "opportunity", name=name, stage=stage(book, at), **values)


def planned(book: Book, start: str | None, type: str = "call", **values: Any) -> str:
    return make(book, "activity", **{"type": type, "subject": f"{type} {start}", "start": start, **values})


def done(book: Book, start: str, type: str = "call", **values: Any) -> str:
    status = "Held" if type in ("call", "meeting", "visit") else "Completed"
    return make(
        book, "activity", **{"type": type, "subject": f"{type} {start}", "start": start, "status": status, **values}
    )
