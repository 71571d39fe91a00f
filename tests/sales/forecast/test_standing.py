"""Categories, quotas and calls, rolled up over the tree of managers. It is November 2026."""

from __future__ import annotations

from typing import Any

import pytest

from sfa.sales import pipeline
from sfa.sales.figures import period
from sfa.sales.forecast.calls import ADJUSTED, Said, hand_in
from sfa.sales.forecast.standing import Forecast, Row, forecast
from sfa.store.book import Book
from tests.sales.makers import deal, make, update


@pytest.fixture
def team(book: Book) -> dict[str, str]:
    boss = make(book, "user", name="Bea Boss")
    tom = make(book, "user", name="Tom Two", manager=boss)
    update(book, "user", book.user, manager=boss)
    return {"boss": boss, "tom": tom, "rita": book.user}


def this_quarter(book: Book, **options: Any) -> Forecast:
    return forecast(book, period.read("this quarter"), **options)


def of(found: Forecast, user: str) -> Row:
    return next(row for row in found.rows if row.person.id == user)


def test_a_deal_counts_in_its_category_and_period(book: Book) -> None:
    money: dict[str, Any] = {"amount": 100_00, "currency": "USD", "close_date": "2026-12-01"}
    deal(book, "commit", "Negotiation/Review", **money)
    deal(book, "best", "Proposal/Price Quote", **money)
    deal(book, "likely", "Prospecting", **money, forecast_category="Most Likely")
    deal(book, "omitted", "Negotiation/Review", **money, forecast_category="Omitted")
    deal(book, "late", "Prospecting", **{**money, "close_date": "2026-11-01"})
    deal(book, "next year", "Negotiation/Review", **{**money, "close_date": "2027-01-02"})
    pipeline.close_won(book, deal(book, "won", **money), close_date="2026-10-01")
    pipeline.close_won(book, deal(book, "won before", **money), close_date="2026-09-30")
    found = this_quarter(book)
    assert found.total.amounts == {
        "Commit": 100_00, "Best Case": 100_00, "Most Likely": 100_00, "Omitted": 100_00, "Pipeline": 100_00,
        "Closed": 100_00,
    }  # fmt: skip
    assert (found.total.commit, found.total.best_case, found.total.deals) == (200_00, 400_00, 5)
    assert found.total.weighted == 100_00 + 80_00 + 65_00 + 10_00 + 10_00
    assert found.outlook is None  # nothing is known of how deals close here


def test_a_team_is_its_manager_and_all_below(book: Book, team: dict[str, str]) -> None:
    for number, owner in enumerate(team.values(), 1):
        values: dict[str, Any] = {"amount": number * 100_00, "currency": "USD", "close_date": "2026-12-01"}
        deal(book, f"of {number}", "Negotiation/Review", owner=owner, **values)
    found = this_quarter(book)
    assert of(found, team["boss"]).own.commit == 100_00
    assert of(found, team["boss"]).team.commit == found.total.commit == 600_00
    assert [row.person.name for row in found.rows] == ["Bea Boss", "Rita Rep", "Tom Two"]
    assert [row.person.name for row in this_quarter(book, top=team["tom"]).rows] == ["Tom Two"]
    assert this_quarter(book, top=team["tom"]).total.commit == 200_00


def test_the_managers_figure_stands_before_the_reps_and_the_newest_before_older(
    book: Book, team: dict[str, str]
) -> None:
    quarter = period.read("this quarter")
    deal(book, "of rita", "Negotiation/Review", amount=70_00, currency="USD", close_date="2026-12-01")
    assert of(this_quarter(book), team["boss"]).call == 70_00  # what nobody spoke of is what is committed to
    for amount in (500_00, 300_00):
        hand_in(book, team["tom"], quarter, Said(amount, "USD", note="The pump for Oslo"))
    found = this_quarter(book)
    assert (of(found, team["tom"]).call, of(found, team["boss"]).call) == (300_00, 370_00)
    assert of(found, team["tom"]).submitted.note == "The pump for Oslo"  # type: ignore[union-attr]
    hand_in(book, team["tom"], quarter, Said(200_00, "USD"), ADJUSTED)
    assert of(this_quarter(book), team["boss"]).call == 270_00
    hand_in(book, team["boss"], quarter, Said(260_00, "USD"))
    assert of(this_quarter(book), team["boss"]).call == 260_00
    assert not this_quarter(book).period.holds(forecast(book, period.read("next quarter")).period.first)
    assert of(this_quarter(book), team["tom"]).submitted.amount == 300_00  # type: ignore[union-attr]


def test_a_quota_is_the_goal_of_the_period_or_of_its_parts(book: Book, team: dict[str, str]) -> None:
    goal: dict[str, Any] = {"measure": "won amount", "currency": "USD"}
    for month in (10, 11, 12):
        make(book, "goal", user=team["tom"], period="month", starts_on=f"2026-{month}-01", amount=10_00, **goal)
    make(book, "goal", user=team["rita"], period="quarter", starts_on="2026-10-01", amount=50_00, **goal)
    make(book, "goal", user=team["rita"], period="month", starts_on="2026-10-01", amount=9_00, **goal)
    found = this_quarter(book)
    assert (of(found, team["tom"]).quota, of(found, team["rita"]).quota) == (30_00, 50_00)
    assert of(found, team["boss"]).quota == found.quota == 80_00


def test_several_currencies_are_summed_by_dated_rates_or_named(book: Book) -> None:
    make(book, "exchange_rate", currency="EUR", base="USD", starts_on="2026-01-01", rate=1.5)
    make(book, "exchange_rate", currency="EUR", base="USD", starts_on="2026-12-01", rate=1.2)
    for currency, day in (("EUR", "2026-11-30"), ("EUR", "2026-12-02"), ("USD", "2026-12-02"), ("CHF", "2026-12-02")):
        deal(book, f"{currency} {day}", "Negotiation/Review", amount=100_00, currency=currency, close_date=day)
    found = this_quarter(book)
    assert (found.currency, found.total.commit, found.left) == ("USD", 150_00 + 120_00 + 100_00, {"CHF": 100_00})
