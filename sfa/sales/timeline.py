"""Everything that happened around a record, newest first."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from sfa.i18n import _
from sfa.sales import changes
from sfa.sales.agenda import next_step
from sfa.sales.surroundings import Person, deals, people
from sfa.store.book import Book
from sfa.store.lookup import Lookup
from sfa.store.search import linked, matching

__all__ = ["Entry", "Feed", "Person", "Place", "deals", "next_step", "people", "timeline"]

PARTIES = ("account", "contact", "lead", "opportunity")  # what activities are linked to
UNDATED = "~"  # sorts after every moment: what is planned without a time stands at the top


class Place(NamedTuple):
    """How far both streams of a timeline are read: the last activity's start and number, the last journal entry's."""

    start: str = UNDATED
    activity: int = 2**62
    entry: int = 2**62


class Entry(NamedTuple):
    """One thing that happened.

    ``source`` is ``activity`` (``id`` and ``type`` are its own) or ``change`` (``id`` is the action's number, ``type``
    what was done: insert, update, remove). ``when`` is a moment, None for what is planned without one. ``about`` names
    whom or which deal it concerned, ``by`` the user. ``place`` is where the timeline goes on after it.
    """

    source: str
    id: str
    when: str | None
    type: str
    title: str
    body: str
    by: str
    about: str
    outcome: str
    is_open: bool
    place: Place


def timeline(book: Book, kind: str, record_id: str, limit: int = 50, before: Entry | None = None) -> list[Entry]:
    """The first ``limit`` entries, or those after ``before``: what is planned, then what happened, newest first.

    Activities that are linked to the record (for a contact also those it attended; those of an account's people and
    deals carry the account themselves), and the changes of its fields; for an account also those of its deals.
    """
    place = before.place if before else Place()
    activities = _activities(book, kind, record_id, limit, place) if kind in PARTIES else []
    changed = _changes(book, kind, record_id, limit, place)
    teller = _Teller(book, kind, record_id)
    entries: list[Entry] = []
    for _number in range(min(limit, len(activities) + len(changed))):
        if activities and (not changed or (activities[-1].start or UNDATED) >= changed[-1].at):
            activity = activities.pop()
            place = Place(activity.start or UNDATED, activity.n, place.entry)
            entries.append(teller.activity(activity, place))
        else:
            change = changed.pop()
            place = Place(place.start, place.activity, change.n)
            entries.append(teller.change(change, place))
    return entries


class Feed:
    """A timeline by position, as a list on a screen wants it; it reads on as far as it is asked to."""

    def __init__(self, book: Book, kind: str, record_id: str) -> None:
        self.book, self.kind, self.record_id = book, kind, record_id
        self._entries: list[Entry] = []
        self.count = _count(book, kind, record_id)

    def page(self, start: int, stop: int) -> list[Entry]:
        """Entries ``start`` up to ``stop``; fewer at the end."""
        missing = stop - len(self._entries)
        if missing > 0:
            last = self._entries[-1] if self._entries else None
            self._entries.extend(timeline(self.book, self.kind, self.record_id, missing, last))
        return self._entries[start:stop]


class _Activity(NamedTuple):
    n: int
    id: str
    start: str | None
    type: str
    subject: str
    body: str
    by: str
    contact: str
    deal: str
    outcome: str
    is_open: int
    repeats: int
    put_off: int


class _Change(NamedTuple):
    n: int
    kind: str
    record: str
    op: str
    fields: str | None
    action: int
    at: str
    title: str
    mode: str
    by: str


_ACTIVITY = """SELECT activity.n, activity.id, activity.start, activity.type, activity.subject,
    coalesce(activity.body, ''), coalesce(user.name, ''),
    trim(coalesce(contact.first_name, '') || ' ' || coalesce(contact.last_name, '')), coalesce(deal.name, ''),
    coalesce(call_outcome.name, ''), activity.completed_at IS NULL, activity.rrule IS NOT NULL,
    coalesce(activity.put_off, 0)
    FROM activity LEFT JOIN user ON user.id = activity.owner LEFT JOIN contact ON contact.id = activity.contact
    LEFT JOIN opportunity AS deal ON deal.id = activity.opportunity
    LEFT JOIN call_outcome ON call_outcome.id = activity.outcome"""
_CHANGE = """SELECT entry.n, entry.kind, entry.record, entry.op, entry.fields, action.n, action.at, action.title,
    action.mode, coalesce(user.name, '') FROM entry JOIN action ON action.n = entry.action
    LEFT JOIN user ON user.id = action.user"""
_OWN = "entry.record = ?"
_DEALS_TOO = """(entry.record = ? OR entry.op = 'update') AND entry.record IN
    (SELECT ? UNION ALL SELECT id FROM opportunity WHERE deleted_at IS NULL AND account = ?)"""


def _activities(book: Book, kind: str, record_id: str, limit: int, place: Place) -> list[_Activity]:
    """The next activities, the newest last."""
    read = _attended if kind == "contact" else _linked
    found: list[_Activity] = []
    if place.start == UNDATED:
        found = read(book, kind, record_id, "activity.start IS NULL AND activity.n < ?", (place.activity,), limit)
    if len(found) < limit:
        after = (place.start, place.activity)
        found += read(book, kind, record_id, "(activity.start, activity.n) < (?, ?)", after, limit - len(found))
    return found[::-1]


_NEWEST = "ORDER BY activity.start DESC, activity.n DESC LIMIT ?"


def _linked(book: Book, kind: str, record_id: str, where: str, values: tuple[Any, ...], limit: int) -> list[_Activity]:
    """The newest activities with a record, which the index gives in order."""
    sql = f"{_ACTIVITY} WHERE activity.deleted_at IS NULL AND activity.{kind} = ? AND {where} {_NEWEST}"
    return list(map(_Activity._make, book.rows(sql, (record_id, *values, limit))))


def _attended(
    book: Book, kind: str, record_id: str, where: str, values: tuple[Any, ...], limit: int
) -> list[_Activity]:
    """The newest activities with a contact, or which it attended."""
    live = f"SELECT activity.n, activity.start FROM activity WHERE activity.deleted_at IS NULL AND {where} AND"
    direct = f"SELECT * FROM ({live} activity.{kind} = ? {_NEWEST})"
    numbers = f"SELECT n FROM ({direct} UNION {live} activity.n IN ({matching('activity')}))"
    sql = f"{_ACTIVITY} WHERE activity.n IN ({numbers}) {_NEWEST}"
    parameters = (*values, record_id, limit, *values, linked(record_id), limit)
    return list(map(_Activity._make, book.rows(sql, parameters)))


def _whose(kind: str, record_id: str) -> tuple[str, tuple[str, ...]]:
    return (_DEALS_TOO, (record_id,) * 3) if kind == "account" else (_OWN, (record_id,))


def _changes(book: Book, kind: str, record_id: str, limit: int, place: Place) -> list[_Change]:
    """The next journal entries, the newest last."""
    where, parameters = _whose(kind, record_id)
    sql = f"{_CHANGE} WHERE {where} AND entry.n < ? ORDER BY entry.n DESC LIMIT ?"
    return [_Change(*row) for row in reversed(book.rows(sql, (*parameters, place.entry, limit)))]


def _marked(row: _Activity) -> str:
    """The subject, with a mark of what repeats, and how often what is open was put off."""
    often = _("put off {count}×").format(count=row.put_off) if row.put_off > 1 and row.is_open else ""
    return " · ".join(filter(None, (f"↻ {row.subject}" if row.repeats else row.subject, often)))


class _Teller:
    """Puts activities and journal entries into words; each record and each name is read once."""

    def __init__(self, book: Book, kind: str, record_id: str) -> None:
        self.book, self.kind, self.record_id, self.lookup = book, kind, record_id, Lookup(book)
        self._records: dict[str, dict[str, Any]] = {}

    def activity(self, row: _Activity, place: Place) -> Entry:
        about = row.deal or row.contact if self.kind == "contact" else row.contact or row.deal
        return Entry(
            "activity",
            row.id,
            row.start,
            row.type,
            _marked(row),
            row.body,
            row.by,
            about,
            row.outcome,
            bool(row.is_open),
            place,
        )

    def change(self, row: _Change, place: Place) -> Entry:
        told: list[str] = []
        if row.op == "update":
            fields, values = self.book.fields(row.kind), self._values(row.kind, row.record)
            told = changes.lines(fields, json.loads(row.fields or "{}"), values, self.lookup)
        undone = _("Undone: {title}").format(title=row.title) if row.mode == "undo" else row.title
        head, body = (told[0], "\n".join(told[1:])) if told else (undone, "")
        about = "" if row.record == self.record_id else self.lookup.title(row.kind, row.record)
        return Entry("change", str(row.action), row.at, row.op, head, body, row.by, about, "", False, place)

    def _values(self, kind: str, record_id: str) -> dict[str, Any]:
        if record_id not in self._records:
            record = self.book.find(kind, record_id)
            self._records[record_id] = record.values if record else {}
        return self._records[record_id]


def _count(book: Book, kind: str, record_id: str) -> int:
    """How many entries the whole timeline has."""
    where, parameters = _whose(kind, record_id)
    count = int(book.value(f"SELECT count(*) FROM entry WHERE {where}", parameters))
    if kind in PARTIES:
        numbers = f"SELECT n FROM activity WHERE deleted_at IS NULL AND {kind} = ?"
        attended = f" UNION {matching('activity')}" if kind == "contact" else ""
        parties = (record_id, linked(record_id)) if attended else (record_id,)
        count += int(book.value(f"SELECT count(*) FROM ({numbers}{attended})", parties))
    return count
