"""Scores in a book: learned from what ended, beside what people say, anew as deals close."""

from __future__ import annotations

from typing import Any

import pytest

from sfa.sales import pipeline
from sfa.sales.scoring import words
from sfa.sales.scoring.scores import learned, refresh, scores
from sfa.store import journal
from sfa.store.book import Book
from sfa.store.undo import undo
from tests.sales.makers import deal, make, stage, update


@pytest.fixture
def sold(book: Book) -> dict[str, str]:
    """Forty deals: pumps are won, valves are lost, half of these after a proposal."""
    products = {name: make(book, "product", name=name) for name in ("Pump", "Valve")}
    won, lost = stage(book, "Closed Won"), stage(book, "Closed Lost")
    reason = str(book.value("SELECT id FROM loss_reason"))
    talked, offered = stage(book, "Qualification"), stage(book, "Proposal/Price Quote")
    names = ("name", "product", "pipeline", "stage", "furthest_stage", "closed_at", "close_date", "loss_reason")
    rows: list[tuple[Any, ...]] = []
    place, day = book.value("SELECT id FROM pipeline"), "2026-10-01"
    for number in range(40):
        is_won = number % 2 == 0 if number > 3 else number % 2 == 1
        end = (won, won) if is_won else (lost, offered if number % 4 == 1 else talked)
        product = products["Pump" if number % 2 == 0 else "Valve"]
        rows.append((f"Deal {number}", product, place, *end, f"{day}T10:00:00Z", day, None if is_won else reason))
    with book.change("A year", "import") as change:
        change.insert_rows("opportunity", names, rows)
    return products


def test_a_deal_like_those_that_were_won_has_the_better_chance_and_says_why(book: Book, sold: dict[str, str]) -> None:
    pump, valve = (deal(book, name, "Prospecting", product=sold[name]) for name in ("Pump", "Valve"))
    known = refresh(book, "opportunity")
    found = scores(book, "opportunity", [pump, valve])
    assert found[pump].chance > 0.65
    assert found[valve].chance < 0.35
    assert words.reasons(book, "opportunity", found[pump])[0].endswith("Product: Pump")
    assert words.reasons(book, "opportunity", found[valve])[0].startswith("-")
    assert "learned from 40" in words.worth(known)


def test_a_stage_that_few_of_the_lost_reached_speaks_for_a_deal(book: Book, sold: dict[str, str]) -> None:
    one = deal(book, "one", "Prospecting", product=sold["Valve"])
    refresh(book, "opportunity")
    before = scores(book, "opportunity", [one])[one]
    update(book, "opportunity", one, stage=stage(book, "Negotiation/Review"))
    after = scores(book, "opportunity", [one])[one]
    assert after.chance > before.chance + 0.1
    assert any("Stage reached: Negotiation/Review" in text for text in words.reasons(book, "opportunity", after))


def test_the_probability_that_people_gave_stays_theirs(book: Book, sold: dict[str, str]) -> None:
    one = deal(book, "one", "Prospecting", product=sold["Pump"], probability=5)
    actions = journal.count(book)
    refresh(book, "opportunity")
    assert scores(book, "opportunity", [one])[one].chance > 0.5
    assert book.get("opportunity", one).values["probability"] == 5
    assert journal.count(book) == actions


def test_it_is_learned_anew_as_deals_close_and_as_that_is_undone(book: Book, sold: dict[str, str]) -> None:
    first = refresh(book, "opportunity")
    assert refresh(book, "opportunity") is learned(book, "opportunity")
    one = deal(book, "one", product=sold["Pump"])
    assert refresh(book, "opportunity") == first  # an open deal teaches nothing
    pipeline.close_won(book, one)
    second = refresh(book, "opportunity")
    assert second.model is not None
    assert (second.model.cases, second.model.yes) == (41, 21)
    undo(book)
    third = refresh(book, "opportunity")
    assert third.model is not None
    assert third.model.cases == 40


def test_what_is_closed_or_unknown_has_no_score(book: Book, sold: dict[str, str]) -> None:
    closed = str(book.value("SELECT id FROM opportunity"))
    assert scores(book, "opportunity", [closed]) == {}  # nothing learned yet
    refresh(book, "opportunity")
    assert scores(book, "opportunity", [closed, "nobody"]) == {}


def test_leads_are_scored_by_the_same_code_with_fields_of_the_company(book: Book) -> None:
    make(book, "custom_field", of_kind="lead", name="has_budget", caption="Has budget", type="yes/no")
    with book.change("Leads", "import") as change:
        names = ("last_name", "company", "status", "has_budget")
        rows = [(f"L{n}", "Acme", "Converted" if n % 2 else "Unqualified", n % 2) for n in range(60)]
        change.insert_rows("lead", names, rows)
    one = make(book, "lead", last_name="New", company="Acme", has_budget=1)
    refresh(book, "lead")
    score = scores(book, "lead", [one])[one]
    assert score.chance > 0.8
    assert words.reasons(book, "lead", score)[0].endswith("Has budget: yes")


def test_with_little_history_nothing_is_said(book: Book) -> None:
    one = deal(book, "one")
    assert words.worth(refresh(book, "opportunity")) == "Too few have ended yet to learn from."
    assert scores(book, "opportunity", [one]) == {}
