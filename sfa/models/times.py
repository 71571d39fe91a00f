"""Field kinds of time: dates, instants, moments and durations."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sfa.i18n import _
from sfa.locales import Locale, current, to_instant, to_local, today, zone
from sfa.models.fields import Context, Field, Peers, Value

CLOCK = re.compile(r"(?P<day>.+?)[ T]+(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?::\d{2})?\s*(?P<half>[ap]m)?$", re.IGNORECASE)
UTC_TEXT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")


def read_moment(text: str) -> str:
    """A date (``2026-11-27``), a date with a local time (``2026-11-27 14:00``) or an instant, in stored form."""
    text = text.strip()
    if UTC_TEXT.match(text):
        return text
    if "T" in text and (text[-6:-5] in {"+", "-"} or text.endswith("Z")):
        return to_instant(datetime.fromisoformat(text))
    if not (found := CLOCK.match(text)):
        return current().parse_date(text, today())
    day = current().parse_date(found["day"].strip(), today())
    hour = int(found["hour"])
    if found["half"]:
        hour = hour % 12 + (12 if found["half"].lower() == "pm" else 0)
    return to_instant(datetime.combine(date.fromisoformat(day), time(hour, int(found["minute"])), ZoneInfo(zone())))


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
            if isinstance(value, str) and len(value) == 10:
                date.fromisoformat(value)
                return value
        except ValueError:
            pass
        raise ValueError(_("must be a date that exists, such as 2026-11-27, not {value}").format(value=value))

    def show(self, value: Value, peers: Peers, locale: Locale) -> str:
        return "" if value is None else locale.date(value)

    def words(self, value: Value) -> str:
        return ""


class Instant(Date):
    """A moment in time, in UTC."""

    width = 17
    layout = "%Y-%m-%dT%H:%M:%SZ"

    def parse(self, text: str, peers: Peers, context: Context) -> Value:
        moment = read_moment(text)
        return moment if len(moment) > 10 else read_moment(f"{moment} 00:00")

    def check(self, value: Value) -> str:
        try:
            if isinstance(value, str) and len(value) == 20:
                datetime.strptime(value, self.layout)  # noqa: DTZ007 - the layout ends in Z
                return value
        except ValueError:
            pass
        raise ValueError(_("must be a moment in UTC, such as 2026-11-27T09:00:00Z, not {value}").format(value=value))

    def show(self, value: Value, peers: Peers, locale: Locale) -> str:
        return "" if value is None else show_moment(value, locale)


class Moment(Instant):
    """A whole day (a date) or a point in time (an instant): iCalendar's DATE or DATE-TIME. Texts of both sort by time."""

    def parse(self, text: str, peers: Peers, context: Context) -> Value:
        return read_moment(text)

    def check(self, value: Value) -> str:
        return Date.check(self, value) if isinstance(value, str) and len(value) == 10 else super().check(value)


class Duration(Field[int]):
    """A span of time in seconds, written as ``15``, ``15m``, ``1h30``, ``1:30`` or ``2d``; a bare number means minutes."""

    storage = "INTEGER"
    width, align = 8, "right"
    pattern = re.compile(r"(?:(\d+)\s*d)?\s*(?:(\d+)\s*[h:])?\s*(?:(\d+)\s*(?:m|min)?)?$", re.IGNORECASE)

    def parse(self, text: str, peers: Peers, context: Context) -> Value:
        found = self.pattern.match(text.strip().casefold())
        if not found or not any(found.groups()):
            raise ValueError(_("must be a length of time such as 15m, 1h30 or 2d, not {text}").format(text=text))
        days, hours, minutes = (int(part or 0) for part in found.groups())
        return (days * 24 * 60 + hours * 60 + minutes) * 60

    def check(self, value: Value) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
            raise ValueError(_("must be a length of time that is not negative"))
        return value

    def show(self, value: Value, peers: Peers, locale: Locale) -> str:
        if value is None:
            return ""
        hours, minutes = divmod(value // 60, 60)
        return f"{hours}h{minutes:02}" if hours else f"{minutes}m"

    def words(self, value: Value) -> str:
        return ""
