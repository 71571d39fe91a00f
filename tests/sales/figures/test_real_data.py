"""The figures that are known of real data, to the cent."""

from __future__ import annotations

import pytest

from sfa.errors import NotFound, UserError
from sfa.sales.figures.catalogue import REPORTS
from sfa.store.book import Book
from sfa.store.query import Listing, Query, parse_condition
from tests.sales.figures.conftest import column, figures


def rounded(values: dict[str, object], digits: int = 2) -> dict[str, float]:
    return {name: round(float(str(value)), digits) for name, value in values.items() if value is not None}


def test_the_win_rate_and_what_a_win_is(maven: Book) -> None:
    found = figures(maven, "wins")
    assert rounded(column(found, "rate")) == {
        "MG Special": 64.84, "GTX Plus Pro": 64.30, "GTX Basic": 63.72, "GTX Pro": 63.56, "GTX Plus Basic": 62.13,
        "MG Advanced": 60.33, "GTK 500": 60.00, "Total": 63.15,
    }  # fmt: skip
    total = {name: column(found, name)["Total"] for name in ("won", "lost", "average", "median")}
    assert (total["won"], total["lost"]) == (4238, 2473)
    assert (round(float(str(total["average"]))), total["median"]) == (2360_91, 1117_00)
    assert rounded(column(found, "cycle_won"))["Total"] == 51.78
    assert rounded(column(found, "cycle_lost"))["Total"] == 41.48


def test_the_best_and_the_last_rep(maven: Book) -> None:
    rates = rounded(column(figures(maven, "wins", "rep"), "rate"))
    assert (max(rates.values()), min(rates.values())) == (70.39, 54.98)


def test_quarters_and_regions(maven: Book) -> None:
    quarters = column(figures(maven, "wins", "quarter"), "revenue")
    assert list(quarters.values()) == [1_134_672_00, 3_086_111_00, 2_982_255_00, 2_802_496_00, 10_005_534_00]
    assert list(quarters)[:4] == ["Q1 2017", "Q2 2017", "Q3 2017", "Q4 2017"]
    regions = column(figures(maven, "wins", "region"), "revenue")
    assert regions == {"West": 3_568_647_00, "Central": 3_346_293_00, "East": 3_090_594_00, "Total": 10_005_534_00}


def test_a_period_and_a_filter_narrow_and_the_parts_make_the_whole(maven: Book) -> None:
    found = figures(maven, "wins", "team", "2017-Q2", ("owner.region=West",))
    revenue = column(found, "revenue")
    assert len(revenue) == 3  # two managers and the total
    assert sum(float(str(value)) for name, value in revenue.items() if name != "Total") == revenue["Total"]
    by_month = column(figures(maven, "wins", "month", "2017-Q2", ("owner.region=West",)), "revenue")
    assert by_month["Total"] == revenue["Total"]


@pytest.mark.parametrize("name", ["pipeline", "wins", "losses", "velocity", "stage-time", "orders"])
def test_a_row_leads_to_the_records_behind_it(maven: Book, name: str) -> None:
    measure = {"losses": "lost", "velocity": "won", "orders": "orders", "stage-time": "open"}.get(name, "deals")
    declaration = REPORTS[name]
    for dimension in declaration.by:
        found = figures(maven, name, dimension.name, "2017-Q3" if name != "pipeline" else "")
        counts = column(found, "won" if name == "wins" else measure)
        for row in found.rows[:3]:
            if row.drill is None or name == "velocity":
                continue
            count = Listing(maven, Query(found.kind, where=tuple(map(parse_condition, row.drill)))).count
            expected = counts[row.label]
            if name == "wins":
                expected = int(str(expected)) + int(str(column(found, "lost")[row.label]))
            assert count == expected, (dimension.name, row)


def test_the_funnel_counts_who_came_through(maven: Book) -> None:
    reached = column(figures(maven, "funnel"), "reached")
    assert (reached["Prospecting"], reached["Qualification"], reached["Closed Won"]) == (8800, 4238 + 1589, 4238)
    assert column(figures(maven, "funnel"), "lost")["Prospecting"] == 2473


def test_orders_of_lines_are_exact_and_rounded_once(northwind: Book) -> None:
    found = figures(northwind, "orders")
    assert (column(found, "orders")["Total"], column(found, "customers")["Total"]) == (830, 89)
    for dimension in ("", "quarter", "year", "customer", "country", "product"):
        assert column(figures(northwind, "orders", dimension), "revenue")["Total"] == 1_265_793_04
    years = column(figures(northwind, "orders", "year"), "orders")
    assert years == {"1996": 152, "1997": 408, "1998": 270, "Total": 830}


def test_invoices_of_a_shop(chinook: Book) -> None:
    found = figures(chinook, "orders", "year")
    assert column(found, "revenue")["Total"] == 2_328_60
    assert column(found, "orders")["Total"] == 412
    assert column(found, "orders")["2021"] == 83
    assert column(figures(chinook, "orders", "country"), "revenue")["USA"] == 523_06


def test_what_is_no_report_or_dimension_is_refused(maven: Book) -> None:
    with pytest.raises(NotFound, match="winz"):
        figures(maven, "winz")
    with pytest.raises(UserError, match="cannot be read by colour"):
        figures(maven, "wins", "colour")
    with pytest.raises(UserError):
        figures(maven, "wins", where=("colour=blue",))
