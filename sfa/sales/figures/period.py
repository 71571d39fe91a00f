"""Spans of days that figures are of: ``this quarter``, ``2017``, ``2017-Q2``, ``last 90 days``, ``2017-01..2017-06``.

A year begins in the month that the setting ``year_starts`` says; a business year is called by the year in which it ends
(Q1 of a year from July on is July to September of the year before).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from sfa import clock, settings
from sfa.errors import UserError
from sfa.i18n import N_, _
from sfa.locales import current

UNITS = (N_("day"), N_("week"), N_("month"), N_("quarter"), N_("year"))
NAMES = (
    N_("today"), N_("this week"), N_("last week"), N_("this month"), N_("last month"), N_("this quarter"),
    N_("last quarter"), N_("next quarter"), N_("this year"), N_("last year"), N_("last 30 days"), N_("last 90 days"),
    N_("last 365 days"), N_("all time"),
)  # fmt: skip
FIRST, LAST = "1000-01-01", "9999-12-31"  # of all time
MONTHS = {"month": 1, "quarter": 3, "year": 12}
_TURN = re.compile(r"(this|last|next)\s+(day|week|month|quarter|year)$")
_SPAN = re.compile(r"(last|next)\s+(\d{1,4})\s+(day|week|month|quarter|year)s?$")
_WRITTEN = re.compile(
    r"(?P<year>\d{4})(?:-?q(?P<quarter>[1-4])|-w(?P<week>\d\d)|-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?$"
)


class Period(NamedTuple):
    """Days from ``first`` to ``last``, both included; ``unit`` is week, month …, empty where it is none of them."""

    first: str
    last: str
    unit: str = ""

    @property
    def is_all(self) -> bool:
        return (self.first, self.last) == (FIRST, LAST)

    @property
    def days(self) -> int:
        return (date.fromisoformat(self.last) - date.fromisoformat(self.first)).days + 1

    def holds(self, day: str | None) -> bool:
        return day is not None and self.first <= day <= self.last

    def instants(self) -> tuple[str, str]:
        """The stored instants at which it begins and, not included, ends where the laptop is."""
        from sfa.models.times import local_midnight, shift_day

        start = local_midnight(self.first) if self.first > FIRST else ""
        return start, local_midnight(shift_day(self.last, 1)) if self.last < LAST else "~"

    def moved(self, steps: int) -> Period:
        """The one so many of its length later; before, where ``steps`` is negative."""
        if self.is_all:
            return self
        if self.unit in MONTHS:
            return of(self.unit, _shifted(self.first, steps * MONTHS[self.unit]))
        move = timedelta(steps * self.days)
        first, last = ((date.fromisoformat(day) + move).isoformat() for day in (self.first, self.last))
        return Period(first, last, self.unit)

    def parts(self, unit: str) -> Iterator[Period]:
        """The units (weeks, months …) that it has days in, in order, each whole."""
        part = of(unit, self.first)
        while part.first <= self.last:
            yield part
            part = part.moved(1)

    @property
    def code(self) -> str:
        """As it is written and read again: ``2017``, ``2017-Q2``, ``2017-01..2017-06``."""
        if self.is_all:
            return "all time"
        if self.unit == "year":
            return str(business_year(self.first))
        if self.unit == "quarter":
            return f"{business_year(self.first)}-Q{quarter_of(self.first)}"
        if self.unit == "month":
            return self.first[:7]
        return self.first if self.days == 1 else f"{self.first}..{self.last}"

    @property
    def title(self) -> str:
        """As people read it: ``Q2 2017``, ``June 2017``, ``6/1/2017 – 6/30/2017``."""
        locale = current()
        if self.is_all:
            return _("All time")
        if self.days == 1:
            return locale.date(self.first)
        titles = {
            "year": self.code,
            "quarter": f"Q{quarter_of(self.first)} {business_year(self.first)}",
            "month": f"{locale.month_names[int(self.first[5:7]) - 1]} {self.first[:4]}",
            "week": _("Week of {date}").format(date=locale.date(self.first)),
        }
        return titles.get(self.unit) or f"{locale.date(self.first)} – {locale.date(self.last)}"


ALL = Period(FIRST, LAST)


def read(text: str, today: str | None = None) -> Period:
    """The period that ``text`` names, seen from ``today``. Raises ``UserError``."""
    start, dots, end = text.strip().partition("..")
    if dots:
        found = Period(_named(start, today).first if start else FIRST, _named(end, today).last if end else LAST)
        if found.first > found.last:
            raise UserError(_("{text} ends before it begins.").format(text=text))
        return found
    return _named(text, today)


def _named(text: str, today: str | None) -> Period:
    day, word = today or clock.today(), _english(text)
    if word in ("", "all", "all time"):
        return ALL
    if word in ("today", "yesterday"):
        return of("day", day).moved(-(word == "yesterday"))
    if found := _TURN.match(word):
        return of(found[2], day).moved({"this": 0, "last": -1, "next": 1}[found[1]])
    if (found := _SPAN.match(word)) and int(found[2]):
        return _span(found[1], int(found[2]), found[3], day)
    try:
        return _written(word)
    except ValueError:
        hint = _("Write this quarter, 2026, 2026-Q2, 2026-05, last 90 days or 2026-01..2026-06.")
        raise UserError(_("“{text}” is no period.").format(text=text.strip()), hint) from None


def _english(text: str) -> str:
    """``text`` as the patterns know it, also where it is one of the names in the user's language."""
    word = " ".join(text.casefold().split())
    return next((name for name in NAMES if _(name).casefold() == word), word)


