"""iCalendar of every program as activities in stored form. What cannot be read is refused, entry by entry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from sfa.formats.contentlines import Line, split, unescape
from sfa.formats.ical.alarms import alarms
from sfa.formats.ical.blocks import Block, blocks
from sfa.formats.ical.moments import read_time
from sfa.formats.ical.parts import ANSWERS, EVENT, STATUSES, TODO, Item, Person, mail_of, priority_of, status_of
from sfa.formats.ical.spans import span_of, times
from sfa.formats.ical.zonenames import Zones
from sfa.i18n import _
from sfa.models import KINDS
from sfa.models.defaults import ACTIVITY_TYPES
from sfa.models.fields import CONTROL, CONTROL_IN_LINES, quoted

LAST_SEQUENCE = 2**31 - 1
EMAILS = KINDS["activity"].fields["invited"]


class Refusal(NamedTuple):
    """An entry that was not read: what it is called, and why."""

    what: str
    reason: str


class Reading(NamedTuple):
    """What a text holds: entries, and those that cannot be read."""

    items: list[Item]
    refusals: list[Refusal]


def read(text: str) -> Reading:
    """The events and to-dos of a text. Raises ``ValueError`` with the reason where it is no calendar."""
    whole = blocks(text)
    calendars = list(whole.within("VCALENDAR")) or [whole]
    if not whole.blocks:
        raise ValueError(_("this is no calendar: it has no BEGIN:VCALENDAR"))
    reading = Reading([], [])
    for calendar in calendars:
        zones, method = Zones(calendar), unescape(calendar.value("METHOD")).upper()
        for block in calendar.within(EVENT, TODO):
            try:
                reading.items.append(_item(block, zones, method))
            except ValueError as error:
                reading.refusals.append(Refusal(_called(block), str(error)))
    return reading


def _called(block: Block) -> str:
    summary = unescape(block.value("SUMMARY")) or unescape(block.value("UID"))
    kind = _("event") if block.name == EVENT else _("to-do")
    return f"{kind} “{quoted(summary)}”" if summary else kind


def _item(block: Block, zones: Zones, method: str) -> Item:
    own = bool(block.value("X-SFA-TYPE"))
    type_ = block.value("X-SFA-TYPE")
    type_ = type_ if type_ in ACTIVITY_TYPES else "meeting" if block.name == EVENT else "task"
    occurrence = block.line("RECURRENCE-ID")
    values: dict[str, Any] = {"type": type_, **_texts(block), **_place(block), **_state(block, type_, zones)}
    start, end = span_of(block, zones, own)
    values |= times(block, start, end, zones)
    stamp = block.line("LAST-MODIFIED") or block.line("DTSTAMP")
    return Item(
        values,
        unescape(block.value("UID")) or _made_up(block),
        read_time(occurrence, zones).moment if occurrence else None,
        _number(block.value("SEQUENCE")),
        _stamp(stamp, zones),
        method,
        list(_people(block)),
        list(dict.fromkeys(_tags(block))),
        list(alarms(block, start, end, zones)),
        block.text,
        own,
        bool(occurrence and occurrence.param("RANGE").upper() == "THISANDFUTURE"),
        bool(block.value("X-SFA-DELETED")),
    )


def _made_up(block: Block) -> str:
    """A UID for what came without: the same each time that it comes."""
    from hashlib import sha256

    text = "\n".join(block.value(name) for name in ("SUMMARY", "DTSTART", "DTEND", "DUE", "RRULE", "LOCATION"))
    return f"sfa-{sha256(text.encode()).hexdigest()[:32]}"


def _stamp(line: Line | None, zones: Zones) -> str:
    """An instant; empty where there is none."""
    try:
        moment = read_time(line, zones).moment if line else ""
    except ValueError:
        return ""
    return f"{moment}T00:00:00Z" if len(moment) == 10 else moment


def _number(text: str) -> int:
    return min(int(text), LAST_SEQUENCE) if text.isascii() and text.isdigit() else 0


def _texts(block: Block) -> dict[str, Any]:
    body = CONTROL_IN_LINES.sub("", _raw(block, "DESCRIPTION"))
    location = _line(_raw(block, "LOCATION").replace("\n", ", "))
    subject = _line(_raw(block, "SUMMARY"))
    if not subject.strip():
        subject = _line(body.strip().partition("\n")[0]) or location or _("No title")
    return {
        "subject": _cut(subject, KINDS["activity"].fields["subject"].max),
        "body": body[: KINDS["activity"].fields["body"].max] if body.strip() else None,
        "location": _cut(location, KINDS["activity"].fields["location"].max) if location.strip() else None,
    }


def _raw(block: Block, name: str) -> str:
    """A text as it stands, its spaces and all."""
    line = block.line(name)
    return unescape(line.value) if line else ""


def _line(text: str) -> str:
    return CONTROL.sub("", text.replace("\n", " ").replace("\t", " "))


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _place(block: Block) -> dict[str, Any]:
    place: dict[str, Any] = {"latitude": None, "longitude": None}
    try:
        latitude, longitude = map(float, block.value("GEO").replace(",", ";").split(";"))
    except ValueError:
        return place
    if abs(latitude) <= 90 and abs(longitude) <= 180:
        place.update(latitude=latitude, longitude=longitude)
    return place


def _state(block: Block, type_: str, zones: Zones) -> dict[str, Any]:
    """Priority and status; a to-do that is all done is done, whatever else it says."""
    word = block.value("STATUS").upper()
    done = block.line("COMPLETED") or block.line("X-SFA-DONE")
    if block.name == TODO and not word and (block.value("COMPLETED") or block.value("PERCENT-COMPLETE") == "100"):
        word = "COMPLETED"
    status, own = status_of(block.name, word, type_), block.value("X-SFA-STATUS")
    if STATUSES[block.name].get(own) == word:
        status = own
    closed = status in ("Completed", "Held", "Canceled", "Not Held")
    return {
        "priority": priority_of(_number(block.value("PRIORITY"))),
        "status": status,
        "completed_at": _stamp(done, zones) or None if closed else None,
    }


def _people(block: Block) -> Iterator[Person]:
    """Whom it names, once each in each role; addresses that are none stay in the text only."""
    seen: set[tuple[str, bool]] = set()
    for name in ("ORGANIZER", "ATTENDEE"):
        for line in block.all(name):
            mail, answer = mail_of(line), line.param("PARTSTAT").casefold()
            key = (mail.casefold(), name == "ORGANIZER")
            if not mail or key in seen or not _is_mail(mail):
                continue
            seen.add(key)
            given = answer if answer in ANSWERS else ANSWERS[0]
            yield Person(mail, _line(line.param("CN")).strip(), given, name == "ORGANIZER")


def _is_mail(mail: str) -> bool:
    try:
        EMAILS.check([{"label": "work", "value": mail}])
    except ValueError:
        return False
    return True


def _tags(block: Block) -> Iterator[str]:
    for line in block.all("CATEGORIES"):
        names = (_line(unescape(part)).strip() for part in split(line.value, ","))
        yield from (_cut(name, 255) for name in names if name)
