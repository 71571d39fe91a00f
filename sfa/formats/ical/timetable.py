"""When an activity is, as lines of a calendar, and the zones that these lines name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from sfa.formats.ical.came import Came
from sfa.formats.ical.parts import EVENT, Source, Values
from sfa.formats.ical.zones import AHEAD, YEARS, known, timezone

UTC_NAMES = frozenset({"UTC", "Etc/UTC", "GMT", "Etc/GMT", "Zulu"})


def times(kind: str, source: Source, came: Came) -> Iterator[str]:
    """When it is, how it comes again, and which occurrence it stands for."""
    values = source.values
    start, end, tzid = values.get("start"), values.get("end"), values.get("tzid") or ""
    rule = values.get("rrule")
    if start and rule and values.get("series_start"):
        start, end = values["series_start"], _moved(start, end, values["series_start"], tzid)
    if end and (len(end) != len(start or "") or end < start):
        end = None
    if kind == EVENT and start:
        yield from _event_times(start, end, values, tzid)
    elif start:
        yield from _todo_times(start, end, values, came)
    if rule and start:
        yield f"RRULE:{_rule(rule, start, tzid)}"
        for name, moments in (("EXDATE", values.get("exdates")), ("RDATE", values.get("rdates"))):
            if same := [moment for moment in moments or () if len(moment) == len(start)]:
                yield _when(name, same, tzid)
    if values.get("occurrence"):
        yield _when("RECURRENCE-ID", [values["occurrence"]], (source.series or values).get("tzid") or "")
    if tzid and tzid != _told(start, tzid, rule):
        yield f"X-SFA-TZID:{tzid}"


def _event_times(start: str, end: str | None, values: Values, tzid: str) -> Iterator[str]:
    yield _when("DTSTART", [start], tzid)
    if len(start) == 10:
        after = date.fromisoformat(end or start) + timedelta(days=1)
        yield _when("DTEND", [after.isoformat()], tzid)
    elif end and end > start:
        yield _when("DTEND", [end], tzid)
    elif values.get("duration"):
        yield f"DURATION:{span(values['duration'])}"


def _todo_times(start: str, end: str | None, values: Values, came: Came) -> Iterator[str]:
    """A to-do is due when the activity is; one that takes its time begins then and is due at the end."""
    tzid = values.get("tzid") or ""
    if end and end > start:
        yield _when("DTSTART", [start], tzid)
        yield _when("DUE", [end], tzid)
        return
    begin = came.value("DTSTART")  # reading made it a date or UTC
    if values.get("rrule"):
        yield _when("DTSTART", [start], tzid)
    elif begin and len(begin) == len(utc(start)) and begin < utc(start):
        yield f"DTSTART{';VALUE=DATE' if len(begin) == 8 else ''}:{begin}"
    yield _when("DUE", [start], tzid)
    if values.get("duration"):
        yield f"X-SFA-DURATION:{span(values['duration'])}"


def _moved(start: str, end: str | None, first: str, tzid: str) -> str | None:
    """The end of a series' first time: as long after it, on the clock of its zone, as that of the one that waits."""
    if not end or len({len(start), len(end), len(first)}) > 1:
        return None
    if len(start) == 10:
        return (date.fromisoformat(first) + (date.fromisoformat(end) - date.fromisoformat(start))).isoformat()
    zone = known(tzid or "UTC") or UTC
    walls = [datetime.fromisoformat(moment).astimezone(zone).replace(tzinfo=None) for moment in (start, end, first)]
    local = (walls[2] + (walls[1] - walls[0])).replace(tzinfo=zone)
    return local.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def _when(name: str, moments: Sequence[str], tzid: str) -> str:
    """A line of moments: dates, times on the clock of the zone, or UTC where that clock would not be clear."""
    if len(moments[0]) == 10:
        return f"{name};VALUE=DATE:{','.join(moment.replace('-', '') for moment in moments)}"
    walls = [_wall(moment, tzid) for moment in moments]
    if "" in walls:
        return f"{name}:{','.join(map(utc, moments))}"
    return f"{name};TZID={tzid}:{','.join(walls)}"


@lru_cache(8192)
def _wall(moment: str, tzid: str) -> str:
    """What the zone's clock shows; empty where it shows the same time twice, or where we do not trust it."""
    zone = None if not tzid or tzid in UTC_NAMES else known(tzid)
    if zone is None:
        return ""
    local = datetime.fromisoformat(moment).astimezone(zone)
    if local.fold or local.year not in YEARS:
        return ""
    return local.replace(tzinfo=None).isoformat().replace("-", "").replace(":", "")


def _told(start: str | None, tzid: str, rule: str | None) -> str:
    """The zone that reading would make of it."""
    if not start or len(start) == 10:
        return ""
    return tzid if _wall(start, tzid) else "UTC" if rule else ""


def _rule(rule: str, start: str, tzid: str) -> str:
    """The rule with its end as the RFC has it: a date for days, else UTC (the end of the day on the zone's clock)."""
    head, found, rest = rule.partition("UNTIL=")
    if not found:
        return rule
    until, semicolon, tail = rest.partition(";")
    if len(start) == 10:
        until = until[:8]
    elif not until.endswith("Z"):
        wall = datetime.strptime(until if "T" in until else f"{until}T235959", "%Y%m%dT%H%M%S")  # noqa: DTZ007
        local = wall.replace(tzinfo=known(tzid or "UTC") or UTC)
        until = f"{local.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return f"{head}UNTIL={until}{semicolon}{tail}"


@lru_cache(1024)
def span(seconds: int) -> str:
    """Seconds as an iCalendar DURATION."""
    if seconds and seconds % 86400 == 0:
        return f"P{seconds // 86400}D"
    hours, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    parts = [f"{number}{unit}" for number, unit in ((hours, "H"), (minutes, "M"), (rest, "S")) if number]
    return f"PT{''.join(parts) or '0S'}"


@lru_cache(1024)  # many activities were made and changed at one moment
def utc(instant: str) -> str:
    return instant.replace("-", "").replace(":", "")


def timezones(sources: Iterable[Source]) -> list[str]:
    """A VTIMEZONE for each zone that is written, for the decades that are."""
    spans: dict[str, tuple[int, int]] = {}
    for source in sources:
        values = source.values
        tzid = values.get("tzid")
        start = values.get("series_start") or values.get("start") or ""
        if len(start) > 10 and tzid and tzid not in UTC_NAMES:
            _widen(spans, tzid, int(start[:4]), _last_year(values))
        occurrence, around = values.get("occurrence") or "", source.series or values
        if len(occurrence) > 10 and around.get("tzid"):
            _widen(spans, around["tzid"], int(occurrence[:4]), int(occurrence[:4]))
    return [
        timezone(tzid, (first - 1) // 10 * 10, last // 10 * 10 + 9)
        for tzid, (first, last) in sorted(spans.items())
        if tzid not in UTC_NAMES and known(tzid)
    ]


def _widen(spans: dict[str, tuple[int, int]], tzid: str, first: int, last: int) -> None:
    known_first, known_last = spans.get(tzid, (first, last))
    spans[tzid] = min(first, known_first, last), max(last, known_last)


def _last_year(values: Values) -> int:
    last = int((values.get("end") or values["start"])[:4])
    rule = values.get("rrule") or ""
    if not rule:
        return last
    _head, found, until = rule.partition("UNTIL=")
    added = [int(moment[:4]) for moment in (*(values.get("rdates") or ()), *(values.get("exdates") or ()))]
    return max(last, *added, int(until[:4]) if found else last + AHEAD)
