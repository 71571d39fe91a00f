"""The least that a calendar is with the icalendar library: components built and serialised from values at hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, Todo, vCalAddress, vGeo

from sfa.formats.ical.parts import EVENT, PRIORITIES, STATUSES, Person, Source, component_of


def build(sources: Sequence[Source]) -> bytes:
    """The same calendar as ours, with the same properties."""
    whole = Calendar()
    whole.add("PRODID", "-//limit//EN")
    whole.add("VERSION", "2.0")
    for source in sources:
        whole.add_component(_component(source))
    whole.add_missing_timezones()
    return bytes(whole.to_ical())


def _component(source: Source) -> Event | Todo:
    values, kind = source.values, component_of(source.values)
    entry = Event() if kind == EVENT else Todo()
    changed = datetime.fromisoformat(source.changed)
    entry.add("UID", values["id"])
    entry.add("DTSTAMP", changed)
    entry.add("LAST-MODIFIED", changed)
    entry.add("SEQUENCE", values["sequence"] or 0)
    _add_times(entry, source, kind)
    entry.add("SUMMARY", values["subject"])
    if values["body"]:
        entry.add("DESCRIPTION", values["body"])
    if values["location"]:
        entry.add("LOCATION", values["location"])
    if values["latitude"] is not None:
        entry["GEO"] = vGeo((values["latitude"], values["longitude"]))
    entry.add("PRIORITY", PRIORITIES[values["priority"]])
    entry.add("STATUS", STATUSES[kind][values["status"]])
    entry.add("X-SFA-TYPE", values["type"])
    if source.tags:
        entry.add("CATEGORIES", list(source.tags))
    for person in source.people:
        entry.add("ORGANIZER" if person.organizer else "ATTENDEE", _address(person))
    entry.add("CREATED", datetime.fromisoformat(values["created_at"]))
    entry.add("URL", f"sfa:activity/{values['id']}")
    for reminder in source.alarms:
        alarm = Alarm()
        alarm.add("TRIGGER", timedelta(seconds=-(reminder.before or 0)))
        alarm.add("ACTION", "DISPLAY")
        alarm.add("DESCRIPTION", values["subject"])
        entry.add_component(alarm)
    return entry


def _add_times(entry: Event | Todo, source: Source, kind: str) -> None:
    values = source.values
    for name, moment in (("DTSTART" if kind == EVENT else "DUE", values["start"]), ("DTEND", values["end"])):
        if moment and len(moment) == 10:
            entry.add(name, date.fromisoformat(moment))
        elif moment:
            entry.add(name, datetime.fromisoformat(moment).astimezone(ZoneInfo(values["tzid"])))


def _address(person: Person) -> vCalAddress:
    address = vCalAddress(f"mailto:{person.mail}")
    address.params["CN"] = person.name
    if not person.organizer:
        address.params["ROLE"] = "REQ-PARTICIPANT"
        address.params["PARTSTAT"] = person.answer.upper()
    return address
