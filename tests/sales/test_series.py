from __future__ import annotations

from typing import Any

import pytest

from sfa.errors import FieldError, UserError
from sfa.sales import calls, edit, series
from sfa.sales.agenda import next_step
from sfa.store.book import Book
from sfa.store.undo import undo
from tests.books import dump
from tests.sales.makers import make, update

# Now is Wednesday 2026-11-18 10:00 in Berlin.


def values(book: Book, activity: str) -> dict[str, Any]:
    return book.get("activity", activity).values


def weekly(book: Book, start: str = "2026-11-16T08:00:00Z", rule: str = "FREQ=WEEKLY;BYDAY=MO", **more: Any) -> str:
    given = {"type": "call", "subject": "Weekly call", "start": start, "rrule": rule, **more}
    return make(book, "activity", **given)


def span(book: Book, activity: str, first: str, last: str) -> list[str]:
    return [start for start, _end in series.occurrences(book, values(book, activity), first, last)]


def apart(book: Book, activity: str) -> list[dict[str, Any]]:
    return [record.values for record in book.records("activity", "series = ?", (activity,))]


def test_a_series_begins_when_its_rule_says_so(book: Book) -> None:
    end = "2026-11-18T09:30:00Z"
    found = values(book, weekly(book, "2026-11-18T09:00:00Z", end=end))
    assert (found["start"], found["end"]) == ("2026-11-23T09:00:00Z", "2026-11-23T09:30:00Z")
    assert (found["series_start"], found["tzid"]) == ("2026-11-23T09:00:00Z", "Europe/Berlin")
    with pytest.raises(FieldError, match="needed, as this repeats"):
        make(book, "activity", subject="Some time", rrule="FREQ=DAILY")
    with pytest.raises(FieldError, match="gives no time any more"):
        weekly(book, "2026-11-18", "FREQ=DAILY;UNTIL=20261101")


