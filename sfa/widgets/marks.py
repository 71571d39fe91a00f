"""Which rows of a list are marked: some by id, or all but some, and a range that still moves with the cursor."""

from __future__ import annotations

from collections.abc import Iterable


class Marks:
    """The marks of one list of records."""

    def __init__(self) -> None:
        self._all = False
        self._ids: dict[str, None] = {}  # in the order of marking: the marked ones, or with _all those that are not
        self.anchor: int | None = None
        """The row where a range was started that moves with the cursor."""

    def __contains__(self, id: str) -> bool:
        return (id in self._ids) != self._all

    @property
    def all(self) -> bool:
        """Whether whatever the list shows is marked, except for single rows."""
        return self._all

    @property
    def ids(self) -> list[str]:
        """The ids marked one by one, in the order of marking; empty when all are marked."""
        return [] if self._all else list(self._ids)

    def span(self, cursor: int) -> range:
        """The rows between the anchor and the cursor, both included."""
        if self.anchor is None:
            return range(0)
        return range(min(self.anchor, cursor), max(self.anchor, cursor) + 1)

    def count(self, total: int, cursor: int) -> int:
        """How many of ``total`` rows are marked; rows of the moving range that were marked before count twice."""
        return (total - len(self._ids) if self._all else len(self._ids)) + len(self.span(cursor))

    def toggle(self, id: str) -> None:
        if id in self._ids:
            del self._ids[id]
        else:
            self._ids[id] = None

    def add(self, ids: Iterable[str]) -> None:
        for id in ids:
            if id not in self:
                self.toggle(id)

    def mark_all(self) -> None:
        self.clear()
        self._all = True

    def clear(self) -> None:
        self._all = False
        self._ids.clear()
        self.anchor = None

    def within(self, ids: Iterable[str]) -> list[str]:
        """Those of ``ids`` that are marked, in their order."""
        return [id for id in ids if id in self]
