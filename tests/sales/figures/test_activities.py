"""What reps do, how leads are answered, what campaigns bring, and how long deals stay where they are."""

from __future__ import annotations

import pytest

from sfa import locales
from sfa.sales import leads, pipeline
from sfa.sales.figures import own
from sfa.store.book import Book
from tests.sales.figures.conftest import column, figures
from tests.sales.makers import deal, make


@pytest.fixture(autouse=True)
def _english() -> None:
    locales.use("en_US")


def call(book: Book, at: str, duration: int, reached: bool, owner: str) -> None:
    outcome = book.value("SELECT id FROM call_outcome WHERE coalesce(reached, 0) = ? LIMIT 1", (int(reached),))
    values = {"type": "call", "subject": "Ring", "outcome": outcome, "duration": duration, "owner": owner}
    make(book, "activity", **values, completed_at=at)


def test_calls_by_rep_hour_and_outcome(book: Book) -> None:
    for at, seconds, reached in (
        ("2026-11-17T07:30:00Z", 60, True),
        ("2026-11-17T07:59:00Z", 30, False),
        ("2026-11-16T23:30:00Z", 10, True),
    ):
        call(book, at, seconds, reached, book.user)
    found = figures(book, "activity", when="2026-11")
    assert [column(found, name)["Total"] for name in ("calls", "reached", "talk")] == [3, 2, 100]
    assert round(float(str(column(found, "rate")["Total"])), 2) == 66.67
    hours = column(figures(book, "activity", "hour", "2026-11"), "calls")
    assert list(hours.values()) == [1, 2, 3]  # at midnight and at eight in Berlin, and in all
    assert column(figures(book, "activity", "outcome", "2026-11"), "calls")["Connected"] == 2
    assert column(figures(book, "activity", when="2026-10"), "calls") == {"Total": 0}


def test_a_lead_waits_until_the_first_touch(book: Book) -> None:
    fast, slow, _none = (
        make(book, "lead", last_name=name, company=name, created_at="2026-11-10T08:00:00Z", lead_source="Partner")
        for name in "ABC"
    )
    for lead, at in ((fast, "2026-11-10T08:30:00Z"), (fast, "2026-11-12T08:00:00Z"), (slow, "2026-11-12T08:00:00Z")):
        make(book, "activity", type="call", subject="Ring", lead=lead, completed_at=at)
    found = figures(book, "response", "source", "2026")
    values = {name: column(found, name)["Partner"] for name in ("leads", "answered", "average", "median", "hour_share")}
    assert (values["leads"], values["answered"]) == (3, 2)
    assert values["average"] == values["median"] == pytest.approx((0.5 + 48) / 2)
    assert values["hour_share"] == pytest.approx(100 / 3)


def test_what_a_campaign_and_a_source_bring(book: Book) -> None:
    fair = make(
        book, "campaign", name="Fair", type="Trade Show", actual_cost=400_00, currency="USD", start_date="2026-11-01"
    )
    lead = make(book, "lead", last_name="A", company="A", campaign=fair, lead_source="Trade Show")
    leads.convert(book, lead)
    won = deal(book, "Big", amount=1000_00, currency="USD", campaign=fair, lead_source="Trade Show")
    pipeline.close_won(book, won)
    found = figures(book, "campaigns")
    values = {
        name: column(found, name)["Fair"]
        for name in ("cost", "leads", "conversion", "won", "revenue", "return", "per_won")
    }
    assert values["cost"] == 400_00
    assert (values["leads"], values["conversion"]) == (1, 100)
    assert (values["won"], values["revenue"], values["return"], values["per_won"]) == (1, 1000_00, 150, 400_00)
    assert column(figures(book, "campaigns", "type"), "return")["Trade Show"] == 150
    assert column(figures(book, "sources"), "revenue")["Trade Show"] == 1000_00


def test_time_in_stage_is_read_from_the_journal(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    stages = [stage for (stage,) in book.rows("SELECT id FROM stage WHERE type = 'Open' ORDER BY position")]
    monkeypatch.setenv("SFA_NOW", "2026-11-01T09:00:00Z")
    winner, waiting = deal(book, "Winner"), deal(book, "Waiting")
    monkeypatch.setenv("SFA_NOW", "2026-11-05T09:00:00Z")
    pipeline.move(book, [winner], stages[2])
    monkeypatch.setenv("SFA_NOW", "2026-11-07T09:00:00Z")
    pipeline.close_won(book, winner)
    monkeypatch.setenv("SFA_NOW", "2026-11-13T09:00:00Z")
    found = figures(book, "stage-time")
    won, waits = column(found, "won_average"), column(found, "open_average")
    assert (won["Prospecting"], won["Needs Analysis"]) == (pytest.approx(4), pytest.approx(2))
    assert waits["Prospecting"] == pytest.approx(12)
    assert column(found, "times")["Prospecting"] == pytest.approx(3)
    assert waiting


def test_an_own_report_of_any_kind(book: Book) -> None:
    for name, industry in (("A", "Retail"), ("B", "Retail"), ("C", None)):
        make(book, "account", name=name, industry=industry, number_of_employees=10)
    own.save(
        book,
        {
            "name": "Accounts",
            "of_kind": "account",
            "group_by": "industry",
            "measure": "count, average number_of_employees",
        },
    )
    (kept,) = own.saved(book)
    found = own.read(book, kept)
    assert column(found, "count") == {"Retail": 2, "(none)": 1}
    assert column(found, "average_number_of_employees") == {"Retail": 10, "(none)": 10}


def test_amounts_without_a_rate_are_told_and_left_out(book: Book) -> None:
    for name, code in (("A", "USD"), ("B", "CHF")):
        pipeline.close_won(book, deal(book, name, amount=10_00, currency=code))
    found = figures(book, "wins")
    assert column(found, "revenue")["Total"] == 10_00
    assert "There is no rate of CHF into USD: those amounts are left out." in found.notes
