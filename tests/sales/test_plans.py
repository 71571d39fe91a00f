from __future__ import annotations

from typing import Any

import pytest

from sfa.errors import FieldError, UserError
from sfa.sales import calls, plans
from sfa.store.book import Book
from sfa.store.undo import undo
from tests.books import dump
from tests.sales.makers import deal, make

# Now is Wednesday 2026-11-18 10:00 in Berlin.


@pytest.fixture
def plan(book: Book) -> str:
    steps: list[dict[str, Any]] = [
        {"type": "call", "subject": "First call", "after_days": 0},
        {"type": "meeting", "subject": "Offer", "after_days": 4, "time": "10:00", "before": 900},
        {"type": "email", "subject": "Brochure", "after_days": 1},
    ]
    return plans.make(book, "New lead", steps)


@pytest.fixture
def lead(book: Book) -> str:
    return make(book, "lead", last_name="Voss", company="Voss AG", owner=make(book, "user", name="Other"))


def starts(book: Book, ids: list[str]) -> list[tuple[str, str]]:
    found = [book.get("activity", one).values for one in ids]
    return [(values["subject"], values["start"]) for values in found]


def test_all_steps_are_planned_as_one_for_whom_the_lead_belongs_to(book: Book, plan: str, lead: str) -> None:
    before = dump(book)
    ids = plans.apply(book, plan, "lead", lead, "2026-11-23")
    assert starts(book, ids) == [
        ("First call", "2026-11-23"), ("Brochure", "2026-11-24"), ("Offer", "2026-11-27T09:00:00Z")]  # fmt: skip
    last = book.get("activity", ids[2]).values
    assert (last["lead"], last["plan"], last["status"]) == (lead, plan, "Planned")
    assert book.get("activity", ids[1]).values["status"] == "Not Started"
    (reminder,) = book.records("reminder")
    owner = book.get("lead", lead).values["owner"]
    assert (reminder.values["remind_at"], reminder.values["user"], last["owner"]) == (
        "2026-11-27T08:45:00Z", owner, owner)  # fmt: skip
    with pytest.raises(UserError, match="is under way"):
        plans.apply(book, plan, "lead", lead)
    undo(book)
    assert dump(book) == before


def test_what_is_open_is_shifted_and_stopped_as_one(book: Book, plan: str) -> None:
    big = deal(book)
    ids = plans.apply(book, plan, "opportunity", big)
    calls.complete(book, ids[:1])
    (running,) = plans.under_way(book, "opportunity", big)
    assert (running.name, running.done, running.open, running.next) == ("New lead", 1, 2, "2026-11-19")
    before = dump(book)
    assert plans.shift_to(book, plan, "opportunity", big, "2027-03-27") == 2  # across a change of the clock
    assert starts(book, ids) == [
        ("First call", "2026-11-18"), ("Brochure", "2027-03-27"), ("Offer", "2027-03-30T08:00:00Z")]  # fmt: skip
    assert book.records("reminder")[0].values["remind_at"] == "2027-03-30T07:45:00Z"
    assert book.get("activity", ids[2]).values["put_off"] == 1
    undo(book)
    assert plans.stop(book, plan, "opportunity", big) == 2
    assert [record.id for record in book.records("activity")] == ids[:1]
    assert plans.told(plans.under_way(book, "opportunity", big)[0]) == "New lead: all 1 done"
    with pytest.raises(UserError, match="is not under way"):
        plans.stop(book, plan, "opportunity", big)
    undo(book)
    assert dump(book) == before
    assert "1 of 3 done, next" in plans.told(plans.under_way(book, "opportunity", big)[0])


def test_a_plan_without_steps_or_with_bad_ones_is_refused(book: Book, lead: str) -> None:
    with pytest.raises(UserError, match="cannot be applied"):
        plans.apply(book, plans.make(book, "Empty", []), "lead", lead)
    with pytest.raises(FieldError, match="Time of day"):
        plans.make(book, "Odd", [{"type": "call", "subject": "x", "time": "25:00"}])
