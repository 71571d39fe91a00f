"""Activities as iCalendar, to the letter of RFC 5545. What an entry of others said beyond our fields is given back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from sfa.formats.contentlines import CRLF, escape, fold, folded, write_line
from sfa.formats.ical.came import Came, came_from
from sfa.formats.ical.parts import (
    LINK,
    ORGANIZER,
    PRIORITIES,
    STATUSES,
    TODO,
    Alarm,
    Person,
    Source,
    component_of,
    priority_of,
    status_of,
)
from sfa.formats.ical.timetable import span, times, timezones, utc

PRODUCT = "-//sfa//sfa//EN"
MOST_KEPT = 20_000
_KEPT: dict[str, tuple[Source, str]] = {}


def calendar(sources: Iterable[Source], *, method: str = "", name: str = "", refresh: int = 0) -> str:
    """A whole calendar: zones first, then a component for each source that has one.

    ``refresh``: seconds after which who subscribes to it should look again.
    """
    kept = [source for source in sources if component_of(source.values)]
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN"]
    head += [f"METHOD:{method}"] if method else []
    head += [f"NAME:{escape(name)}", f"X-WR-CALNAME:{escape(name)}"] if name else []
    if refresh:
        head += [f"REFRESH-INTERVAL;VALUE=DURATION:{span(refresh)}", f"X-PUBLISHED-TTL:{span(refresh)}"]
    return "".join([folded(head), *timezones(kept), *map(component, kept), "END:VCALENDAR", CRLF])


def component(source: Source) -> str:
    """One event or to-do, folded. Its activity must be no note.

    Feeds and syncs write the same ones again and again: what was written last for an activity is kept with its source.
    """
    name = source.values["id"]
    kept = _KEPT.get(name)
    if kept is None or kept[0] != source:
        if len(_KEPT) >= MOST_KEPT:
            _KEPT.clear()
        kept = _KEPT[name] = source, _component(source)
    return kept[1]


def _component(source: Source) -> str:
    values, kind = source.values, component_of(source.values)
    came = came_from(values.get("original"))
    uid = source.uid or values.get("uid")
    lines = [f"UID:{escape(uid) if uid else values['id']}"]
    lines += times(kind, source, came)
    lines += _texts(source, came)
    if came.kind == kind:
        lines += came.rest
    known = came if came.lines else None
    state = (_state if known else _own_state)(kind, known, values["type"], *map(values.get, STATE))
    people = (_people if known else _own_people)(known, tuple(source.people)) if source.people else ""
    alarms = _alarms(source, kind) if source.alarms and not values.get("deleted_at") else ""
    return f"BEGIN:{kind}{CRLF}{_revision(source)}{folded(lines)}{state}{people}{alarms}END:{kind}{CRLF}"


def _revision(source: Source) -> str:
    """When it was changed last, and how often; lines too short to be folded."""
    values, changed = source.values, utc(source.changed)
    number = (values.get("sequence") or 0) + bool(values.get("deleted_at"))
    return f"DTSTAMP:{changed}{CRLF}LAST-MODIFIED:{changed}{CRLF}SEQUENCE:{number}{CRLF}"


def _texts(source: Source, came: Came) -> Iterator[str]:
    """What it is about, and where; when it was made and the way back to the record."""
    values = source.values
    yield f"SUMMARY:{escape(values.get('subject') or '')}"
    if body := values.get("body"):
        yield f"DESCRIPTION:{escape(body)}"
    if location := values.get("location"):
        yield f"LOCATION:{escape(location)}"
    latitude, longitude = values.get("latitude"), values.get("longitude")
    if latitude is not None and longitude is not None:
        yield f"GEO:{_degrees(latitude)};{_degrees(longitude)}"
    if source.tags:
        yield f"CATEGORIES:{','.join(map(escape, source.tags))}"
    if "CREATED" not in came.lines and values.get("created_at"):
        yield f"CREATED:{utc(values['created_at'])}"
    if "URL" not in came.lines:
        yield f"URL:{LINK}{values['id']}"


@lru_cache(1024)
def _degrees(number: float) -> str:
    text = repr(float(number))
    return f"{number:.12f}" if "e" in text else text


STATE = ("priority", "status", "completed_at", "deleted_at")


def _state(
    kind: str,
    came: Came | None,
    type_: str,
    priority: str | None,
    status: str | None,
    done: str | None,
    gone: str | None,
) -> str:
    """Priority and status, folded: in the words in which they came, where these still mean the same."""
    lines: list[str] = []
    priority, given = priority or "Normal", came.value("PRIORITY") if came else ""
    if given.isdigit() and priority_of(int(given)) == priority:
        lines.append(f"PRIORITY:{given}")
    elif priority != "Normal" or came is None:
        lines.append(f"PRIORITY:{PRIORITIES[priority]}")
    status = status or status_of(kind, "", type_)
    word, given = STATUSES[kind][status], came.value("STATUS").upper() if came else ""
    if gone:
        word = "CANCELLED"
        lines.append(f"X-SFA-DELETED:{utc(gone)}")
    elif given in STATUSES[kind].values() and status_of(kind, given, type_) == status:
        word = given
    lines.append(f"STATUS:{word}")
    if done:
        lines.append(f"COMPLETED:{utc(done)}" if word == "COMPLETED" else f"X-SFA-DONE:{utc(done)}")
    lines += ["PERCENT-COMPLETE:100"] if word == "COMPLETED" else []
    lines.append(f"X-SFA-TYPE:{type_}")
    lines += [f"X-SFA-STATUS:{status}"] if status_of(kind, word, type_) != status else []
    return folded(lines)


def _people(came: Came | None, people: tuple[Person, ...]) -> str:
    """Who takes part, folded; each as he came."""
    lines: list[str] = []
    for person in people:
        name = "ORGANIZER" if person.organizer else "ATTENDEE"
        known = came.people.get(f"{name}:{person.mail.casefold()}") if came else None
        lines.append(known or _person(name, person))
    return folded(lines)


# Most of our own are in the same few states, and the same few people meet again and again.
_own_state, _own_people = lru_cache(1024)(_state), lru_cache(4096)(_people)


def _person(name: str, person: Person) -> str:
    """SCHEDULE-AGENT keeps servers from writing to customers on their own (RFC 6638)."""
    params = {"CN": person.name} if person.name else {}
    if name != ORGANIZER.upper():
        params |= {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": person.answer.upper()}
    return write_line(name, f"mailto:{person.mail}", params | {"SCHEDULE-AGENT": "CLIENT"})


def _alarms(source: Source, kind: str) -> str:
    """The reminders, folded. Before what has no time there is none."""
    values, parts = source.values, list[str]()
    said = fold(f"DESCRIPTION:{escape(values.get('subject') or '')}")
    due_only = kind == TODO and not values.get("end")
    for alarm in source.alarms:
        if alarm.before is None or values.get("start"):
            seen = f"ACKNOWLEDGED:{utc(alarm.acknowledged)}{CRLF}" if alarm.acknowledged else ""
            trigger = _trigger(alarm, due_only)
            parts.append(f"BEGIN:VALARM{CRLF}{trigger}{CRLF}ACTION:DISPLAY{CRLF}{said}{seen}END:VALARM{CRLF}")
    return "".join(parts)


@lru_cache(1024)
def _trigger(alarm: Alarm, due_only: bool) -> str:
    if alarm.before is None:
        return f"TRIGGER;VALUE=DATE-TIME:{utc(alarm.at or '')}"
    related = ";RELATED=END" if alarm.of_end or due_only else ""
    return f"TRIGGER{related}:{'-' if alarm.before > 0 else ''}{span(abs(alarm.before))}"
