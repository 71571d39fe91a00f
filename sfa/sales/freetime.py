"""Free time: what of the working hours nothing takes, and what wants the same time as something else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sfa import locales
from sfa.models.times import local_midnight, shift_day
from sfa.sales.calendar import Entry, on_days

LEAST = 15 * 60
"""Seconds below which a gap between two appointments is no free time."""
WORKING_DAYS = 5
HOURS = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)$")


class Hours(NamedTuple):
    """Working hours, in minutes since midnight."""

    begin: int
    end: int


class Span(NamedTuple):
    """Time between two instants."""

    start: str
    end: str

    @property
    def seconds(self) -> int:
        """Its real length, also where a clock is changed in it."""
        return int((datetime.fromisoformat(self.end) - datetime.fromisoformat(self.start)).total_seconds())


def hours(text: str) -> Hours:
    """What a setting such as ``08:00-18:00`` says."""
    found = HOURS.match(text)
    assert found  # the settings have checked it
    begin_hour, begin, end_hour, end = map(int, found.groups())
    return Hours(begin_hour * 60 + begin, end_hour * 60 + end)


def is_workday(day: str) -> bool:
    """Whether people work on a day, by the week of the user's country."""
    return (date.fromisoformat(day).weekday() - locales.current().first_workday) % 7 < WORKING_DAYS


def working(day: str, hours: Hours) -> Span:
    """The working hours of a day, on the clock of where the laptop is."""
    return Span(_at(day, hours.begin), _at(day, hours.end))


def _at(day: str, minute: int) -> str:
    """The instant of a time of day; one that the clock skips is as much later."""
    days, minute = divmod(minute, 24 * 60)
    local = datetime.combine(date.fromisoformat(day) + timedelta(days), time(*divmod(minute, 60)))
    return locales.to_instant(local.replace(tzinfo=ZoneInfo(locales.zone())))


def free(entries: Iterable[Entry], day: str, hours: Hours, now: str) -> list[Span]:
    """What is left free of the working hours of ``day`` from ``now`` on, in order; nothing on days off."""
    if not is_workday(day):
        return []
    whole, found = working(day, hours), []
    begin = max(whole.start, now)
    for entry in sorted((entry for entry in entries if entry.busy), key=lambda entry: entry.since):
        if entry.since > begin:
            found.append(Span(begin, min(entry.since, whole.end)))
        begin = max(begin, entry.until)
    found.append(Span(begin, whole.end))
    return [span for span in found if span.start < span.end and span.seconds >= LEAST]


def free_days(entries: Sequence[Entry], first: str, last: str, hours: Hours, now: str) -> dict[str, list[Span]]:
    """The free time of each day from ``first`` to ``last``."""
    return {day: free(some, day, hours, now) for day, some in on_days(entries, first, last).items()}


def total(spans: Iterable[Span]) -> int:
    """How many seconds spans have together."""
    return sum(span.seconds for span in spans)


def next_free(entries: Sequence[Entry], after: str, last: str, hours: Hours) -> Span | None:
    """The first free time that begins later than the instant ``after``, up to the day ``last``."""
    day = locales.to_local(after, locales.zone()).date().isoformat()
    for some in free_days(entries, day, last, hours, locales.now()).values():
        for span in some:
            if span.start > after:
                return span
    return None


def clashes(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """By the key of each entry with a time what else its owner is to do at the same time."""
    timed = [(entry.since, entry.until, entry) for entry in entries if entry.busy and not (entry.all_day or entry.done)]
    found: dict[str, list[Entry]] = {}
    running: dict[str, list[tuple[str, Entry]]] = {}  # by owner, what goes on and until when
    for since, until, entry in sorted(timed, key=lambda each: each[:2]):
        others = [other for other in running.get(entry.owner, ()) if other[0] > since]
        running[entry.owner] = [*others, (until, entry)]
        if others:
            found.setdefault(entry.key, []).extend(other for _until, other in others)
        for _until, other in others:
            found.setdefault(other.key, []).append(entry)
    return found


def length(seconds: int) -> str:
    """A length of time in a few letters: ``45m``, ``3h40``."""
    hours, minutes = divmod(seconds // 60, 60)
    if not hours:
        return f"{minutes}m"
    return f"{hours}h{minutes:02}" if minutes else f"{hours}h"


def day_length(day: str) -> int:
    """How many seconds a day has: 23 or 25 hours where the clocks are changed."""
    return Span(local_midnight(day), local_midnight(shift_day(day, 1))).seconds
