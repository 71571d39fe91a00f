"""A calendar's entries as activities of the book: with the people whom they name, their tags and reminders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sfa import recurrence
from sfa.exchange.calendars.dayhours import opening
from sfa.formats.ical.came import came_from
from sfa.formats.ical.parts import ANSWERS, EVENT, ORGANIZER, Alarm, Item, component_of, likened
from sfa.locales import now, today
from sfa.models import Record
from sfa.models.defaults import CLOSED_STATUSES
from sfa.models.fields import Value
from sfa.models.times import local_midnight
from sfa.sales import edit
from sfa.sales.followups import series_of, shifted_end
from sfa.store.book import Book
from sfa.store.change import Change
from sfa.store.columns import dumps

Values = dict[str, Value]
AGAIN = ("start", "end", "tzid", "rrule", "series_start", "exdates", "rdates")  # what makes the times of a series


class Party(NamedTuple):
    """Who an address belongs to."""

    kind: str
    id: str


class Linker:
    """Makes and changes activities within one change, for ``items`` whose people are looked up at once."""

    def __init__(self, change: Change, items: Iterable[Item]) -> None:
        self.change, self.book = change, change.book
        mails = {person.mail.casefold() for item in items for person in item.people}
        self.parties = _parties(change.book, mails)
        self._tags: dict[str, str] = {}

    def values(self, item: Item, record_id: str = "") -> Values:
        """All values of the activity (``record_id`` where it is known) that ``item`` says, links and all."""
        tags = sorted({self._tag(name) for name in item.tags}) or None
        return {
            **item.values,
            **self._links(item),
            "tags": tags,
            "uid": item.uid if item.uid != record_id else None,
            "sequence": item.sequence,
            "original": item.text if item.uid != record_id or _has_more(item.text) else None,
        }

    def _links(self, item: Item) -> Values:
        """The first contact leads, the others are with him; users, strangers and answers are among the invited."""
        contacts: list[str] = []
        leads: list[str] = []
        invited: list[dict[str, str]] = []
        for person in item.people:
            party = self.parties.get(person.mail.casefold())
            linked = party is not None and party.kind == "contact"
            if party is not None and party.kind == "contact" and party.id not in contacts:
                contacts.append(party.id)
            if party is not None and party.kind == "lead" and not leads:
                leads.append(party.id)
                linked = True
            if person.organizer and item.own and party is not None and party.kind == "user":
                continue  # we write who owns it as the organizer
            if person.organizer or not linked or person.answer != ANSWERS[0]:
                label = ORGANIZER if person.organizer else person.answer
                invited.append({"label": label, "value": person.mail})
        return {
            "contact": contacts[0] if contacts else None,
            "attendees": sorted(contacts[1:]) or None,
            "lead": leads[0] if leads and not contacts else None,
            "invited": invited or None,
        }

    def _tag(self, name: str) -> str:
        """The tag of that name, made where there is none."""
        if name not in self._tags:
            sql = "SELECT id FROM tag WHERE deleted_at IS NULL AND name = ? COLLATE NOCASE ORDER BY n LIMIT 1"
            self._tags[name] = self.book.value(sql, (name,)) or edit.create(self.change, "tag", {"name": name})
        return self._tags[name]

    def create(self, item: Item, series: str | None = None) -> str:
        """Adds the activity; gives its id. ``series`` is what it is an occurrence of. Raises ``FieldError``."""
        values = {name: value for name, value in self.values(item).items() if value is not None}
        if item.occurrence:
            values["occurrence"] = item.occurrence
        if series:
            values["series"] = series
        waiting = _waiting(values, ()) if values.get("rrule") else {}
        values.update(_closed(values, item, is_over=waiting is None))
        values.update(waiting or {})
        made = edit.create(self.change, "activity", values)
        self._remind(made, item.alarms, ())
        return made

    def update(self, record_id: str, item: Item, base: Item | None = None) -> bool:
        """Takes over what differs between ``base``, as it last came, and ``item`` (all where None); whether it did.

        Raises ``FieldError``.
        """
        before = self.change.get("activity", record_id).values
        values = self._likened(item, before)
        known = self._likened(base, before) if base else {}
        changed = {
            name: value
            for name, value in values.items()
            if value != before.get(name) and (base is None or value != known.get(name))
        }
        if base is None and not item.people:  # nothing is said of people: a to-do, say
            changed = {name: value for name, value in changed.items() if name not in LINKS}
        if changed.get("tzid", "") is None:
            del changed["tzid"]
        if "status" not in changed:
            changed.pop("completed_at", None)
        changed.update(self._again(before, values, known, changed))
        if (item.sequence or 0) <= (before.get("sequence") or 0):
            changed.pop("sequence", None)
        if set(changed) == {"original"} and _same_entry(before.get("original"), item.text):
            return False
        if changed and "sequence" not in changed:
            changed["sequence"] = before.get("sequence") or 0
        if before.get("deleted_at") and item.values.get("status") not in ("Not Held", "Canceled"):
            self.change.restore("activity", record_id)
        touched = bool(changed) and edit.edit(self.change, "activity", record_id, changed)
        if base is None or list(base.alarms) != list(item.alarms):
            touched |= self._remind(record_id, item.alarms, base.alarms if base else None)
        return touched

    def _likened(self, item: Item, before: Values) -> Values:
        """All values of an entry, in our words as far as its writer has none of his own."""
        said = item.values if item.own else likened(item.values, before)
        return self.values(item._replace(values=said), before["id"])

    def _again(self, before: Mapping[str, Value], values: Values, known: Values, changed: Values) -> Values:
        """The times of a series, which waits anew where any of them changed; else it waits as it did."""
        if not values.get("rrule"):
            return {}
        again = {name: values.get(name) for name in AGAIN}
        old = known or {**before, **_begun(before)}
        if before.get("rrule") and all(again[name] == old.get(name) for name in AGAIN if name != "tzid"):
            for name in ("start", "end"):
                changed.pop(name, None)
            return {}
        return {**again, **(_waiting(again, self._taken(before["id"])) or {})}

    def _taken(self, series: str) -> set[str]:
        """The times of a series for which another activity stands, or stood."""
        return {row[0] for row in self.book.rows("SELECT occurrence FROM activity WHERE series = ?", (series,))}

    def wait(self, series: str) -> None:
        """Has a series wait for a time for which nothing stands."""
        values = self.change.get("activity", series).values
        taken = self._taken(series)
        if values.get("rrule") and values["start"] in taken and (waiting := _waiting(values, taken)):
            edit.edit(self.change, "activity", series, {**waiting, "series_start": values["series_start"]})

    def _remind(self, activity: str, wanted: Iterable[Alarm], known: Iterable[Alarm] | None) -> bool:
        """Brings the user's reminders of an activity to ``wanted``; those that the entry never had stay."""
        user = self.book.user
        own = self.book.records("reminder", "activity = ? AND user = ?", (activity, user))
        start = str(self.change.get("activity", activity).values.get("start") or "")
        present = {_meaning(reminder.values): reminder for reminder in own}
        asked = {_meaning(fields): (fields, alarm) for alarm in wanted if (fields := _fields(alarm, start))}
        touched = False
        for meaning, (fields, alarm) in asked.items():
            if meaning in present:
                touched |= self._see(present[meaning], alarm)
            elif _is_ahead(fields, start) and not alarm.acknowledged:
                edit.create(self.change, "reminder", {"activity": activity, "user": user, **fields})
                touched = True
        was = None if known is None else {_meaning(fields) for alarm in known if (fields := _fields(alarm, start))}
        for meaning, reminder in present.items():
            if was is not None and meaning in was and meaning not in asked:
                touched |= bool(edit.delete(self.change, "reminder", [reminder.id]))
        return touched

    def _see(self, reminder: Record, alarm: Alarm) -> bool:
        """Takes over that a reminder was seen elsewhere."""
        seen = alarm.acknowledged
        if not seen or reminder.values.get("dismissed_at") or seen == reminder.values.get("fired_at"):
            return False
        return edit.edit(self.change, "reminder", reminder.id, {"dismissed_at": seen})


