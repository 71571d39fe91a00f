"""Reads reports: sums by a dimension, what follows from the sums, medians, and what a row leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfa.i18n import _
from sfa.sales.figures import period
from sfa.sales.figures.report import NONE, Ask, Column, Declaration, Dimension, Figures, Row, Table
from sfa.sales.figures.scope import Scope, month_of
from sfa.store.query import equal_to

if TYPE_CHECKING:
    from sfa.store.book import Book
    from sfa.store.lookup import Lookup

Sums = dict[str, Any]


def read(book: Book, declaration: Declaration, ask: Ask) -> Figures:
    """The report's figures. Raises ``UserError`` for a dimension or condition that makes no sense."""
    by = declaration.dimension(ask.by)
    if declaration.period and ask.period.is_all:
        ask = ask._replace(period=period.read(declaration.period))
    scope = Scope(book, declaration.about(book), ask)
    table = declaration.read(scope, by) if declaration.read else grouped(scope, declaration, by)
    if any(column.kind == "money" for column in table.columns):
        scope.tell_unconverted()
    return Figures(
        declaration.name, _(declaration.title), by, ask, table.kind or scope.subject.kind, table.columns, table.rows,
        table.total, scope.currency, tuple(scope.notes), table.plot or declaration.plot,
    )  # fmt: skip


def grouped(scope: Scope, declaration: Declaration, by: Dimension, drilled: str = "") -> Table:
    """The declaration's columns, summed by a dimension. ``drilled``: the date of its records where another."""
    columns = declaration.columns
    summed = [column for column in columns if column.sql]
    source = _source(scope, declaration)
    measures = ", ".join(column.sql for column in summed)
    sums: dict[Any, Sums] = {}
    joined = source.replace("{join}", by.join)
    for key, *values in scope.rows(f"SELECT {by.key}, {measures} FROM {joined} GROUP BY 1"):
        place = by.fold(key) if by.fold else key
        row = sums.setdefault(place, dict.fromkeys(column.name for column in summed))
        for column, value in zip(summed, values, strict=True):
            if value is not None:
                row[column.name] = (row[column.name] or 0) + value
    total = {column.name: _total(sums, column.name) for column in summed}
    for column in columns:
        if column.median:
            medians = dict(scope.rows(_median(column.median, by.key, joined)))
            for key, row in sums.items():
                row[column.name] = medians.get(key)
            found = scope.rows(_median(column.median, "1", source.replace("{join}", "")))
            total[column.name] = found[0][1] if found else None
    field = drilled or declaration.subject.date.partition(".")[2]
    return _table(scope, declaration, by, sums, total, field)


def _source(scope: Scope, declaration: Declaration) -> str:
    """FROM and WHERE; ``{join}`` stands for what the dimension needs, other braces for pieces of the scope."""
    subject = declaration.subject
    dated = scope.inside(subject.date) if declaration.dated else "1"
    held = "1" if "{filter}" in subject.source else "{filter}"
    return f"{subject.source} {{join}} WHERE {subject.live} AND {declaration.where} AND {dated} AND {held}"


def _median(value: str, key: str, source: str) -> str:
    ranked = (
        f"SELECT {key} AS key, {value} AS value, row_number() OVER (PARTITION BY {key} ORDER BY {value}) AS place,"
        f" count(*) OVER (PARTITION BY {key}) AS size FROM {source} AND {value} IS NOT NULL"
    )
    return f"SELECT key, avg(value) FROM ({ranked}) WHERE place IN ((size + 1) / 2, (size + 2) / 2) GROUP BY key"


def _total(sums: dict[Any, Sums], name: str) -> Any:
    known = [row[name] for row in sums.values() if row[name] is not None]
    return sum(known) if known else None


def _table(
    scope: Scope, declaration: Declaration, by: Dimension, sums: dict[Any, Sums], total: Sums, field: str
) -> Table:
    """Rows in order, with what is derived, and their total."""
    named = {f"total.{name}": value for name, value in total.items()}
    for row in (*sums.values(), total):
        derive(declaration.columns, row, named)
    shown = [column for column in declaration.columns if column.shown]
    rows = []
    for key in ordered(sums, by, (*declaration.plot.columns, shown[0].name)[0]):
        name = label(key, by, scope.lookup)
        leads_to = drill(scope, declaration.base, by, key, field)
        rows.append(Row(name, (name, *(sums[key][column.name] for column in shown)), leads_to))
    last = (_("Total"), *(total[column.name] for column in shown))
    return Table((Column("name", by.title, "text"), *shown), rows, last)


def derive(columns: tuple[Column, ...], row: Sums, named: Sums) -> None:
    """Adds to a row's sums what follows from them."""
    for column in columns:
        if column.derive:
            row[column.name] = column.derive({**row, **named})
        elif column.kind == "count":
            row[column.name] = row[column.name] or 0


def ordered(sums: dict[Any, Sums], by: Dimension, first: str) -> list[Any]:
    """Keys in the order of time, or of their label's own order, or the greatest first."""
    if by.unit or by.label:
        return sorted(sums, key=lambda key: (key is None, key if key is not None else 0))
    return sorted(sums, key=lambda key: -(sums[key][first] or 0))


def label(key: Any, by: Dimension, lookup: Lookup) -> str:
    """What a key is called."""
    if key is None or key == "":
        return _(NONE)
    if by.unit:
        return period.of(by.unit, month_of(key) if isinstance(key, int) else key).title
    if by.label:
        return by.label(key)
    return lookup.title(by.link, key) if by.link else _(str(key))


def drill(scope: Scope, base: tuple[str, ...], by: Dimension, key: Any, field: str) -> tuple[str, ...] | None:
    """The conditions under which the records behind a row are listed; None where there are none such.

    ``base`` is what all rows' records meet, ``field`` the date that the period is of.
    """
    base = (*base, *scope.ask.where)
    span = scope.ask.period
    if by.unit and isinstance(key, int):
        part = period.of(by.unit, month_of(key))
        span = part if span.is_all else span._replace(first=max(span.first, part.first), last=min(span.last, part.last))
    elif by.path == "amount" and len(scope.used) > 1:
        return None  # lists know no rates
    elif by.drill:
        base = (*base, *by.drill(key))
    elif by.path:
        base = (*base, equal_to(by.path, key))
    else:
        return None
    return base if span.is_all else (*base, *within(field, span))


def behind(scope: Scope, sql: str) -> dict[Any, tuple[str, ...]]:
    """The conditions that list the records behind each key, where ``sql`` finds keys and the records' ids."""
    found: dict[Any, list[str]] = {}
    for key, id in scope.rows(sql):
        found.setdefault(key, []).append(id)
    return {key: ("id=" + "|".join(ids),) for key, ids in found.items()}


def within(field: str, span: period.Period) -> tuple[str, ...]:
    """Conditions that hold in a period."""
    first = (f"{field}>={span.first}",) if span.first > period.FIRST else ()
    return (*first, f"{field}<={span.last}") if span.last < period.LAST else first
