from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sfa.errors import FieldError, UserError
from sfa.locales import now
from sfa.sales import calls, edit
from sfa.sales.reminders import add, claim, dismiss, due, fired, next_due, snooze
from sfa.store.book import Book
from sfa.store.undo import next_undo, redo, undo
from tests.books import dump
from tests.sales.makers import deal, make, update
from tests.sales.plans import plan, queries

# Now is Wednesday 2026-11-18 10:00 in Berlin.


def values(book: Book, reminder: str) -> dict[str, Any]:
    return book.get("reminder", reminder).values


@pytest.fixture
def call(book: Book) -> str:
    account = make(book, "account", name="Acme")
    phones = [{"label": "work", "value": "+49 30 23125001"}]
    anna = make(book, "contact", first_name="Anna", last_name="Schmidt", account=account, phones=phones)
    return make(book, "activity", type="call", subject="Ring Anna", start="2026-11-18T09:30:00Z", contact=anna)


def later(monkeypatch: pytest.MonkeyPatch, instant: str) -> None:
    monkeypatch.setenv("SFA_NOW", instant)


def test_several_reminders_of_one_activity_fire_each_once(
    book: Book, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = add(book, "activity", call, before=1800), add(book, "activity", call, before=300)
    third = add(book, "activity", call, at="2026-11-18T09:10:00Z")
    (told,) = claim(book)
    assert (told.id, told.kind, told.record, told.title) == (first, "activity", call, "Ring Anna")
    assert (told.when, told.who, told.phone, told.type) == (
        "2026-11-18T09:30:00Z",
        "Anna Schmidt",
        "+49 30 23125001",
        "call",
    )
    assert claim(book) == []
    assert next_due(book) == "2026-11-18T09:10:00Z"
    later(monkeypatch, "2026-11-18T09:40:00Z")
    assert [told.id for told in claim(book)] == [third, second]  # what was missed, by time
    assert next_due(book) is None
    assert {told.id for told in fired(book)} == {first, third, second}
    calls.complete(book, [call])
    assert fired(book) == []


def test_who_comes_second_is_told_nothing(book: Book, call: str) -> None:
    add(book, "activity", call, before=1800)
    other = Book.open(book.path)
    try:
        assert len(due(other)) == len(due(book)) == 1
        assert (len(claim(book)), claim(other)) == (1, [])
    finally:
        other.close()


def test_reminding_is_no_deed_of_the_user(book: Book, call: str) -> None:
    add(book, "activity", call, before=1800)
    update(book, "activity", call, "Changed it", subject="Ring Anna up")
    undo(book)
    claim(book)
    redo(book)
    action = next_undo(book)
    assert action is not None
    assert action.title == "Changed it"


def test_a_date_reminds_when_the_users_day_begins_wherever_he_is(
    book: Book, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reminder = add(book, "activity", call, at="2026-11-19")
    assert next_due(book) == "2026-11-19T08:00:00Z"
    monkeypatch.setenv("SFA_TZ", "America/New_York")
    assert next_due(book) == "2026-11-19T14:00:00Z"
    later(monkeypatch, "2026-11-19T13:59:59Z")
    assert claim(book) == []
    later(monkeypatch, "2026-11-19T14:00:00Z")
    assert [told.id for told in claim(book)] == [reminder]


def test_the_hour_at_which_the_day_begins_is_a_setting(book: Book, call: str, tmp_path: Path) -> None:
    config = tmp_path / "home" / "config" / "sfa.toml"
    config.parent.mkdir(parents=True)
    config.write_text('day_begins = "7:30"')
    add(book, "activity", call, at="2026-11-19")
    assert next_due(book) == "2026-11-19T06:30:00Z"


def test_the_next_is_found_among_dates_and_instants(book: Book, call: str, monkeypatch: pytest.MonkeyPatch) -> None:
    add(book, "activity", call, at="2026-11-20")
    assert next_due(book) == "2026-11-20T08:00:00Z"
    add(book, "activity", call, at="2026-11-20T07:00:00Z")  # whose text is greater
    assert next_due(book) == "2026-11-20T07:00:00Z"
    monkeypatch.setenv("SFA_TZ", "Pacific/Kiritimati")  # fourteen hours ahead: the day begins on the one before
    assert next_due(book) == "2026-11-19T19:00:00Z"
    add(book, "activity", call, at="2026-11-19T20:00:00Z")
    assert next_due(book) == "2026-11-19T19:00:00Z"
    later(monkeypatch, "2026-11-19T19:30:00Z")
    assert [told.at for told in claim(book)] == ["2026-11-19T19:00:00Z"]


def test_days_before_the_close_date_of_a_deal(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    big = deal(book, close_date="2026-12-18")
    reminder = add(book, "opportunity", big, before=5 * 86_400)
    assert values(book, reminder)["remind_at"] == "2026-12-13"
    update(book, "opportunity", big, close_date="2026-12-24")
    assert values(book, reminder)["remind_at"] == "2026-12-19"
    update(book, "opportunity", big, close_date="2026-11-20")  # what is ahead reminds at once
    (told,) = claim(book)
    assert (told.kind, told.title, told.when) == ("opportunity", "Big deal", "2026-11-20")
    update(book, "opportunity", big, close_date="2026-11-01")  # what is over does not
    assert claim(book) == []
    update(book, "opportunity", big, close_date="2027-01-31")
    assert values(book, reminder)["remind_at"] == "2027-01-26"
    calls_won = book.value("SELECT id FROM stage WHERE type = 'Won'")
    update(book, "opportunity", big, stage=calls_won)
    assert values(book, reminder)["dismissed_at"]


def test_before_a_date_of_the_companys_own(book: Book) -> None:
    make(book, "custom_field", of_kind="opportunity", name="contract_end", caption="Contract end", type="date")
    won = deal(book, contract_end="2027-06-30")
    reminder = add(book, "opportunity", won, before=30 * 86_400, field="contract_end")
    update(book, "opportunity", won, stage=book.value("SELECT id FROM stage WHERE type = 'Won'"))
    assert "dismissed_at" not in values(book, reminder)  # it is after the deal is won that it matters
    update(book, "opportunity", won, contract_end="2028-06-30")
    assert values(book, reminder)["remind_at"] == "2028-05-31"
    with pytest.raises(FieldError, match="has no date “name”"):
        add(book, "opportunity", won, before=0, field="name")


def test_before_the_next_birthday(book: Book) -> None:
    anna = make(book, "contact", last_name="Schmidt", birthday="--11-10")
    reminder = add(book, "contact", anna, before=86_400)
    assert values(book, reminder)["remind_at"] == "2027-11-09"


def test_what_is_put_off_is_counted(book: Book, call: str) -> None:
    reminder = add(book, "activity", call, before=1800)
    claim(book)
    before = dump(book)
    snooze(book, [reminder], "2026-11-18T09:15:00Z")
    assert fired(book) == []
    found = values(book, reminder)
    assert (found["remind_at"], found["snoozes"]) == ("2026-11-18T09:15:00Z", 1)
    undo(book)
    assert dump(book) == before
    dismiss(book, [reminder])
    assert fired(book) == []
    assert due(book) == []
    undo(book)
    assert len(fired(book)) == 1


def test_an_activity_that_is_put_off_reminds_again_and_is_counted(book: Book, call: str) -> None:
    from tests.sales.test_calls import when

    reminder = add(book, "activity", call, before=1800)
    claim(book)
    calls.reschedule(book, [call], when("tomorrow 14:00"))
    assert values(book, reminder)["remind_at"] == "2026-11-19T12:30:00Z"
    assert book.get("activity", call).values["put_off"] == 1
    calls.reschedule(book, [call], when("tomorrow 12:00"))  # sooner is not put off
    assert book.get("activity", call).values["put_off"] == 1


def test_what_is_done_or_deleted_does_not_remind(book: Book, call: str) -> None:
    reminder = add(book, "activity", call, before=60)
    before = dump(book)
    calls.complete(book, [call])
    assert values(book, reminder)["dismissed_at"] == now()
    update(book, "activity", call, completed_at=None, status="Planned")
    assert values(book, reminder)["remind_at"] == "2026-11-18T09:29:00Z"
    undo(book)
    undo(book)
    assert dump(book) == before
    with book.change("Deleted it", "screen") as change:
        edit.delete(change, "activity", [call])
    assert next_due(book) is None
    undo(book)
    assert dump(book) == before


def test_what_another_laptop_deleted_keeps_nobody_awake(book: Book, call: str, monkeypatch: pytest.MonkeyPatch) -> None:
    reminder = add(book, "activity", call, before=1800)
    with book.change("From head office", "sync") as change:
        change.delete("activity", call)
    assert claim(book) == []
    assert next_due(book) is None
    assert values(book, reminder)["dismissed_at"] == now()


def test_only_whom_it_is_for_is_reminded(book: Book, call: str) -> None:
    other = make(book, "user", name="Other")
    make(book, "reminder", activity=call, before=1800, user=other)
    assert claim(book) == []
    assert next_due(book) is None


def test_a_reminder_of_what_is_over_is_refused(book: Book) -> None:
    old = make(book, "activity", subject="Old", start="2026-11-10T09:00:00Z")
    with pytest.raises(UserError, match="is over"):
        add(book, "activity", old, before=60)
    with pytest.raises(UserError, match="Say of what"):
        add(book, "activity", old)


def test_a_hundred_thousand_reminders_cost_a_look_into_the_index(book: Book, call: str) -> None:
    with book.change("Many", "screen") as change:
        rows = [(call, book.user, 0, f"20{n % 60 + 27}-01-01T{n % 24:02}:00:00Z") for n in range(100_000)]
        change.insert_rows("reminder", ("activity", "user", "before", "remind_at"), rows)
    with queries(book) as asked:
        assert next_due(book) == "2027-01-01T00:00:00Z"
        assert (claim(book), fired(book)) == ([], [])
    steps = [step for sql, parameters in asked for step in plan(book, sql, parameters)]
    about = [step for step in steps if "reminder" in step]
    assert about
    assert all("USING COVERING INDEX" in step or "USING INDEX" in step for step in about)
    assert all("remind_at" in step or "fired_at" in step for step in about)
    assert not any("TEMP B-TREE" in step for step in steps)


def test_what_has_reminded_meanwhile_can_still_be_undone(book: Book) -> None:
    from tests.sales.test_calls import when

    contact = make(book, "contact", last_name="Schmidt")
    before = dump(book)
    logged = calls.log_call(book, {"contact": contact}, next=when("today 10:00 call"))
    assert [told.record for told in claim(book)] == [logged.next_id]
    undo(book)
    assert dump(book) == before
