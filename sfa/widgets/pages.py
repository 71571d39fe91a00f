"""What a list shows, read page by page: a list of a million rows holds a few hundred of them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Generic, NamedTuple, Protocol, TypeVar

Item = TypeVar("Item")
Item_co = TypeVar("Item_co", covariant=True)

PAGE = 100
"""Items read at once."""
KEPT = 12
"""Pages kept in memory."""


class Row(NamedTuple):
    """One row of a table: the record's id and the text of each column."""

    id: str
    cells: tuple[str, ...]
    dim: bool = False


class Paged(Protocol[Item_co]):
    """Items in the order shown, given in slices."""

    @property
    def count(self) -> int:
        """How many items there are."""

    def page(self, start: int, stop: int) -> Sequence[Item_co]:
        """Items ``start`` up to but not including ``stop``; fewer when they have become fewer since."""


class Source(Paged[Row], Protocol):
    """The rows of a table."""

    def ids(self, start: int, stop: int) -> Sequence[str]:
        """The ids of rows ``start`` to ``stop``, without reading the rows."""

    def index(self, id: str) -> int | None:
        """The position of a record, None when it is not among the rows (or finding it would take too long)."""


class ListSource:
    """Rows that are in memory anyway."""

    def __init__(self, rows: Sequence[Row] = ()) -> None:
        self._rows = rows

    @property
    def count(self) -> int:
        return len(self._rows)

    def page(self, start: int, stop: int) -> Sequence[Row]:
        return self._rows[start:stop]

    def ids(self, start: int, stop: int) -> Sequence[str]:
        return [row.id for row in self._rows[start:stop]]

    def index(self, id: str) -> int | None:
        return next((index for index, row in enumerate(self._rows) if row.id == id), None)


class Pages(Generic[Item]):
    """The pages of ``source`` that were looked at last."""

    def __init__(self, source: Paged[Item]) -> None:
        self.count = source.count
        self._source = source
        self._pages: OrderedDict[int, Sequence[Item]] = OrderedDict()

    def __getitem__(self, index: int) -> Item | None:
        """The item at ``index``; None beyond the end, or where the book has become shorter since it was counted."""
        if not 0 <= index < self.count:
            return None
        number, offset = divmod(index, PAGE)
        page = self._load(number)
        return page[offset] if offset < len(page) else None

    def missing(self, index: int) -> bool:
        """Whether looking at ``index`` would have to read."""
        return 0 <= index < self.count and index // PAGE not in self._pages

    def _load(self, number: int) -> Sequence[Item]:
        page = self._pages.get(number)
        if page is None:
            start = number * PAGE
            page = self._pages[number] = self._source.page(start, min(start + PAGE, self.count))
            if len(self._pages) > KEPT:
                self._pages.popitem(last=False)
        else:
            self._pages.move_to_end(number)
        return page
