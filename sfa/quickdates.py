"""The next step as people type it: ``fri 10:30 call``, ``+2d``, ``in 3 weeks``, ``tomorrow 14:00 visit Acme``.

Names of days and months are understood in English and in the locale's language. The rules:

* Numbers are read in the locale's order (``3/4``); where that gives no date and the other order does, in that.
* A weekday is the next one after today, never today itself: on a Friday, ``fri`` is in a week. ``today`` is today.
* A week begins on the first working day. ``next fri`` and ``fri next week`` are the Friday of the coming week,
  ``next week`` alone its first working day, ``next month`` the first of the coming month.
* A bare number is an hour only right after a day (``fri 10``) or after ``at``. From 1 to 6 it could be morning or
  afternoon and is refused; ``3pm``, ``15`` or ``03:00`` say which, and where clocks have 24 hours so does ``3:00``.
* ``10:00`` or ``noon`` alone is today where that is still ahead, else tomorrow; ``2 weeks`` alone is ``in 2 weeks``.
* The first word that is no date may name the kind (``call``, ``visit`` …); the rest is the subject, as typed.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from sfa import notation
from sfa.cldr import fold
from sfa.errors import UserError
from sfa.i18n import N_, _
from sfa.locales import Locale

KINDS = {
    "call": N_("call phone ring"),
    "task": N_("task todo"),
    "meeting": N_("meeting meet"),
    "visit": N_("visit"),
    "email": N_("email e-mail mail"),
    "note": N_("note"),
}
UNITS = {
    "days": N_("d day days"),
    "weeks": N_("w week weeks"),
    "months": N_("m month months"),
    "years": N_("y year years"),
    "hours": N_("h hour hours"),
    "minutes": N_("min mins minute minutes"),
}
WORDS = {
    "yesterday": N_("yesterday"),
    "today": N_("today"),
    "tomorrow": N_("tomorrow"),
    "noon": N_("noon midday"),
    "next": N_("next"),
    "in": N_("in"),
    "at": N_("at"),
    "on": N_("on by"),
}
ONE = N_("a an")  # as in a week
OFFSET = re.compile(r"\+?(\d{1,4})([^\W\d_]+)")
DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./-]\d{1,2}(?:[./-](?:\d{4}|\d{2})?)?")
DAY = re.compile(r"\d{1,2}(?:st|nd|rd|th|er)?\.?")
WRITTEN_DATE = re.compile(r"DF?M(?:F?Y)?|MDY?|YMD")  # words as day, month, year and filler
TIME = re.compile(r"(?P<hour>\d{1,2})(?:[:h](?P<minute>\d{2})|h)?(?P<half>[ap]m)?")


class NoDay(UserError):
    """Words among which none names a day."""


class QuickDate(NamedTuple):
    """What was understood: ``date`` as 2026-11-27, ``time`` as 10:30, the activity's ``kind``, and the ``rest``."""

    date: str
    time: str | None
    kind: str | None
    rest: str

    def echo(self, locale: Locale) -> str:
        """All of it in full: ``call · Friday 27 November 2026, 10:00 · about the offer``."""
        day = _moment(self.date, self.time, locale)
        return " · ".join(part for part in (_(self.kind or ""), day, self.rest) if part)


def parse(text: str, now: datetime, locale: Locale, *, told: bool = False) -> QuickDate:
    """What ``text`` says, for a laptop whose clock shows ``now`` (which must know its zone).

    Where ``told``, it is a piece of a tale, in which ``10:00``, ``2 weeks``, ``yesterday`` alone and ``in a week``
    after other words name no day.

    ``UserError`` where no day is named, more than one, or one that does not exist, where the moment is over, and where
    words can mean two things.
    """
    reader = _Reader(text.split(), now, locale, told)
    rest = reader.read()
    day, time = reader.day().isoformat(), reader.time()
    if (day, time or "24") < (now.date().isoformat(), f"{now:%H:%M}"):
        raise UserError(_("{day} is over").format(day=_moment(day, time, locale)))
    kind = _vocabulary(KINDS).get(fold(rest[0].strip(",;:"))) if rest else None
    return QuickDate(day, time, kind, " ".join(rest[1:] if kind else rest))


def _moment(day: str, time: str | None, locale: Locale) -> str:
    text = locale.long_day(day)
    return f"{text}, {locale.time(int(time[:2]), int(time[3:]))}" if time else text


