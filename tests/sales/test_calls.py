from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from sfa import locales, quickdates
from sfa.errors import UserError
from sfa.locales import now, to_local, zone
from sfa.quickdates import QuickDate
from sfa.sales.calls import complete, log_call, reschedule, suggest_next, targets_for
from sfa.sales.outcomes import INVALID
from sfa.store import journal
from sfa.store.book import Book
from sfa.store.undo import next_undo, undo
from tests.books import dump
from tests.sales.makers import make


def when(text: str) -> QuickDate:
    return quickdates.parse(text, to_local(now(), zone()), locales.current())


def outcome(book: Book, name: str) -> str:
    return book.records("call_outcome", "name = ?", (name,))[0].id


def values(book: Book, kind: str, record_id: str | None) -> dict[str, Any]:
    return book.get(kind, record_id or "").values


@pytest.fixture
def anna(book: Book) -> dict[str, str]:
    """What a call to Anna is linked to."""
    account = make(book, "account", name="Acme GmbH")
    phones = [{"label": "work", "value": "+49 30 23125001"}, {"label": "mobile", "value": "+49 171 3920001"}]
    contact = make(book, "contact", first_name="Anna", last_name="Schmidt", account=account, phones=phones)
    return {"contact": contact, "account": account}


def test_a_call_and_its_next_step_are_one_action(book: Book, anna: dict[str, str]) -> None:
    before = dump(book)
    logged = log_call(book, anna, "Wants the offer", outcome(book, "Connected"), when("fri 10"), duration=300)
    assert logged.title == f"Logged call with Anna Schmidt · next: Fri, Nov 20 {locales.current().time(10, 0)}"
    call, step = values(book, "activity", logged.call_id), values(book, "activity", logged.next_id)
    assert (call["status"], call["completed_at"], call["start"]) == ("Held", now(), now())
    assert (call["body"], call["duration"], call["direction"]) == ("Wants the offer", 300, "Outbound")
    assert (step["type"], step["subject"], step["start"]) == ("call", "Call with Anna Schmidt", "2026-11-20T09:00:00Z")
    assert (step["status"], step["came_from"], step["contact"], step["account"]) == (
        "Planned", logged.call_id, anna["contact"], anna["account"])  # fmt: skip
    assert "completed_at" not in step
    (reminder,) = book.records("reminder")
    assert (reminder.values["activity"], reminder.values["remind_at"]) == (logged.next_id, step["start"])
    action = next_undo(book)
    assert action is not None
    assert action.title == logged.title
    undo(book)
    assert dump(book) == before


def test_a_planned_call_is_done_by_logging_it(book: Book, anna: dict[str, str]) -> None:
    planned = make(book, "activity", type="call", subject="Ask for the order", start="2026-11-16", **anna)
    before = dump(book)
    logged = log_call(book, anna, "Ordered", planned_activity=planned)
    assert logged == (planned, None, "Logged call with Anna Schmidt")
    call = values(book, "activity", planned)
    assert (call["subject"], call["status"], call["start"], call["body"]) == (
        "Ask for the order",
        "Held",
        now(),
        "Ordered",
    )
    with pytest.raises(UserError, match="is done already"):
        log_call(book, anna, planned_activity=planned)
    undo(book)
    assert dump(book) == before


def test_the_next_step_takes_kind_and_subject_from_text_then_from_the_outcome(book: Book, anna: dict[str, str]) -> None:
    information = outcome(book, "Information requested")
    for text, expected in (
        ("fri", ("task", "Send information", "2026-11-20")),
        ("fri Send the price list", ("task", "Send the price list", "2026-11-20")),
        ("fri visit", ("visit", "Visit to Anna Schmidt", "2026-11-20")),
        ("fri meeting Look at hall 2", ("meeting", "Look at hall 2", "2026-11-20")),
    ):
        step = values(book, "activity", log_call(book, anna, "", information, when(text)).next_id)
        assert (step["type"], step["subject"], step["start"]) == expected
    assert book.records("reminder") == []  # a whole day has no moment to remind at


@pytest.mark.parametrize("of_lead", [False, True])
def test_do_not_call(book: Book, anna: dict[str, str], of_lead: bool) -> None:
    targets = {"lead": make(book, "lead", last_name="Voss", company="Voss AG")} if of_lead else anna
    kind = "lead" if of_lead else "contact"
    before = dump(book)
    log_call(book, targets, "Never again", outcome(book, "Do not call"))
    assert values(book, kind, targets[kind])["do_not_call"] == 1
    undo(book)
    assert dump(book) == before


def test_a_wrong_number_is_marked_and_moves_behind_the_others(book: Book, anna: dict[str, str]) -> None:
    before = dump(book)
    log_call(book, anna, "", outcome(book, "Wrong number"))
    phones = values(book, "contact", anna["contact"])["phones"]
    assert [(phone["label"], phone["value"]) for phone in phones] == [
        ("mobile", "+49 171 3920001"), (INVALID, "+49 30 23125001")]  # fmt: skip
    undo(book)
    assert dump(book) == before


def test_who_left_keeps_an_ended_role_as_a_trace(book: Book, anna: dict[str, str]) -> None:
    before = dump(book)
    log_call(book, anna, "", outcome(book, "No longer with company"), when("fri"))
    assert "account" not in values(book, "contact", anna["contact"])
    (role,) = book.records("relation")
    assert (role.values["account"], role.values["is_active"], role.values["end_date"]) == (
        anna["account"],
        0,
        "2026-11-18",
    )
    (step,) = book.records("activity", "completed_at IS NULL")
    assert (step.values["subject"], step.values["account"]) == ("Find the successor", anna["account"])
    undo(book)
    assert dump(book) == before


