"""What users did and were told is done: nothing of it may be lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sfa.store import journal

if TYPE_CHECKING:
    from sfa.store.book import Book

Values = dict[str, Any]


class Change(NamedTuple):
    """What an action did to one record: field → [old, new]; of an insert from nothing."""

    kind: str
    record: str
    op: str
    fields: dict[str, list[Any]]


class Deed(NamedTuple):
    """An action that was committed on a laptop; ``order`` is that of its commit among all."""

    order: int
    laptop: str
    user: str
    action: str
    number: int
    title: str
    changes: list[Change]


def told(book: Book, number: int, order: int, laptop: str) -> Deed:
    """The action as the journal tells it right after its commit."""
    action = journal.action(book, number)
    changes = []
    for entry in journal.entries(book, number):
        fields = entry.fields
        if entry.op == "insert":
            record = book.find(entry.kind, entry.record)
            values = record.values if record else {}
            fields = {name: [None, value] for name, value in values.items() if name not in ("id", "n")}
        changes.append(Change(entry.kind, entry.record, entry.op, fields))
    return Deed(order, laptop, action.user or "", action.id, number, action.title, changes)
