"""What lies in a span of days: single activities and the times of series, open and done, of one user or all.

Read from the indexes by time, never by a look at all activities, so that a week costs the same in a book of any size.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sfa import locales
from sfa.i18n import _
from sfa.models.times import local_day, local_midnight, shift_day
from sfa.sales import edit, series
from sfa.sales.steps import WITHIN, midnight, within
from sfa.store.book import Book
from sfa.store.columns import dumps

LONGEST = 366
"""Days before a span from which on what began is looked at: something longer is not shown on its later days."""
MINUTES = {"call": 30, "meeting": 60, "visit": 60}
"""How long something takes where nobody said so; other kinds take half an hour on paper, and none of one's time."""

_CONTACT = "trim(coalesce(contact.first_name, '') || ' ' || coalesce(contact.last_name, ''))"
_LEAD = "trim(coalesce(lead.first_name, '') || ' ' || coalesce(lead.last_name, ''))"
_ENTRY = f"""SELECT activity.id, activity.type, activity.subject, activity.start, coalesce(activity."end", ''),
    coalesce(activity.duration, 0), coalesce(activity.tzid, ''), activity.completed_at IS NOT NULL,
    coalesce(activity.owner, ''), coalesce(activity.location, ''), coalesce(nullif({_CONTACT}, ''), {_LEAD}, ''),
    coalesce(account.name, lead.company, ''), coalesce(deal.name, '')
    FROM activity {{by}} LEFT JOIN contact ON contact.id = activity.contact LEFT JOIN lead ON lead.id = activity.lead
    LEFT JOIN account ON account.id = activity.account
    LEFT JOIN opportunity AS deal ON deal.id = activity.opportunity"""
_SHOWN = """activity.deleted_at IS NULL AND coalesce(activity.status, '') NOT IN ('Canceled', 'Not Held')
    AND activity.type != 'note' AND (activity.type != 'email' OR activity.completed_at IS NULL)"""
_SERIES = """SELECT id FROM activity INDEXED BY ix_activity_open_rrule_owner
    WHERE deleted_at IS NULL AND completed_at IS NULL AND rrule > ''"""


class Entry(NamedTuple):
    """An activity, or one time of a series, in the calendar.

    ``start`` and ``end`` are stored moments; ``end`` is empty where none was given, and the last day of what is for
    whole days. ``seconds`` is the length that was given without an end. ``occurrence`` is empty but for a time of the
    series ``id``, which it names.
    """

    id: str
    type: str
    subject: str
    start: str
    end: str
    seconds: int
    tzid: str
    done: bool
    owner: str
    location: str
    who: str
    account: str
    deal: str
    occurrence: str = ""

    @property
    def key(self) -> str:
        """What tells it from every other entry."""
        return f"{self.id} {self.occurrence}".strip()

    @property
    def all_day(self) -> bool:
        return len(self.start) == 10

    @property
    def last_day(self) -> str:
        """The last local day that it is on."""
        if self.all_day:
            return max(self.start, local_day(self.end)) if self.end else self.start
        return local_day(later(self.until, -1))

    @property
    def until(self) -> str:
        """The instant at which it ends."""
        if self.all_day:
            return local_midnight(shift_day(self.last_day, 1))
        if len(self.end) > 10 and self.end > self.start:
            return self.end
        return later(self.start, self.seconds or MINUTES.get(self.type, 30) * 60)

    @property
    def since(self) -> str:
        """The instant at which it begins."""
        return midnight(self.start) if self.all_day else self.start

    @property
    def busy(self) -> bool:
        """Whether it takes time of the day: a deadline does not, nor what is to be done some time of a day."""
        if self.all_day:
            return self.type in ("meeting", "visit")
        return self.type in MINUTES or bool(self.end or self.seconds)


def later(instant: str, seconds: int) -> str:
    """The instant so many seconds after another."""
    return locales.to_instant(datetime.fromisoformat(instant) + timedelta(seconds=seconds))


