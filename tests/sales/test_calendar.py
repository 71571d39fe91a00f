"""What lies in a span of days: single activities, times of series, what lasts for days; and giving it other times."""

from __future__ import annotations

from typing import Any

import pytest

from sfa.sales import calendar, edit, series
from sfa.sales.calendar import Entry
from sfa.store import journal, undo
from sfa.store.book import Book
from tests.sales.makers import done, make, planned, update
from tests.sales.plans import scans

MONDAY, SUNDAY = "2026-11-16", "2026-11-22"


def subjects(book: Book, first: str = MONDAY, last: str = SUNDAY, owner: str | None = None) -> list[str]:
    return [entry.subject for entry in calendar.span(book, first, last, owner)]


def weekly(book: Book, **values: Any) -> str:
    start = values.pop("start", "2026-11-11T08:00:00Z")
    given = {"end": f"{start[:14]}30:00Z", "series_start": start, "rrule": "FREQ=WEEKLY", "tzid": "Europe/Berlin"}
    return planned(book, start, "meeting", **{"subject": "Team", **given, **values})


def entry(book: Book, subject: str, first: str = MONDAY, last: str = SUNDAY) -> Entry:
    return next(entry for entry in calendar.span(book, first, last) if entry.subject == subject)


def test_whole_days_come_first_then_times_in_order(book: Book) -> None:
    planned(book, "2026-11-18T10:00:00Z", subject="Ring")
    planned(book, "2026-11-18", "task", subject="Write")
    planned(book, "2026-11-16T08:00:00Z", "meeting", subject="Meet")
    assert subjects(book) == ["Write", "Meet", "Ring"]


def test_the_days_are_those_of_the_laptop(book: Book) -> None:
    planned(book, "2026-11-15T22:59:59Z", subject="Sunday night")
    planned(book, "2026-11-15T23:00:00Z", subject="Monday's first")
    planned(book, "2026-11-22T22:59:59Z", subject="Sunday's last")
    planned(book, "2026-11-22T23:00:00Z", subject="Next Monday")
    assert subjects(book) == ["Sunday night", "Monday's first", "Sunday's last"]  # half an hour from Sunday 23:59
    assert subjects(book, "2026-11-15", "2026-11-15") == ["Sunday night"]


def test_only_what_was_held_or_is_to_be_held(book: Book) -> None:
    done(book, "2026-11-17T09:00:00Z", subject="Held")
    planned(book, "2026-11-17T10:00:00Z", subject="Off", status="Canceled")
    done(book, "2026-11-17T11:00:00Z", "note", subject="A note")
    done(book, "2026-11-17T12:00:00Z", "email", subject="A mail")
    gone = planned(book, "2026-11-17T13:00:00Z", subject="Gone")
    update(book, "activity", gone, deleted_at="2026-11-17T13:00:00Z")
    assert subjects(book) == ["Held"]
    assert entry(book, "Held").done


def test_of_one_owner_or_of_all(book: Book) -> None:
    uma = make(book, "user", name="Uma")
    planned(book, "2026-11-17T09:00:00Z", subject="Mine", owner=book.user)
    planned(book, "2026-11-17T10:00:00Z", subject="Hers", owner=uma)
    assert subjects(book, owner=uma) == ["Hers"]
    assert subjects(book) == ["Mine", "Hers"]


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2026-11-10", "2026-11-17", ["2026-11-16", "2026-11-17"]),
        ("2026-11-20", "2026-12-01", ["2026-11-20", "2026-11-21", "2026-11-22"]),
        ("2026-11-01", "2026-11-30", [f"2026-11-{day}" for day in range(16, 23)]),
        ("2026-11-17T22:30:00Z", "2026-11-18T01:00:00Z", ["2026-11-17", "2026-11-18"]),
        ("2026-11-17T22:00:00Z", "2026-11-17T23:00:00Z", ["2026-11-17"]),
        ("2026-11-15T20:00:00Z", "2026-11-16T05:00:00Z", ["2026-11-16"]),
        ("2026-11-15T20:00:00Z", "2026-11-15T23:00:00Z", []),
    ],
)
def test_what_lasts_is_on_each_of_its_days(book: Book, start: str, end: str, days: list[str]) -> None:
    planned(book, start, "visit", end=end)
    found = calendar.on_days(calendar.span(book, MONDAY, SUNDAY), MONDAY, SUNDAY)
    assert [day for day, some in found.items() if some] == days


