"""Reports of a user's own: records of a kind, filtered, grouped by fields, measured. No code.

A measure is ``count``, or ``sum``, ``average``, ``median``, ``least`` or ``greatest`` and a field: ``sum amount``. What
it is grouped by is a field, also of linked records (``account.industry``); a date may be put together by month, quarter
or year: ``close_date by quarter`` (an instant by its month in UTC).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from sfa.errors import UserError
from sfa.i18n import N_, _
from sfa.models import KINDS, Date, Link, Money, Number, Percent, Record, find_kind
from sfa.models.record import field_error
from sfa.sales import edit
from sfa.sales.figures import engine, money, period
from sfa.sales.figures.catalogue import find as find_shipped
from sfa.sales.figures.engine import label, ordered, within
from sfa.sales.figures.report import Ask, Column, Dimension, Figures, Plot, Row
from sfa.sales.figures.scope import month_number
from sfa.store.book import Book
from sfa.store.lookup import Lookup
from sfa.store.query import Builder, Query, equal_to, parse_condition

if TYPE_CHECKING:
    import sqlalchemy as sa

FUNCTIONS = {
    "sum": N_("sum"), "average": N_("average"), "median": N_("median"), "least": N_("least"),
    "greatest": N_("greatest"),
}  # fmt: skip
_SQL = {"sum": "sum", "average": "avg", "least": "min", "greatest": "max"}
_GROUP = re.compile(r"(?P<path>[\w.]+)(?:\s+by\s+(?P<unit>month|quarter|year))?$")


class Measure(NamedTuple):
    """A function of a field; ``count`` has none."""

    function: str
    field: str = ""


def measures(text: str) -> list[Measure]:
    """What is written with commas between. Raises ``UserError``."""
    found = []
    for part in filter(None, map(str.strip, (text or "count").split(","))):
        function, _space, field = part.partition(" ")
        field = field.strip().removeprefix("of ").strip()
        if function != "count" and (function not in FUNCTIONS or not field):
            raise UserError(
                _("“{text}” is no measure.").format(text=part),
                _("Write count, or one of {functions} and a field, such as sum amount.").format(
                    functions=", ".join(FUNCTIONS)
                ),
            )
        found.append(Measure(function, "" if function == "count" else field))
    return found


def asked(record: Record) -> Ask:
    """What a saved report asks, as of today."""
    values = record.values
    where = tuple(filter(None, map(str.strip, (values.get("where") or "").splitlines())))
    return Ask(values.get("group_by") or "", period.read(values.get("period") or ""), where)


def read(book: Book, record: Record, when: period.Period | None = None, more: tuple[str, ...] = ()) -> Figures:
    """What a saved report says now, of another period or narrowed further where that is asked. Raises ``UserError``."""
    ask = asked(record)
    return of_ask(book, record, ask._replace(period=when or ask.period, where=(*ask.where, *more)))


def of_ask(book: Book, record: Record, ask: Ask) -> Figures:
    """What a saved report says to ``ask``. Raises ``UserError``."""
    if shipped := record.values.get("shipped"):
        return engine.read(book, find_shipped(shipped), ask)._replace(title=record.heading, name=record.id)
    return _Reading(book, record, ask).figures()


def values_of(base: Mapping[str, Any], name: str, ask: Ask) -> dict[str, Any]:
    """The values of a report called ``name`` that asks ``ask`` of what ``base`` is a report of."""
    kept = {field: base[field] for field in ("shipped", "of_kind", "measure", "date_field") if base.get(field)}
    span = "" if ask.period.is_all else ask.period.code
    return {**kept, "name": name, "group_by": ask.by, "period": span, "where": "\n".join(ask.where)}


class _Reading:
    """One reading of a report of the user's own."""

    def __init__(self, book: Book, record: Record, ask: Ask) -> None:
        values, where, span = record.values, ask.where, ask.period
        self.book, self.record, self.ask = book, record, ask
        self.kind = find_kind(values.get("of_kind") or "").kind
        self.measures = measures(values.get("measure") or "")
        self.date = values.get("date_field") or _date_of(self.kind)
        if not isinstance(book.fields(self.kind).get(self.date), Date):
            raise UserError(_("{field} is no date.").format(field=self.date))
        shown = within(self.date, span) if self.date else ()
        conditions = tuple(parse_condition(text) for text in (*where, *shown))
        self.builder = Builder(book, Query(self.kind, where=conditions))
        self.by, self.key = self._dimension(self.ask.by)
        self.columns = tuple(self._column(measure) for measure in self.measures)
        self.notes: list[str] = []

    def _dimension(self, text: str) -> tuple[Dimension, sa.ColumnElement[Any]]:
        import sqlalchemy as sa

        found = _GROUP.match(text.strip())
        if not found:
            hint = _("Write a field, account.industry for a linked record's, or a date and by month, quarter or year.")
            raise UserError(_("“{text}” is nothing to group by.").format(text=text), hint)
        field, source, _kind = self.builder.field(found["path"])
        raw = self.builder.raw(field, source)
        if isinstance(field, Date):
            unit = found["unit"] or "month"
            months: sa.ColumnElement[Any] = sa.literal_column(month_number(f"{source.name}.{field.name}", unit))
            return Dimension(found["path"], field.title, "", unit=unit, path=found["path"]), months
        return Dimension(
            found["path"],
            field.title,
            "",
            path=found["path"],
            link=getattr(field, "to", "") if isinstance(field, Link) else "",
        ), raw

    def _column(self, measure: Measure) -> Column:
        if measure.function == "count":
            return Column("count", _(KINDS[self.kind].plural))
        field, _source, _kind = self.builder.field(measure.field)
        if not isinstance(field, Number | Money) or (isinstance(field, Money) and "." in measure.field):
            reason = _("{field} is no number that can be measured.")
            raise UserError(reason.format(field=field.title))
        kind = "money" if isinstance(field, Money) else "percent" if isinstance(field, Percent) else "number"
        title = f"{field.title} ({_(FUNCTIONS[measure.function])})"
        return Column(f"{measure.function}_{measure.field.replace('.', '_')}", title, kind)

    def _value(self, measure: Measure) -> sa.ColumnElement[Any]:
        """SQL of what is measured; amounts in the currency of the report."""
        import sqlalchemy as sa

        field, source, _kind = self.builder.field(measure.field)
        if not isinstance(field, Money) or len(self.used) < 2:
            return self.builder.raw(field, source)
        names = [f"{source.name}.{name}" for name in (field.name, field.currency, self.date or "created_at")]
        found: sa.ColumnElement[Any] = sa.literal_column(
            money.amount_sql(names[0], names[1], names[2], self.currency, self.used)
        )
        return found

    @cached_property
    def used(self) -> list[str]:
        if "currency" not in KINDS[self.kind].fields:
            return []
        sql = f'SELECT DISTINCT currency FROM "{self.kind}" WHERE deleted_at IS NULL AND currency IS NOT NULL'
        return [row[0] for row in self.book.rows(sql)]

    @property
    def currency(self) -> str:
        from sfa.locales import current

        used = self.used
        return used[0] if len(used) == 1 else current().default_currency()

    def figures(self) -> Figures:
        sums: dict[Any, dict[str, Any]] = {}
        for column, measure in zip(self.columns, self.measures, strict=True):
            for key, value in self._found(measure):
                sums.setdefault(key, {other.name: None for other in self.columns})[column.name] = value
        lookup = Lookup(self.book)
        rows = []
        for key in ordered(sums, self.by, self.columns[0].name):
            name = label(key, self.by, lookup)
            rows.append(Row(name, (name, *(sums[key][column.name] for column in self.columns)), self._drill(key)))
        adds = all(measure.function in ("count", "sum") for measure in self.measures)
        total = tuple(sum(sums[key][column.name] or 0 for key in sums) for column in self.columns)
        if len(self.used) > 1 and any(column.kind == "money" for column in self.columns):
            self.notes.append(
                _("Amounts in other currencies count in {currency} at the rate of their day.").format(
                    currency=self.currency
                )
            )
        return Figures(
            self.record.id, self.record.heading, self.by, self.ask, self.kind,
            (Column("name", self.by.title, "text"), *self.columns), rows, (_("Total"), *total) if adds else None,
            self.currency, tuple(self.notes), Plot("lines" if self.by.unit else "bars", (self.columns[0].name,)),
        )  # fmt: skip

    def _found(self, measure: Measure) -> Iterable[tuple[Any, Any]]:
        """Key and value of each group."""
        import sqlalchemy as sa

        where, key = self.builder.conditions(), self.key
        if measure.function == "median":
            value = self._value(measure)
            chosen = sa.select(key, value).select_from(self.builder.source()).where(*where, value.is_not(None))
            groups: dict[Any, list[Any]] = {}
            for group, number in self.builder.compiled(chosen).run(self.book):
                groups.setdefault(group, []).append(number)
            return [(group, median(numbers)) for group, numbers in groups.items()]
        counted = (
            sa.func.count()
            if measure.function == "count"
            else getattr(sa.func, _SQL[measure.function])(self._value(measure))
        )
        chosen = sa.select(key, counted).select_from(self.builder.source()).where(*where).group_by(key)
        return [(row[0], row[1]) for row in self.builder.compiled(chosen).run(self.book)]

    def _drill(self, key: Any) -> tuple[str, ...] | None:
        from sfa.sales.figures.scope import month_of

        span, path, base = self.ask.period, self.by.path, self.ask.where
        dated = within(self.date, span) if self.date else ()
        if self.by.unit and key is not None:
            return (*base, *dated, *within(path, period.of(self.by.unit, month_of(key))))
        return (*base, *dated, equal_to(path, key))


