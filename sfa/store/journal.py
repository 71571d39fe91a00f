"""Readings of the journal: what was done, the history of every field, and the state at any earlier moment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from sfa.models.fields import Value
from sfa.store.columns import loads

if TYPE_CHECKING:
    from sfa.store.book import Book


class Action(NamedTuple):
    """One thing a user did.

    ``mode`` is do, undo or redo; ``root`` the number of the action that was undone or redone.
    """

    number: int
    id: str
    at: str
    user: str | None
    device: str
    origin: str
    title: str
    mode: str
    root: int


class Entry(NamedTuple):
    """What an action did to one record: ``op`` insert, update or remove; ``fields`` name → [old, new]."""

    number: int
    action: int
    kind: str
    record: str
    op: str
    fields: dict[str, list[Value]]


class Step(NamedTuple):
    """An action's part in one record's history; the first step of a record holds the values that it was born with."""

    action: Action
    op: str
    fields: dict[str, list[Value]]


_ACTION = "SELECT n, id, at, user, device, origin, title, mode, root FROM action"
_ENTRY = "SELECT n, action, kind, record, op, fields FROM entry"


def _entry(row: tuple[Any, ...]) -> Entry:
    number, action_number, kind, record, op, fields = row
    return Entry(number, action_number, kind, record, op, loads(fields) if fields else {})


def newest_own(book: Book) -> Action | None:
    """The last thing that the user did with this book: not what head office sent, nor what reminded."""
    sql = "SELECT n FROM action INDEXED BY ix_action_own WHERE origin != 'sync' AND origin != 'reminder'"
    number = book.value(f"{sql} ORDER BY n DESC LIMIT 1")
    return action(book, number) if number else None


def count(book: Book, above: int = 0) -> int:
    """How many actions there are with a number greater than ``above``."""
    return int(book.value("SELECT count(*) FROM action WHERE n > ?", (above,)))


def actions(book: Book, limit: int = 50, before: int | None = None) -> list[Action]:
    """The newest actions first; ``before`` an action's number pages on."""
    sql = f"{_ACTION} WHERE n < ? ORDER BY n DESC LIMIT ?"
    return [Action(*row) for row in book.rows(sql, (before or 2**62, limit))]


def action(book: Book, number: int) -> Action:
    return Action(*book.rows(f"{_ACTION} WHERE n = ?", (number,))[0])


def find_action(book: Book, text: str) -> Action | None:
    """The action with this number or, where there is none, with this beginning of an id; None where several have it."""
    rows = book.rows(f"{_ACTION} WHERE n = ?", (text,)) if text.isascii() and text.isdigit() else []
    rows = rows or book.rows(f"{_ACTION} WHERE id >= ? AND id < ? LIMIT 2", (text.lower(), text.lower() + "g"))
    return Action(*rows[0]) if len(rows) == 1 else None


def entries(book: Book, number: int, limit: int = -1) -> list[Entry]:
    """What action ``number`` did, record by record, in order; the first ``limit`` records, or all."""
    return [_entry(row) for row in book.rows(f"{_ENTRY} WHERE action = ? ORDER BY n LIMIT ?", (number, limit))]


def entry(book: Book, number: int) -> Entry:
    """The journal's entry ``number``."""
    return _entry(book.rows(f"{_ENTRY} WHERE n = ?", (number,))[0])


def record_entries(book: Book, record_id: str, after_action: int = 0) -> list[Entry]:
    """The entries of one record, newest first, back to (and without) action ``after_action``."""
    sql = f"{_ENTRY} WHERE record = ? AND action > ? ORDER BY n DESC"
    return [_entry(row) for row in book.rows(sql, (record_id, after_action))]


def state(book: Book, kind: str, record_id: str, number: int) -> dict[str, Value] | None:
    """The values of a record as they stood after action ``number``; None where it did not exist then."""
    record = book.find(kind, record_id)
    values = dict(record.values) if record else None
    for entry in record_entries(book, record_id, number):
        values = step_back(values, entry)
    return values


def step_back(values: dict[str, Value] | None, entry: Entry) -> dict[str, Value] | None:
    """The state before ``entry``, given the state after it."""
    if entry.op == "insert":
        return None
    before = dict(values or {"id": entry.record})
    for name, (old, _new) in entry.fields.items():
        before.pop(name, None) if old is None else before.__setitem__(name, old)
    return before


def history(book: Book, kind: str, record_id: str) -> Iterator[Step]:
    """Everything that ever happened to a record, newest first, with every field's old and new value."""
    record = book.find(kind, record_id)
    values = dict(record.values) if record else None
    for entry in record_entries(book, record_id):
        fields = entry.fields
        if entry.op == "insert":
            fields = {name: [None, value] for name, value in (values or {}).items() if name not in ("id", "n")}
        values = step_back(values, entry)
        yield Step(action(book, entry.action), entry.op, fields)
