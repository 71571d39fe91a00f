"""Amounts of several currencies are summed at the rates of their days, and never without."""

from __future__ import annotations

import pytest

from sfa import locales
from sfa.sales import edit
from sfa.sales.figures.money import Rates, amount_sql, base_of, in_use
from sfa.sales.figures.report import Column, shown
from sfa.store.book import Book


@pytest.fixture
def priced(book: Book) -> Book:
    locales.use("en_US")
    rates = [("EUR", "USD", "2026-01-01", 1.1), ("EUR", "USD", "2026-07-01", 1.2), ("USD", "JPY", "2026-01-01", 150.0)]
    deals = [("A", 1000_00, "EUR", "2026-06-30"), ("B", 1000_00, "EUR", "2026-07-01"), ("C", 5_00, "USD", "2026-01-01"),
             ("D", 3000, "JPY", "2026-02-01"), ("E", 7_00, "CHF", "2026-02-01")]  # fmt: skip
    with book.change("Set up") as change:
        for currency, base, day, rate in rates:
            edit.create(change, "exchange_rate", {"currency": currency, "base": base, "starts_on": day, "rate": rate})
        for name, amount, currency, day in deals:
            values = {"name": name, "amount": amount, "currency": currency, "close_date": day}
            edit.create(change, "opportunity", values)
    return book


def test_a_rate_counts_from_its_day(priced: Book) -> None:
    rates = Rates(priced, "USD")
    assert rates.convert(1000_00, "EUR", "2026-06-30") == 1100_00
    assert rates.convert(1000_00, "EUR", "2026-07-01") == 1200_00
    assert rates.convert(1000_00, "EUR", "2025-12-31") is None
    assert rates.convert(3000, "JPY", "2026-02-01") == 20_00  # by the reciprocal, and yen have no cents
    assert rates.convert(7, "CHF", "2026-02-01") is None
    assert rates.total({"USD": 1, "EUR": 100, "CHF": 5}, "2026-08-01") == (121, {"CHF": 5})


def test_sql_says_the_same(priced: Book) -> None:
    used = in_use(priced)
    assert used == ["CHF", "EUR", "JPY", "USD"]
    converted = amount_sql("deal.amount", "deal.currency", "deal.close_date", "USD", used)
    found = dict(priced.rows(f"SELECT name, {converted} FROM opportunity AS deal"))
    assert found == {"A": 1100_00, "B": 1200_00, "C": 5_00, "D": 20_00, "E": None}


def test_one_currency_needs_no_rate(book: Book) -> None:
    with book.change("Set up") as change:
        edit.create(change, "opportunity", {"name": "A", "amount": 1, "currency": "CHF"})
    assert (in_use(book), base_of(book)) == (["CHF"], "CHF")
    assert amount_sql("amount", "currency", "close_date", "CHF", ["CHF"]) == "amount"


def test_figures_of_a_column_have_equally_many_decimals() -> None:
    locales.use("en_US")

    def told(kind: str, *values: float) -> list[str]:
        return [shown(Column("figure", "Figure", kind), value, "USD") for value in values]

    assert told("percent", 64.3, 60, 63.557) == ["64.30%", "60.00%", "63.56%"]
    assert told("days", 35.9, 41.218, 3) == ["35.90", "41.22", "3.00"]
    assert told("hours", 2, 0.25) == ["2.0", "0.2"]
    assert told("count", 1147) == ["1,147"]
