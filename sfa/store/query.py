"""Lists: which records, which columns, in which order, page by page. All filtering, sorting and paging is SQL.

A condition is written ``field op value``: ``amount>10000``, ``stage=Closed Won|Closed Lost``, ``account.industry~retail``,
``close_date<2026-12-31``, ``owner=me``, ``phones=`` (empty), ``phones!=`` (not empty). ``~`` means contains.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sfa.errors import FieldError, UserError
from sfa.i18n import _
from sfa.models import KINDS, Field, Link, Links
from sfa.models.record import field_error
from sfa.store.lookup import Lookup
from sfa.store.search import MASK, document_id, match

if TYPE_CHECKING:
    import sqlalchemy as sa

    from sfa.store.book import Book

CONDITION = re.compile(r"\s*(?P<path>[\w.]+)\s*(?P<op>!~|!=|<=|>=|=|<|>|~)\s*(?P<value>.*)$", re.DOTALL)


class Condition(NamedTuple):
    """``path`` (a field, or fields of linked records joined by dots) compared by ``op`` with the text ``value``."""

    path: str
    op: str
    value: str


def parse_condition(text: str) -> Condition:
    """``text`` as a condition; raises ``UserError``."""
    found = CONDITION.match(text)
    if not found:
        raise UserError(_("“{text}” is not a condition.").format(text=text), _("Write field=value, or use != < <= > >= ~ (contains)."))
    return Condition(found["path"], found["op"], found["value"].strip())


class Query(NamedTuple):
    """A list. ``sort`` holds paths, ``-`` before one for descending; ``text`` narrows by full-text search."""

    kind: str
    columns: tuple[str, ...] = ()
    where: tuple[Condition, ...] = ()
    sort: tuple[str, ...] = ()
    text: str = ""
    raw: bool = False  # links as ids instead of names


class Statement(NamedTuple):
    """SQL with its parameters, ready for the driver."""

    sql: str
    parameters: tuple[Any, ...]


class Listing:
    """A query against one book: how many rows it has, and any stretch of them."""

    def __init__(self, book: Book, query: Query) -> None:
        self.book, self.query = book, query
        builder = _Builder(book, query)
        self._page, self._count = builder.page(), builder.count()
        self.fields = builder.fields
        self._lookup = Lookup(book)

    @property
    def count(self) -> int:
        return int(self.book.value(*self._count))

    def page(self, start: int, stop: int) -> list[tuple[Any, ...]]:
        """Rows ``start`` up to ``stop``: the id, then a stored value per column (a link as the name of what it links to)."""
        rows = self.book.rows(self._page.sql, (*self._page.parameters, stop - start, start))
        several = [(place, field) for place, field in enumerate(self.fields, 1) if field.in_json]
        return [self._decoded(row, several) for row in rows] if several else rows

    def _decoded(self, row: tuple[Any, ...], several: list[tuple[int, Field[Any]]]) -> tuple[Any, ...]:
        import json

        values = list(row)
        for place, field in several:
            values[place] = json.loads(values[place]) if values[place] else None
            if isinstance(field, Links) and values[place] and not self.query.raw:
                values[place] = [self._lookup.title(field.to, item) for item in values[place]]
        return tuple(values)

    def ids(self, limit: int = -1) -> list[str]:
        """The ids of all rows, in order."""
        return [row[0] for row in self.page(0, limit)] if limit >= 0 else [row[0] for row in self.page(0, self.count)]


class _Builder:
    """Builds the statements of one query with SQLAlchemy Core."""

    def __init__(self, book: Book, query: Query) -> None:
        from sfa.store.schema import table

        self.book, self.query = book, query
        self.root = table(query.kind)
        self.joins: dict[str, tuple[Any, Any, str]] = {}  # path → (alias, on, kind)
        self.lookup = Lookup(book)
        self.fields = [self.field(path)[0] for path in query.columns]

    def field(self, path: str) -> tuple[Field[Any], Any, str]:
        """The field at the end of ``path``, the table that holds it and that table's kind."""
        *links, name = path.split(".")
        source, kind, walked = self.root, self.query.kind, ""
        for link in links:
            walked = f"{walked}.{link}" if walked else link
            source, kind = self.join(walked, self._link(kind, link), source)
        return self._named(kind, name), source, kind

    def _named(self, kind: str, name: str) -> Field[Any]:
        fields = self.book.fields(kind)
        if name not in fields:
            raise FieldError(name, name, _("{kind} has no such field; fields: {names}").format(kind=_(KINDS[kind].label), names=", ".join(fields)))
        return fields[name]

    def _link(self, kind: str, name: str) -> Link:
        field = self._named(kind, name)
        if not isinstance(field, Link):
            raise FieldError(name, field.title, _("is no link to another record"))
        return field

    def join(self, path: str, field: Link, source: Any) -> tuple[Any, str]:
        from sfa.store.schema import table

        if path not in self.joins:
            alias = table(field.to).alias(f"j{len(self.joins)}")
            self.joins[path] = (alias, self._raw(field, source) == alias.c.id, field.to)
        return self.joins[path][0], field.to

    @staticmethod
    def _raw(field: Field[Any], source: Any) -> sa.ColumnElement[Any]:
        import sqlalchemy as sa

        if field.custom:
            return sa.func.json_extract(source.c.custom, f'$."{field.name}"')
        column: sa.ColumnElement[Any] = source.c[field.name]
        return column

    def value(self, path: str, raw: bool = False) -> sa.ColumnElement[Any]:
        """What a column shows: the stored value, or the heading of the linked record."""
        import sqlalchemy as sa

        field, source, _kind = self.field(path)
        if raw or not isinstance(field, Link):
            return self._raw(field, source)
        target, kind = self.join(path, field, source)
        parts = [sa.func.coalesce(target.c[name] + " ", "") for name in KINDS[kind].named_by]
        heading = parts[0]
        for part in parts[1:]:
            heading = heading + part
        return sa.func.nullif(sa.func.trim(heading), "")

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        found: list[sa.ColumnElement[bool]] = [self.root.c.deleted_at.is_(None)]
        found.extend(self.condition(condition) for condition in self.query.where)
        if self.query.text:
            found.append(self._searched(self.query.text))
        return found

    def _searched(self, text: str) -> sa.ColumnElement[bool]:
        import sqlalchemy as sa

        words, kind = match(text), self.query.kind
        if not words:
            return sa.false()
        if not KINDS[kind].rank:
            return self.root.c.sort_key.contains(text.casefold(), autoescape=True)
        search = sa.table("search", sa.column("rowid"), sa.column("search"))
        numbers = sa.select(search.c.rowid.op("&")(MASK)).where(
            search.c.search.match(words), search.c.rowid.between(document_id(kind, 0), document_id(kind, MASK))
        )
        return self.root.c.n.in_(numbers)

    def condition(self, condition: Condition) -> sa.ColumnElement[bool]:
        import sqlalchemy as sa

        if condition.path == "id":
            return self.root.c.id.startswith(condition.value, autoescape=True)
        field, source, _kind = self.field(condition.path)
        raw = self._raw(field, source)
        op, text = condition.op, condition.value
        if text == "" and op in ("=", "!="):
            return raw.is_(None) if op == "=" else raw.is_not(None)
        if op in ("~", "!~"):
            shown = sa.func.coalesce(self.value(condition.path) if isinstance(field, Link) else raw, "")
            held = shown.icontains(text, autoescape=True)
            return held if op == "~" else ~held
        if isinstance(field, Links) or field.in_json:
            held = sa.func.coalesce(raw, "").contains(self._within(field, text), autoescape=True)
            return held if op == "=" else ~held
        return self._compared(field, raw, op, text)

    def _within(self, field: Field[Any], text: str) -> str:
        return self.lookup.resolve(field.to, text) if isinstance(field, Links) else text

    def _compared(self, field: Field[Any], raw: sa.ColumnElement[Any], op: str, text: str) -> sa.ColumnElement[bool]:
        import sqlalchemy as sa

        try:
            values = [field.read(part, {}, self.lookup) for part in (text.split("|") if op in ("=", "!=") else [text])]
        except ValueError as reason:
            raise field_error(field, reason) from None
        if op == "=":
            return raw.in_(values) if len(values) > 1 else raw == values[0]
        if op == "!=":
            return sa.or_(raw.is_(None), raw.not_in(values))
        return {"<": raw.__lt__, "<=": raw.__le__, ">": raw.__gt__, ">=": raw.__ge__}[op](values[0])

    def order(self) -> list[sa.ColumnElement[Any]]:
        terms: list[sa.ColumnElement[Any]] = []
        for path in self.query.sort or ("sort_key",):
            name = path.removeprefix("-")
            column = self.root.c.sort_key if name == "sort_key" else self._sorted(name)
            terms.append(column.desc() if path.startswith("-") else column.asc())
        return [*terms, self.root.c.n.asc()]

    def _sorted(self, path: str) -> sa.ColumnElement[Any]:
        """What a column sorts by: a link by the name of what it links to, names without regard to case and accents."""
        field, source, kind = self.field(path)
        if isinstance(field, Link):
            target, _kind = self.join(path, field, source)
            return target.c.sort_key  # type: ignore[no-any-return]
        if (KINDS[kind].sorted_by or KINDS[kind].named_by)[0] == field.name:
            return source.c.sort_key  # type: ignore[no-any-return]
        return self._raw(field, source)

    def _from(self) -> Any:
        source: Any = self.root
        for alias, on, _kind in self.joins.values():
            source = source.outerjoin(alias, on)
        return source

    def page(self) -> Statement:
        """The page's statement; LIMIT and OFFSET are its last two parameters. Skipped rows are read from the index only."""
        import sqlalchemy as sa

        where, order = self.conditions(), self.order()
        size, skip = sa.bindparam("size", type_=sa.Integer), sa.bindparam("skip", type_=sa.Integer)
        numbers = sa.select(self.root.c.n).select_from(self._from()).where(*where).order_by(*order).limit(size).offset(skip)
        values = [self.value(path, self.query.raw) for path in self.query.columns]
        outer = sa.select(self.root.c.id, *values).select_from(self._from()).where(self.root.c.n.in_(numbers.correlate(None).scalar_subquery()))
        return self._compiled(outer.order_by(*order), moving=2)

    def count(self) -> Statement:
        import sqlalchemy as sa

        where = self.conditions()
        return self._compiled(sa.select(sa.func.count()).select_from(self._from()).where(*where))

    @staticmethod
    def _compiled(statement: Any, moving: int = 0) -> Statement:
        from sfa.store.schema import DIALECT

        compiled = statement.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True})
        names: Sequence[str] = compiled.positiontup or ()
        values = [compiled.params[name] for name in names]
        return Statement(str(compiled), tuple(values[: len(values) - moving] if moving else values))
