"""Which days the calendar shows, and which come before and after them."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sfa.locales import current
from sfa.models.times import shift_day
from sfa.sales.freetime import WORKING_DAYS, is_workday

WIDE, NARROW = 100, 60
"""Cells from which a week has all its days; below which it has three."""
AGENDA_DAYS = 14


class Sight(NamedTuple):
    """A ``view`` (day, week, month or agenda) around a day, ``width`` cells wide.

    ``whole`` says whether a week has its days off; None leaves it to the width. Three days of a narrow week stay those
    from ``since`` on while the day is among them.
    """

    view: str
    date: str
    width: int = 80
    whole: bool | None = None
    since: str = ""

    @property
    def days(self) -> tuple[str, str]:
        """The first and the last day."""
        at = self.date
        if self.view == "agenda":
            return at, shift_day(at, AGENDA_DAYS - 1)
        if self.view == "month":
            last = shift_day(next_month(at), -1)
            return first_of_week(f"{at[:8]}01"), shift_day(first_of_week(last), 6)
        return self._week() if self.view == "week" else (at, at)

    def _week(self) -> tuple[str, str]:
        at = self.date
        if self.width < NARROW:
            kept = self.since and self.since <= at <= shift_day(self.since, 2)
            return (self.since, shift_day(self.since, 2)) if kept else (at, shift_day(at, 2))
        whole = self.width >= WIDE if self.whole is None else self.whole
        if whole or not is_workday(at):
            return first_of_week(at), shift_day(first_of_week(at), 6)
        first = shift_day(at, -((_weekday(at) - current().first_workday) % 7))
        return first, shift_day(first, WORKING_DAYS - 1)

    def turned(self, step: int) -> str:
        """The day at hand when the days before (-1) or after (1) are shown."""
        if self.view == "month":
            return next_month(self.date) if step > 0 else f"{shift_day(f'{self.date[:8]}01', -1)[:8]}01"
        size = {"day": 1, "agenda": AGENDA_DAYS}.get(self.view, 3 if self.width < NARROW else 7)
        return shift_day(self.date, step * size)


def _weekday(day: str) -> int:
    return date.fromisoformat(day).weekday()


def first_of_week(day: str) -> str:
    """The first day of the week that a day is in."""
    return shift_day(day, -((_weekday(day) - current().first_weekday) % 7))


def next_month(day: str) -> str:
    """The first day of the next month."""
    return f"{shift_day(f'{day[:8]}28', 4)[:8]}01"


def week_number(day: str) -> int:
    """The number of the week that begins on ``day``, by its Thursday."""
    return date.fromisoformat(shift_day(day, (3 - _weekday(day)) % 7)).isocalendar().week