LINKS = frozenset({"contact", "attendees", "lead", "invited"})


def _parties(book: Book, mails: set[str]) -> dict[str, Party]:
    """Whose addresses these are: a contact's before a lead's before a user's, the oldest record's first."""
    found: dict[str, Party] = {}
    if not mails:
        return found
    wanted = dumps(sorted(mails))
    for kind, field in (("user", "email"), ("lead", "emails"), ("contact", "emails")):
        live = "deleted_at IS NULL" + (" AND converted_at IS NULL" if kind == "lead" else "")
        rows = book.rows(
            f"SELECT lower(json_extract(point.value, '$.value')) AS mail, {kind}.id FROM {kind},"
            f" json_each({kind}.{field}) AS point WHERE {live} AND {field} IS NOT NULL"
            f" AND mail IN (SELECT value FROM json_each(?)) ORDER BY {kind}.n DESC",
            (wanted,),
        )
        found.update((mail, Party(kind, record_id)) for mail, record_id in rows)
    return found


def _begun(values: Mapping[str, Value]) -> Values:
    """The first time of a series in place of the one that waits."""
    first = values.get("series_start")
    if not first:
        return {}
    return {"start": first, "end": shifted_end(values.get("end"), values.get("start"), first)}


def _waiting(values: Mapping[str, Value], taken: Iterable[str]) -> Values | None:
    """The time that a series waits for: the next from today on that nothing stands for; None where it has ended."""
    first, gone = values["series_start"], set(taken)
    day = today() if len(first) == 10 else local_midnight(today())
    coming = recurrence.occurrences(series_of(values), max(day, first))
    start = next((moment for moment in coming if moment not in gone), None)
    return {"start": start, "end": shifted_end(values.get("end"), values["start"], start)} if start else None


