"""Customer value: the segments that are known of real orders; who comes back; what a customer is worth."""

from __future__ import annotations

import pytest

from sfa.sales.figures.segments import Customer, bounds
from sfa.store.book import Book
from sfa.store.query import Listing, Query, parse_condition
from tests.sales.figures.conftest import column, figures

AS_OF = "..2006-12-31"
KNOWN = {  # recency in days, orders, amount, score, segment, as the data's own documentation has them
    "Abbey O'Reilly": (205, 6, 472_00, 343, "Potential Loyalist"),
    "Add Senger": (140, 3, 340_00, 412, "New Customers"),
    "Aden Lesch": (194, 4, 405_00, 323, "Loyal Customers"),
    "Aden Murphy": (98, 7, 596_00, 544, "Potential Loyalist"),
    "Admiral Senger": (132, 5, 448_00, 433, "Potential Loyalist"),
}


def test_scores_and_segments_are_those_that_are_known(orders: Book) -> None:
    found = figures(orders, "rfm", "customer", AS_OF)
    names = ("recency", "frequency", "revenue", "score", "segment")
    columns = [column(found, name) for name in names]
    assert {name: tuple(values[name] for values in columns) for name in KNOWN} == KNOWN
    assert len(found.rows) == 995


def test_every_customer_is_in_one_segment_and_one_quintile(orders: Book) -> None:
    segments = figures(orders, "rfm", "segment", AS_OF)
    customers = column(segments, "customers")
    assert sum(int(str(customers[row.label])) for row in segments.rows) == customers["Total"] == 995
    assert column(segments, "revenue")["Total"] == 464_158_00
    quintiles = figures(orders, "rfm", "quintile", AS_OF)
    assert sum(sum(row.values[1:]) for row in quintiles.rows) == 995
    champions = next(row for row in segments.rows if row.label == "Champions")
    assert champions.drill
    listed = Listing(orders, Query("account", where=tuple(map(parse_condition, champions.drill)))).count
    assert listed == customers["Champions"]


def test_quintiles_are_linear_quantiles() -> None:
    assert bounds([1, 2, 3, 4, 5, 6]) == [2, 3, 4, 5]
    assert bounds([10]) == [10] * 4
    assert bounds([0, 10]) == pytest.approx([2, 4, 6, 8])


def test_a_customer_of_no_range_is_in_others() -> None:
    assert Customer("", 1, 1, 1, (3, 3, 1)).segment == "About To Sleep"
    assert Customer("", 1, 1, 1, (5, 4, 1)).segment == "Others"


def test_retention_reconciles_from_one_unit_to_the_next(orders: Book) -> None:
    found = figures(orders, "retention", "quarter", "2004..2006")
    before = 0
    for row in found.rows:
        active, new, returning, recovered, lost = row.values[1:6]
        assert active == new + returning + recovered
        assert returning + lost == before
        before = active
    assert sum(column(found, "new").values()) == 995 - 0  # type: ignore[arg-type]


def test_cohorts_begin_with_everybody(orders: Book) -> None:
    found = figures(orders, "cohorts", "year")
    assert sum(row.values[1] for row in found.rows) == 995
    assert found.plot.kind == "heat"
    first = next(row for row in found.rows if row.label == "2004")
    assert 0 < first.values[2] <= 100


def test_a_lifetime_is_all_that_a_customer_bought(orders: Book) -> None:
    found = figures(orders, "lifetime", "customer")
    assert column(found, "value")["Aden Murphy"] == 596_00
    assert column(found, "customers")["Total"] == 995
    year = figures(orders, "lifetime")
    assert column(year, "revenue")["Total"] == 464_158_00


def test_a_book_without_orders_has_its_won_deals_for_sales(maven: Book) -> None:
    assert column(figures(maven, "orders"), "revenue")["Total"] == 10_005_534_00
    assert column(figures(maven, "rfm"), "customers")["Total"] == 85
    assert figures(maven, "orders").kind == "opportunity"