def span(book: Book, first: str, last: str, owner: str | None = None) -> list[Entry]:
    """What is on the local days from ``first`` to ``last``, in order; of one owner or (None) of all."""
    begin, end = midnight(first), midnight(shift_day(last, 1))
    whose, owners = ("AND activity.owner = ?", (owner,)) if owner else ("", ())
    single = _ENTRY.format(by="INDEXED BY ix_activity_start_end")
    where = f"WHERE {_SHOWN} AND activity.rrule IS NULL {whose}"
    started = book.rows(f"{single} {where} AND {WITHIN}", (*owners, *within(shift_day(first, -1), last)))
    reaching = book.rows(
        f'{single} {where} AND activity.start >= ? AND activity.start < ? AND activity."end" >= ?',
        (*owners, shift_day(first, -LONGEST), max(begin, first), min(begin, first)),
    )
    known = {row[0]: _entry(row) for row in (*reaching, *started)}
    found = [*known.values(), *_again(book, first, last, owner)]
    return sorted(
        (entry for entry in found if entry.since < end and entry.until > begin),
        key=lambda entry: (not entry.all_day, entry.since, entry.subject, entry.key),
    )


def _entry(row: tuple[Any, ...]) -> Entry:
    return Entry._make((*row[:7], bool(row[7]), *row[8:], ""))


def _again(book: Book, first: str, last: str, owner: str | None) -> list[Entry]:
    """The times of all series that still go on, from the one that waits on: earlier ones were done or let pass."""
    whose, owners = (" AND owner = ?", (owner,)) if owner else ("", ())
    ids = [row[0] for row in book.rows(_SERIES + whose, owners)]
    if not ids:
        return []
    rows = book.rows(f"{_ENTRY.format(by='')} WHERE activity.id IN (SELECT value FROM json_each(?))", (dumps(ids),))
    found: list[Entry] = []
    for model in map(_entry, rows):
        moments = series.occurrences(book, book.get("activity", model.id).values, shift_day(first, -1), last)
        found += [model._replace(start=start, end=end or "", occurrence=start) for start, end in moments]
    return found


def on_days(entries: Sequence[Entry], first: str, last: str) -> dict[str, list[Entry]]:
    """The entries of each local day from ``first`` to ``last``; one of several days is on each."""
    days: dict[str, list[Entry]] = {}
    day = first
    while day <= last:
        days[day] = []
        day = shift_day(day, 1)
    for entry in entries:
        begin, end = max(first, local_day(entry.start)), min(last, entry.last_day)
        for number in range((date.fromisoformat(end) - date.fromisoformat(begin)).days + 1):
            days[shift_day(begin, number)].append(entry)
    return days


def move(book: Book, entry: Entry, start: str, end: str, scope: series.Scope = "this", origin: str = "screen") -> None:
    """Gives an entry another time; ``end`` may be empty. Of a series this time, those from it on, or all (``scope``).

    One action of the journal. Raises ``UserError``.
    """
    if entry.occurrence:
        series.move(book, entry.id, entry.occurrence, start, end or None, scope, origin)
        return
    title = _("Moved {name} to {when}").format(name=entry.subject, when=brief(start))
    if start == entry.start:
        title = _("{name} now ends {when}").format(name=entry.subject, when=brief(end))
    with book.change(title, origin) as change:
        edit.edit(change, "activity", entry.id, {"start": start, "end": end or None})


def read_day(text: str) -> str:
    """Any day that a person names, also one that is over: ``fri``, ``+3w``, a date. Raises ``UserError``."""
    from sfa import quickdates

    try:
        return locales.current().parse_date(text, locales.today())
    except ValueError:
        here = locales.to_local(locales.now(), locales.zone())
        return quickdates.parse(text, here, locales.current()).date


def brief(moment: str) -> str:
    """A moment in a few words: ``Fri, Nov 27 10:00``."""
    locale = locales.current()
    day = locale.day(local_day(moment), locales.today())
    return day if len(moment) == 10 else f"{day} {clock(moment)}"


def clock(instant: str, zone: str = "") -> str:
    """The time of day of an instant, where the laptop is or in another ``zone``."""
    local = locales.to_local(instant, zone or locales.zone())
    return locales.current().time(local.hour, local.minute)
