"""The coming days as text: what is planned, the times of series among it, and what is free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfa.cli.command import Answer, Argument, Command, UsageError, natural
from sfa.cli.home import OWNER
from sfa.cli.layout import Column, Heading, Line, Table
from sfa.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sfa.cli.layout import Block
    from sfa.cli.plain import Data
    from sfa.cli.session import Session
    from sfa.sales.calendar import Entry
    from sfa.sales.freetime import Span

MOST_DAYS = 366


def agenda(session: Session) -> Answer:
    from sfa import locales
    from sfa.models.times import shift_day
    from sfa.sales import calendar, freetime

    arguments = session.arguments
    count = 7 if arguments.days is None else arguments.days
    if not 1 <= count <= MOST_DAYS:
        raise UsageError(_("--days must be from 1 to {most}.").format(most=MOST_DAYS))
    said = vars(arguments)["from"]
    first = calendar.read_day(said) if said else locales.today()
    last = shift_day(first, count - 1)
    owner = session.book.user
    if arguments.owner:
        owner = session.lookup.resolve("user", arguments.owner)
    entries = calendar.span(session.book, first, last, None if arguments.everybody else owner)
    days = calendar.on_days(entries, first, last)
    free = freetime.free_days(entries, first, last, freetime.hours(session.settings.working_hours), locales.now())
    clashes = freetime.clashes(entries)
    data = [_data(day, some, free[day], clashes) for day, some in days.items()]
    return Answer(data, _blocks(days, free, clashes), "" if entries else _("Nothing is planned."))


def _data(day: str, entries: Sequence[Entry], free: Sequence[Span], clashes: dict[str, list[Entry]]) -> Data:
    from sfa.sales import freetime

    return {
        "day": day,
        "free_minutes": freetime.total(free) // 60,
        "free": [{"start": span.start, "end": span.end} for span in free],
        "entries": [_entry_data(entry, clashes.get(entry.key, [])) for entry in entries],
    }


def _entry_data(entry: Entry, others: Sequence[Entry]) -> Data:
    return {
        "id": entry.id,
        "occurrence": entry.occurrence or None,
        "type": entry.type,
        "subject": entry.subject,
        "start": entry.start,
        "end": entry.last_day if entry.all_day else entry.until,
        "all_day": entry.all_day,
        "time_zone": entry.tzid or None,
        "done": entry.done,
        "who": entry.who or None,
        "account": entry.account or None,
        "deal": entry.deal or None,
        "location": entry.location or None,
        "overlaps": [other.id for other in others],
    }


def _blocks(
    days: dict[str, list[Entry]], free: dict[str, list[Span]], clashes: dict[str, list[Entry]]
) -> Iterator[Block]:
    from sfa import locales
    from sfa.sales import freetime

    for day, entries in days.items():
        if not entries and not free[day]:
            continue
        told = _("{length} free").format(length=freetime.length(freetime.total(free[day]))) if free[day] else ""
        yield Heading(" · ".join(filter(None, (locales.current().long_day(day), told))))
        if entries:
            columns = [Column(_("When"), whole=True), Column(_("What")), Column(_("With")), Column("")]
            yield Table(columns, [_row(entry, clashes.get(entry.key, ())) for entry in entries])
        if free[day]:
            yield Line(_("Free: {spans}").format(spans=", ".join(map(_span, free[day]))))


def _span(span: Span) -> str:
    from sfa.sales.calendar import clock

    return f"{clock(span.start)}–{clock(span.end)}"


def _row(entry: Entry, others: Sequence[Entry]) -> tuple[str, ...]:
    from sfa.sales.calendar import clock

    when = _("all day") if entry.all_day else f"{clock(entry.since)}–{clock(entry.until)}"
    if not entry.all_day and not entry.busy:
        when = clock(entry.since)
    signs = [_("✓ done") if entry.done else "", _("repeats") if entry.occurrence else ""]
    signs += [_("╫ overlaps {name}").format(name=other.subject) for other in others[:1]]
    who = " · ".join(filter(None, (entry.who, entry.account)))
    return when, f"{_(entry.type)} · {entry.subject}", who, " · ".join(filter(None, (*signs, entry.location)))


COMMANDS = (
    Command(
        "agenda",
        N_("Show what is planned on the coming days, and what is free"),
        agenda,
        (
            Argument("--days", N_("How many days, 7 if not said"), "N", read=natural),
            Argument("--from", N_("From this day on, if not today: mon, +1w, 2026-12-01"), "DATE"),
            OWNER,
            Argument("--everybody", N_("Not only what is yours")),
        ),
        ("sfa agenda", "sfa agenda --days 14 --json", "sfa agenda --from 'next mon' --owner 'Rita Rep'"),
        N_("Times of series are listed each. Free time is what is left of your working hours (see sfa.toml)."),
    ),
)
