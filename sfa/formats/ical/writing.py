"""Activities as iCalendar, to the letter of RFC 5545. What an entry of others said beyond our fields is given back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from sfa.formats.contentlines import CRLF, Line, escape, fold, folded, parse, unfold, write_line
from sfa.formats.ical.parts import (
    EVENT,
    LINK,
    ORGANIZER,
    PRIORITIES,
    STATUSES,
    TODO,
    Alarm,
    Person,
    Source,
    Values,
    component_of,
    mail_of,
    priority_of,
    status_of,
)
from sfa.formats.ical.zones import AHEAD, YEARS, known, timezone

PRODUCT = "-//sfa//sfa//EN"
# What we write ourselves; all else of an entry of others is given back.
OURS = frozenset({
    "BEGIN", "END", "UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "DUE", "DURATION", "RRULE",
    "EXDATE", "RDATE", "RECURRENCE-ID", "SUMMARY", "DESCRIPTION", "LOCATION", "GEO", "PRIORITY", "STATUS", "COMPLETED",
    "PERCENT-COMPLETE", "CATEGORIES",
})  # fmt: skip
MOST_KEPT = 20_000
_KEPT: dict[str, tuple[Source, str]] = {}
UTC_NAMES = frozenset({"UTC", "Etc/UTC", "GMT", "Etc/GMT", "Zulu"})


def calendar(sources: Iterable[Source], *, method: str = "", name: str = "", refresh: int = 0) -> str:
    """A whole calendar: zones first, then a component for each source that has one.

    ``refresh``: seconds after which who subscribes to it should look again.
    """
    kept = [source for source in sources if component_of(source.values)]
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN"]
    head += [f"METHOD:{method}"] if method else []
    head += [f"NAME:{escape(name)}", f"X-WR-CALNAME:{escape(name)}"] if name else []
    if refresh:
        head += [f"REFRESH-INTERVAL;VALUE=DURATION:{_span(refresh)}", f"X-PUBLISHED-TTL:{_span(refresh)}"]
    return "".join([folded(head), *_timezones(kept), *map(component, kept), "END:VCALENDAR", CRLF])


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
    lines += _times(kind, source, came)
    lines += _texts(source, came)
    if came.kind == kind:
        lines += came.rest
    known = came if came.lines else None
    state = (_state if known else _own_state)(kind, known, values["type"], *map(values.get, STATE))
    people = (_people if known else _own_people)(known, tuple(source.people)) if source.people else ""
    alarms = _alarms(source, kind) if source.alarms and not values.get("deleted_at") else ""
    return f"BEGIN:{kind}{CRLF}{_revision(source)}{folded(lines)}{state}{people}{alarms}END:{kind}{CRLF}"


class Came:
    """The entry of others that an activity came from: its lines by name, and those that go back as they are."""

    def __init__(self, text: str) -> None:
        self.kind = text.partition("\n")[0].partition(":")[2].strip().upper()
        self.lines: dict[str, list[Line]] = {}
        self.rest: list[str] = []
        self.people: dict[str, str] = {}
        depth, block = 0, list[str]()
        for whole in unfold(text):
            line = parse(whole)
            depth += (line.name == "BEGIN") - (line.name == "END")
            if depth == 1 and not (block or line.name == "END"):
                self._top(whole.replace("\n", "\\n"), line)
            elif depth >= 1:
                block.append(whole.replace("\n", "\\n"))
            if depth == 1 and block:
                self._inner(block)
                block = []

    def _top(self, whole: str, line: Line) -> None:
        self.lines.setdefault(line.name, []).append(line)
        mail = mail_of(line) if line.name in ("ATTENDEE", "ORGANIZER") else ""
        if mail:
            self.people[f"{line.name}:{mail.casefold()}"] = whole
        elif line.name not in OURS and not line.name.startswith("X-SFA-") and "TZID" not in line.params:
            self.rest.append(whole)

    def _inner(self, block: list[str]) -> None:
        """Alarms are reminders here; those that only others can carry out go back."""
        if block[0].upper() != "BEGIN:VALARM" or any(line.upper() == "ACTION:EMAIL" for line in block):
            self.rest += block

    def value(self, name: str) -> str:
        found = self.lines.get(name)
        return found[0].value.strip() if found else ""


_NOTHING = Came("")


def came_from(original: str | None) -> Came:
    """The entry of others that an activity came from; an empty one for our own."""
    return Came(original) if original else _NOTHING


def _revision(source: Source) -> str:
    """When it was changed last, and how often; lines too short to be folded."""
    values, changed = source.values, _utc(source.changed)
    number = (values.get("sequence") or 0) + bool(values.get("deleted_at"))
    return f"DTSTAMP:{changed}{CRLF}LAST-MODIFIED:{changed}{CRLF}SEQUENCE:{number}{CRLF}"


@lru_cache(1024)  # many activities were made and changed at one moment
def _utc(instant: str) -> str:
    return instant.replace("-", "").replace(":", "")


def _times(kind: str, source: Source, came: Came) -> Iterator[str]:
    """When it is, how it comes again, and which occurrence it stands for."""
    values = source.values
    start, end, tzid = values.get("start"), values.get("end"), values.get("tzid") or ""
    rule = values.get("rrule")
    if start and rule and values.get("series_start"):
        start, end = values["series_start"], _moved(start, end, values["series_start"], tzid)
    if end and (len(end) != len(start or "") or end < start):
        end = None
    if kind == EVENT and start:
        yield from _event_times(start, end, values, tzid)
    elif start:
        yield from _todo_times(start, end, values, came)
    if rule and start:
        yield f"RRULE:{_rule(rule, start, tzid)}"
        for name, moments in (("EXDATE", values.get("exdates")), ("RDATE", values.get("rdates"))):
            if same := [moment for moment in moments or () if len(moment) == len(start)]:
                yield _when(name, same, tzid)
    if values.get("occurrence"):
        yield _when("RECURRENCE-ID", [values["occurrence"]], (source.series or values).get("tzid") or "")
    if tzid and tzid != _told(start, tzid, rule):
        yield f"X-SFA-TZID:{tzid}"


def _event_times(start: str, end: str | None, values: Values, tzid: str) -> Iterator[str]:
    yield _when("DTSTART", [start], tzid)
    if len(start) == 10:
        after = date.fromisoformat(end or start) + timedelta(days=1)
        yield _when("DTEND", [after.isoformat()], tzid)
    elif end and end > start:
        yield _when("DTEND", [end], tzid)
    elif values.get("duration"):
        yield f"DURATION:{_span(values['duration'])}"


def _todo_times(start: str, end: str | None, values: Values, came: Came) -> Iterator[str]:
    """A to-do is due when the activity is; one that takes its time begins then and is due at the end."""
    tzid = values.get("tzid") or ""
    if end and end > start:
        yield _when("DTSTART", [start], tzid)
        yield _when("DUE", [end], tzid)
        return
    begin = came.value("DTSTART")  # reading made it a date or UTC
    if values.get("rrule"):
        yield _when("DTSTART", [start], tzid)
    elif begin and len(begin) == len(_utc(start)) and begin < _utc(start):
        yield f"DTSTART{';VALUE=DATE' if len(begin) == 8 else ''}:{begin}"
    yield _when("DUE", [start], tzid)
    if values.get("duration"):
        yield f"X-SFA-DURATION:{_span(values['duration'])}"


def _moved(start: str, end: str | None, first: str, tzid: str) -> str | None:
    """The end of a series' first time: as long after it, on the clock of its zone, as that of the one that waits."""
    if not end or len({len(start), len(end), len(first)}) > 1:
        return None
    if len(start) == 10:
        return (date.fromisoformat(first) + (date.fromisoformat(end) - date.fromisoformat(start))).isoformat()
    zone = known(tzid or "UTC") or UTC
    walls = [datetime.fromisoformat(moment).astimezone(zone).replace(tzinfo=None) for moment in (start, end, first)]
    local = (walls[2] + (walls[1] - walls[0])).replace(tzinfo=zone)
    return local.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def _when(name: str, moments: Sequence[str], tzid: str) -> str:
    """A line of moments: dates, times on the clock of the zone, or UTC where that clock would not be clear."""
    if len(moments[0]) == 10:
        return f"{name};VALUE=DATE:{','.join(moment.replace('-', '') for moment in moments)}"
    walls = [_wall(moment, tzid) for moment in moments]
    if "" in walls:
        return f"{name}:{','.join(map(_utc, moments))}"
    return f"{name};TZID={tzid}:{','.join(walls)}"


