"""VALARM as reminders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sfa.formats.ical.blocks import Block
from sfa.formats.ical.moments import Time, later, read_span, read_time
from sfa.formats.ical.parts import EVENT, Alarm
from sfa.formats.ical.zonenames import Zones

NOT_OURS = ("EMAIL", "NONE")  # what a server sends; what says that there is none
LONGEST = timedelta(days=3650)
FIRST = "2000"  # what is to ring before this century is a mark of some program's own


def alarms(block: Block, start: Time | None, end: Time | None, zones: Zones) -> Iterator[Alarm]:
    """The reminders of an entry; those after its time as moments. What cannot be read is left out."""
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
    seen = alarm.line("ACKNOWLEDGED")
    acknowledged = read_time(seen, zones).moment if seen else ""
    span = read_span(trigger.value)
    if span is None:
        return Alarm(None, read_time(trigger, zones).moment, acknowledged=acknowledged)
    of_end = trigger.param("RELATED").upper() == "END" and end is not None
    base = end if of_end else start
    if base is None or abs(span) > LONGEST:
        return None
    if span > timedelta() and len(base.moment) > 10:
        return Alarm(None, later(base, span), acknowledged=acknowledged)
    return Alarm(-int(span.total_seconds()), None, of_end, acknowledged)
