"""VTIMEZONE: what a zone's clock shows in a span of years, for programs that know no zones by name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sfa.formats.contentlines import folded

YEARS = range(1900, 2101)  # of which local times are written; others as UTC
AHEAD = 20  # years that a series without end is told for
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Onset(NamedTuple):
    """When the clock changes: ``wall`` is what it showed just before."""

    wall: datetime
    before: timedelta
    after: timedelta
    name: str


@lru_cache(64)
def known(tzid: str) -> ZoneInfo | None:
    """The zone of that name; None where there is none (``ZoneInfo`` would look on the disk each time)."""
    try:
        return ZoneInfo(tzid)
    except (KeyError, ValueError, OSError):
        return None


@lru_cache(512)
def timezone(tzid: str, first: int, last: int) -> str:
    """The VTIMEZONE of a zone for the years ``first`` to ``last``, folded. A rule that holds at the end goes on."""
    zone = known(tzid)
    assert zone is not None
    begin = datetime(max(first, YEARS[0]), 1, 1, tzinfo=UTC)
    end = datetime(min(last, YEARS[-1]) + 1, 1, 1, tzinfo=UTC)
    onsets = list(_onsets(zone, begin, end))
    lines = ["BEGIN:VTIMEZONE", f"TZID:{tzid}", *_observance(_first(zone, begin), ())]
    for _key, group in groupby(sorted(onsets, key=_kind), _kind):
        for rule, members in _runs(list(group), end.year - 1):
            lines += _observance(members[0], [rule] if rule else _dates(members))
    return folded([*lines, "END:VTIMEZONE"])


def _first(zone: ZoneInfo, begin: datetime) -> Onset:
    """What the clock shows when the span begins."""
    local = begin.astimezone(zone)
    offset = local.utcoffset() or timedelta()
    return Onset(local.replace(tzinfo=None), offset, offset, local.tzname() or "")


def _onsets(zone: ZoneInfo, begin: datetime, end: datetime) -> Iterator[Onset]:
    """The changes of the clock within a span, in order."""
    day, before = timedelta(days=1), begin.astimezone(zone).utcoffset()
    at = begin
    while at < end:
        after = (at + day).astimezone(zone).utcoffset()
        if after != before:
            yield _onset(zone, at, at + day)
        at, before = at + day, after


def _onset(zone: ZoneInfo, early: datetime, late: datetime) -> Onset:
    """The change between two moments, to the second."""
    before = early.astimezone(zone).utcoffset() or timedelta()
    while late - early > timedelta(seconds=1):
        middle = early + timedelta(seconds=(late - early) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    local = late.astimezone(zone)
    wall = late.replace(tzinfo=None) + before
    return Onset(wall, before, local.utcoffset() or timedelta(), local.tzname() or "")


def _kind(onset: Onset) -> tuple[timedelta, timedelta, str]:
    return onset.before, onset.after, onset.name


def _runs(onsets: list[Onset], last: int) -> Iterator[tuple[str, list[Onset]]]:
    """Changes of one kind with the rule that gives them, which goes on; before it, single ones without a rule.

    A rule must have held for three years at the end of the span.
    """
    for size in range(len(onsets), 2, -1):
        tail = onsets[-size:]
        rule = _rule(tail) if tail[-1].wall.year == last else ""
        if rule:
            if onsets[:-size]:
                yield "", onsets[:-size]
            yield rule, tail
            return
    yield "", onsets


def _rule(onsets: list[Onset]) -> str:
    """The yearly rule that gives just these changes; empty where none does."""
    walls = [onset.wall for onset in onsets]
    first = walls[0]
    months, weekdays, times = ({get(wall) for wall in walls} for get in (_month, datetime.weekday, datetime.time))
    consecutive = [wall.year for wall in walls] == list(range(first.year, first.year + len(walls)))
    if not consecutive or len(months) > 1 or len(times) > 1:
        return ""
    low, high = min(wall.day for wall in walls), max(wall.day for wall in walls)
    head = f"RRULE:FREQ=YEARLY;BYMONTH={first.month}"
    if low == high:
        return f"{head};BYMONTHDAY={low}"
    day = DAYS[first.weekday()]
    if len(weekdays) > 1 or high - low > 6:
        return ""
    if low > LENGTHS[first.month - 1] - 7:
        return f"{head};BYDAY=-1{day}"
    if (low - 1) // 7 == (high - 1) // 7:
        return f"{head};BYDAY={(low - 1) // 7 + 1}{day}"
    return f"{head};BYDAY={day};BYMONTHDAY={','.join(str(number) for number in _week(low, high))}"


def _month(wall: datetime) -> int:
    return wall.month


def _week(low: int, high: int) -> range:
    """Seven days of a month of which these are some."""
    return range(high - 6, high + 1) if low > high - 6 else range(low, low + 7)


def _dates(onsets: list[Onset]) -> list[str]:
    """Changes after the first that no rule gives."""
    return [f"RDATE:{','.join(_wall(onset.wall) for onset in onsets[1:])}"] if len(onsets) > 1 else []


def _observance(onset: Onset, more: list[str] | tuple[str, ...]) -> list[str]:
    name = "DAYLIGHT" if onset.after > onset.before else "STANDARD"
    offsets = [f"TZOFFSETFROM:{_offset(onset.before)}", f"TZOFFSETTO:{_offset(onset.after)}"]
    return [
        f"BEGIN:{name}", f"DTSTART:{_wall(onset.wall)}", *offsets, f"TZNAME:{onset.name}", *more, f"END:{name}",
    ]  # fmt: skip


def _wall(moment: datetime) -> str:
    return f"{moment:%Y%m%dT%H%M%S}"


def _offset(offset: timedelta) -> str:
    seconds = round(offset.total_seconds())
    minutes, rest = divmod(abs(seconds), 60)
    text = f"{'-' if seconds < 0 else '+'}{minutes // 60:02}{minutes % 60:02}"
    return f"{text}{rest:02}" if rest else text