@lru_cache(8192)
def _wall(moment: str, tzid: str) -> str:
    """What the zone's clock shows; empty where it shows the same time twice, or where we do not trust it."""
    zone = None if not tzid or tzid in UTC_NAMES else known(tzid)
    if zone is None:
        return ""
    local = datetime.fromisoformat(moment).astimezone(zone)
    if local.fold or local.year not in YEARS:
        return ""
    return local.replace(tzinfo=None).isoformat().replace("-", "").replace(":", "")


def _told(start: str | None, tzid: str, rule: str | None) -> str:
    """The zone that reading would make of it."""
    if not start or len(start) == 10:
        return ""
    return tzid if _wall(start, tzid) else "UTC" if rule else ""


def _rule(rule: str, start: str, tzid: str) -> str:
    """The rule with its end as the RFC has it: a date for days, else UTC (the end of the day on the zone's clock)."""
    head, found, rest = rule.partition("UNTIL=")
    if not found:
        return rule
    until, semicolon, tail = rest.partition(";")
    if len(start) == 10:
        until = until[:8]
    elif not until.endswith("Z"):
        wall = datetime.strptime(until if "T" in until else f"{until}T235959", "%Y%m%dT%H%M%S")  # noqa: DTZ007
        local = wall.replace(tzinfo=known(tzid or "UTC") or UTC)
        until = f"{local.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return f"{head}UNTIL={until}{semicolon}{tail}"


