"""What is written keeps to our own rules of bytes, and every parser reads from it what the book holds."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import icalendar
from hypothesis import given

from sfa.formats.contentlines import parsed
from sfa.formats.ical.parts import EVENT, Alarm, Person, Source, component_of
from sfa.formats.ical.reading import read
from sfa.formats.ical.writing import calendar, component
from sfa.locales import to_instant
from tests.formats.ical.activities import sources

CHANGED = "2026-11-03T09:00:00Z"
MEETING: dict[str, Any] = {
    "id": "0198-1", "type": "meeting", "subject": "Jour fixe", "start": "2026-11-23T08:00:00Z",
    "end": "2026-11-23T09:00:00Z", "tzid": "Europe/Berlin", "status": "Planned", "created_at": "2026-11-01T08:00:00Z",
}  # fmt: skip


def lines(source: Source) -> list[str]:
    return component(source).replace("\r\n ", "").split("\r\n")


def require_bytes(text: str) -> None:
    """The rules that no parser checks for us."""
    octets = text.encode()
    assert octets.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in octets.replace(b"\r\n", b"")
    assert b"\r" not in octets.replace(b"\r\n", b"")
    for piece in octets.split(b"\r\n"):
        assert len(piece) <= 75
        piece.decode()
    found = list(parsed(text))
    zones = {line.value for line in found if line.name == "TZID"}
    assert {line.param("TZID") for line in found if line.param("TZID")} <= zones
    alarms = re.findall(r"BEGIN:VALARM\r\n(.*?)END:VALARM", text, re.DOTALL)
    assert all("ACTION:DISPLAY\r\nDESCRIPTION:" in alarm or "ACTION:EMAIL\r\n" in alarm for alarm in alarms)
    for line in found:
        if line.name in ("SUMMARY", "LOCATION", "DESCRIPTION"):
            assert not re.search(r"(?<!\\)(?:\\\\)*[,;]", line.value)
            assert "\n" not in line.value


@given(sources())
def test_the_bytes_are_right_and_our_reading_gives_the_same_values(source: Source) -> None:
    text = calendar([source])
    require_bytes(text)
    (item,) = read(text).items
    known = {name: value for name, value in source.values.items() if name not in ("id", "sequence")}
    assert item.values == _as_calendars_tell(known)
    assert (item.uid, item.sequence, item.changed) == (source.values["id"], source.values["sequence"], CHANGED)
    assert list(item.people) == list(source.people)
    assert list(item.tags) == list(source.tags)
    if source.values["start"]:
        assert list(item.alarms) == list(source.alarms)
    assert item.own


def _as_calendars_tell(values: dict[str, Any]) -> dict[str, Any]:
    """A meeting with an end needs no duration."""
    is_event = component_of(values) == EVENT
    if values["duration"] and (not values["start"] or values["end"] or (is_event and len(values["start"]) == 10)):
        return {**values, "duration": None}
    return values


@given(sources())
def test_the_icalendar_library_reads_the_same(source: Source) -> None:
    values = source.values
    whole = icalendar.Calendar.from_ical(calendar([source]))
    assert isinstance(whole, icalendar.Calendar)
    found: Any = next(part for part in whole.subcomponents if part.name in ("VEVENT", "VTODO"))
    assert not found.errors
    assert str(found["SUMMARY"]) == values["subject"]
    assert str(found.get("DESCRIPTION", "")) == (values["body"] or "")
    assert str(found.get("LOCATION", "")) == (values["location"] or "")
    assert [str(tag) for tag in found["CATEGORIES"].cats] == source.tags if source.tags else "CATEGORIES" not in found
    reminders = [alarm for alarm in source.alarms if values["start"] or alarm.at]
    assert len(found.walk("VALARM")) == len(reminders)
    assert _stored(found.get("DTSTART") or found.get("DUE")) == values["start"]
    if found.name == "VEVENT" and len(values["start"]) > 10 and values["end"]:
        assert _stored(found["DTEND"]) == values["end"]
    if found.name == "VEVENT" and len(values["start"]) == 10:
        assert found["DTEND"].dt - timedelta(days=1) == date.fromisoformat(values["end"] or values["start"])


def _stored(prop: Any) -> str | None:
    if prop is None:
        return None
    return to_instant(prop.dt) if isinstance(prop.dt, datetime) else str(prop.dt.isoformat())


def test_a_series_in_a_zone_is_told_by_its_clock_with_an_end_in_utc() -> None:
    series = {**MEETING, "rrule": "FREQ=WEEKLY;UNTIL=20270131", "series_start": "2026-10-05T07:00:00Z",
              "exdates": ["2026-10-26T08:00:00Z"]}  # fmt: skip
    written = lines(Source(series, CHANGED))
    assert "DTSTART;TZID=Europe/Berlin:20261005T090000" in written
    assert "DTEND;TZID=Europe/Berlin:20261005T100000" in written
    assert "RRULE:FREQ=WEEKLY;UNTIL=20270131T225959Z" in written
    assert "EXDATE;TZID=Europe/Berlin:20261026T090000" in written
    (item,) = read(calendar([Source(series, CHANGED)])).items
    assert (item.values["start"], item.values["rrule"]) == (series["series_start"], series["rrule"])


def test_an_occurrence_bears_the_name_of_its_series() -> None:
    apart = {**MEETING, "id": "0198-2", "series": "0198-1", "occurrence": "2026-11-16T08:00:00Z"}
    written = lines(Source(apart, CHANGED, "0198-1", series=MEETING))
    assert {"UID:0198-1", "RECURRENCE-ID;TZID=Europe/Berlin:20261116T090000"} <= set(written)
    (item,) = read(calendar([Source(apart, CHANGED, "0198-1", series=MEETING)])).items
    assert (item.uid, item.occurrence) == ("0198-1", "2026-11-16T08:00:00Z")


def test_an_hour_that_the_clock_shows_twice_is_written_in_utc() -> None:
    late = {**MEETING, "start": "2026-10-25T01:30:00Z", "end": None}
    early = {**late, "start": "2026-10-25T00:30:00Z"}
    assert "DTSTART:20261025T013000Z" in lines(Source(late, CHANGED))
    assert "DTSTART;TZID=Europe/Berlin:20261025T023000" in lines(Source(early, CHANGED))
    (item,) = read(calendar([Source(late, CHANGED)])).items
    assert (item.values["start"], item.values["tzid"]) == (late["start"], "Europe/Berlin")


def test_whole_days_end_the_day_before_their_dtend() -> None:
    days = {**MEETING, "start": "2026-12-24", "end": "2026-12-26", "tzid": None}
    written = lines(Source(days, CHANGED))
    assert {"DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261227"} <= set(written)


def test_what_is_not_told_by_calendars() -> None:
    note = {**MEETING, "type": "note"}
    assert calendar([Source(note, CHANGED)]).count("BEGIN:") == 1
    undated = {**MEETING, "start": None, "end": None}
    assert lines(Source(undated, CHANGED))[0] == "BEGIN:VTODO"


def test_what_was_deleted_is_cancelled_in_a_later_revision() -> None:
    gone = {**MEETING, "deleted_at": "2026-11-10T08:00:00Z", "sequence": 3}
    written = lines(Source(gone, CHANGED, alarms=[Alarm(900)]))
    assert {"STATUS:CANCELLED", "SEQUENCE:4", "X-SFA-DELETED:20261110T080000Z"} <= set(written)
    assert "BEGIN:VALARM" not in written


def test_a_task_reminds_before_it_is_due() -> None:
    task = {**MEETING, "type": "task", "status": "Not Started", "start": "2026-11-23", "end": None, "tzid": None}
    written = lines(Source(task, CHANGED, alarms=[Alarm(900), Alarm(-32400)]))
    assert {"DUE;VALUE=DATE:20261123", "TRIGGER;RELATED=END:-PT15M", "TRIGGER;RELATED=END:PT9H"} <= set(written)


def test_what_others_said_is_given_back() -> None:
    came = "\n".join([
        "BEGIN:VEVENT", "UID:x@exchange", "SUMMARY:Old", "CLASS:PRIVATE", "TRANSP:OPAQUE", "STATUS:TENTATIVE",
        "PRIORITY:2", "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
        "ATTENDEE;CN=Ann;PARTSTAT=ACCEPTED;RSVP=TRUE:mailto:Ann@x.example",
        "ATTENDEE;CN=Room:urn:room:1", "BEGIN:VALARM", "ACTION:EMAIL", "TRIGGER:-PT1H", "END:VALARM",
        "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT5M", "END:VALARM", "END:VEVENT",
    ])  # fmt: skip
    values = {**MEETING, "uid": "x@exchange", "priority": "High", "original": came}
    written = lines(Source(values, CHANGED, people=[Person("ann@x.example"), Person("bob@x.example")]))
    assert {
        "UID:x@exchange", "SUMMARY:Jour fixe", "CLASS:PRIVATE", "TRANSP:OPAQUE", "STATUS:TENTATIVE", "PRIORITY:2",
        "X-MICROSOFT-CDO-BUSYSTATUS:BUSY", "ATTENDEE;CN=Ann;PARTSTAT=ACCEPTED;RSVP=TRUE:mailto:Ann@x.example",
        "ATTENDEE;CN=Room:urn:room:1", "ACTION:EMAIL",
        "ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;SCHEDULE-AGENT=CLIENT:mailto:bob@x.example",
    } <= set(written)  # fmt: skip
    assert written.count("BEGIN:VALARM") == 1  # reminders are the book's own
