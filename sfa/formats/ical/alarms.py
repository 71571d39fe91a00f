"""VALARM as reminders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sfa.formats.contentlines import unescape
from sfa.formats.ical.blocks import Block
from sfa.formats.ical.moments import Time, later, read_span, read_time
from sfa.formats.ical.parts import EVENT, Alarm
from sfa.formats.ical.zonenames import Zones

NOT_OURS = ("EMAIL", "NONE")  # what a server sends; what says that there is none
LONGEST = timedelta(days=3650)
FIRST = "2000"  # what is to ring before this century is a mark of some program's own


def alarms(block: Block, start: Time | None, end: Time | None, zones: Zones) -> Iterator[Alarm]:
    """The reminders of an entry; those after its start as moments. What cannot be read is left out."""
    for alarm in block.within("VALARM"):
        if alarm.value("ACTION").upper() in NOT_OURS:
            continue
        try:
            found = _alarm(alarm, start, end if block.name == EVENT or end else None, zones)
        except ValueError:
            continue
        if found and (found.at is None or found.at >= FIRST):
            yield found


def _alarm(alarm: Block, start: Time | None, end: Time | None, zones: Zones) -> Alarm | None:
    trigger = alarm.line("TRIGGER")
    if trigger is None:
        return None
    uid, seen = unescape(alarm.value("UID")), alarm.line("ACKNOWLEDGED")
    acknowledged = read_time(seen, zones).moment if seen else ""
    span = read_span(trigger.value)
    if span is None:
        return Alarm(None, read_time(trigger, zones).moment, uid=uid, acknowledged=acknowledged)
    of_end = trigger.param("RELATED").upper() == "END" and end is not None
    base = end if of_end else start
    if base is None or abs(span) > LONGEST:
        return None
    if span > timedelta():
        after = later(base, span) if len(base.moment) > 10 else _after_midnight(base, span, zones)
        return Alarm(None, after, uid=uid, acknowledged=acknowledged)
    return Alarm(-int(span.total_seconds()), None, of_end, uid, acknowledged)


def _after_midnight(day: Time, span: timedelta, zones: Zones) -> str:
    """A moment on a day, on the clock where the laptop is."""
    from datetime import datetime

    from sfa.locales import to_instant

    return to_instant(datetime.fromisoformat(day.moment).replace(tzinfo=zones.floating.clock) + span)
