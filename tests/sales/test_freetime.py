"""Free time between appointments, and what overlaps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfa import locales
from sfa.sales import freetime
from sfa.sales.calendar import Entry
from sfa.sales.freetime import Hours, Span

DAY, EARLY = "2026-11-18", "2026-11-01T00:00:00Z"
OFFICE = Hours(8 * 60, 18 * 60)  # 07:00Z to 17:00Z


def entry(start: str, end: str = "", type: str = "meeting", owner: str = "me", done: bool = False) -> Entry:
    key = f"{start} {end} {type} {owner}"
    return Entry(key, type, key, start, end, 0, "", done, owner, "", "", "", "")


def at(minute: int) -> str:
    return locales.to_instant(datetime(2026, 11, 18, tzinfo=UTC) + timedelta(minutes=minute))


spans = st.tuples(st.integers(0, 1380), st.integers(1, 300)).map(lambda pair: (pair[0], pair[0] + pair[1]))


def test_what_is_left_of_the_working_hours() -> None:
    entries = [entry("2026-11-18T08:00:00Z", "2026-11-18T09:30:00Z"), entry("2026-11-18T16:50:00Z")]
    assert freetime.free(entries, DAY, OFFICE, EARLY) == [
        ("2026-11-18T07:00:00Z", "2026-11-18T08:00:00Z"),
        ("2026-11-18T09:30:00Z", "2026-11-18T16:50:00Z"),
    ]


def test_not_what_is_over_nor_too_short_nor_on_days_off() -> None:
    assert freetime.free([], DAY, OFFICE, "2026-11-18T12:00:00Z") == [("2026-11-18T12:00:00Z", "2026-11-18T17:00:00Z")]
    assert freetime.free([], DAY, OFFICE, "2026-11-18T16:46:00Z") == []
    assert freetime.free([], "2026-11-21", OFFICE, EARLY) == []


def test_the_days_off_are_those_of_the_country() -> None:
    locales.use("ar_EG")
    assert [day for day in range(16, 23) if not freetime.is_workday(f"2026-11-{day}")] == [20, 21]


def test_a_deadline_takes_no_time_and_a_fair_the_whole_day() -> None:
    whole = [freetime.working(DAY, OFFICE)]
    assert freetime.free([entry("2026-11-18T10:00:00Z", type="task")], DAY, OFFICE, EARLY) == whole
    assert freetime.free([entry(DAY, type="task")], DAY, OFFICE, EARLY) == whole
    assert freetime.free([entry("2026-11-17", "2026-11-19", "visit")], DAY, OFFICE, EARLY) == []


@given(st.lists(spans, max_size=8), st.integers(0, 1500))
def test_free_time_and_appointments_fill_the_working_hours(some: list[tuple[int, int]], now: int) -> None:
    found = freetime.free([entry(at(begin), at(end)) for begin, end in some], DAY, OFFICE, at(now))
    minutes = set(range(max(420, now), 1020)) - {minute for begin, end in some for minute in range(begin, end)}
    free: set[int] = set()
    for span in found:
        begin = (datetime.fromisoformat(span.start) - datetime(2026, 11, 18, tzinfo=UTC)) // timedelta(minutes=1)
        inside = set(range(begin, begin + span.seconds // 60))
        assert inside <= minutes
        assert not inside & free
        free |= inside
    assert all(a.end <= b.start for a, b in pairwise(found))
    left, run = minutes - free, 0  # what is not told is shorter than a quarter of an hour
    for minute in range(420, 1021):
        run = run + 1 if minute in left else 0
        assert run < 15


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", "2026-10-25", 25),
        ("Europe/Berlin", "2026-03-29", 23),
        ("America/New_York", "2026-11-01", 25),
        ("America/New_York", "2026-03-08", 23),
        ("Australia/Lord_Howe", "2026-04-05", 24.5),
        ("Australia/Lord_Howe", "2026-10-04", 23.5),
        ("Europe/Berlin", "2026-10-26", 24),
    ],
)
def test_days_on_which_the_clocks_change(zone: str, day: str, hours: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SFA_TZ", zone)
    assert freetime.day_length(day) == hours * 3600
    monkeypatch.setattr(freetime, "is_workday", lambda _day: True)
    assert freetime.total(freetime.free([], day, Hours(0, 24 * 60), "2026-01-01T00:00:00Z")) == hours * 3600


def test_the_next_free_time_is_later_perhaps_days() -> None:
    entries = [entry("2026-11-18T07:00:00Z", "2026-11-18T12:00:00Z"), entry("2026-11-19", type="visit")]
    first = freetime.next_free(entries, "2026-11-18T09:00:00Z", "2026-12-01", OFFICE)
    assert first == Span("2026-11-18T12:00:00Z", "2026-11-18T17:00:00Z")
    second = freetime.next_free(entries, first.start, "2026-12-01", OFFICE)
    assert second == Span("2026-11-20T07:00:00Z", "2026-11-20T17:00:00Z")
    assert freetime.next_free(entries, second.start, "2026-11-20", OFFICE) is None


@given(st.lists(st.tuples(spans, st.sampled_from("ab")), max_size=8))
def test_what_overlaps_is_told_of_both(some: list[tuple[tuple[int, int], str]]) -> None:
    entries = [
        entry(at(begin), at(end), owner=owner)._replace(id=str(number))
        for number, ((begin, end), owner) in enumerate(some)
    ]
    found = freetime.clashes(entries)
    for one in entries:
        expected = {
            other.id
            for other in entries
            if other.id != one.id and other.owner == one.owner and other.start < one.end and one.start < other.end
        }
        assert {other.id for other in found.get(one.key, [])} == expected


def test_whole_days_what_is_done_and_what_only_touches_does_not_overlap() -> None:
    one = entry("2026-11-18T08:00:00Z", "2026-11-18T09:00:00Z")
    others = [
        entry("2026-11-18", type="visit"),
        entry("2026-11-18T09:00:00Z", "2026-11-18T10:00:00Z"),
        entry("2026-11-18T08:30:00Z", "2026-11-18T08:45:00Z", done=True),
        entry("2026-11-18T08:30:00Z", type="task"),
        entry("2026-11-18T08:30:00Z", owner="another"),
    ]
    assert freetime.clashes([one, *others]) == {}


def test_lengths_in_a_few_letters() -> None:
    assert [freetime.length(seconds) for seconds in (900, 3600, 13_200)] == ["15m", "1h", "3h40"]
