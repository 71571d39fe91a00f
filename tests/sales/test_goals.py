"""Goals: what counts towards them, whose, and whether the pace is enough."""

from __future__ import annotations

import pytest

from sfa import locales
from sfa.errors import UserError
from sfa.sales import edit, goals, pipeline
from sfa.sales.figures import period
from sfa.store.book import Book
from sfa.store.undo import undo
from tests.sales.makers import deal, make

TODAY = "2026-11-18"  # as the tests' clock says


@pytest.fixture
def team(book: Book) -> dict[str, str]:
    """A manager and a rep below."""
    locales.use("en_US")
    manager = make(book, "user", name="Mona Manager")
    return {"manager": manager, "rep": make(book, "user", name="Ron Rep", manager=manager)}


def one(book: Book, user: str | None = None) -> goals.Progress:
    (found,) = goals.progress(book, user)
    return found


def test_won_amounts_count_for_the_rep_and_the_manager(book: Book, team: dict[str, str]) -> None:
    quarter = period.read("this quarter")
    goals.keep(book, "won amount", 2000_00, quarter, team["rep"], "USD")
    goals.keep(book, "won amount", 4000_00, quarter, team["manager"], "USD")
    pipeline.close_won(book, deal(book, "In", amount=500_00, currency="USD", owner=team["rep"]))
    pipeline.close_won(book, deal(book, "Boss", amount=100_00, currency="USD", owner=team["manager"]))
    pipeline.close_won(book, deal(book, "Before", amount=900_00, currency="USD", owner=team["rep"]), "2026-09-30")
    assert one(book, team["rep"]).reached == 500_00
    assert one(book, team["rep"]).share == 25
    assert one(book, team["manager"]).reached == 600_00


def test_amounts_count_at_the_rate_of_their_day(book: Book, team: dict[str, str]) -> None:
    goals.keep(book, "won amount", 100_00, period.read("this year"), None, "USD")
    make(book, "exchange_rate", currency="EUR", base="USD", starts_on="2026-01-01", rate=2.0)
    pipeline.close_won(book, deal(book, "In", amount=20_00, currency="EUR"))
    pipeline.close_won(book, deal(book, "Unknown", amount=20_00, currency="CHF"))
    assert one(book).reached == 40_00


def test_calls_count_once_done(book: Book, team: dict[str, str]) -> None:
    reached = book.value("SELECT id FROM call_outcome WHERE reached = 1 LIMIT 1")
    for outcome, done in ((reached, TODAY), (None, TODAY), (reached, None), (reached, "2026-11-01")):
        values = {"type": "call", "subject": "Ring", "owner": team["rep"], "outcome": outcome}
        make(book, "activity", **values, completed_at=f"{done}T08:00:00Z" if done else None)
    week = period.read("this week")
    goals.keep(book, "calls", 10, week, team["rep"])
    goals.keep(book, "calls reached", 1, week, team["rep"])
    found = {entry.measure: entry for entry in goals.progress(book, team["rep"])}
    assert (found["calls"].reached, found["calls"].standing, found["calls"].missing) == (2, "behind", 8)
    assert (found["calls reached"].reached, found["calls reached"].standing) == (1, "reached")


def test_only_what_runs_now_is_told_and_a_goal_is_set_once(book: Book, team: dict[str, str]) -> None:
    goals.keep(book, "calls", 10, period.read("last month"), team["rep"])
    assert goals.progress(book, team["rep"]) == []
    first = goals.keep(book, "calls", 10, period.read("this month"), team["rep"])
    assert goals.keep(book, "calls", 20, period.read("this month"), team["rep"]) == first
    assert one(book, team["rep"]).target == 20
    undo(book)
    assert one(book, team["rep"]).target == 10
    assert goals.data(one(book, team["rep"]))["period"] == "2026-11"


def test_nonsense_is_refused(book: Book) -> None:
    with pytest.raises(UserError, match="smiles"):
        goals.keep(book, "smiles", 1, period.read("this month"), None)
    with pytest.raises(UserError, match="A goal is of a week"):
        goals.keep(book, "calls", 1, period.read("last 90 days"), None)


def test_a_goal_of_new_deals_counts_when_they_began(book: Book, team: dict[str, str]) -> None:
    with book.change("Deals") as change:
        for day in ("2026-11-02", "2026-08-01"):
            edit.create(change, "opportunity", {"name": day, "engaged_on": day, "owner": team["rep"]})
    goals.keep(book, "new deals", 4, period.read("this quarter"), team["rep"])
    assert one(book, team["rep"]).reached == 1
