"""Times of calendars as stored moments: dates, and instants with the zone that they were written in."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from sfa.formats.contentlines import Line, unescape
from sfa.formats.ical.zonenames import Zone, Zones
from sfa.i18n import _
from sfa.locales import to_instant
from sfa.models.fields import quoted
from sfa.models.times import YEARS

TIME = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d))?(?:[.,]\d+)?\s*(Z|[+-]\d\d:?\d\d)?|Z)?",
    re.ASCII | re.IGNORECASE,
)
SPAN = re.compile(r"([+-]?)P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", re.ASCII | re.IGNORECASE)


class Time(NamedTuple):
    """A moment in stored form and the name of its zone: empty for dates and for zones without one."""

    moment: str
    tzid: str = ""
    zone: Zone | None = None


def read_times(line: Line, zones: Zones) -> list[Time]:
    """All times of a line; of periods the beginnings. Raises ``ValueError`` with the reason."""
    first = unescape(line.value).partition("\n")[0]  # what follows a line break is some other line gone astray
    parts = [part.partition("/")[0].strip(' "') for part in first.split(",") if part.strip()]
    return [_time(line, part, zones) for part in parts]


def read_time(line: Line, zones: Zones) -> Time:
    """The one time of a line."""
    found = read_times(line, zones)
    if not found:
        raise ValueError(_("{name} is empty").format(name=line.name))
    return found[0]


def _time(line: Line, text: str, zones: Zones) -> Time:
    found = TIME.fullmatch(text)
    try:
        if found is None:
            raise ValueError(text)
        day = date(*map(int, found.group(1, 2, 3)))
        if found[4] is None:
            return Time(_required_year(day.isoformat()))
        hour, minute, second = int(found[4]), int(found[5]), min(int(found[6] or 0), 59)
        wall = datetime(day.year, day.month, day.day, hour % 24, minute, second) + timedelta(days=hour == 24)  # noqa: DTZ001
        return _clocked(wall, (found[7] or "").upper(), line.param("TZID"), zones)
    except (ValueError, OverflowError):
        reason = _("{name} is no time: {text}")
        raise ValueError(reason.format(name=line.name, text=quoted(text))) from None


def _clocked(wall: datetime, suffix: str, tzid: str, zones: Zones) -> Time:
    if suffix == "Z":
        return Time(_required_year(to_instant(wall.replace(tzinfo=UTC))), "UTC", Zone("UTC", UTC))
    if suffix:
        moment = datetime.fromisoformat(wall.isoformat() + suffix)
        return Time(_required_year(to_instant(moment)), "UTC", Zone("UTC", UTC))
    zone = zones.named(tzid) if tzid else zones.floating
    return Time(_required_year(to_instant(wall.replace(tzinfo=zone.clock))), zone.name, zone)


def _required_year(moment: str) -> str:
    if int(moment[:4]) not in YEARS[1:-1]:
        raise ValueError(moment)
    return moment


def read_span(text: str) -> timedelta | None:
    """A DURATION; None where it is none."""
    found = SPAN.fullmatch(text.strip())
    if found is None or len(text) > 40 or text.strip().upper() in ("P", "PT"):
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    try:
        span = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError:
        return None
    return -span if found[1] == "-" else span


def later(time: Time, span: timedelta) -> str:
    """The moment a span after a time: days on its clock, hours as they pass. Raises ``ValueError``."""
    try:
        if len(time.moment) == 10:
            return (date.fromisoformat(time.moment) + timedelta(days=span.days)).isoformat()
        clock = time.zone.clock if time.zone else UTC
        wall = datetime.fromisoformat(time.moment).astimezone(clock).replace(tzinfo=None) + timedelta(days=span.days)
        return to_instant(wall.replace(tzinfo=clock).astimezone(UTC) + timedelta(seconds=span.seconds))
    except OverflowError:
        raise ValueError(_("{span} is too long a time").format(span=span)) from None


def local_wall(time: Time) -> datetime:
    """What the clock of its zone shows."""
    if len(time.moment) == 10:
        return datetime.fromisoformat(time.moment)
    return datetime.fromisoformat(time.moment).astimezone(time.zone.clock if time.zone else UTC).replace(tzinfo=None)
