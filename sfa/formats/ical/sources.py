"""From an activity and what stands around it to what its calendar entry is written from, wherever both were read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sfa.formats.ical.came import came_from
from sfa.formats.ical.parts import ANSWERS, ORGANIZER, Alarm, Person, Source, Values
from sfa.models.defaults import EVENT_TYPES


class Party(NamedTuple):
    """Somebody that a calendar may name: first the name, then the addresses."""

    name: str
    mails: tuple[str, ...]


class Reminding(NamedTuple):
    """A reminder's values, as its model has them."""

    before: int | None
    field: str | None
    remind_at: str | None
    fired_at: str | None


class Around(NamedTuple):
    """What stands around activities, by id: when they ``changed`` last, names of tags, people, the user's reminders;
    of series their values, and the times for which something stood that is ``gone``.

    ``opening`` is when days begin for the user, in seconds from midnight; ``begins`` gives the instant of that.
    """

    changed: Mapping[str, str]
    tags: Mapping[str, str]
    contacts: Mapping[str, Party]
    leads: Mapping[str, Party]
    users: Mapping[str, Party]
    reminders: Mapping[str, Sequence[Reminding]]
    series: Mapping[str, Values]
    gone: Mapping[str, Sequence[str]]
    opening: int
    begins: Callable[[str], str]


def source(values: dict[str, Any], around: Around) -> Source:
    """What the entry of the activity with ``values`` is written from."""
    series = around.series.get(values["series"]) if values.get("series") else None
    tags, reminders = values.get("tags"), around.reminders.get(values["id"])
    if values["id"] in around.gone:
        left_out = {*(values.get("exdates") or ()), *around.gone[values["id"]]}
        values["exdates"] = sorted(moment for moment in left_out if moment)
    return Source(
        values,
        around.changed.get(values["id"]) or values.get("created_at") or values["start"],
        (series.get("uid") or series["id"]) if series else "",
        _people(values, around) if _has_people(values) else (),
        [around.tags[tag] for tag in tags if tag in around.tags] if tags else (),
        [_alarm(values, reminder, around) for reminder in reminders] if reminders else (),
        series,
    )


def _has_people(values: Values) -> bool:
    """Whom a task is about does not take part in it."""
    return bool(values.get("invited") or values.get("original") or values["type"] in EVENT_TYPES)


def _people(values: Values, around: Around) -> Sequence[Person]:
    """Who takes part: the organizer first, the others by address."""
    invited = values.get("invited") or ()
    if not invited and not values.get("original"):
        return _ours(values, around)
    came = came_from(values.get("original"))
    organizer = next((point["value"] for point in invited if point["label"] == ORGANIZER), "")
    answers = {point["value"].casefold(): point["label"] for point in invited if point["label"] != ORGANIZER}
    people: dict[str, Person] = {}
    for party in _parties(values, around):
        mail = next((mail for mail in party.mails if f"ATTENDEE:{mail.casefold()}" in came.people), "")
        if not mail and organizer and organizer.casefold() in map(str.casefold, party.mails):
            continue
        mail = mail or next((mail for mail in party.mails if mail.casefold() in answers), "") or party.mails[0]
        people[mail.casefold()] = Person(mail, party.name, answers.get(mail.casefold(), ANSWERS[0]))
    for point in invited:
        mail = point["value"].casefold()
        if mail not in people and point["label"] != ORGANIZER:
            people[mail] = Person(point["value"], "", point["label"] if point["label"] in ANSWERS else ANSWERS[0])
    others = [people[mail] for mail in sorted(people)]
    if not organizer and not values.get("original"):
        owner = around.users.get(values.get("owner") or "")
        return [*_organizer(owner), *others] if others else []
    return [Person(organizer, organizer=True), *others] if organizer else others


def _ours(values: Values, around: Around) -> Sequence[Person]:
    """The people of a meeting of our own that nobody has answered yet, whom its owner invites."""
    parties = tuple(_parties(values, around))
    return _asked(around.users.get(values.get("owner") or ""), parties) if parties else ()


@lru_cache(4096)  # the same few people meet again and again
def _asked(owner: Party | None, parties: tuple[Party, ...]) -> tuple[Person, ...]:
    found = {party.mails[0].casefold(): Person(party.mails[0], party.name) for party in parties}
    return (*_organizer(owner), *(found[mail] for mail in sorted(found)))


def _organizer(owner: Party | None) -> list[Person]:
    """Whoever's activity it is; nobody where he has no address."""
    return [Person(owner.mails[0], owner.name, organizer=True)] if owner and owner.mails else []


def _parties(values: Values, around: Around) -> Iterator[Party]:
    for contact in (values.get("contact"), *(values.get("attendees") or ())):
        party = around.contacts.get(contact) if contact else None
        if party is not None and party.mails:
            yield party
    party = around.leads.get(values["lead"]) if values.get("lead") else None
    if party is not None and party.mails:
        yield party


def _alarm(values: Values, reminder: Reminding, around: Around) -> Alarm:
    """A reminder as calendars have it, for which days start at midnight."""
    start, fired = values.get("start") or "", reminder.fired_at or ""
    if reminder.before is not None and reminder.field in (None, "start", "end"):
        hours = around.opening if len(start) == 10 else 0
        return _before(reminder.before - hours, reminder.field == "end", fired)
    moment = reminder.remind_at or fired or values.get("created_at") or start
    return Alarm(None, moment if len(moment) > 10 else around.begins(moment), False, fired)


@lru_cache(1024)  # most are as long before
def _before(seconds: int, of_end: bool, fired: str) -> Alarm:
    return Alarm(seconds, None, of_end, fired)
