"""Lists: which records, which columns, in which order, page by page. All filtering, sorting and paging is SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sfa.errors import FieldError
from sfa.i18n import _
from sfa.models import KINDS, Choice, Field, Link, Links, Text
from sfa.models.lists import Points
from sfa.store.columns import loads, search_table
from sfa.store.conditions import CONDITION, Condition, equal_to, held, parse_condition
from sfa.store.lookup import Lookup
from sfa.store.search import match, words

if TYPE_CHECKING:
    import sqlalchemy as sa

    from sfa.store.book import Book

    Column = sa.ColumnElement[Any]

__all__ = ["CONDITION", "Condition", "Listing", "Query", "equal_to", "parse_condition"]


class Query(NamedTuple):
    """A list. ``sort`` holds paths, ``-`` before one for descending; ``text`` narrows by full-text search."""

    kind: str
    columns: tuple[str, ...] = ()
    where: tuple[Condition, ...] = ()
    sort: tuple[str, ...] = ()
    text: str = ""
    raw: bool = False  # links as ids instead of names


class Statement(NamedTuple):
    """SQL with the names of its parameters, in order, and the values that are known."""

    sql: str
    names: tuple[str, ...]
    values: dict[str, Any]

    def run(self, book: Book, **given: Any) -> list[tuple[Any, ...]]:
        values = {**self.values, **given}
        return book.rows(self.sql, [values[name] for name in self.names])


class Listing:
    """A query against one book: how many rows it has, and any stretch of them.

    Raises ``UserError`` for a query without sense.
    """

    def __init__(self, book: Book, query: Query) -> None:
        self.book, self.query = book, query
        builder = Builder(book, query)
        self._count = builder.count()  # first, so that it joins nothing that only columns need
        self._page = builder.page()
        self.fields = builder.fields
        self._several = [(place, field) for place, field in enumerate(self.fields, 1) if field.in_json]
        self._lookup = Lookup(book)

    @property
    def count(self) -> int:
        return int(self._count.run(self.book)[0][0])

    def page(self, start: int, stop: int) -> list[tuple[Any, ...]]:
        """Rows ``start`` up to ``stop``: the id, then a stored value per column (a link as its target's name)."""
        rows = self._page.run(self.book, size=max(stop - start, 0), skip=start)
        return [self._decoded(row) for row in rows] if self._several else rows

    def _decoded(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        values = list(row)
        for place, field in self._several:
            values[place] = loads(values[place]) if values[place] else None
            if isinstance(field, Links) and values[place] and not self.query.raw:
                values[place] = [self._lookup.title(field.to, item) for item in values[place]]
        return tuple(values)

    def ids(self, limit: int | None = None) -> list[str]:
        """The ids of all rows (the first ``limit``), in order."""
        return [row[0] for row in self._page.run(self.book, size=-1 if limit is None else limit, skip=0)]


def numbers(book: Book, query: Query) -> tuple[str, list[Any]]:
    """SQL that gives the row numbers of a query's records, and its parameters: a part of other SQL."""
    statement = Builder(book, query).numbers()
    return statement.sql, [statement.values[name] for name in statement.names]


class Builder:
    """Builds the statements of one query with SQLAlchemy Core."""

    def __init__(self, book: Book, query: Query) -> None:
        from sfa.store.schema import table

        self.book, self.query = book, query
        self.root = table(query.kind)
        self.joins: dict[str, tuple[Any, Any, str]] = {}  # path → (alias, on, kind)
        self._aliases = 0
        self.lookup = Lookup(book)
        self.fields: list[Field[Any]] = []  # of the columns

    def field(self, path: str) -> tuple[Field[Any], Any, str]:
        """The field at the end of ``path``, the table that holds it and that table's kind. Raises ``FieldError``."""
        *links, name = path.split(".")
        source, kind = self.target(".".join(links)) if links else (self.root, self.query.kind)
        fields = self.book.fields(kind)
        if name not in fields:
            reason = _("{kind} has no such field; fields: {names}")
            raise FieldError(name, name, reason.format(kind=_(KINDS[kind].label), names=", ".join(fields)))
        return fields[name], source, kind

    def target(self, path: str) -> tuple[Any, str]:
        """The joined table of the records that the link ``path`` points to, and their kind. Raises ``FieldError``."""
        field, source, _kind = self.field(path)
        if not isinstance(field, Link):
            raise FieldError(field.name, field.title, _("is no link to another record"))
        if path not in self.joins:
            alias = self.alias(field.to)
            self.joins[path] = (alias, self.raw(field, source) == alias.c.id, field.to)
        return self.joins[path][0], field.to

    def alias(self, kind: str) -> Any:
        from sfa.store.schema import table

        self._aliases += 1
        return table(kind).alias(f"t{self._aliases}")

    @staticmethod
    def raw(field: Field[Any], source: Any) -> Column:
        """The stored value of ``field`` in the table ``source``."""
        import sqlalchemy as sa

        column: Column = (
            sa.func.json_extract(source.c.custom, f'$."{field.name}"') if field.custom else source.c[field.name]
        )
        return column

    @staticmethod
    def heading(source: Any, kind: str) -> Column:
        """What a record of the table ``source`` is called."""
        import sqlalchemy as sa

        parts = [sa.func.coalesce(source.c[name] + " ", "") for name in KINDS[kind].named_by]
        heading: Column = parts[0]
        for part in parts[1:]:
            heading = heading + part
        return sa.func.nullif(sa.func.trim(heading), "")

    def shown(self, path: str) -> Column:
        """What a column shows: the stored value, or the heading of the linked record."""
        field, source, _kind = self.field(path)
        return (
            self.raw(field, source)
            if self.query.raw or not isinstance(field, Link)
            else self.heading(*self.target(path))
        )

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        found: list[sa.ColumnElement[bool]] = [self.root.c.deleted_at.is_(None)]
        found.extend(held(self, condition) for condition in self.query.where)
        if self.query.text:
            found.append(self._searched(self.query.text))
        return found

    def _searched(self, text: str) -> sa.ColumnElement[bool]:
        import sqlalchemy as sa

        query, kind = match(text), self.query.kind
        if not query:
            return sa.false()
        if not KINDS[kind].rank:
            return sa.and_(*(sa.func.instr(self.root.c.sort_key, word) > 0 for word in words(text)))
        name = search_table(kind)
        search = sa.table(name, sa.column("rowid"), sa.column(name))
        return self.root.c.n.in_(sa.select(search.c.rowid).where(search.c[name].match(query)))

    def order(self) -> list[Column]:
        """The terms of the sort, the empty last; what they leave equal, by age."""
        terms: list[Column] = []
        for path in self.query.sort or ("sort_key",):
            name, down = path.removeprefix("-"), path.startswith("-")
            for column in [self.root.c.sort_key] if name == "sort_key" else self._sorted(name):
                term = column.desc() if down else column.asc()
                terms.append(term if column is self.root.c.sort_key else term.nulls_last())
        return [*terms, self.root.c.n.asc()]

    def _sorted(self, path: str) -> list[Column]:
        """What a column sorts by: a link by place or name of its target, a choice by its place, a name as lists do."""
        import sqlalchemy as sa

        field, source, kind = self.field(path)
        raw = self.raw(field, source)
        if isinstance(field, Link):
            target, to = self.target(path)
            place = [target.c.position] if "position" in KINDS[to].fields else []
            return [*place, target.c.sort_key]
        if (KINDS[kind].sorted_by or KINDS[kind].named_by)[0] == field.name:
            return [source.c.sort_key]
        if isinstance(field, Choice) and not field.open:
            places = {option: place for place, option in enumerate(field.options)}
            return [sa.case(places, value=raw)]
        if isinstance(field, Points):
            raw = sa.func.json_extract(raw, "$[0].value")
        return [raw.collate("NOCASE") if isinstance(field, (Text, Choice, Points)) else raw]

    def source(self) -> Any:
        """The table with all that is joined to it so far."""
        source: Any = self.root
        for alias, on, _kind in self.joins.values():
            source = source.outerjoin(alias, on)
        return source

    def page(self) -> Statement:
        """The page's statement, of the parameters ``size`` and ``skip``. Skipped rows are read from the index only."""
        import sqlalchemy as sa

        where, order = self.conditions(), self.order()
        size, skip = sa.bindparam("size", type_=sa.Integer), sa.bindparam("skip", type_=sa.Integer)
        numbers = (
            sa.select(self.root.c.n).select_from(self.source()).where(*where).order_by(*order).limit(size).offset(skip)
        )
        self.fields = [self.field(path)[0] for path in self.query.columns]
        values = [self.shown(path) for path in self.query.columns]
        chosen = self.root.c.n.in_(numbers.correlate(None).scalar_subquery())
        return self.compiled(
            sa.select(self.root.c.id, *values).select_from(self.source()).where(chosen).order_by(*order)
        )

    def numbers(self) -> Statement:
        """The statement of the row numbers of all records, in no order."""
        import sqlalchemy as sa

        where = self.conditions()
        return self.compiled(sa.select(self.root.c.n).select_from(self.source()).where(*where))

    def count(self) -> Statement:
        import sqlalchemy as sa

        where = self.conditions()
        return self.compiled(sa.select(sa.func.count()).select_from(self.source()).where(*where))

    @staticmethod
    def compiled(statement: Any) -> Statement:
        """``statement`` as the driver takes it."""
        from sfa.store.schema import DIALECT

        compiled = statement.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True})
        return Statement(str(compiled), tuple(compiled.positiontup or ()), dict(compiled.params))
