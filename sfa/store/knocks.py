"""Knocks: what another program asks the screens to show, such as the record of a notification, or of who calls."""

from __future__ import annotations

from typing import NamedTuple

from sfa.locales import now
from sfa.store.book import Book

FRESH = 120
"""Seconds after which nobody waits for an answer any more."""


class Knock(NamedTuple):
    """A wish to see a record (``show``; Today where ``kind`` is empty), or news of a call with ``phone``.

    A call ``rings``, is ``answered``, has ``ended``; ``kind`` and ``record`` say with whom where that is certain.
    """

    purpose: str
    kind: str = ""
    record: str = ""
    phone: str = ""


def knock(book: Book, wish: Knock) -> int:
    """Tells the screens, if any are open on this book; gives the number by which ``is_answered`` knows the knock."""
    with book.transaction() as connection:
        sql = "INSERT INTO knock (at, purpose, kind, record, phone) VALUES (?, ?, ?, ?, ?)"
        cursor = connection.execute(sql, (now(), *wish))
        return int(cursor.lastrowid or 0)


def is_answered(book: Book, number: int) -> bool:
    """Whether screens took this knock."""
    return book.value("SELECT 1 FROM knock WHERE n = ?", (number,)) is None


def withdraw(book: Book, number: int) -> bool:
    """Takes a knock back that nobody answers; whether it was still there."""
    with book.transaction() as connection:
        return bool(connection.execute("DELETE FROM knock WHERE n = ?", (number,)).rowcount)


def take(book: Book) -> list[Knock]:
    """All that was asked for lately, in order, and no longer asked for after this: two screens never show the same."""
    if not book.value("SELECT 1 FROM knock LIMIT 1"):
        return []
    with book.transaction() as connection:
        fresh = f"unixepoch(at) > unixepoch(?) - {FRESH}"
        sql = f"SELECT purpose, kind, record, phone FROM knock WHERE {fresh} ORDER BY n"
        found = connection.execute(sql, (now(),)).fetchall()
        connection.execute("DELETE FROM knock")
    return [Knock(*row) for row in found]
