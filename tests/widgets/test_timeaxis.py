"""The rows of days: of 24 hours, of 23, of 25, and of those in places with other habits."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfa.widgets.timeaxis import Axis, Slot

ZONES = sorted(available_timezones() - {"localtime", "Factory"})


def week(first: str) -> list[str]:
    return [(date.fromisoformat(first) + timedelta(number)).isoformat() for number in range(7)]


def test_a_usual_week_has_a_row_for_each_step() -> None:
    axis = Axis(week("2026-11-16"), "Europe/Berlin", 30)
    assert axis.slots == [Slot(minute, 0) for minute in range(0, 1440, 30)]
    assert axis.row_of(2, axis.midnights[2] + 9 * 3600 + 1) == 18
    assert axis.rows_of(0, axis.midnights[0] + 3600, axis.midnights[0] + 3 * 3600) == (2, 5)
    assert axis.rows_of(1, axis.midnights[0], axis.midnights[1]) is None


@pytest.mark.parametrize(
    ("zone", "first", "day", "again"),
    [
        ("Europe/Berlin", "2026-10-19", 6, [Slot(120, 1), Slot(150, 1)]),
        ("America/New_York", "2026-10-26", 6, [Slot(60, 1), Slot(90, 1)]),
        ("Australia/Lord_Howe", "2026-03-30", 6, [Slot(90, 1)]),
    ],
)
def test_an_hour_that_comes_again_has_rows_of_its_own(zone: str, first: str, day: int, again: list[Slot]) -> None:
    axis = Axis(week(first), zone, 30)
    place = axis.slots.index(again[0])
    assert axis.slots[place : place + len(again)] == again
    assert axis.slots[place + len(again)] == Slot(again[-1].minute + 30, 0)
    begins = [axis.begins(day, row) for row in range(len(axis.slots))]
    assert begins == [axis.midnights[day] + 1800 * row for row in range(len(axis.slots))]
    assert [axis.begins(0, place + number) for number in range(len(again))] == [None] * len(again)


@pytest.mark.parametrize(
    ("zone", "first", "day", "skipped"),
    [
        ("Europe/Berlin", "2026-03-23", 6, [Slot(120, 0), Slot(150, 0)]),
        ("America/New_York", "2026-03-02", 6, [Slot(120, 0), Slot(150, 0)]),
        ("Australia/Lord_Howe", "2026-09-28", 6, [Slot(120, 0)]),
    ],
)
def test_an_hour_that_is_skipped_is_missing_on_that_day_only(
    zone: str, first: str, day: int, skipped: list[Slot]
) -> None:
    axis = Axis(week(first), zone, 30)
    assert [axis.slots[row] for row in range(48) if axis.begins(day, row) is None] == skipped
    assert all(axis.begins(other, row) is not None for other in range(6) for row in range(48))
    missing = axis.slots.index(skipped[0])
    assert axis.nearest(day, missing) == axis.begins(day, missing + len(skipped))


def test_the_same_time_of_day_across_a_change_and_a_skipped_one_later() -> None:
    axis = Axis(week("2026-03-23"), "Europe/Berlin", 30)
    nine = axis.midnights[5] + 9 * 3600
    assert axis.shifted(nine, 1) - nine == 23 * 3600
    assert f"{axis.local(axis.shifted(axis.midnights[5] + 9000, 1)):%H:%M}" == "03:30"


def test_a_day_that_never_was() -> None:
    axis = Axis(["2011-12-29", "2011-12-30", "2011-12-31"], "Pacific/Apia", 60)
    assert axis.begins(1, 9) is None
    assert axis.nearest(1, 9) == axis.midnights[2]


@given(
    st.sampled_from(ZONES),
    st.dates(date(2015, 1, 1), date(2037, 12, 1)),
    st.sampled_from((15, 30, 60)),
    st.integers(0, 7 * 96 - 1),
)
def test_rows_are_in_order_and_every_moment_has_one(zone: str, first: date, step: int, quarter: int) -> None:
    axis = Axis(week(first.isoformat()), zone, step)
    for day in range(7):
        begins = [begin for row in range(len(axis.slots)) if (begin := axis.begins(day, row)) is not None]
        assert begins == sorted(begins)
        assert begins[0] == axis.midnights[day]
    moment = axis.midnights[0] + quarter * 900
    day = axis.day_of(moment)
    if day < 7:
        row = axis.row_of(day, moment)
        begin = axis.begins(day, row)
        assert begin is not None
        assert begin <= moment < begin + step * 60
        assert axis.slots[row].minute <= axis.local(moment).hour * 60 + axis.local(moment).minute
