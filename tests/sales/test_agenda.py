"""Today: what is late and due, meetings, deals without a next step and deals that rot."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from sfa.sales import agenda, pipeline
from sfa.sales.agenda import Agenda
from sfa.sales.pipeline import DealCard, StageInfo
from sfa.store.book import Book
from tests.sales.makers import deal, done, make, planned, update
from tests.sales.plans import scans

TODAY = "2026-11-18"
OLD = "2026-09-01T09:00:00Z"


def whens(found: Agenda) -> dict[str, list[str | None]]:
    return {section.name: [item.when for item in section.items] for section in found.sections}


def titles(found: Agenda) -> dict[str, list[str]]:
    return {section.name: [item.title for item in section.items] for section in found.sections}


def counts(found: Agenda) -> dict[str, int]:
    return {section.name: section.count for section in found.sections}


def test_an_empty_book_has_an_empty_day(book: Book) -> None:
    found = agenda.today(book)
    assert found.day == TODAY
    assert [(section.name, section.count, section.items) for section in found.sections] == [
        ("overdue", 0, []), ("due", 0, []), ("meetings", 0, []), ("no_next_step", 0, []), ("rotting", 0, []),
    ]  # fmt: skip


def test_activities_fall_into_their_sections_by_the_local_day(book: Book) -> None:
    for start in (
        "2026-11-16", "2026-11-17T22:59:00Z", "2026-11-17T23:00:00Z", TODAY, "2026-11-18T07:00:00Z",
        "2026-11-18T22:59:00Z", "2026-11-18T23:00:00Z", "2026-11-19", None,
    ):  # fmt: skip
        planned(book, start)
    planned(book, "2026-11-18T13:00:00Z", "meeting")
    planned(book, TODAY, "visit")
    planned(book, "2026-11-17T13:00:00Z", "meeting")
    done(book, TODAY)
    assert whens(agenda.today(book)) == {
        "overdue": ["2026-11-16", "2026-11-17T13:00:00Z", "2026-11-17T22:59:00Z"],
        "due": ["2026-11-17T23:00:00Z", TODAY, "2026-11-18T07:00:00Z", "2026-11-18T22:59:00Z"],
        "meetings": [TODAY, "2026-11-18T13:00:00Z"],
        "no_next_step": [],
        "rotting": [],
    }


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles", "UTC", "Asia/Kolkata"])
def test_the_day_is_that_of_the_laptop_in_every_zone(book: Book, monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    from sfa.locales import today
    from sfa.models.times import local_day, shift_day

    monkeypatch.setenv("SFA_TZ", zone)
    day = today()
    starts = [shift_day(day, days) for days in range(-2, 3)]
    starts += [f"{shift_day(day, days)}T{hour:02}:30:00Z" for days in range(-2, 3) for hour in range(0, 24, 3)]
    for start in starts:
        planned(book, start)
    found = whens(agenda.today(book))
    assert found["overdue"] == sorted(start for start in starts if local_day(start) < day)
    assert found["due"] == sorted(start for start in starts if local_day(start) == day)
    following = [item.when for item in agenda.upcoming(book, 1)]
    assert following == sorted(start for start in starts if local_day(start) == shift_day(day, 1))


def test_an_item_says_who_where_and_which_number_to_dial(book: Book) -> None:
    account = make(book, "account", name="Acme", phones=[{"label": "work", "value": "+49 30 1234567"}])
    anna = make(book, "contact", first_name="Anna", last_name="Schmidt", account=account, phones=[
        {"label": "mobile", "value": "+49 170 1234567"}, {"label": "work", "value": "+49 30 7654321"}])  # fmt: skip
    bert = make(book, "contact", last_name="Bert", account=account)
    lead = make(book, "lead", last_name="Lee", company="Globex", phones=[{"label": "work", "value": "+1 212 555 0100"}])
    offer = deal(book, "Pumps", amount=500, currency="EUR", account=account, stage_entered_at=OLD)
    planned(book, "2026-11-16", contact=anna, opportunity=offer)
    planned(book, "2026-11-17", contact=bert, account=account)
    planned(book, TODAY, lead=lead)
    overdue, due = agenda.today(book).sections[:2]
    assert [tuple(item)[4:-2] for item in (*overdue.items, *due.items)] == [
        ("Pumps", "Anna Schmidt", "Acme", "+49 170 1234567", "overdue", 500, "EUR", "call", 2),
        ("", "Bert", "Acme", "+49 30 1234567", "overdue", None, None, "call", 1),
        ("", "Lee", "Globex", "+1 212 555 0100", "due", None, None, "call", 0),
    ]


def test_a_deal_that_waits_shows_stage_person_and_since_when(book: Book) -> None:
    anna = make(book, "contact", last_name="Schmidt", phones=[{"label": "work", "value": "+49 30 1234567"}])
    deal(book, "Pumps", close_date="2026-12-01", primary_contact=anna, amount=5, currency="EUR", stage_entered_at=OLD)
    none, rotting = agenda.today(book).sections[3:]
    assert tuple(none.items[0])[2:-2] == (
        "2026-12-01", "Pumps", "Prospecting", "Schmidt", "", "+49 30 1234567", "no_next_step", 5, "EUR", "", 0,
    )  # fmt: skip
    assert (rotting.items[0].section, rotting.items[0].overdue_days) == ("rotting", 78)


def test_a_next_step_is_an_open_activity_with_a_time(book: Book) -> None:
    for name in ("bare", "planned", "undated", "done", "late", "won"):
        found = deal(book, name, "Closed Won" if name == "won" else "Prospecting", stage_entered_at=OLD)
        if name in ("planned", "late"):
            planned(book, "2026-11-25" if name == "planned" else "2026-11-17", opportunity=found)
        if name == "undated":
            planned(book, None, opportunity=found)
        if name == "done":
            done(book, "2026-11-17", opportunity=found)
    found_titles = titles(agenda.today(book))
    assert sorted(found_titles["no_next_step"]) == ["bare", "done", "undated"]
    assert sorted(found_titles["rotting"]) == ["bare", "late", "undated"]
    planned(book, "2026-11-16", opportunity=str(book.value("SELECT id FROM opportunity WHERE name = 'late'")))
    assert counts(agenda.today(book))["rotting"] == 3


def test_planning_a_step_clears_the_deal_and_deleting_it_brings_it_back(book: Book) -> None:
    found = deal(book, stage_entered_at=OLD)
    step = planned(book, "2026-11-20", opportunity=found)
    assert counts(agenda.today(book))["no_next_step"] == 0
    with book.change("Deleted") as change:
        change.delete("activity", step)
    assert counts(agenda.today(book)) == {"overdue": 0, "due": 0, "meetings": 0, "no_next_step": 1, "rotting": 1}


def test_deals_that_close_soonest_come_first_and_counts_are_of_all(book: Book) -> None:
    for day in (7, 3, 5):
        deal(book, f"on {day}", close_date=f"2026-12-0{day}", stage_entered_at=OLD)
    deal(book, "some day", stage_entered_at=OLD)
    for day in (16, 15, 17):
        planned(book, f"2026-11-{day}")
    found = agenda.today(book, limit_per_section=2)
    assert counts(found) == {"overdue": 3, "due": 0, "meetings": 0, "no_next_step": 4, "rotting": 4}
    assert titles(found)["no_next_step"] == titles(found)["rotting"] == ["on 3", "on 5"]
    assert whens(found)["overdue"] == ["2026-11-15", "2026-11-16"]
    assert titles(agenda.today(book))["no_next_step"] == ["on 3", "on 5", "on 7", "some day"]


def test_an_agenda_is_one_owners_or_everybodys(book: Book) -> None:
    other = make(book, "user", name="Otto")
    deal(book, "mine", stage_entered_at=OLD)
    late = deal(book, "theirs", owner=other, stage_entered_at=OLD)
    planned(book, "2026-11-17", owner=other, opportunity=late)
    planned(book, TODAY, owner=other)
    planned(book, TODAY)
    assert counts(agenda.today(book)) == {"overdue": 1, "due": 2, "meetings": 0, "no_next_step": 1, "rotting": 2}
    assert counts(agenda.today(book, other)) == {"overdue": 1, "due": 1, "meetings": 0, "no_next_step": 0, "rotting": 1}
    assert counts(agenda.today(book, book.user)) == {
        "overdue": 0, "due": 1, "meetings": 0, "no_next_step": 1, "rotting": 1,
    }  # fmt: skip


def test_a_book_without_stages_has_an_agenda(book: Book) -> None:
    with book.change("Deleted") as change:
        for stage in book.records("stage"):
            change.delete("stage", stage.id)
    planned(book, TODAY)
    assert counts(agenda.today(book)) == {"overdue": 0, "due": 1, "meetings": 0, "no_next_step": 0, "rotting": 0}


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Los_Angeles", "Pacific/Auckland"])
def test_the_agenda_and_the_board_agree_on_every_deal(demo: Book, monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    from sfa.locales import today

    monkeypatch.setenv("SFA_TZ", zone)
    board: list[tuple[DealCard, StageInfo]] = []
    for sales, _name in pipeline.pipelines(demo):
        cards = pipeline.cards(demo, sales)
        board += [(card, stage) for stage in pipeline.stages(demo, sales) if stage.is_open for card in cards[stage.id]]
    for owner in (None, demo.user):
        deals = [(card, stage) for card, stage in board if owner in (None, card.owner)]
        found = agenda.today(demo, owner, limit_per_section=10_000).sections[3:]
        idle, rotting = ({item.id for item in section.items} for section in found)
        assert idle == {card.id for card, _stage in deals if card.next is None}
        assert rotting == {card.id for card, stage in deals if pipeline.is_rotten(card, stage, today())}
        assert [section.count for section in found] == [len(idle), len(rotting)]
        assert owner or (idle and rotting)


def test_the_call_list_is_the_open_calls_until_tonight_in_order(book: Book) -> None:
    calls = [planned(book, start) for start in ("2026-11-18T15:00:00Z", "2026-11-10", "2026-11-18T08:00:00Z", TODAY)]
    planned(book, "2026-11-19")
    planned(book, "2026-11-18T23:30:00Z")
    planned(book, TODAY, "meeting")
    done(book, TODAY)
    assert agenda.call_list(book) == [calls[1], calls[3], calls[2], calls[0]]
    assert agenda.call_list(book, make(book, "user", name="Otto")) == []


def test_upcoming_is_what_follows_today(book: Book) -> None:
    for start in (TODAY, "2026-11-19", "2026-11-20T08:00:00Z", "2026-11-21"):
        planned(book, start)
    assert [item.when for item in agenda.upcoming(book, 2)] == ["2026-11-19", "2026-11-20T08:00:00Z"]


def test_the_next_step_is_the_earliest_open_activity(book: Book) -> None:
    account = make(book, "account", name="Acme")
    anna = make(book, "contact", last_name="Schmidt", account=account)
    assert agenda.next_step(book, "contact", anna) is None
    undated = planned(book, None, contact=anna)
    done(book, "2026-11-01", contact=anna)
    step = agenda.next_step(book, "contact", anna)
    assert step is not None
    assert (step.id, step.when) == (undated, None)
    first = planned(book, "2026-11-20", "meeting", contact=anna)
    planned(book, "2026-11-21", contact=anna)
    for kind, record_id in (("contact", anna), ("account", account)):
        step = agenda.next_step(book, kind, record_id)
        assert step is not None
        assert (step.id, step.who, step.account, step.type) == (first, "Schmidt", "Acme", "meeting")
    update(book, "activity", first, status="Held")
    step = agenda.next_step(book, "contact", anna)
    assert step is not None
    assert step.when == "2026-11-21"


def test_the_agenda_walks_through_no_large_table(book: Book) -> None:
    for owner in (None, book.user):
        assert scans(book, agenda.today, owner, 0) == []
        assert scans(book, agenda.call_list, owner) == []
    assert scans(book, agenda.upcoming, 7) == []
    for kind in ("account", "contact", "lead", "opportunity"):
        assert scans(book, agenda.next_step, kind, "x") == []


def test_today_and_search_are_read_without_sqlalchemy(book: Book) -> None:
    planned(book, TODAY)
    deal(book, "Pumps")
    script = (
        "import sys; from pathlib import Path; from sfa.store.book import Book; from sfa.sales import agenda, find\n"
        "book = Book.open(Path(sys.argv[1])); assert agenda.today(book).sections[1].count == 1\n"
        "assert find.find(book, 'pum') and find.recent(book)\n"
        "assert not {'sqlalchemy', 'textual'} & set(sys.modules), 'a heavy import'"
    )
    command = [sys.executable, "-W", "error", "-c", script, str(book.path)]
    subprocess.run(command, check=True, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)})


def test_what_reminded_waits_on_today_until_it_is_done(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    from sfa.sales import calls, reminders

    call = planned(book, "2026-11-20T09:00:00Z", subject="Prepare the talk")
    due = planned(book, TODAY, subject="Due anyway")
    reminders.add(book, "activity", call, before=2 * 86_400)
    reminders.add(book, "activity", due, before=0)
    assert agenda.today(book).sections[0].name == "overdue"
    reminders.claim(book)
    first = agenda.today(book, book.user).sections[0]
    assert (first.name, [(item.title, item.when) for item in first.items]) == (
        "reminded", [("Prepare the talk", "2026-11-20T09:00:00Z")])  # fmt: skip
    assert agenda.today(book, make(book, "user", name="Other")).sections[0].name == "overdue"
    calls.complete(book, [call])
    assert agenda.today(book).sections[0].name == "overdue"


def test_what_repeats_and_what_was_put_off_say_so(book: Book) -> None:
    planned(book, TODAY, subject="Weekly", rrule="FREQ=WEEKLY")
    planned(book, "2026-11-17", subject="Again", put_off=3)
    overdue, due = agenda.today(book).sections[:2]
    assert (overdue.items[0].put_off, due.items[0].repeats, overdue.items[0].repeats) == (3, True, False)
