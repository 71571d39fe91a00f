"""Field kinds of time: dates, instants, moments and durations."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from sfa.i18n import _
from sfa.locales import Locale, current, to_instant, to_local, today, zone
from sfa.models.fields import Context, Field, Peers, Value, quoted

CLOCK = re.compile(
    r"(?P<day>.+?)[ T]+(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?::(?P<second>\d{2}))?\s*(?P<half>[ap]m)?$", re.IGNORECASE
)
ISO_TEXT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$", re.ASCII)
YEARS = range(1000, 10_000)  # dates of other years are slips of the finger


def read_moment(text: str) -> str:
    """A date (``2026-11-27``), a date with a local time (``2026-11-27 14:00``) or an instant, in stored form."""
    text = text.strip()
    if ISO_TEXT.match(text):
        return to_instant(datetime.fromisoformat(text))
    if not (found := CLOCK.match(text)):
        return current().parse_date(text, today())
    day = current().parse_date(found["day"].strip(), today())
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    if found["half"]:
        hour = hour % 12 + (12 if found["half"].lower() == "pm" else 0)
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError(
            _("{text} holds no time of day; write it like {example}").format(text=quoted(text), example="14:30")
        )
    return _instant(datetime.combine(date.fromisoformat(day), time(hour, minute, second)))


def _instant(local: datetime) -> str:
    """The instant that the laptop's clock shows as ``local``; ``ValueError`` where it skips that time."""
    here = ZoneInfo(zone())
    instant = to_instant(local.replace(tzinfo=here))
    if to_local(instant, zone()).replace(tzinfo=None) != local:
        shown = local.isoformat(" ", "minutes")
        raise ValueError(_("there is no {time}: the clocks are put forward then").format(time=shown))
    return instant


def show_moment(value: str, locale: Locale) -> str:
    """A date, or the local date and time of an instant."""
    if len(value) == 10:
        return locale.date(value)
    local = to_local(value, zone())
    return f"{locale.date(local.date().isoformat())} {locale.time(local.hour, local.minute)}"


def local_day(value: str) -> str:
    """The local calendar day of a stored moment."""
    return value if len(value) == 10 else to_local(value, zone()).date().isoformat()


def local_midnight(day: str) -> str:
    """The instant at which ``day`` begins where the laptop is."""
    return to_instant(datetime.combine(date.fromisoformat(day), time(), ZoneInfo(zone())))


def days_between(earlier: str, later: str) -> int:
    """Whole calendar days from one stored moment to another."""
    return (date.fromisoformat(local_day(later)) - date.fromisoformat(local_day(earlier))).days


def shift_day(day: str, days: int) -> str:
    """The date ``days`` after ``day``."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


class Date(Field[str]):
    """A plain calendar date, the same day everywhere."""

    width = 12

    def parse(self, text: str, peers: Peers, context: Context) -> Value:
        return current().parse_date(text, today())

    def check(self, value: Value) -> str:
        try:
            if isinstance(value, str) and (day := date.fromisoformat(value)).isoformat() == value and day.year in YEARS:
                return value
        except ValueError:
            pass
        raise ValueError(_("must be a date that exists, such as 2026-11-27, not {value}").format(value=quoted(value)))

    def show(self, value: Value, peers: Peers, locale: Locale) -> str:
        return "" if value is None else locale.date(value)

    def words(self, value: Value) -> str:
        return ""


@lru_cache(4096)
def _is_instant(text: str) -> bool:
    """Whether every zone shows it as a date that exists. Many records are made at one moment."""
    try:
        moment = datetime.fromisoformat(text)
        return to_instant(moment) == text and moment.year in YEARS[1:-1]
    except ValueError:
        return False


class Instant(Date):
    """A moment in time, in UTC."""

    width = 17

    def parse(self, text: str, peers: Peers, context: Context) -> Value:
        moment = read_moment(text)
        return moment if len(moment) > 10 else read_moment(f"{moment} 00:00")

    def check(self, value: Value) -> str:
        if isinstance(value, str) and len(value) == 20 and _is_instant(value):
            return value
        raise ValueError(
            _("must be a moment in UTC, such as 2026-11-27T09:00:00Z, not {value}").format(value=quoted(value))
        )

    def show(self, value: Value, peers: Peers, locale: Locale) -> str:
        return "" if value is None else show_moment(value, locale)

    def edit(self, value: Value, peers: Peers, locale: Locale, context: Context) -> str:
        """The local date and time; the stored form where the clock shows that time twice (when summer ends)."""
        if value is None or len(value) == 10:
            return self.show(value, peers, locale)
        local = to_local(value, zone()).replace(tzinfo=None, fold=0)
        clock = local.time().isoformat("seconds" if local.second else "minutes")
        return f"{locale.date(local.date().isoformat())} {clock}" if _instant(local) == value else str(value)


class Moment(Instant):
    """A whole day (a date) or a point in time (an instant): iCalendar's DATE or DATE-TIME.

    Texts of both sort by time.
    """

    def parse(self, text: str, peers: Peers, context: Context) -> Value:
        return read_moment(text)

    def check(self, value: Value) -> str:
        return Date.check(self, value) if isinstance(value, str) and len(value) == 10 else super().check(value)


class Birthday(Date):
    """A date, or the day of a year that is not known: ``1980-05-17``, ``--05-17`` (as vCards write it)."""

    def parse(self, text: str, peers: Peers, context: Context) -> Value:
        if text.strip().startswith("--"):
            return text.strip()
        day = current().parse_date(text, "2000-01-01")  # of a leap year, which has every day
        return day if re.search(r"\d{4}", text) or day[:4] != "2000" else f"-{day[4:]}"

    def check(self, value: Value) -> str:
        if isinstance(value, str) and value.startswith("--"):
            super().check(f"2000-{value[2:]}")
            return value
        return super().check(value)

    def show(self, value: Value, peers: Peers, locale: Locale) -> str:
        if value is None or not value.startswith("--"):
            return super().show(value, peers, locale)
        return locale.day(f"2000-{value[2:]}", "2000-01-01").partition(", ")[2]

    def edit(self, value: Value, peers: Peers, locale: Locale, context: Context) -> str:
        return value if value and value.startswith("--") else self.show(value, peers, locale)


class Duration(Field[int]):
    """A span of time in seconds, written as ``15``, ``15m``, ``1h30``, ``1:30`` or ``2d``; a bare number is minutes."""

    storage = "INTEGER"
    width, align = 8, "right"
    pattern = re.compile(r"(?:(\d+) ?d)? ?(?:(\d+) ?[h:])? ?(?:(\d+) ?(?:m|min)?(?!\d))?(?: ?(\d+) ?s)?$", re.ASCII)

    def parse(self, text: str, peers: Peers, context: Context) -> Value:
        found = self.pattern.match(" ".join(text.casefold().split())) if len(text) < 40 else None
        if not found or not any(found.groups()):
            raise ValueError(
                _("must be a length of time such as 15m, 1h30 or 2d, not {text}").format(text=quoted(text))
            )
        days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return ((days * 24 + hours) * 60 + minutes) * 60 + seconds

    def check(self, value: Value) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise ValueError(_("must be a length of time that is not negative"))
        if value >= 2**31:
            raise ValueError(_("is too long a time"))
        return value

    def show(self, value: Value, peers: Peers, locale: Locale) -> str:
        if value is None:
            return ""
        minutes, seconds = divmod(value, 60)
        hours, minutes = divmod(minutes, 60)
        shown = f"{hours}h{minutes:02}" if hours else f"{minutes}m"
        return f"{shown} {seconds}s" if seconds else shown

    def words(self, value: Value) -> str:
        return ""
