"""What lies on some days, as contents of the grids, as sections of the agenda, and one thing of it in a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cached_property

from sfa import locales
from sfa.i18n import N_, _
from sfa.models.times import shift_day
from sfa.sales import calendar, freetime
from sfa.sales.calendar import Entry, clock
from sfa.sales.freetime import Hours, Span, length
from sfa.screens.calendardays import week_number
from sfa.widgets.blocks import Item
from sfa.widgets.calendargrid import Contents
from sfa.widgets.pages import Row
from sfa.widgets.sections import Section

GLYPHS = {"call": "☎", "meeting": "◆", "visit": "▲", "email": "@", "task": "□", "note": "≡"}
FREE = "┊"
VIEWS = {"day": N_("day"), "week": N_("week"), "month": N_("month"), "agenda": N_("agenda")}


def seconds(instant: str) -> int:
    """An instant as seconds since 1970."""
    return int(datetime.fromisoformat(instant).timestamp())


def instant(moment: int) -> str:
    """Seconds since 1970 as a stored instant."""
    return locales.to_instant(datetime.fromtimestamp(moment, UTC))


class Page:
    """The ``entries`` of the days from ``first`` to ``last``, and what follows from them."""

    def __init__(self, entries: Sequence[Entry], first: str, last: str, hours: Hours) -> None:
        self.entries, self.first, self.last, self.hours = entries, first, last, hours
        self.now, self.today = locales.now(), locales.today()
        self.clashes = freetime.clashes(entries)

    @cached_property
    def by_key(self) -> Mapping[str, Entry]:
        return {entry.key: entry for entry in self.entries}

    @cached_property
    def by_day(self) -> Mapping[str, list[Entry]]:
        return calendar.on_days(self.entries, self.first, self.last)

    @cached_property
    def free(self) -> Mapping[str, list[Span]]:
        return {day: freetime.free(some, day, self.hours, self.now) for day, some in self.by_day.items()}

    @property
    def days(self) -> list[str]:
        return list(self.by_day)

    def with_entry(self, entry: Entry) -> Page:
        """The page with another state of an entry."""
        others = [entry if other.key == entry.key else other for other in self.entries]
        others.sort(key=lambda each: (not each.all_day, each.since))
        return Page(others, self.first, self.last, self.hours)

    def ready(self) -> Page:
        """The page, with all worked out that takes time."""
        assert self.items is not None
        assert self.free is not None
        return self

    @cached_property
    def items(self) -> list[Item]:
        """The entries as items of a grid."""
        return [
            Item(
                entry.key,
                entry.subject,
                seconds(entry.since),
                seconds(entry.until),
                entry.all_day,
                GLYPHS.get(entry.type, "·"),
                entry.type if entry.type in GLYPHS else "task",
                " · ".join(filter(None, (abroad(entry), entry.who, entry.account, entry.location))),
                entry.key in self.clashes,
                entry.done,
                not entry.done and entry.until <= self.now,
            )
            for entry in self.entries
        ]

    def week(self) -> Contents:
        """The days side by side."""
        working = [freetime.working(day, self.hours) for day in self.days if freetime.is_workday(day)]
        free = [span for spans in self.free.values() for span in spans]
        return self._contents()._replace(
            heads=[weekday(day) for day in self.days],
            sums=[_sum(day, self.free[day]) for day in self.days],
            free=[(seconds(span.start), seconds(span.end), length(span.seconds)) for span in free],
            working=[(seconds(span.start), seconds(span.end)) for span in working],
            corner=f"{week_number(self.days[0])}" if len(self.days) > 1 else "",
        )

    def month(self) -> Contents:
        """The days in rows of seven."""
        names = [locales.current().weekday_shorts[date.fromisoformat(day).weekday()] for day in self.days[:7]]
        return self._contents()._replace(
            heads=[*names, *(str(int(day[8:])) for day in self.days)],
            sums=[length(freetime.total(self.free[day])) if self.free[day] else "" for day in self.days],
            weeks=[f"{week_number(day):>2}" for day in self.days[::7]],
        )

    def _contents(self) -> Contents:
        return Contents(self.days, locales.zone(), self.items, now=seconds(self.now), today=self.today)

    # The agenda

    def sections(self) -> list[Section]:
        """A section per day with what lies on it and what is free, in the order of time."""
        return [Section(self._heading(day), self._rows(day), _sum(day, self.free[day])) for day in self.days]

    def _heading(self, day: str) -> str:
        words = _("today") if day == self.today else _("tomorrow") if day == shift_day(self.today, 1) else ""
        return " · ".join(filter(None, (locales.current().long_day(day), words)))

    def _rows(self, day: str) -> list[Row]:
        rows = [(entry.all_day, entry.since, self._row(entry, day)) for entry in self.by_day[day]]
        rows += [(False, span.start, _free_row(span)) for span in self.free[day]]
        return [row for _whole, _since, row in sorted(rows, key=lambda row: (not row[0], row[1]))]

    def _row(self, entry: Entry, day: str) -> Row:
        glyph = "✓" if entry.done else "!" if entry.until <= self.now else GLYPHS.get(entry.type, "·")
        who = " · ".join(filter(None, (entry.who, entry.account)))
        signs = " ".join(filter(None, (self._clash(entry), abroad(entry), entry.location)))
        return Row(f"{day} {entry.key}", (f"{glyph} {_when(entry)}", entry.subject, who, signs), dim=entry.done)

    def _clash(self, entry: Entry) -> str:
        others = self.clashes.get(entry.key, ())
        return _("╫ overlaps {name}").format(name=others[0].subject) if others else ""

    # One thing

    def detail(self, entry: Entry) -> str:
        """All that matters of an entry, in a line."""
        glyph = GLYPHS.get(entry.type, "·")
        when = f"{calendar.brief(entry.start)}" if entry.all_day else f"{_day(entry)} {_when(entry)}"
        if not entry.all_day:
            took = seconds(entry.until) - seconds(entry.since)
            when += f" ({length(took)})"
        elif entry.last_day > entry.start:
            when += f" – {calendar.brief(entry.last_day)}"
        parts = (
            f"{glyph} {entry.subject}",
            _("✓ done") if entry.done else _("! late") if entry.until <= self.now else "",
            when,
            self._clash(entry),
            abroad(entry),
            _("repeats") if entry.occurrence else "",
            entry.who,
            entry.account,
            entry.location,
        )
        return " · ".join(filter(None, parts))

    def free_detail(self, day: str, at: str = "") -> str:
        """What is free of a day, and around the instant ``at``."""
        spans = self.free.get(day, [])
        told = ", ".join(f"{clock(span.start)}–{clock(span.end)}" for span in spans)
        here = next((span for span in spans if span.start <= at < span.end), None)
        when = locales.current().day(day, self.today) + (f" {clock(at)}" if at else "")
        if here:
            free = _("free {begin}–{end} ({length})").format(
                begin=clock(here.start), end=clock(here.end), length=length(here.seconds)
            )
            return f"{when} · {free}"
        if spans:
            return _("{day} · {length} free: {spans}").format(
                day=when, length=length(freetime.total(spans)), spans=told
            )
        return when


def weekday(day: str) -> str:
    """``Mon 16``."""
    at = date.fromisoformat(day)
    return f"{locales.current().weekday_shorts[at.weekday()]} {at.day}"


def abroad(entry: Entry) -> str:
    """The time in the zone of an entry, where the clock there shows another one."""
    if entry.all_day or not entry.tzid or entry.tzid == locales.zone():
        return ""
    there = clock(entry.start, entry.tzid)
    if there == clock(entry.start):
        return ""
    return _("{time} in {place}").format(time=there, place=entry.tzid.rpartition("/")[2].replace("_", " "))


def _day(entry: Entry) -> str:
    return calendar.brief(entry.start).removesuffix(clock(entry.start)).rstrip()


def _when(entry: Entry) -> str:
    if entry.all_day:
        return _("all day") if entry.busy or entry.last_day > entry.start else _("some time")
    return f"{clock(entry.since)}–{clock(entry.until)}" if entry.busy else clock(entry.since)


def _free_row(span: Span) -> Row:
    when = f"{FREE} {clock(span.start)}–{clock(span.end)}"
    return Row(
        f"free {span.start} {span.end}", (when, _("free {length}").format(length=length(span.seconds))), dim=True
    )


def _sum(day: str, spans: Sequence[Span]) -> str:
    """How much of a day is free, and how long the day is where that is not 24 hours."""
    hours = freetime.day_length(day)
    parts = [_("{length} day").format(length=length(hours)) if hours != 24 * 3600 else ""]
    parts.append(_("{length} free").format(length=length(freetime.total(spans))) if spans else "")
    return " · ".join(filter(None, parts))