def test_what_began_before_is_found_west_of_greenwich_too(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SFA_TZ", "America/New_York")
    planned(book, "2026-11-16T03:00:00Z", "visit", end="2026-11-16T06:00:00Z", subject="Over midnight")
    planned(book, "2026-11-15", "visit", end="2026-11-16", subject="Fair")
    assert subjects(book) == ["Fair", "Over midnight"]
    assert subjects(book, "2026-11-17") == []


def test_a_series_has_an_entry_for_each_of_its_times_from_the_one_that_waits(book: Book) -> None:
    weekly(book, rrule="FREQ=DAILY", exdates=["2026-11-20T08:00:00Z"])
    found = calendar.span(book, MONDAY, SUNDAY)
    assert [entry.start[8:10] for entry in found] == ["16", "17", "18", "19", "21", "22"]
    assert {entry.end[11:] for entry in found} == {"08:30:00Z"}
    assert len({entry.key for entry in found}) == 6
    assert calendar.span(book, "2026-11-09", "2026-11-10") == []


def test_a_time_that_was_done_is_an_entry_of_its_own(book: Book) -> None:
    id = weekly(book)
    with book.change("Done") as change:
        series.complete(change, id)
    found = calendar.span(book, "2026-11-09", "2026-11-25")
    assert [(entry.start[:10], entry.done, bool(entry.occurrence)) for entry in found] == [
        ("2026-11-11", True, False),
        ("2026-11-18", False, True),
        ("2026-11-25", False, True),
    ]


def test_a_series_keeps_its_hour_when_the_clocks_change(book: Book) -> None:
    weekly(book, start="2026-10-21T07:00:00Z")
    found = calendar.span(book, "2026-10-19", "2026-11-01")
    assert [entry.start for entry in found] == ["2026-10-21T07:00:00Z", "2026-10-28T08:00:00Z"]


@pytest.mark.parametrize(
    ("values", "until", "busy"),
    [
        ({"type": "meeting"}, "2026-11-18T10:00:00Z", True),
        ({"type": "call"}, "2026-11-18T09:30:00Z", True),
        ({"type": "call", "duration": 300}, "2026-11-18T09:05:00Z", True),
        ({"type": "task"}, "2026-11-18T09:30:00Z", False),
        ({"type": "task", "end": "2026-11-18T11:00:00Z"}, "2026-11-18T11:00:00Z", True),
    ],
)
def test_how_long_it_takes(book: Book, values: dict[str, Any], until: str, busy: bool) -> None:
    planned(book, "2026-11-18T09:00:00Z", **values)
    (found,) = calendar.span(book, MONDAY, SUNDAY)
    assert (found.until, found.busy) == (until, busy)


def test_an_end_before_the_beginning_as_others_may_write_it_counts_for_none(book: Book) -> None:
    meeting = planned(book, "2026-11-18T09:00:00Z", "meeting")
    with book.change("Came", "sync") as change:
        change.put("activity", meeting, {"end": "2026-11-18T08:00:00Z"})
    (found,) = calendar.span(book, MONDAY, SUNDAY)
    assert found.until == "2026-11-18T10:00:00Z"


def test_is_read_from_the_indexes(book: Book) -> None:
    weekly(book)
    assert scans(book, calendar.span, MONDAY, SUNDAY, None) == []
    assert scans(book, calendar.span, MONDAY, SUNDAY, book.user) == []


def test_a_move_is_one_action_and_is_undone(book: Book) -> None:
    planned(book, "2026-11-18T09:00:00Z", "meeting", subject="Demo")
    calendar.move(book, entry(book, "Demo"), "2026-11-19T13:00:00Z", "")
    assert entry(book, "Demo").start == "2026-11-19T13:00:00Z"
    assert journal.actions(book, 1)[0].title.replace("\u202f", " ") == "Moved Demo to Thu, Nov 19 2:00 PM"
    calendar.move(book, entry(book, "Demo"), "2026-11-19T13:00:00Z", "2026-11-19T15:00:00Z")
    assert journal.actions(book, 1)[0].title.replace("\u202f", " ") == "Demo now ends Thu, Nov 19 4:00 PM"
    undo.undo(book)
    undo.undo(book)
    assert entry(book, "Demo").start == "2026-11-18T09:00:00Z"


@pytest.mark.parametrize(
    ("scope", "starts"),
    [
        ("this", ["2026-11-18T08:00:00Z", "2026-11-25T10:00:00Z", "2026-12-02T08:00:00Z"]),
        ("following", ["2026-11-18T08:00:00Z", "2026-11-25T10:00:00Z", "2026-12-02T10:00:00Z"]),
        ("all", ["2026-11-18T10:00:00Z", "2026-11-25T10:00:00Z", "2026-12-02T10:00:00Z"]),
    ],
)
def test_a_time_of_a_series_is_moved_alone_with_the_following_or_with_all(
    book: Book, scope: series.Scope, starts: list[str]
) -> None:
    weekly(book)
    span = (MONDAY, "2026-12-06")
    second = calendar.span(book, *span)[1]
    calendar.move(book, second, "2026-11-25T10:00:00Z", "2026-11-25T10:30:00Z", scope)
    assert [entry.start for entry in calendar.span(book, *span)] == starts
    undo.undo(book)
    assert [entry.start[11:13] for entry in calendar.span(book, *span)] == ["08"] * 3


def test_a_day_may_be_named_that_is_over() -> None:
    assert calendar.read_day("2026-11-02") == "2026-11-02"
    assert calendar.read_day("fri") == "2026-11-20"
    assert calendar.read_day("+2w") == "2026-12-02"


def test_a_time_that_was_moved_and_then_deleted_does_not_come_back(book: Book) -> None:
    weekly(book)
    first = calendar.span(book, MONDAY, SUNDAY)[0]
    calendar.move(book, first, "2026-11-19T10:00:00Z", "")
    apart = calendar.span(book, MONDAY, SUNDAY)[0]
    with book.change("Deleted") as change:
        edit.delete(change, "activity", [apart.id])
    assert subjects(book) == []
    undo.undo(book)
    assert subjects(book) == ["Team"]
    undo.undo(book)
    assert calendar.span(book, MONDAY, SUNDAY) == [first]
