"""What comes again: iCalendar's recurrence rules (RFC 5545, 3.3.10) and the moments they give.

A series lives on the wall clock of its own time zone: 09:00 in Berlin stays 09:00 through both changes of the clock,
wherever the laptop is. A time that the clock skips is an hour later that day; one that it shows twice is the first.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice, takewhile
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from sfa.i18n import _
from sfa.locales import to_instant, to_local, zone

if TYPE_CHECKING:
    from dateutil.rrule import rrule

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
STEPS = {
    "SECONDLY": timedelta(seconds=1),
    "MINUTELY": timedelta(minutes=1),
    "HOURLY": timedelta(hours=1),
    "DAILY": timedelta(days=1),
    "WEEKLY": timedelta(weeks=1),
}
MOST = 1000
"""Moments of a further rule that a series takes over: calendars that have several rules for one event are rare."""
LAST_YEAR = 9999  # some zones show its last hours in the next


class Series(NamedTuple):
    """What comes again: the first moment, the zone on whose clock it does, the rule, what is left out and added.

    All moments are in stored form: a date, or an instant in UTC.
    """

    start: str
    tzid: str
    rule: str
    exdates: Sequence[str] = ()
    rdates: Sequence[str] = ()


def check(rule: str) -> str:
    """``rule`` in its one spelling. Raises ``ValueError`` with the reason."""
    text = rule.strip().upper().removeprefix("RRULE:")
    parts = [part for part in text.split(";") if part]
    try:
        _rule(";".join(parts), wall("2000-01-01", ""), is_date="UNTIL" in text and "T" not in text)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise ValueError(_("{rule} is no rule of repetition: {reason}").format(rule=rule[:80], reason=error)) from None
    return ";".join(parts)


@lru_cache(256)
def _rule(rule: str, start: datetime, is_date: bool, tzid: str = "UTC") -> rrule:
    """The rule on the wall clock that shows ``start`` first; an end given in UTC is read on that clock."""
    from dateutil.rrule import rrulestr

    parts = parts_of(rule)
    if until := parts.get("UNTIL"):
        parts["UNTIL"] = _local_end(until, is_date, tzid)
    return rrulestr(rule_of(parts), dtstart=start)  # type: ignore[return-value]  # a set only where there are several


def parts_of(rule: str) -> dict[str, str]:
    """A rule's parts by their names."""
    return dict(part.partition("=")[::2] for part in rule.split(";"))


def rule_of(parts: Mapping[str, str]) -> str:
    """The rule of these parts."""
    return ";".join(f"{name}={value}" for name, value in parts.items())


def _local_end(until: str, is_date: bool, tzid: str) -> str:
    """The end of a rule on the series' own clock; a day's end where only the day is given."""
    if len(until) == 8:
        return f"{until}T000000" if is_date else f"{until}T235959"
    moment = datetime.strptime(until.removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007 - the zone follows
    if until.endswith("Z") and not is_date:
        moment = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(tzid)).replace(tzinfo=None)
    return f"{moment:%Y%m%dT%H%M%S}"


def occurrences(series: Series, after: str = "") -> Iterator[str]:
    """The moments of a series in order, without end where the rule has none; from ``after`` on (and with it).

    ``after`` is of the series' own kind: a date for whole days, else an instant.
    """
    added = sorted({moment for moment in series.rdates if moment >= after})
    skipped, last = set(series.exdates), ""
    for moment in heapq.merge(_ruled(series, after), added):
        if moment > last and moment >= after and moment not in skipped:
            yield moment
        last = max(last, moment)


def next_after(series: Series, moment: str) -> str | None:
    """The first moment of a series that is later than ``moment``; None where it has ended."""
    return next((found for found in occurrences(series, moment) if found > moment), None)


def _ruled(series: Series, after: str) -> Iterator[str]:
    """What the rule gives; from a day before ``after`` on, as clocks skip up to a day."""
    is_date = len(series.start) == 10
    tzid = series.tzid or zone()
    start = wall(series.start, tzid)
    begin = max(start, wall(after, tzid) - timedelta(hours=25)) if after else start
    rule = _rule(series.rule, _advanced(series.rule, start, begin), is_date, tzid)
    for shown in rule.xafter(begin, inc=True):
        if shown.year >= LAST_YEAR:
            return
        moment = on_clock(shown, tzid, is_date)
        yield series.start if shown == start else moment  # the first may be the second time that the clock shows it