def test_a_second_role_ends_without_touching_the_first(book: Book, anna: dict[str, str]) -> None:
    other = make(book, "account", name="Beta AG")
    role = make(book, "relation", contact=anna["contact"], account=other, role="Consultant")
    log_call(book, {**anna, "account": other}, "", outcome(book, "No longer with company"))
    assert values(book, "contact", anna["contact"])["account"] == anna["account"]
    assert [found.id for found in book.records("relation")] == [role]
    assert values(book, "relation", role)["is_active"] == 0


def test_suggestions_can_be_typed_as_they_are(book: Book) -> None:
    texts = {record.heading: suggest_next(book, record.id) for record in book.records("call_outcome")}
    assert texts["No answer"] == "+1d call"
    assert texts["Busy"] == "+2h call"
    assert texts["Information requested"] == "+1d task Send information"
    assert texts["Wrong number"] == "today task Find the right number"
    assert texts["Connected"] == texts["Meeting booked"] == texts["Not interested"] == ""
    for text in filter(None, texts.values()):
        understood = quickdates.parse(text, datetime(2026, 11, 18, 9, tzinfo=UTC), locales.load("de_DE"))
        assert (understood.kind or "", understood.rest) == tuple((*text.split(maxsplit=2)[1:], "")[:2])


def test_targets_follow_the_links_of_a_record(book: Book, anna: dict[str, str]) -> None:
    deal = make(book, "opportunity", name="Big", account=anna["account"], primary_contact=anna["contact"])
    planned = make(book, "activity", type="call", subject="Ask", opportunity=deal, contact=anna["contact"])
    lead = make(book, "lead", last_name="Voss", company="Voss AG")
    assert targets_for(book, "contact", anna["contact"]) == anna
    assert targets_for(book, "account", anna["account"]) == {"account": anna["account"]}
    assert targets_for(book, "opportunity", deal) == {**anna, "opportunity": deal}
    assert targets_for(book, "activity", planned) == {**anna, "opportunity": deal}
    assert targets_for(book, "lead", lead) == {"lead": lead}


def test_a_call_needs_somebody(book: Book) -> None:
    with pytest.raises(UserError, match="Say who was called"):
        log_call(book, {}, "Hello")


def test_nothing_is_written_when_a_part_fails(book: Book, anna: dict[str, str]) -> None:
    before, actions = dump(book), journal.actions(book)
    with pytest.raises(UserError):
        log_call(book, anna, "A bell: \x07", outcome(book, "Do not call"), when("fri"))
    assert dump(book) == before
    assert journal.actions(book) == actions


def test_finishing_several_leaves_what_is_done_alone(book: Book, anna: dict[str, str]) -> None:
    task = make(book, "activity", type="task", subject="Send it", start="2026-11-18", **anna)
    visit = make(book, "activity", type="visit", subject="Go there", start="2026-11-17", **anna)
    done = make(book, "activity", type="task", subject="Old", completed_at="2026-11-01T10:00:00Z", **anna)
    before = dump(book)
    next_id = complete(book, [task, visit, done], when("+1w"))
    assert (values(book, "activity", task)["status"], values(book, "activity", visit)["status"]) == (
        "Completed",
        "Held",
    )
    assert values(book, "activity", done)["completed_at"] == "2026-11-01T10:00:00Z"
    step = values(book, "activity", next_id)
    assert (step["type"], step["start"], step["came_from"]) == ("task", "2026-11-25", task)
    assert journal.actions(book, 1)[0].title == "Finished 3 activities · next: Wed, Nov 25"
    undo(book)
    assert dump(book) == before


def test_putting_off_takes_end_and_reminder_along(book: Book, anna: dict[str, str]) -> None:
    start, end = "2026-11-18T13:00:00Z", "2026-11-18T14:30:00Z"
    meeting = make(book, "activity", type="meeting", subject="Kick-off", start=start, end=end, **anna)
    reminder = make(book, "reminder", activity=meeting, before=900, fired_at="2026-11-18T12:45:00Z")
    done = make(book, "activity", type="task", subject="Old", completed_at="2026-11-01T10:00:00Z", **anna)
    before = dump(book)
    assert reschedule(book, [meeting, done], when("fri")) == 1  # at its own time of day
    moved = values(book, "activity", meeting)
    assert (moved["start"], moved["end"]) == ("2026-11-20T13:00:00Z", "2026-11-20T14:30:00Z")
    reminded = values(book, "reminder", reminder)
    assert reminded["remind_at"] == "2026-11-20T12:45:00Z"
    assert "fired_at" not in reminded
    assert journal.actions(book, 1)[0].title == "Put off 2 activities to Fri, Nov 20"
    undo(book)
    assert dump(book) == before


def test_a_whole_day_may_be_put_off_to_a_time(book: Book, anna: dict[str, str]) -> None:
    task = make(book, "activity", type="task", subject="Send it", start="2026-11-18", **anna)
    assert reschedule(book, [task], when("tomorrow 14:00")) == 1
    assert values(book, "activity", task)["start"] == "2026-11-19T13:00:00Z"
    assert reschedule(book, [task], when("tomorrow 14:00")) == 0


def test_what_follows_something_with_nobody_is_called_the_same(book: Book) -> None:
    task = make(book, "activity", type="task", subject="Tax return", start="2026-11-18")
    step = values(book, "activity", complete(book, [task], when("fri"), note="Half of it"))
    assert (step["subject"], step["start"], step["type"]) == ("Tax return", "2026-11-20", "task")
    assert values(book, "activity", task)["body"] == "Half of it"