def _span(turn: str, count: int, unit: str, day: str) -> Period:
    """The last or next ``count`` units: days up to today or from tomorrow on; else whole ones without this."""
    if unit == "day":
        here = date.fromisoformat(day)
        first, last = (1 - count, 0) if turn == "last" else (1, count)
        return Period((here + timedelta(first)).isoformat(), (here + timedelta(last)).isoformat())
    this = of(unit, day)
    nearest, farthest = (this.moved(-1), this.moved(-count)) if turn == "last" else (this.moved(count), this.moved(1))
    return Period(farthest.first, nearest.last)


def _written(word: str) -> Period:
    """A year, quarter, week, month or day in numbers. Raises ``ValueError``."""
    found = _WRITTEN.match(word)
    if not found:
        raise ValueError(word)
    year = int(found["year"])
    if found["week"]:
        return of("week", date.fromisocalendar(year, int(found["week"]), 4).isoformat())
    if found["day"]:
        return of("day", date(year, int(found["month"]), int(found["day"])).isoformat())
    if found["month"]:
        return of("month", date(year, int(found["month"]), 1).isoformat())
    first = date(year - (first_month() > 1), first_month(), 1).isoformat()
    if found["quarter"]:
        return of("quarter", _shifted(first, 3 * (int(found["quarter"]) - 1)))
    return of("year", first)


def of(unit: str, day: str) -> Period:
    """The ``unit`` (day, week, month, quarter, year) that ``day`` is in. Weeks begin as the locale's do."""
    if unit == "day":
        return Period(day, day, "day")
    if unit == "week":
        here = date.fromisoformat(day)
        first = here - timedelta((here.weekday() - current().first_weekday) % 7)
        return Period(first.isoformat(), (first + timedelta(6)).isoformat(), "week")
    size = MONTHS[unit]
    passed = (int(day[5:7]) - first_month()) % size
    first_day = _shifted(f"{day[:7]}-01", -passed)
    last = date.fromisoformat(_shifted(first_day, size)) - timedelta(1)
    return Period(first_day, last.isoformat(), unit)


def business_year(day: str) -> int:
    """The year whose business year ``day`` is in."""
    first = first_month()
    return int(day[:4]) + (first > 1 and int(day[5:7]) >= first)


def quarter_of(day: str) -> int:
    """The quarter, 1 to 4, of its business year."""
    return (int(day[5:7]) - first_month()) % 12 // 3 + 1


def _shifted(day: str, months: int) -> str:
    """The same day of the month, which is the first one, so many months later."""
    total = int(day[:4]) * 12 + int(day[5:7]) - 1 + months
    return f"{total // 12:04}-{total % 12 + 1:02}-{day[8:]}"


def first_month() -> int:
    """The month in which a business year begins, 1 to 12."""
    return int(settings.load().year_starts)
