"""Records as the rows of a table, and the filter line as a query."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from typing import Any

from sfa import locales
from sfa.models import Field, Money
from sfa.sales import agenda
from sfa.store.book import Book
from sfa.store.query import CONDITION, Condition, Listing, Query, parse_condition
from sfa.widgets.cards import NEXT_STEPS
from sfa.widgets.pages import Row

FINDABLE = 5_000
"""Rows of a list up to which a record's place in it is looked for."""
NO_STEP = NEXT_STEPS["none"][0]
"""What stands before a deal in a list that nobody plans anything with."""
Beside = Callable[[Sequence[str]], Sequence[str]]


class Rows:
    """A listing as the rows of a table: values shown as text, deals without a next step marked.

    ``beside`` gives one more cell for each id.
    """

    def __init__(self, book: Book, query: Query, columns: int, beside: Beside | None = None) -> None:
        self._listing = Listing(book, query)
        self._shown, self._beside = columns, beside
        self.count = self._listing.count
        names = query.columns
        self._book, self._shows_deals = book, query.kind == "opportunity" and names[:1] == ("name",)
        self._currencies = [
            names.index(_sibling(name, field.currency)) + 1 if isinstance(field, Money) else 0
            for name, field in zip(names[:columns], self._listing.fields, strict=False)
        ]

    def page(self, start: int, stop: int) -> Sequence[Row]:
        locale, found = locales.current(), self._listing.page(start, stop)
        rows = [
            Row(values[0], tuple(self._cell(place, values, locale) for place in range(self._shown))) for values in found
        ]
        if self._shows_deals:
            loose = agenda.without_step(self._book, [row.id for row in rows])
            rows = [
                row._replace(cells=(f"{NO_STEP} {row.cells[0]}", *row.cells[1:])) if row.id in loose else row
                for row in rows
            ]
        if self._beside is None:
            return rows
        more = self._beside([row.id for row in rows])
        return [row._replace(cells=(*row.cells, cell)) for row, cell in zip(rows, more, strict=True)]

    def _cell(self, place: int, values: tuple[Any, ...], locale: locales.Locale) -> str:
        field, value, currency = self._listing.fields[place], values[place + 1], self._currencies[place]
        if isinstance(value, list) and value and isinstance(value[0], str):
            return ", ".join(value)
        return field.show(
            value, {field.currency: values[currency]} if currency and isinstance(field, Money) else {}, locale
        )

    def ids(self, start: int, stop: int) -> Sequence[str]:
        return [values[0] for values in self._listing.page(start, stop)]

    def index(self, id: str) -> int | None:
        ids = self.ids(0, self.count) if self.count <= FINDABLE else ()
        return ids.index(id) if id in ids else None


def _sibling(path: str, name: str) -> str:
    """The path of another field of the same record."""
    return ".".join([*path.split(".")[:-1], name])


def columns_with_currencies(names: Sequence[str], fields: dict[str, Field[Any]]) -> tuple[str, ...]:
    """``names``, and after them the currency of every amount among them."""
    currencies = {_sibling(name, field.currency) for name in names if isinstance(field := fields.get(name), Money)}
    return (*names, *sorted(currencies))


def split_filter(text: str, fields: dict[str, Field[Any]]) -> tuple[str, list[Condition]]:
    """What is typed into the filter line: words to search for, and conditions on fields. Quotes hold words together."""
    try:
        parts = shlex.split(text)
    except ValueError:  # a quote that is not closed yet
        parts = text.split()
    words, conditions = [], []
    for part in parts:
        found = CONDITION.match(part)
        if found and found["path"].partition(".")[0] in fields:
            conditions.append(parse_condition(part))
        else:
            words.append(part)
    return " ".join(words), conditions
