"""Every deal as it stood at two moments: the present, walked back through the journal.

Only what was touched since the earlier moment is walked; the other open deals stand at both as they stand now.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from sfa.locales import current
from sfa.sales.review.moments import Moment
from sfa.store.book import Book
from sfa.store.columns import dumps, loads

_TRACKED = (
    "name", "account", "owner", "pipeline", "stage", "amount", "currency", "close_date", "forecast_category",
    "closed_at", "deleted_at", "merged_into", "created_at",
)  # fmt: skip
_DEAL = f"SELECT id, {', '.join(_TRACKED)} FROM opportunity WHERE"
_ENTRIES = """SELECT action, record, op, fields, {at} FROM entry WHERE kind = 'opportunity' AND n >=
    (SELECT n FROM entry WHERE action > ? ORDER BY action, n LIMIT 1) ORDER BY n DESC"""
_CHUNK = 2000


class State(NamedTuple):
    """A deal at a moment; ``amount`` in minor units."""

    id: str
    name: str
    account: str | None
    owner: str | None
    pipeline: str | None
    stage: str | None
    amount: int | None
    currency: str | None
    close_date: str | None
    forecast_category: str | None
    closed_at: str | None
    deleted_at: str | None
    merged_into: str | None
    created_at: str | None

    @property
    def is_open(self) -> bool:
        return self.deleted_at is None and self.closed_at is None

    @property
    def money(self) -> tuple[str, int]:
        """Currency and amount."""
        return self.currency or current().default_currency(), self.amount or 0


class Span(NamedTuple):
    """A deal at both moments, None where it did not exist; ``touched``: something was changed between them."""

    before: State | None
    after: State | None
    touched: bool

    @property
    def latest(self) -> State:
        found = self.after or self.before
        assert found is not None
        return found


def between(book: Book, since: Moment, until: Moment, journal_from: str) -> Iterator[Span]:
    """The deals that were open at one of the moments, or were changed after the earlier one.

    What came into the book after ``since`` did not exist then. Only of the time before the journal begins
    (``journal_from``) is believed what records and actions say of themselves: when they were created, closed, changed.
    """
    unseen = since.at if since.at < journal_from else ""
    entries = _entries(book, since, unseen)
    present = {row[0]: row for row in book.rows(f"{_DEAL} deleted_at IS NULL AND closed_at IS NULL")}
    others = dumps([record for record in entries if record not in present])
    present |= {row[0]: row for row in book.rows(f"{_DEAL} id IN (SELECT value FROM json_each(?))", (others,))}
    for record, steps in entries.items():
        row = present.pop(record, None)
        if row is not None and not _ever_open(row, steps):
            continue
        before, after, touched = _walked(row, record, steps, until.number, unseen)
        if before or after:
            yield Span(before, after, touched)
    for row in present.values():
        state = State._make(row)
        yield Span(state, state, False)


_CLOSED, _DELETED = (State._fields.index(name) for name in ("closed_at", "deleted_at"))
Steps = list[tuple[int, str, Any]]  # action, op, field → [old, new]; newest first


def _entries(book: Book, since: Moment, unseen: str) -> dict[str, Steps]:
    """Record → what was done to it after ``since``."""
    found: dict[str, Steps] = {}
    at = "(SELECT at FROM action WHERE n = entry.action)" if unseen else "''"
    rows = book.rows(_ENTRIES.format(at=at), (since.number,))
    older: set[str] = set()  # records whose further steps were done before, though they came into the book later
    for start in range(0, len(rows), _CHUNK):
        chunk = rows[start : start + _CHUNK]
        for (action, record, op, _text, done), fields in zip(
            chunk, _read(row[3] or "{}" for row in chunk), strict=True
        ):
            if unseen and (record in older or done <= unseen):
                older.add(record)
            else:
                found.setdefault(record, []).append((action, op, fields))
    return found


def _read(texts: Iterable[str]) -> list[Any]:
    """Many JSON values at once: starting the reader costs more than a short one does."""
    many = list(texts)
    try:
        return list(json.loads(f"[{','.join(many)}]"))
    except ValueError:
        return [loads(text) for text in many]  # names the damaged one


def _walked(
    row: tuple[Any, ...] | None, record: str, steps: Steps, until: int, unseen: str
) -> tuple[State | None, State | None, bool]:
    """A deal before all of ``steps`` and as action ``until`` left it, from its ``row`` of now."""
    values = dict(zip(_TRACKED, row[1:], strict=True)) if row else None
    after: State | None = None
    reached = False
    for action, op, fields in steps:
        if not reached and action <= until:
            reached, after = True, _state(record, values)
        if op == "insert":
            values = _unseen(values, unseen)
            continue
        values = dict.fromkeys(_TRACKED) if values is None else values
        for name, pair in fields.items():
            if name in values:
                values[name] = pair[0]
    before = _state(record, values)
    return before, after if reached else before, reached


def _ever_open(row: tuple[Any, ...], steps: Steps) -> bool:
    """Whether a deal is open, or may have been before one of ``steps``."""
    if row[_CLOSED] is None and row[_DELETED] is None:
        return True
    return any(op != "update" or "closed_at" in fields or "deleted_at" in fields for _action, op, fields in steps)


def _unseen(values: dict[str, Any] | None, at: str) -> dict[str, Any] | None:
    """What a record that came into the book later says that it was at the instant ``at``."""
    if not values or (values["created_at"] or "~") > at:
        return None
    return {**values, "closed_at": None, "stage": None} if (values["closed_at"] or "") > at else values


def _state(record: str, values: dict[str, Any] | None) -> State | None:
    return None if values is None else State(record, *values.values())
