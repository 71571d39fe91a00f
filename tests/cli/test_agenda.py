"""``sfa agenda``: the coming days, times of series among them, and what is free."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Sfa


@pytest.fixture
def week(sfa: Sfa) -> Sfa:
    times = ("start=2026-11-18 14:00", "end=2026-11-18 15:30")
    sfa("new", "activity", "type=meeting", "subject=Demo", *times, "account=Acme")
    sfa("new", "activity", "type=call", "subject=Ring", "start=2026-11-18 15:00")
    sfa("new", "activity", "type=visit", "subject=Fair", "start=2026-11-20")
    daily = ("start=2026-11-18 09:00", "rrule=FREQ=DAILY;COUNT=3", "series_start=2026-11-18T08:00:00Z")
    sfa("new", "activity", "type=call", "subject=Daily", *daily)
    return sfa


def plain(text: str) -> str:
    return text.replace("\u202f", " ")


def test_lists_days_with_times_overlaps_and_free_time(week: Sfa) -> None:
    result = week("agenda", "--days", "3")
    assert result.code == 0
    told = plain(result.out)
    assert "Wednesday, November 18, 2026 · 6h30 free" in told
    assert "2:00 PM–3:30 PM  meeting · Demo" in told
    assert "╫ overlaps Ring" in told
    assert "Free: 10:00 AM–2:00 PM, 3:30 PM–6:00 PM" in told  # from now on, 10:00 in Berlin
    assert told.count("call · Daily") == 3
    assert "all day" in told.partition("November 20")[2]


def test_as_data_with_instants_and_minutes(week: Sfa) -> None:
    days = week("agenda", "--from", "2026-11-18", "--days", "2", "--json").data
    assert [day["day"] for day in days] == ["2026-11-18", "2026-11-19"]
    first = days[0]
    assert first["free"] == [
        {"start": "2026-11-18T09:00:00Z", "end": "2026-11-18T13:00:00Z"},
        {"start": "2026-11-18T14:30:00Z", "end": "2026-11-18T17:00:00Z"},
    ]
    assert first["free_minutes"] == 390
    demo = next(entry for entry in first["entries"] if entry["subject"] == "Demo")
    ring = next(entry for entry in first["entries"] if entry["subject"] == "Ring")
    assert (demo["start"], demo["end"], demo["account"]) == ("2026-11-18T13:00:00Z", "2026-11-18T14:30:00Z", "Acme")
    assert demo["overlaps"] == [ring["id"]]
    assert days[1]["entries"][0]["occurrence"] == "2026-11-19T08:00:00Z"


def test_seven_days_from_today_and_working_hours_of_the_settings(week: Sfa, home: Path) -> None:
    (home / "config").mkdir(exist_ok=True)
    (home / "config" / "sfa.toml").write_text('working_hours = "09:00-12:00"\n')
    days = week("agenda", "--json").data
    assert len(days) == 7
    assert [day["free_minutes"] for day in days] == [120, 150, 0, 0, 0, 180, 180]


def test_of_others_and_of_everybody(week: Sfa) -> None:
    week("new", "user", "name=Uma")
    week("new", "activity", "type=call", "subject=Hers", "start=2026-11-18 16:00", "owner=Uma")
    assert "Hers" not in week("agenda").out
    hers = week("agenda", "--owner", "Uma").out
    assert "Hers" in hers
    assert "Ring" not in hers
    everybody = week("agenda", "--everybody").out
    assert "Hers" in everybody
    assert "Ring" in everybody


def test_nothing_planned_and_days_that_cannot_be(sfa: Sfa) -> None:
    assert "Nothing is planned" in sfa("agenda", "--from", "2020-01-04", "--days", "2").err
    assert sfa("agenda", "--days", "0").code == 2
    assert sfa("agenda", "--days", "400").code == 2
    assert sfa("agenda", "--from", "someday").code == 1