def _advanced(rule: str, start: datetime, begin: datetime) -> datetime:
    """A later start that gives the same moments from ``begin`` on, so that years of them need not be counted off."""
    parts = parts_of(rule)
    step = STEPS.get(parts["FREQ"])
    if "COUNT" in parts or step is None:
        return start
    step *= int(parts.get("INTERVAL", "1"))
    return start + step * max(0, (begin - start) // step - 1)


def wall(moment: str, tzid: str) -> datetime:
    """What the clock of a zone shows at a moment; midnight for a date."""
    if len(moment) == 10:
        return datetime.combine(date.fromisoformat(moment), time())
    return to_local(moment, tzid or zone()).replace(tzinfo=None, fold=0)


def on_clock(shown: datetime, tzid: str, is_date: bool) -> str:
    """The moment at which a zone's clock shows this, or that day: the reverse of ``wall``."""
    return shown.date().isoformat() if is_date else to_instant(shown.replace(tzinfo=ZoneInfo(tzid or zone())))


def joined(series: Series, rules: Sequence[str] = (), left_out: Sequence[str] = ()) -> Series:
    """A series that has more rules, and rules of what is left out: what they give is added, up to ``MOST`` of each."""
    added = [moment for rule in rules for moment in _first(series, rule)]
    skipped = [moment for rule in left_out for moment in _first(series, rule)]
    return series._replace(rdates=sorted({*series.rdates, *added}), exdates=sorted({*series.exdates, *skipped}))


def _first(series: Series, rule: str) -> Iterator[str]:
    return islice(_ruled(Series(series.start, series.tzid, check(rule)), ""), MOST)


def until(series: Series, moment: str) -> str:
    """The rule of ``series`` with its end right before ``moment``."""
    parts = {name: value for name, value in parts_of(series.rule).items() if name not in ("COUNT", "UNTIL")}
    if len(moment) == 10:
        parts["UNTIL"] = f"{date.fromisoformat(moment) - timedelta(days=1):%Y%m%d}"
    else:
        parts["UNTIL"] = f"{datetime.fromisoformat(moment) - timedelta(seconds=1):%Y%m%dT%H%M%SZ}"
    return rule_of(parts)


def remaining(series: Series, moment: str) -> str:
    """The rule of ``series`` for a series that goes on with ``moment``: as many times fewer as there were before."""
    parts = parts_of(series.rule)
    if count := parts.get("COUNT"):
        past = sum(1 for _moment in takewhile(lambda found: found < moment, _ruled(series, "")))
        parts["COUNT"] = str(max(1, int(count) - past))
    return rule_of(parts)


def shifted(rule: str, old: datetime, new: datetime) -> str:
    """The rule of a series of which the moment ``old`` moves to ``new``, and all others with it.

    Raises ``ValueError`` for one that cannot be moved so, and must be written anew.
    """
    days = (new.date() - old.date()).days
    parts = parts_of(rule)
    if not days or not (by := {name for name in parts if name.startswith("BY")}):
        return rule
    if parts["FREQ"] == "WEEKLY" and by == {"BYDAY"}:
        moved = sorted((DAYS.index(day) + days) % 7 for day in parts["BYDAY"].split(","))
        parts["BYDAY"] = ",".join(DAYS[day] for day in moved)
    elif parts["FREQ"] == "MONTHLY" and by == {"BYMONTHDAY"} and "," not in parts["BYMONTHDAY"]:
        parts["BYMONTHDAY"] = str(new.day)
    elif parts["FREQ"] == "MONTHLY" and by == {"BYDAY"} and "," not in parts["BYDAY"]:
        last = parts["BYDAY"].startswith("-1") and (new + timedelta(days=7)).month != new.month
        parts["BYDAY"] = f"{-1 if last else (new.day + 6) // 7}{DAYS[new.weekday()]}"
    else:
        raise ValueError(_("This rule is bound to its days: {rule}. Change the rule itself.").format(rule=rule))
    return rule_of(parts)
