"""A VTIMEZONE says of every zone what its clock shows, whoever reads it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, available_timezones

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sfa.formats.ical.zones import known, timezone

NAMES = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("posix/", "right/")))


def _clock(tzid: str, first: int, last: int) -> tzinfo:
    component = icalendar.Timezone.from_ical(timezone(tzid, first, last))
    assert isinstance(component, icalendar.Timezone)
    clock: tzinfo = component.to_tz(lookup_tzid=False)
    return clock


@settings(max_examples=60)
@given(st.sampled_from(NAMES), st.integers(1950, 2085), st.data())
def test_the_library_reads_the_offsets_of_the_zone(tzid: str, year: int, data: st.DataObject) -> None:
    """Ten years of any zone. A time that the clock shows twice is the first of the two."""
    clock, zone = _clock(tzid, year, year + 9), ZoneInfo(tzid)
    moments = data.draw(st.lists(st.integers(1, 3600 * 24 * 3640), min_size=30, max_size=30))
    for seconds in moments:
        local = (datetime(year, 1, 2, tzinfo=UTC) + timedelta(seconds=seconds)).astimezone(zone)
        if not local.fold:
            assert local.replace(tzinfo=clock).utcoffset() == local.utcoffset(), (tzid, local)


@pytest.mark.parametrize(
    ("tzid", "rules"),
    [
        ("Europe/Berlin", ["BYMONTH=10;BYDAY=-1SU", "BYMONTH=3;BYDAY=-1SU"]),
        ("America/New_York", ["BYMONTH=11;BYDAY=1SU", "BYMONTH=3;BYDAY=2SU"]),
        ("America/Santiago", [f"BYMONTH={month};BYDAY=SU;BYMONTHDAY=2,3,4,5,6,7,8" for month in (4, 9)]),
        ("Asia/Kolkata", []),
        ("Africa/Casablanca", []),
    ],
)  # fmt: skip
def test_rules_that_hold_go_on(tzid: str, rules: list[str]) -> None:
    found = [
        line.removeprefix("RRULE:FREQ=YEARLY;") for line in timezone(tzid, 2024, 2039).splitlines() if "RRULE" in line
    ]
    assert sorted(found) == rules


def test_names_that_nobody_knows() -> None:
    assert known("Europe/Berlin") == ZoneInfo("Europe/Berlin")
    assert [known(name) for name in ("Nowhere/Land", "../etc/passwd", "/etc/passwd", "")] == [None] * 4
