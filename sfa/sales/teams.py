"""Who works for whom: the tree of managers."""

from __future__ import annotations

from typing import NamedTuple

from sfa.store.book import Book


class Person(NamedTuple):
    """A user; ``depth`` counts the managers above within the tree that is looked at."""

    id: str
    name: str
    manager: str | None
    depth: int


def tree(book: Book, top: str | None = None) -> list[Person]:
    """A user and everybody below, each after his manager; the whole company where None.

    Whoever stands in a circle of managers counts as having none.
    """
    rows = book.rows("SELECT id, name, manager FROM user WHERE deleted_at IS NULL ORDER BY sort_key, n")
    known = {row[0] for row in rows}
    below: dict[str | None, list[tuple[str, str, str | None]]] = {}
    for id, name, manager in rows:
        below.setdefault(manager if manager in known and manager != id else None, []).append((id, name, manager))
    found: list[Person] = []
    seen: set[str] = set()

    def visit(row: tuple[str, str, str | None], depth: int) -> None:
        if row[0] in seen:
            return
        seen.add(row[0])
        found.append(Person(*row, depth))
        for other in below.get(row[0], ()):
            visit(other, depth + 1)

    roots = [row for row in rows if row[0] == top] if top else [*below.get(None, ()), *rows]
    for root in roots:
        visit((root[0], root[1], root[2]), 0)
    return found


def members(book: Book, top: str) -> frozenset[str]:
    """The ids of a user and of everybody below."""
    return frozenset(person.id for person in tree(book, top)) | {top}