def test_nine_in_berlin_stays_nine_through_both_changes_of_the_clock(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = weekly(book, "2026-03-23T08:00:00Z")
    monkeypatch.setenv("SFA_TZ", "America/Los_Angeles")  # the laptop travels, the series does not
    found = span(book, call, "2026-03-20", "2026-11-03")
    assert found[:2] == ["2026-03-23T08:00:00Z", "2026-03-30T07:00:00Z"]
    assert found[-2:] == ["2026-10-26T08:00:00Z", "2026-11-02T08:00:00Z"]
    assert values(book, call)["start"] == "2026-03-23T08:00:00Z"


def test_finishing_does_what_waits_and_goes_on_with_what_is_not_over(book: Book) -> None:
    call = weekly(book, "2026-11-02T08:00:00Z", end="2026-11-02T08:30:00Z")
    before = dump(book)
    calls.complete(book, [call])
    (done,) = apart(book, call)
    assert (done["start"], done["occurrence"], done["status"]) == ("2026-11-02T08:00:00Z",) * 2 + ("Held",)
    assert "rrule" not in done
    waiting = values(book, call)
    assert (waiting["start"], waiting["end"]) == ("2026-11-23T08:00:00Z", "2026-11-23T08:30:00Z")
    assert (waiting["series_start"], waiting["status"]) == ("2026-11-02T08:00:00Z", "Planned")
    assert "sequence" not in waiting  # calendars need not hear of it
    undo(book)
    assert dump(book) == before


def test_a_logged_call_does_the_time_that_waits(book: Book) -> None:
    contact = make(book, "contact", first_name="Anna", last_name="Schmidt")
    call = weekly(book, contact=contact)
    logged = calls.log_call(book, {"contact": contact}, "All well", planned_activity=call)
    assert logged.call_id != call
    done = values(book, logged.call_id)
    assert (done["occurrence"], done["body"], done["contact"]) == ("2026-11-16T08:00:00Z", "All well", contact)
    step = next_step(book, "contact", contact)
    assert step is not None
    assert (step.id, step.when) == (call, "2026-11-23T08:00:00Z")


def test_the_last_time_ends_the_series(book: Book) -> None:
    task = weekly(book, "2026-11-17", "FREQ=DAILY;COUNT=2", type="task")
    calls.complete(book, [task])
    assert values(book, task)["start"] == "2026-11-18"
    calls.complete(book, [task])
    assert values(book, task)["status"] == "Completed"
    assert len(apart(book, task)) == 1


def test_one_occurrence_is_moved_and_the_others_stay(book: Book) -> None:
    call = weekly(book)
    make(book, "reminder", activity=call, before=900)
    moved = series.move(book, call, "2026-11-30T08:00:00Z", "2026-12-01T10:00:00Z")
    assert values(book, moved)["occurrence"] == "2026-11-30T08:00:00Z"
    assert span(book, call, "2026-11-16", "2026-12-08") == [
        "2026-11-16T08:00:00Z", "2026-11-23T08:00:00Z", "2026-12-07T08:00:00Z"]  # fmt: skip
    (reminder,) = book.records("reminder", "activity = ?", (moved,))
    assert reminder.values["remind_at"] == "2026-12-01T09:45:00Z"
    series.move(book, call, "2026-11-30T08:00:00Z", "2026-12-02T10:00:00Z")  # again: it is one of its own already
    assert [one["start"] for one in apart(book, call)] == ["2026-12-02T10:00:00Z"]


def test_what_waits_may_be_moved_and_left_out(book: Book) -> None:
    call = weekly(book)
    series.move(book, call, "2026-11-16T08:00:00Z", "2026-11-18T15:00:00Z")
    assert values(book, call)["start"] == "2026-11-23T08:00:00Z"
    series.skip(book, call)
    found = values(book, call)
    assert (found["start"], found["exdates"]) == ("2026-11-30T08:00:00Z", ["2026-11-23T08:00:00Z"])
    with pytest.raises(UserError, match="does not come on"):
        series.skip(book, call, "2026-11-24T08:00:00Z")
    moved = series.move(book, call, "2026-12-07T08:00:00Z", "2026-12-08T08:00:00Z")
    series.skip(book, call, "2026-12-07T08:00:00Z")
    assert book.get("activity", moved).deleted_at


def test_this_and_following_is_a_new_series(book: Book) -> None:
    call = weekly(book, "2026-11-02T08:00:00Z", "FREQ=WEEKLY;COUNT=10")
    make(book, "reminder", activity=call, before=900)
    late = series.move(book, call, "2026-12-14T08:00:00Z", "2026-12-15T08:00:00Z")
    before = dump(book)
    new = series.move(book, call, "2026-12-07T08:00:00Z", "2026-12-09T10:00:00Z", scope="following")
    assert values(book, call)["rrule"] == "FREQ=WEEKLY;UNTIL=20261207T075959Z"
    assert span(book, call, "2026-11-01", "2027-03-01")[-1] == "2026-11-30T08:00:00Z"
    assert values(book, new)["rrule"] == "FREQ=WEEKLY;COUNT=5"
    assert span(book, new, "2026-11-01", "2027-03-01") == [
        "2026-12-09T10:00:00Z", "2026-12-23T10:00:00Z", "2026-12-30T10:00:00Z", "2027-01-06T10:00:00Z"]  # fmt: skip
    assert (values(book, late)["series"], values(book, late)["occurrence"]) == (new, "2026-12-16T10:00:00Z")
    assert [reminder.values["remind_at"] for reminder in book.records("reminder", "activity = ?", (new,))] == [
        "2026-12-09T09:45:00Z"
    ]
    undo(book)
    assert dump(book) == before


def test_from_what_waits_on_nothing_of_the_old_series_waits(book: Book) -> None:
    call = weekly(book, "2026-11-09T08:00:00Z")
    calls.complete(book, [call])
    new = series.edit(
        book, call, "2026-11-23T08:00:00Z", {"subject": "Fortnightly", "rrule": "FREQ=WEEKLY;INTERVAL=2"}, "following"
    )
    old = values(book, call)
    assert (old["status"], old["completed_at"]) == ("Held", "2026-11-16T08:00:00Z")
    assert span(book, new, "2026-11-01", "2026-12-10") == ["2026-11-23T08:00:00Z", "2026-12-07T08:00:00Z"]
    assert values(book, new)["subject"] == "Fortnightly"


def test_all_of_a_series_moves_with_its_days_and_what_was_left_out(book: Book) -> None:
    call = weekly(book, "2026-11-16T08:00:00Z", "FREQ=WEEKLY;BYDAY=MO,TH", exdates=["2026-11-19T08:00:00Z"])
    apart_one = series.move(book, call, "2026-11-23T08:00:00Z", "2026-11-24T12:00:00Z")
    series.move(book, call, "2026-11-26T08:00:00Z", "2026-11-27T09:00:00Z", scope="all")
    found = values(book, call)
    assert (found["rrule"], found["start"]) == ("FREQ=WEEKLY;BYDAY=TU,FR", "2026-11-17T09:00:00Z")
    assert found["exdates"] == ["2026-11-20T09:00:00Z"]
    assert values(book, apart_one)["occurrence"] == "2026-11-24T09:00:00Z"
    assert span(book, call, "2026-11-16", "2026-12-01") == [
        "2026-11-17T09:00:00Z", "2026-11-27T09:00:00Z", "2026-12-01T09:00:00Z"]  # fmt: skip
    assert found["sequence"] > 0
    update(book, "activity", call, start="2026-11-18T09:00:00Z")  # any other door moves all of it as well
    assert values(book, call)["rrule"] == "FREQ=WEEKLY;BYDAY=WE,SA"


def test_another_rule_begins_with_the_first_that_fits(book: Book) -> None:
    call = weekly(book)
    update(book, "activity", call, rrule="FREQ=WEEKLY;BYDAY=TU")
    assert values(book, call)["start"] == "2026-11-17T08:00:00Z"
    update(book, "activity", call, rrule=None)
    assert {"series_start", "exdates", "rrule"} & values(book, call).keys() == set()


def test_putting_off_a_series_moves_only_what_waits(book: Book) -> None:
    from tests.sales.test_calls import when

    call = weekly(book)
    calls.reschedule(book, [call], when("fri 10"))
    (moved,) = apart(book, call)
    assert (moved["start"], moved["put_off"]) == ("2026-11-20T09:00:00Z", 1)
    assert "put_off" not in values(book, call)
    assert values(book, call)["start"] == "2026-11-23T08:00:00Z"


def test_deleting_a_series_takes_what_was_moved_but_not_what_was_done(book: Book) -> None:
    call = weekly(book)
    calls.complete(book, [call])
    moved = series.move(book, call, "2026-11-30T08:00:00Z", "2026-12-01T10:00:00Z")
    before = dump(book)
    with book.change("Deleted", "screen") as change:
        edit.delete(change, "activity", [call])
    assert book.get("activity", moved).deleted_at
    assert [record.values["status"] for record in book.records("activity")] == ["Held"]
    undo(book)
    assert dump(book) == before


def test_a_series_may_be_ended(book: Book) -> None:
    call = weekly(book, "2026-11-09T08:00:00Z")
    calls.complete(book, [call])
    series.stop(book, call)
    assert values(book, call)["rrule"] == "FREQ=WEEKLY;BYDAY=MO;UNTIL=20261123T075959Z"
    assert span(book, call, "2026-11-01", "2027-11-01") == []
    new = weekly(book, "2026-12-07T08:00:00Z")
    series.stop(book, new)
    assert book.get("activity", new).deleted_at


def test_nothing_is_over_before_it_begins(book: Book) -> None:
    values = {"type": "meeting", "subject": "Visit", "start": "2026-11-20T10:00:00Z"}
    with pytest.raises(FieldError, match="before it begins"), book.change("") as change:
        edit.create(change, "activity", {**values, "end": "2026-11-20T09:00:00Z"})
    with book.change("") as change:
        made = edit.create(change, "activity", {**values, "end": "2026-11-20T11:00:00Z"})
    with book.change("") as change:
        edit.edit(change, "activity", made, {"start": "2026-11-21T14:00:00Z"})
    assert book.get("activity", made).values["end"] == "2026-11-21T15:00:00Z", "as long as it was"
