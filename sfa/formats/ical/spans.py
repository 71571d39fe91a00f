"""When an entry is: its lines as the times, the rule and the moments of an activity."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sfa import recurrence
from sfa.formats.contentlines import unescape
from sfa.formats.ical.blocks import Block
from sfa.formats.ical.moments import Time, later, local_wall, read_span, read_time, read_times
from sfa.formats.ical.parts import EVENT
from sfa.formats.ical.zonenames import Zones
from sfa.i18n import _
from sfa.locales import to_instant
from sfa.models.fields import quoted


def span_of(block: Block, zones: Zones, own: bool) -> tuple[Time | None, Time | None]:
    """When it starts and ends. A to-do is there when it is due, unless it takes its time or comes again."""
    begin, due = (_given(block, name, zones) for name in ("DTSTART", "DUE"))
    if block.name == EVENT or not due:
        end = _given(block, "DTEND", zones) if block.name == EVENT else None
        span = read_span(block.value("DURATION"))
        if begin and not end and span and span > timedelta() and not own:
            end = begin._replace(moment=later(begin, span))
        return (begin, end) if block.name == EVENT or end is None or own else (end, None)
    if begin and begin.moment < due.moment and (own or block.line("RRULE")):
        return begin, due
    if begin and begin.moment != due.moment:
        _plain_begin(block, begin)
    return due, None


def _given(block: Block, name: str, zones: Zones) -> Time | None:
    line = block.line(name)
    return read_time(line, zones) if line and line.value.strip() else None


def _plain_begin(block: Block, begin: Time) -> None:
    """Keeps when a to-do can be begun, which we have no field for, such that it needs no zone."""
    plain = begin.moment.replace("-", "").replace(":", "")
    places = [place for place, whole in enumerate(block.whole) if whole.upper().startswith("DTSTART")]
    block.whole[places[0]] = f"DTSTART;VALUE=DATE:{plain}" if len(plain) == 8 else f"DTSTART:{plain}"


def times(block: Block, start: Time | None, end: Time | None, zones: Zones) -> dict[str, Any]:
    names = ("start", "end", "tzid", "rrule", "series_start", "exdates", "rdates", "duration")
    times: dict[str, Any] = dict.fromkeys(names)
    if start is None:
        return times
    if block.value("X-MICROSOFT-CDO-ALLDAYEVENT").upper() == "TRUE":
        start, end = _whole_days(start, end)
    rule = _rule(block, start)
    tzid = block.value("X-SFA-TZID") or ("" if start.tzid == "UTC" and not rule else start.tzid)
    times.update(start=start.moment, end=_end(block, start, end), tzid=tzid or None)
    if own_span := read_span(block.value("X-SFA-DURATION") or block.value("DURATION")):
        times["duration"] = max(int(own_span.total_seconds()), 0) if block.value("X-SFA-TYPE") else None
    if rule:
        times.update(rrule=rule, series_start=start.moment)
        for name, field in (("EXDATE", "exdates"), ("RDATE", "rdates")):
            times[field] = sorted(set(_dates(block, name, start, zones))) or None
    return times


def _end(block: Block, start: Time, end: Time | None) -> str | None:
    """In the book the end of whole days is the last of them; one day has none."""
    if end is None:
        return None
    if len(start.moment) > 10:
        return end.moment if len(end.moment) > 10 and end.moment > start.moment else None
    last = local_wall(end).date()
    if len(end.moment) == 10 and block.name == EVENT:
        last -= timedelta(days=1)
    return last.isoformat() if last.isoformat() > start.moment else None


def _whole_days(start: Time, end: Time | None) -> tuple[Time, Time | None]:
    """Midnight to midnight as days, as Outlook means it."""
    times = [time for time in (start, end) if time]
    if len(start.moment) == 10 or any(local_wall(time).hour or local_wall(time).minute for time in times):
        return start, end
    days = [Time(local_wall(time).date().isoformat()) for time in times]
    return days[0], days[1] if end else None


def _rule(block: Block, start: Time) -> str | None:
    """The rule in the book's spelling: an end that is the end of a day is that day."""
    given = unescape(block.value("RRULE")).replace(" ", "")
    if not given:
        return None
    parts = [part.strip().upper() for part in given.split(";") if part.strip()]
    frequency = next((part[5:] for part in parts if part.startswith("FREQ=")), "")
    if frequency in ("SECONDLY", "MINUTELY", "HOURLY"):
        raise ValueError(_("it comes again more often than daily ({rule})").format(rule=quoted(given)))
    parts = [_until(part, start) if part.startswith("UNTIL=") else part for part in parts]
    return recurrence.check(";".join(parts))


def _until(part: str, start: Time) -> str:
    text = part.removeprefix("UNTIL=").replace("-", "").replace(":", "")
    if len(start.moment) == 10 or len(text) == 8:
        return f"UNTIL={text[:8]}"
    if text.endswith("Z") and len(text) == 16 and start.zone:
        moment = f"{text[:4]}-{text[4:6]}-{text[6:8]}T{text[9:11]}:{text[11:13]}:{text[13:]}"
        wall = local_wall(Time(moment, "", start.zone))
        if (wall.hour, wall.minute, wall.second) == (23, 59, 59):
            return f"UNTIL={wall:%Y%m%d}"
    return f"UNTIL={text}"


def _dates(block: Block, name: str, start: Time, zones: Zones) -> Iterator[str]:
    """The moments that a series leaves out or adds, days or times as its start is."""
    for line in block.all(name):
        for time in read_times(line, zones):
            if len(time.moment) == len(start.moment):
                yield time.moment
            elif len(start.moment) == 10:
                yield local_wall(time).date().isoformat()
            else:
                clock = local_wall(start) - local_wall(start).replace(hour=0, minute=0, second=0)
                midnight = Time(later(_midnight(time, start), clock), "", start.zone)
                yield midnight.moment


def _midnight(day: Time, start: Time) -> Time:
    clock = start.zone.clock if start.zone else None
    return Time(to_instant(local_wall(day).replace(tzinfo=clock)), "", start.zone)
