"""Everything that calendars are written from, read from the book in a few statements however much there is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from sfa.exchange.calendars.dayhours import opening
from sfa.formats.ical.parts import ANSWERS, ORGANIZER, Alarm, Person, Source, Values, component_of
from sfa.formats.ical.writing import came_from
from sfa.models import KINDS
from sfa.models.defaults import EVENT_TYPES
from sfa.store.book import Book
from sfa.store.columns import dumps, loads

FIELDS = (
    "id", "n", "type", "subject", "start", "end", "tzid", "rrule", "series_start", "exdates", "rdates", "series",
    "occurrence", "status", "priority", "contact", "lead", "attendees", "body", "duration", "location", "latitude",
    "longitude", "invited", "completed_at", "uid", "sequence", "original", "tags", "created_at", "owner", "deleted_at",
)  # fmt: skip
JSON = tuple(name for name in FIELDS if name not in {"n", "id"} and KINDS["activity"].fields[name].in_json)
CHOSEN = ", ".join(f'"{name}"' for name in FIELDS)
GIVEN = "IN (SELECT value FROM json_each(?))"


def sources(book: Book, ids: Collection[str] | None = None) -> list[Source]:
    """What the activities of these ids (all that are live where None) are written from, in the order of their making.

    A series is followed by what stands for one of its times, of which only the given are there. Notes are left out.
    """
    activities = list(_activities(book, ids))
    around = _Surroundings(book, activities)
    numbers = {values["id"]: values["n"] for values in activities}
    activities.sort(key=lambda values: (numbers.get(values["series"], values["n"]), values["n"]))
    return [around.source(values) for values in activities if component_of(values)]


def _activities(book: Book, ids: Collection[str] | None) -> Iterator[dict[str, Any]]:
    where, parameters = ("deleted_at IS NULL", ()) if ids is None else (f"id {GIVEN}", (dumps(list(ids)),))
    for row in book.rows(f"SELECT {CHOSEN} FROM activity WHERE {where} ORDER BY n", parameters):
        values = dict(zip(FIELDS, row, strict=True))
        for name in JSON:
            if values[name]:
                values[name] = loads(values[name])
        yield values


class _Party(NamedTuple):
    """Somebody that a calendar may name: first the name, then the addresses."""

    name: str
    mails: tuple[str, ...]


class _Surroundings:
    """People, tags, reminders, series and last changes of many activities."""

    def __init__(self, book: Book, activities: list[dict[str, Any]]) -> None:
        self.book = book
        ids = dumps([values["id"] for values in activities])
        self.changed = dict(book.rows(f"SELECT record, max(at) FROM entry JOIN action ON action.n = entry.action"
                                      f" WHERE entry.record {GIVEN} GROUP BY record", (ids,)))  # fmt: skip
        self.tags = dict(book.rows("SELECT id, name FROM tag WHERE deleted_at IS NULL"))
        self.contacts = self._parties("contact", self._linked(activities, "contact", "attendees"))
        self.leads = self._parties("lead", self._linked(activities, "lead"))
        self.users = self._parties("user", self._linked(activities, "owner"))
        self.alarms = self._alarms(ids)
        self.series, self.gone = self._series(activities)

    @staticmethod
    def _linked(activities: list[dict[str, Any]], link: str, links: str = "") -> set[str]:
        found = {values[link] for values in activities if values[link]}
        if links:
            found.update(*(values[links] for values in activities if values[links]))
        return found

    def _parties(self, kind: str, ids: Iterable[str]) -> dict[str, _Party]:
        names = KINDS[kind].named_by
        mails = "email" if kind == "user" else "emails"
        chosen = ", ".join((*names, mails))
        rows = self.book.rows(f"SELECT id, {chosen} FROM {kind} WHERE id {GIVEN}", (dumps(sorted(ids)),))
        return {
            row[0]: _Party(" ".join(filter(None, row[1:-1])), tuple(point["value"] for point in loads(row[-1] or "[]")))
            for row in rows
        }

    def _alarms(self, ids: str) -> dict[str, list[Any]]:
        """The user's own reminders that are still to come or to be seen."""
        rows = self.book.rows(
            "SELECT activity, before, field, remind_at, fired_at FROM reminder WHERE deleted_at IS NULL"
            f" AND dismissed_at IS NULL AND activity {GIVEN} AND user = ? ORDER BY n",
            (ids, self.book.user),
        )
        found: dict[str, list[Any]] = {}
        for activity, *alarm in rows:
            found.setdefault(activity, []).append(alarm)
        return found

    def _series(self, activities: list[dict[str, Any]]) -> tuple[dict[str, Values], dict[str, list[str]]]:
        """The series of occurrences, and the times of series for which something stood that was deleted."""
        wanted = dumps(sorted({values["series"] for values in activities if values["series"]}))
        names = ("id", "uid", "tzid", "series_start")
        rows = self.book.rows(f"SELECT {', '.join(names)} FROM activity WHERE id {GIVEN}", (wanted,))
        gone: dict[str, list[str]] = {}
        own = dumps([values["id"] for values in activities if values["rrule"]])
        for series, moment in self.book.rows(
            f"SELECT series, occurrence FROM activity WHERE deleted_at IS NOT NULL AND series {GIVEN}", (own,)
        ):
            gone.setdefault(series, []).append(moment)
        return {row[0]: dict(zip(names, row, strict=True)) for row in rows}, gone

    def source(self, values: dict[str, Any]) -> Source:
        series = self.series.get(values["series"]) if values["series"] else None
        if values["id"] in self.gone:
            left_out = {*(values["exdates"] or ()), *self.gone[values["id"]]}
            values["exdates"] = sorted(moment for moment in left_out if moment)
        return Source(
            values,
            self.changed.get(values["id"]) or values["created_at"] or values["start"],
            (series["uid"] or series["id"]) if series else "",
            self._people(values) if self._has_people(values) else (),
            [self.tags[tag] for tag in values["tags"] or () if tag in self.tags],
            [self._alarm(values, *alarm) for alarm in self.alarms.get(values["id"], ())],
            series,
        )

    @staticmethod
    def _has_people(values: Values) -> bool:
        """Whom a task is about does not take part in it."""
        return bool(values["invited"] or values["original"] or values["type"] in EVENT_TYPES)

    def _people(self, values: Values) -> list[Person]:
        """Who takes part: the organizer first, the others by address."""
        came = came_from(values["original"])
        answers: dict[str, str] = {}
        organizer = next((p["value"] for p in values["invited"] or () if p["label"] == ORGANIZER), "")
        for point in values["invited"] or ():
            if point["label"] != ORGANIZER:
                answers[point["value"].casefold()] = point["label"]
        people: dict[str, Person] = {}
        for party in self._parties_of(values):
            mail = next((mail for mail in party.mails if f"ATTENDEE:{mail.casefold()}" in came.people), "")
            if not mail and organizer and organizer.casefold() in map(str.casefold, party.mails):
                continue
            mail = mail or next((mail for mail in party.mails if mail.casefold() in answers), "") or party.mails[0]
            people[mail.casefold()] = Person(mail, party.name, answers.get(mail.casefold(), ANSWERS[0]))
        for point in values["invited"] or ():
            mail = point["value"].casefold()
            if mail not in people and point["label"] != ORGANIZER:
                people[mail] = Person(point["value"], "", point["label"] if point["label"] in ANSWERS else ANSWERS[0])
        others = [people[mail] for mail in sorted(people)]
        owner = self.users.get(values["owner"])
        if not organizer and others and not values["original"] and owner and owner.mails:
            return [Person(owner.mails[0], owner.name, organizer=True), *others]
        return [Person(organizer, organizer=True), *others] if organizer else others

    def _parties_of(self, values: Values) -> Iterator[_Party]:
        for party in (
            self.contacts.get(values["contact"]),
            *(self.contacts.get(item) for item in values["attendees"] or ()),
            self.leads.get(values["lead"]),
        ):
            if party is not None and party.mails:
                yield party

    @staticmethod
    def _alarm(values: Values, before: int | None, field: str, at: str | None, fired: str | None) -> Alarm:
        """A reminder as calendars have it, for which days start at midnight."""
        start = values["start"] or ""
        if before is not None and field in (None, "start", "end"):
            hours = opening() if len(start) == 10 else 0
            return Alarm(before - hours, None, field == "end", fired or "")
        moment = at or fired or values["created_at"]
        return Alarm(None, moment if len(moment) > 10 else opening_of(moment), False, fired or "")


def opening_of(day: str) -> str:
    """The instant at which a day begins for the user."""
    from sfa.sales.alarms import day_begin

    return day_begin(day)