def _closed(values: Mapping[str, Value], item: Item, is_over: bool) -> Values:
    """When what comes in done was done; a meeting that is over by then was held: nothing is left to do."""
    start, end = values.get("start") or "", values.get("end") or values.get("start") or ""
    if values.get("status") in CLOSED_STATUSES:
        done = values.get("completed_at") or (min(now(), _instant(end)) if end else now())
        return {"completed_at": done, "start": start or done}
    if item.own or component_of(values) != EVENT:
        return {}
    if not values.get("rrule"):
        is_over = _instant(end) < now() if len(start) > 10 else end < today()
    return {"status": "Held", "completed_at": min(now(), _instant(end))} if is_over else {}


def _instant(moment: str) -> str:
    return moment if len(moment) > 10 else local_midnight(moment)


def _fields(alarm: Alarm, start: str) -> Values | None:
    """A calendar's reminder as ours; None where it reminds of nothing that there is."""
    if alarm.before is None:
        return {"before": None, "field": None, "remind_at": alarm.at}
    before = alarm.before + (opening() if len(start) == 10 else 0)
    if not start or before < 0:
        return None
    return {"before": before, "field": "end" if alarm.of_end else None}


def _meaning(values: Mapping[str, Value]) -> tuple[Any, ...]:
    """What makes two reminders the same."""
    before = values.get("before")
    at = None if before is not None else values.get("remind_at") or values.get("fired_at")
    return before, "end" if values.get("field") == "end" else "", at


def _is_ahead(fields: Values, start: str) -> bool:
    """Whether a reminder is still to come: an import reminds of nothing that is over."""
    from sfa.sales.alarms import due_at

    due = fields.get("remind_at") or due_at(start, fields["before"])
    return due >= now() if len(due) > 10 else due >= today()


def _has_more(text: str) -> bool:
    """Whether one of our own entries says more than we do: others have added to it."""
    return any(not line.startswith(("URL", "CREATED")) for line in came_from(text).rest)


def _same_entry(one: str | None, other: str) -> bool:
    """Whether two texts differ in nothing but when they were sent."""
    return one is not None and _without_stamp(one) == _without_stamp(other)


def _without_stamp(text: str) -> list[str]:
    return [line for line in text.split("\n") if not line.startswith("DTSTAMP")]
