"""Every zone of the world over ten years: what is planned stays, and is read by the offset of its own day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from sfa.locales import current, to_instant, to_local
from sfa.models.times import local_day, read_moment, show_moment
from sfa.quickdates import QuickDate
from sfa.sales.alarms import day_begin, due_at
from sfa.sales.calls import moment_of

ZONES = sorted(available_timezones())
DAYS = [date(2021, 1, 15) + timedelta(days=73 * number) for number in range(50)]  # ten years, all seasons


def test_a_time_is_meant_at_the_offset_of_its_own_day(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ZONES:
        monkeypatch.setenv("SFA_TZ", name)
        for day in DAYS:
            moment = moment_of(QuickDate(day.isoformat(), "09:00", None, ""))
            expected = datetime(day.year, day.month, day.day, 9, tzinfo=ZoneInfo(name))
            assert datetime.fromisoformat(moment) == expected, (name, day)
            assert local_day(moment) == day.isoformat(), (name, day)
            assert read_moment(f"{day} 09:00") == moment, (name, day)


def test_what_is_planned_stays_when_the_laptop_travels(monkeypatch: pytest.MonkeyPatch) -> None:
    """An instant is the same one everywhere, a day the same day; only what the clock shows differs."""
    planned = [f"{day}T08:00:00Z" for day in DAYS]
    for name in ZONES:
        monkeypatch.setenv("SFA_TZ", name)
        for moment in planned:
            shown = to_local(moment, name)
            assert to_instant(shown) == moment
            assert local_day(moment) == shown.date().isoformat()
        for day in DAYS:
            assert local_day(day.isoformat()) == day.isoformat()
            assert show_moment(day.isoformat(), current()) == current().date(day.isoformat())


def test_a_reminder_is_as_long_before_as_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seconds before an instant; whole days before a day, at the hour when the day begins where the user is then."""
    for name in ZONES:
        monkeypatch.setenv("SFA_TZ", name)
        for day in DAYS:
            instant = day_begin(day.isoformat())
            assert to_local(instant, name).isoformat()[:16] == f"{day}T09:00", (name, day)
            gap = datetime.fromisoformat(instant) - datetime.fromisoformat(due_at(instant, 5400))
            assert gap == timedelta(seconds=5400)
            assert due_at(day.isoformat(), 5 * 86_400) == (day - timedelta(days=5)).isoformat()
