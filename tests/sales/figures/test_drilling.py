"""What Enter on a row lists is what the row counts."""

from __future__ import annotations

import pytest

from sfa.sales import edit
from sfa.sales.figures import own
from sfa.sales.figures.report import Figures, Row
from sfa.store.book import Book
from sfa.store.query import Listing, Query, parse_condition
from tests.sales.figures.conftest import figures
from tests.sales.makers import deal


def listed(book: Book, found: Figures, row: Row) -> int:
    return Listing(book, Query(found.kind, where=tuple(map(parse_condition, row.drill or ())))).count


def counted(found: Figures, row: Row, *names: str) -> int:
    places = [column.name for column in found.columns]
    return sum(row.values[places.index(name)] for name in names)


@pytest.mark.parametrize("by", ["product", "rep", "team", "region", "sector", "size", "company", "quarter"])
def test_closed_deals(maven: Book, by: str) -> None:
    found = figures(maven, "wins", by, "2017-Q2..2017-Q3")
    assert found.rows
    for row in found.rows:
        assert listed(maven, found, row) == counted(found, row, "won", "lost"), row.label


@pytest.mark.parametrize("by", ["sector", "country", "customer"])
def test_what_customers_bought(maven: Book, orders: Book, by: str) -> None:
    for book in (maven, orders):
        found = figures(book, "lifetime", by, "2004..2017")
        assert found.rows
        for row in found.rows[:20]:
            assert listed(book, found, row) == counted(found, row, "orders"), row.label


@pytest.mark.parametrize(("name", "count"), [("lifetime", "customers"), ("cohorts", "customers")])
@pytest.mark.parametrize("by", ["year", "quarter"])
def test_customers_by_their_first_purchase(maven: Book, orders: Book, name: str, count: str, by: str) -> None:
    for book in (maven, orders):
        found = figures(book, name, by, "2004..2017")
        assert found.rows
        for row in found.rows:
            assert listed(book, found, row) == counted(found, row, count), row.label


def test_orders_of_a_product_and_of_those_who_came_back(northwind: Book) -> None:
    for by in ("product", "family"):
        found = figures(northwind, "orders", by, "1997")
        assert found.rows
        for row in found.rows:
            assert listed(northwind, found, row) == counted(found, row, "orders"), row.label
    bought = {row.label: row.values[1] for row in figures(northwind, "orders", "quarter").rows}
    found = figures(northwind, "retention", "quarter")
    assert {row.label: listed(northwind, found, row) for row in found.rows} == bought


def test_amounts_of_several_currencies_are_not_listed_by_size(book: Book) -> None:
    with book.change("Set up") as change:
        for currency in ("USD", "JPY"):
            edit.create(change, "opportunity", {"name": currency, "amount": 700_00, "currency": currency})
        rate = {"currency": "JPY", "base": "USD", "starts_on": "2000-01-01", "rate": 0.01}
        edit.create(change, "exchange_rate", rate)
    found = figures(book, "pipeline", "size")
    assert [row.drill for row in found.rows] == [None] * len(found.rows)
    assert sum(row.values[1] for row in found.rows) == 2


@pytest.mark.parametrize("source", ["Fair | Berlin", "Fair\\|Berlin", "A\\", "|"])
def test_a_value_with_a_bar_is_one_value(book: Book, source: str) -> None:
    for entry in {source, *filter(None, map(str.strip, source.split("|")))}:
        deal(book, entry, lead_source=entry)
    id = own.save(book, {"name": "Sources", "of_kind": "opportunity", "group_by": "lead_source"})
    for found in (
        figures(book, "pipeline", "source"),
        figures(book, "sources"),
        own.read(book, book.get("report", id)),
    ):
        assert source in [row.label for row in found.rows]
        for row in found.rows:
            assert listed(book, found, row) == 1, row.drill
