"""The rows of a list, for people and for machines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sfa.cli.layout import Column, Table
from sfa.cli.plain import Data
from sfa.models import KINDS, Link, Links, Money, Record
from sfa.store.query import Condition, Listing, Query, parse_condition

if TYPE_CHECKING:
    from sfa.cli.session import Session
    from sfa.models.fields import Value

PAGE = 5000


def conditions(texts: Sequence[str]) -> tuple[Condition, ...]:
    """``--where`` as the store reads it. Raises ``UserError``."""
    return tuple(parse_condition(text) for text in texts)


def ids(session: Session, kind: str, where: Sequence[str]) -> list[str]:
    """The ids of all live records of ``kind`` for which ``where`` holds."""
    return Listing(session.book, Query(kind, (), conditions(where))).ids()


class Rows:
    """A query with, beside each amount, the currency that it is in. ``paths`` are the columns that were asked for."""

    def __init__(self, session: Session, query: Query, limit: int = 0) -> None:
        self.session, self.paths = session, named(KINDS[query.kind], query.columns)
        sort = tuple(by_name(KINDS[query.kind], path) for path in query.sort)
        fields = Listing(session.book, query._replace(columns=self.paths, sort=())).fields
        self.currencies = {
            place: f"{path.rpartition('.')[0]}.{field.currency}".lstrip(".")
            for place, (path, field) in enumerate(zip(self.paths, fields, strict=True))
            if isinstance(field, Money)
        }
        hidden = tuple(dict.fromkeys(self.currencies.values()))
        self.places = {path: place for place, path in enumerate(hidden, len(self.paths) + 1)}
        self.listing = Listing(session.book, query._replace(columns=(*self.paths, *hidden), sort=sort))
        self.fields = fields
        self.count = self.listing.count
        self.shown = min(self.count, limit) if limit else self.count

    def _rows(self) -> Iterator[tuple[Any, ...]]:
        for start in range(0, self.shown, PAGE):
            yield from self.listing.page(start, min(start + PAGE, self.shown))

    def _peers(self, row: tuple[Any, ...], place: int) -> dict[str, Value]:
        """The currency that the value at ``place`` is in, under the name that its field asks for."""
        path = self.currencies.get(place)
        return {path.rpartition(".")[2]: row[self.places[path]]} if path else {}

    def data(self) -> Iterator[Data]:
        """Each row for a machine; the query must be ``raw``."""
        lookup = self.session.lookup
        for row in self._rows():
            yield {"id": row[0]} | {
                path: None if row[place + 1] is None else field.plain(row[place + 1], self._peers(row, place), lookup)
                for place, (path, field) in enumerate(zip(self.paths, self.fields, strict=True))
            }

    def table(self) -> Table:
        """All rows for people."""
        from sfa.locales import current

        locale = current()
        columns = [Column(title(field, path), field.align) for path, field in zip(self.paths, self.fields, strict=True)]

        def cell(row: tuple[Any, ...], place: int) -> str:
            value, field = row[place + 1], self.fields[place]
            if isinstance(field, Links):
                return ", ".join(value or ())
            return (value or "") if isinstance(field, Link) else field.show(value, self._peers(row, place), locale)

        return Table(columns, [[cell(row, place) for place in range(len(self.paths))] for row in self._rows()])


def title(field: Any, path: str) -> str:
    """The heading of a column; one of a linked record says which."""
    return f"{path.rpartition('.')[0]} {field.title}" if "." in path else str(field.title)


def named(kind: type[Record], paths: Sequence[str]) -> tuple[str, ...]:
    """``paths`` with ``name`` as the fields that the kind is named by; the id is always there."""
    found = [
        part for path in paths for part in (kind.named_by if path == "name" and "name" not in kind.fields else (path,))
    ]
    return tuple(dict.fromkeys(path for path in found if path != "id"))


def by_name(kind: type[Record], path: str) -> str:
    """What ``--sort`` sorts by: ``name`` is the name that lists show where the kind has no such field."""
    minus, name = "-" * path.startswith("-"), path.removeprefix("-")
    return minus + ("sort_key" if name == "name" and "name" not in kind.fields else name)


def words(text: str | None) -> tuple[str, ...]:
    """Names separated by commas."""
    return tuple(word.strip() for word in (text or "").split(",") if word.strip())


def default_columns(session: Session, kind: str) -> tuple[str, ...]:
    """The columns that a list of ``kind`` shows at first."""
    fields = session.book.fields(kind).values()
    return tuple(field.name for field in sorted(fields, key=lambda field: field.listed) if field.listed)