def _vocabulary(table: dict[str, str]) -> dict[str, str]:
    """Each word of ``table``, in English and the user's language, and what it stands for."""
    return {fold(word): key for key, words in table.items() for word in f"{words} {_(words)}".split()}


class _Reader:
    """Goes through the words once and keeps what they say about the day and the time.

    Methods named after a thing look for it at one position and return how many words they used, 0 where it is none.
    """

    def __init__(self, words: list[str], now: datetime, locale: Locale, told: bool) -> None:
        vocabulary = _vocabulary(WORDS)
        self.words, self.now, self.locale, self.told = words, now, locale, told
        self.plains = [notation.plain(word).casefold().strip(",;") for word in words] + [""] * 2  # one may look ahead
        self.names = [fold(word) for word in self.plains]
        self.said = [vocabulary.get(name, "") for name in self.names]
        self.shape = "".join(map(self._part_of_date, self.plains, self.names))
        self.units = _vocabulary(UNITS)
        self.dates: set[date] = set()
        self.weekdays: set[int] = set()
        self.times: set[str] = set()
        self.next_week = False

    def read(self) -> list[str]:
        """Takes in all words and returns those that are neither day nor time."""
        rest, at, after_day = [], 0, False
        while at < len(self.words):
            lead = 1 if self.said[at] in {"at", "on"} else 0
            if used := self._day(at + lead):
                after_day = True
            elif used := self._time(at + lead, after_day or self.said[at] == "at"):
                after_day = False
            else:
                rest.append(self.words[at])
                used, lead, after_day = 1, 0, False
            at += lead + used
        return rest if self.told else self._alone(rest)

    def _alone(self, rest: list[str]) -> list[str]:
        """What words mean only where there is nothing else to do: ``10:00``, ``2 weeks``, ``yesterday``."""
        today = self.now.date()
        if rest == self.words and self._span("".join(self.plains), True):
            return []
        if [self.said[self.words.index(word)] for word in rest] == ["yesterday"]:
            self.dates.add(today - timedelta(1))  # which is over
            return []
        if not rest and self.times and not (self.dates or self.weekdays or self.next_week):
            self.dates.add(today + timedelta((self.time() or "") <= f"{self.now:%H:%M}"))
        return rest

    def day(self) -> date:
        """The one day that the words name."""
        today = self.now.date()
        days = self.dates or {self._weekday_date(weekday) for weekday in self.weekdays}
        if not days and self.next_week:
            days = {self._weekday_date(self.locale.first_workday)}
        if not days:
            example = self.locale.date(today.isoformat())
            hint = _("Name one, such as fri 10, tomorrow, +3d or {date}.").format(date=example)
            raise NoDay(_("This names no day."), hint)
        first, *others = sorted(days)
        if others or any(weekday != first.weekday() for weekday in self.weekdays):
            names = [self.locale.long_day(day.isoformat()) for day in sorted(days)]
            names += [self.locale.weekday_names[day] for day in sorted(self.weekdays) if self.dates]
            raise UserError(_("This names more than one day: {days}.").format(days="; ".join(names)))
        return first

    def time(self) -> str | None:
        """The one time of day that the words name, if any."""
        if len(self.times) > 1:
            raise UserError(_("This names more than one time: {times}.").format(times=", ".join(sorted(self.times))))
        return next(iter(self.times), None)

    def _weekday_date(self, weekday: int) -> date:
        today, start = self.now.date(), self.locale.first_workday
        if self.next_week:
            return today + timedelta(7 - (today.weekday() - start) % 7 + (weekday - start) % 7)
        return today + timedelta((weekday - today.weekday() - 1) % 7 + 1)

    def _day(self, at: int) -> int:
        return self._word(at) or self._offset(at) or self._date(at)

    def _word(self, at: int) -> int:
        """``today``, ``fri``, ``next fri``, ``next week``, ``next month``."""
        if self.said[at] in {"today", "tomorrow"}:
            self.dates.add(self.now.date() + timedelta(self.said[at] == "tomorrow"))
            return 1
        if self.said[at] == "next":
            used = self._next(at + 1)
            return used and used + 1
        return self._weekday(at)

    def _next(self, at: int) -> int:
        unit = self.units.get(self.names[at], "") if len(self.names[at]) > 1 else ""
        if unit == "months":
            self.dates.add(self._later("months", 1).replace(day=1))
            return 1
        used = 1 if unit == "weeks" else self._weekday(at)
        self.next_week |= used > 0
        return used

    def _weekday(self, at: int) -> int:
        for size in (2, 1):  # some languages write a weekday in two words
            name = " ".join(self.names[at : at + size])
            if name in self.locale.weekdays:
                if name in self.locale.months and self.shape.startswith("MD", at):
                    raise UserError(_("{word} may be a day or a month; write it in full.").format(word=self.words[at]))
                self.weekdays.add(self.locale.weekdays[name])
                return size
        return 0

    def _offset(self, at: int) -> int:
        """``+2d``, ``in 3 weeks``, ``in a week``."""
        first = self.said[at] == "in"
        if first and self.names[at + 1] in f"{ONE} {_(ONE)}".split():
            return 0 if self.told and at else 3 * self._span(f"1{self.plains[at + 2]}", True)
        used = first + 2 if first and self.plains[at + 1].isdecimal() else first + 1
        text = "".join(self.plains[at + first : at + used])
        return used * self._span(text) if first or text.startswith("+") else 0

    def _span(self, text: str, spelled: bool = False) -> bool:
        """Takes in how long it is until then, ``3weeks``, if ``text`` says that, ``spelled`` out if asked."""
        found = OFFSET.fullmatch(text)
        unit = self.units.get(fold(found[2])) if found else None
        if not found or not unit or (spelled and len(found[2]) == 1):
            return False
        number = int(found[1])
        if unit == "months" and number > 12 and len(found[2]) == 1:
            raise UserError(_("{text} may mean months or minutes; write months or min.").format(text=text))
        if unit in {"hours", "minutes"}:
            moment = (self.now.astimezone(UTC) + timedelta(**{unit: number})).astimezone(self.now.tzinfo)
            self.dates.add(moment.date())
            self.times.add(f"{moment:%H:%M}")
        else:
            self.dates.add(self._later(unit, number))
        return True

    def _later(self, unit: str, number: int) -> date:
        from dateutil.relativedelta import relativedelta  # 6 ms, and most texts name a weekday

        offsets = {unit: number}
        try:
            return self.now.date() + relativedelta(**offsets)  # type: ignore[arg-type]
        except (ValueError, OverflowError):
            raise UserError(_("That is too far away.")) from None

    def _part_of_date(self, text: str, name: str) -> str:
        if name in self.locale.months:
            return "M"
        if name in {"of", "de"}:
            return "F"
        return "D" if DAY.fullmatch(text) else "Y" if len(text) == 4 and text.isdecimal() else "-"

    def _date(self, at: int) -> int:
        """A date in numbers or with the month's name, as the locale reads it."""
        written = WRITTEN_DATE.match(self.shape, at)
        used = written.end() - at if written else 1 if DATE.fullmatch(self.plains[at]) else 0
        if used:
            text = " ".join(self.plains[at : at + used])
            try:
                found = notation.date(text, self.now.date().isoformat(), self.locale, either_order=True)
                self.dates.add(date.fromisoformat(found))
            except ValueError as error:
                raise UserError(str(error)) from None
        return used

    def _time(self, at: int, expected: bool) -> int:
        """``10:30``, ``5pm``, ``5 pm``, ``14h30``, ``noon``; a bare number where a time is ``expected``."""
        if self.said[at] == "noon":
            self.times.add("12:00")
            return 1
        used = 2 if self.names[at + 1] in {"am", "pm"} and self.names[at].isdecimal() else 1
        text = "".join(self.names[at : at + used])
        found = TIME.fullmatch(text.removeprefix("@"))
        bare = text.isdecimal()
        if not found or (bare and (not expected or int(text) > 23)):
            return 0
        self.times.add(self._clock(text, int(found["hour"]), found["minute"], found["half"]))
        return used

    def _clock(self, text: str, hour: int, minute: str | None, half: str | None) -> str:
        twelve_hours = "{a}" in self.locale.clock
        if hour > (12 if half else 23) or (half and not hour) or int(minute or 0) > 59:
            raise UserError(_("There is no time {text}.").format(text=text))
        if half:
            hour = hour % 12 + (12 if half == "pm" else 0)
        elif 1 <= hour <= 6 and not text.startswith("0") and (twelve_hours or not minute):
            reason = _("{text} may be in the morning or in the afternoon; write {hour}am or {hour}pm.")
            raise UserError(reason.format(text=text, hour=text))
        return f"{hour:02}:{int(minute or 0):02}"
