"""What a review finds, kind by kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sfa.sales import edit, merge, pipeline
from sfa.sales.review import moments, telling
from sfa.sales.review.bridge import EVERYTHING, Scope, scope_of
from sfa.sales.review.page import Stay, told
from sfa.sales.review.summary import Review, review
from sfa.store.book import Book
from sfa.store.undo import undo
from tests.sales.makers import deal, done, make, planned, stage, update

At = Callable[[int], None]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> At:
    def go(day: int) -> None:
        monkeypatch.setenv("SFA_NOW", f"2026-11-{day:02}T09:00:00Z")

    return go


def sums(found: Review) -> dict[str, dict[str, int]]:
    lines = (found.bridge.opening, *found.bridge.lines, found.bridge.closing)
    return {line.kind: line.sums for line in lines}


def kinds(found: Review) -> dict[str, tuple[str, ...]]:
    return {
        finding.state.name: tuple(kind for kind in finding.kinds if kind not in ("no_next_step", "idle"))
        for finding in found.findings
    }


def test_each_kind_of_change_is_found_and_the_sums_add_up(book: Book, at: At) -> None:
    at(20)
    reason = str(book.value("SELECT id FROM loss_reason"))
    euro: dict[str, Any] = {"currency": "EUR", "close_date": "2026-12-15"}
    ids = {
        name: deal(book, name, "Qualification", amount=100_00, **euro)
        for name in ("win", "lose", "up", "down", "push", "pull", "on", "back", "late", "gone", "one", "two")
    }
    since = moments.present(book)
    at(25)
    deal(book, "fresh", amount=70_00, **euro)
    pipeline.close_won(book, ids["win"], amount=130_00)
    pipeline.close_lost(book, [ids["lose"]], reason)
    edits: dict[str, dict[str, Any]] = {
        "up": {"amount": 150_00},
        "down": {"amount": 40_00},
        "push": {"close_date": "2027-01-15"},
        "pull": {"close_date": "2026-12-01"},
        "on": {"stage": stage(book, "Proposal/Price Quote")},
        "back": {"stage": stage(book, "Prospecting")},
        "late": {"close_date": "2026-11-24"},
    }
    for name, values in edits.items():
        update(book, "opportunity", ids[name], **values)
    with book.change("Gone", "screen") as change:
        edit.delete(change, "opportunity", [ids["gone"]])
    merge.merge(book, "opportunity", ids["one"], [ids["two"]])
    found = review(book, since)
    assert sums(found) == {
        "opening": {"EUR": 1200_00},
        "new": {"EUR": 70_00},
        "amount_up": {"EUR": 80_00},
        "amount_down": {"EUR": -60_00},
        "won": {"EUR": -130_00},
        "lost": {"EUR": -100_00},
        "deleted": {"EUR": -100_00},
        "merged": {"EUR": -100_00},
        "closing": {"EUR": 860_00},
    }
    assert kinds(found) == {
        "fresh": ("new",),
        "win": ("amount_up", "won"),
        "lose": ("lost",),
        "up": ("amount_up",),
        "down": ("amount_down",),
        "push": ("pushed",),
        "pull": ("pulled_in",),
        "on": ("advanced", "category"),
        "back": ("moved_back",),
        "late": ("slipped", "pulled_in"),
        "gone": ("deleted",),
        "two": ("merged",),
        "one": (),
    }


def test_how_often_a_close_was_put_off_counts_what_stands(book: Book, at: At) -> None:
    at(19)
    often = deal(book, "often", close_date="2026-11-10")
    for day in ("2026-11-20", "2026-11-15", "2026-11-30"):
        update(book, "opportunity", often, close_date=day)
    since = moments.present(book)
    at(20)
    update(book, "opportunity", often, close_date="2027-01-31")
    undo(book)
    update(book, "opportunity", often, close_date="2026-12-24")
    (finding,) = review(book, since).of_kind("pushed")
    assert finding.pushes == 3


def test_a_handed_over_deal_leaves_one_rep_and_comes_to_the_other(book: Book, at: At) -> None:
    at(19)
    boss = make(book, "user", name="Bea Boss")
    tom = make(book, "user", name="Tom Two", manager=boss)
    update(book, "user", book.user, manager=boss)
    one = deal(book, "one", amount=100_00, currency="EUR")
    since = moments.present(book)
    at(20)
    update(book, "opportunity", one, owner=tom, amount=120_00)
    mine = sums(review(book, since, scope=scope_of(book, user=book.user)))
    assert mine == {"opening": {"EUR": 100_00}, "handed_over": {"EUR": -100_00}, "closing": {}}
    his = sums(review(book, since, scope=scope_of(book, user=tom)))
    assert his == {
        "opening": {},
        "handed_over": {"EUR": 100_00},
        "amount_up": {"EUR": 20_00},
        "closing": {"EUR": 120_00},
    }
    team = review(book, since, scope=scope_of(book, team=boss))
    assert sums(team)["handed_over"] == {"EUR": 0}
    assert {owner: bridge.closing.sums for owner, bridge in team.owners.items()} == {
        book.user: {},
        tom: {"EUR": 120_00},
    }
    assert not review(book, since, scope=scope_of(book, team=tom, pipeline="none")).findings


def test_idle_and_without_a_next_step(book: Book, at: At) -> None:
    at(19)
    ids = {name: deal(book, name) for name in ("quiet", "called", "edited", "planned")}
    planned(book, "2026-12-24", opportunity=ids["planned"])
    since = moments.present(book)
    at(25)
    done(book, "2026-11-24T10:00:00Z", opportunity=ids["called"])
    update(book, "opportunity", ids["edited"], next_step="Send the offer")
    found = review(book, since)
    assert {finding.state.name for finding in found.of_kind("idle")} == {"quiet", "planned"}
    assert {finding.state.name for finding in found.of_kind("no_next_step")} == {"quiet", "called", "edited"}


def test_a_currency_that_changes_moves_the_amount_from_one_sum_to_the_other(book: Book, at: At) -> None:
    at(19)
    one = deal(book, "one", amount=100_00, currency="EUR")
    since = moments.present(book)
    at(20)
    update(book, "opportunity", one, currency="USD", amount=115_00)
    assert sums(review(book, since)) == {
        "opening": {"EUR": 100_00},
        "currency": {"EUR": -100_00, "USD": 115_00},
        "closing": {"USD": 115_00},
    }


def test_a_review_of_the_past_knows_nothing_of_what_came_after(book: Book, at: At) -> None:
    at(19)
    one = deal(book, "one", amount=100_00, currency="EUR")
    since = moments.present(book)
    at(21)
    update(book, "opportunity", one, amount=110_00)
    then = review(book, since)
    at(25)
    update(book, "opportunity", one, amount=50_00)
    deal(book, "later")
    with book.change("Gone", "screen") as change:
        edit.delete(change, "opportunity", [one])
    again = review(book, since, then.until)
    assert (again.bridge, again.findings) == (then.bridge, then.findings)


def test_what_is_older_than_the_journal_is_told_by_the_records(book: Book, at: At) -> None:
    at(18)
    won: dict[str, Any] = {"created_at": "2026-10-01T08:00:00Z", "currency": "EUR", "amount": 10_00}
    deal(book, "old and open", **won)
    deal(book, "won since", "Closed Won", close_date="2026-11-16", **won)
    deal(book, "won before", "Closed Won", close_date="2026-10-16", **won)
    deal(book, "new", amount=1_00, currency="EUR")
    found = review(book, moments.of(book, "2026-11-12T00:00:00Z"))
    assert found.known == str(book.value("SELECT min(at) FROM action"))
    assert sums(found) == {
        "opening": {"EUR": 20_00},
        "new": {"EUR": 1_00},
        "won": {"EUR": -10_00},
        "closing": {"EUR": 11_00},
    }


def test_a_deal_that_came_and_went_in_between_is_told_but_moves_no_sum(book: Book, at: At) -> None:
    since = moments.present(book)
    at(19)
    quick = deal(book, "quick", amount=10_00, currency="EUR")
    pipeline.close_won(book, quick)
    slip = deal(book, "slip of the pen", amount=5_00)
    with book.change("Gone", "screen") as change:
        edit.delete(change, "opportunity", [slip])
    found = review(book, since)
    assert kinds(found) == {"quick": ("new", "won")}
    assert sums(found) == {"opening": {}, "new": {"EUR": 10_00}, "won": {"EUR": -10_00}, "closing": {}}
    assert review(book, since, scope=EVERYTHING).scope == Scope()


def test_what_was_done_before_counts_as_before_though_it_came_into_the_book_later(book: Book, at: At) -> None:
    """As in a book that was loaded from elsewhere with the times at which things were done."""
    at(1)
    one = deal(book, "one", amount=100_00, currency="EUR")
    at(5)
    update(book, "opportunity", one, stage=stage(book, "Qualification"))
    at(12)
    update(book, "opportunity", one, amount=110_00)
    found = review(book, moments.of(book, "2026-11-10T00:00:00Z"))
    assert found.known
    assert kinds(found) == {"one": ("amount_up",)}
    assert sums(found) == {"opening": {"EUR": 100_00}, "amount_up": {"EUR": 10_00}, "closing": {"EUR": 110_00}}


def test_what_is_told_of_a_rep_adds_up(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SFA_NOW", "2026-11-19T09:00:00Z")
    won, grown = deal(book, "Won", amount=100_00), deal(book, "Grown", amount=50_00)
    tom = make(book, "user", name="Tom Two")
    deal(book, "His", amount=7_00, owner=tom)
    since = moments.present(book)
    monkeypatch.setenv("SFA_NOW", "2026-11-20T09:00:00Z")
    update(book, "opportunity", won, stage=stage(book, "Closed Won"))
    update(book, "opportunity", grown, amount=80_00)
    rita, other = telling.owners(book, review(book, since))
    assert [cell.replace("€", "$") for cell in rita[:-1]] == ["Rita Rep", "$150", "$100", "+$30", "$80"]
    assert (other.other, other.closing) == ("–", other.opening)


def test_opening_and_closing_hold_the_deals_that_they_sum(book: Book, at: At) -> None:
    at(16)
    quiet, won = deal(book, "Quiet", amount=1_00), deal(book, "Won", amount=2_00)
    planned(book, "2026-12-01T09:00:00Z", opportunity=quiet)
    done(book, "2026-11-18T09:00:00Z", opportunity=quiet)
    since = moments.present(book)
    at(20)
    update(book, "opportunity", won, stage=stage(book, "Closed Won"))
    new = deal(book, "New", amount=4_00)
    found = review(book, since)
    assert set(found.held("opening")) == {quiet, won}
    assert (len(found.held("closing")), set(found.held("closing"))) == (found.bridge.closing.count, {quiet, new})
    assert found.held("closing")[0] == new


def test_a_stay_is_told_in_a_few_cells() -> None:
    assert told(Stay("Proposal", "2026-11-01T09:00:00Z", 15.2, 13.8)) == "15 days · 1.1 × won deals"
    assert told(Stay("Proposal", "2026-11-01T09:00:00Z", 15.2, None)) == "15 days"