def _date_of(kind: str) -> str:
    """The date that periods are of where none is named."""
    fields = KINDS[kind].fields
    return next((name for name in ("close_date", "order_date", "completed_at") if name in fields), "created_at")


def save(book: Book, values: Mapping[str, Any], origin: str = "command") -> str:
    """Keeps a report under its name, in the place of one of that name; its id. Raises ``UserError`` for nonsense."""
    same = [found.id for found in saved(book) if found.heading.casefold() == str(values["name"]).casefold()]
    with book.change(_("Kept the report {name}").format(name=values["name"]), origin) as change:
        if same:
            edit.edit(change, "report", same[0], dict(values))
            return same[0]
        return edit.create(change, "report", dict(values))


def check(book: Book, values: Mapping[str, Any]) -> None:
    """Raises ``UserError`` or ``FieldError`` where a report with these values could not be read."""
    record = KINDS["report"]({"id": "", **values})
    ask = asked(record)
    for condition in ask.where:
        parse_condition(condition)
    if shipped := values.get("shipped"):
        find_shipped(shipped).dimension(ask.by)
    elif not values.get("of_kind"):
        raise field_error(record.fields["of_kind"], _("is required"))
    elif not ask.by:
        raise field_error(record.fields["group_by"], _("is required"))
    else:
        _Reading(book, record, ask).builder.conditions()


def saved(book: Book, *, pinned: bool = False) -> list[Record]:
    """The user's reports, or those pinned to Today."""
    return book.records("report", "is_pinned = 1" if pinned else "")