@lru_cache(1024)
def _span(seconds: int) -> str:
    """Seconds as an iCalendar DURATION."""
    if seconds and seconds % 86400 == 0:
        return f"P{seconds // 86400}D"
    hours, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    parts = [f"{number}{unit}" for number, unit in ((hours, "H"), (minutes, "M"), (rest, "S")) if number]
    return f"PT{''.join(parts) or '0S'}"


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
        yield f"CREATED:{_utc(values['created_at'])}"
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
        lines.append(f"X-SFA-DELETED:{_utc(gone)}")
    elif given in STATUSES[kind].values() and status_of(kind, given, type_) == status:
        word = given
    lines.append(f"STATUS:{word}")
    if done:
        lines.append(f"COMPLETED:{_utc(done)}" if word == "COMPLETED" else f"X-SFA-DONE:{_utc(done)}")
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
            seen = f"ACKNOWLEDGED:{_utc(alarm.acknowledged)}{CRLF}" if alarm.acknowledged else ""
            trigger = _trigger(alarm, due_only)
            parts.append(f"BEGIN:VALARM{CRLF}{trigger}{CRLF}ACTION:DISPLAY{CRLF}{said}{seen}END:VALARM{CRLF}")
    return "".join(parts)


@lru_cache(1024)
def _trigger(alarm: Alarm, due_only: bool) -> str:
    if alarm.before is None:
        return f"TRIGGER;VALUE=DATE-TIME:{_utc(alarm.at or '')}"
    related = ";RELATED=END" if alarm.of_end or due_only else ""
    return f"TRIGGER{related}:{'-' if alarm.before > 0 else ''}{_span(abs(alarm.before))}"


def _timezones(sources: Iterable[Source]) -> list[str]:
    """A VTIMEZONE for each zone that is written, for the decades that are."""
    spans: dict[str, tuple[int, int]] = {}
    for source in sources:
        values = source.values
        tzid = values.get("tzid")
        start = values.get("series_start") or values.get("start") or ""
        if len(start) > 10 and tzid and tzid not in UTC_NAMES:
            _widen(spans, tzid, int(start[:4]), _last_year(values))
        occurrence, around = values.get("occurrence") or "", source.series or values
        if len(occurrence) > 10 and around.get("tzid"):
            _widen(spans, around["tzid"], int(occurrence[:4]), int(occurrence[:4]))
    return [
        timezone(tzid, (first - 1) // 10 * 10, last // 10 * 10 + 9)
        for tzid, (first, last) in sorted(spans.items())
        if tzid not in UTC_NAMES and known(tzid)
    ]


def _widen(spans: dict[str, tuple[int, int]], tzid: str, first: int, last: int) -> None:
    known_first, known_last = spans.get(tzid, (first, last))
    spans[tzid] = min(first, known_first, last), max(last, known_last)


def _last_year(values: Values) -> int:
    last = int((values.get("end") or values["start"])[:4])
    rule = values.get("rrule") or ""
    if not rule:
        return last
    _head, found, until = rule.partition("UNTIL=")
    added = [int(moment[:4]) for moment in (*(values.get("rdates") or ()), *(values.get("exdates") or ()))]
    return max(last, *added, int(until[:4]) if found else last + AHEAD)
