"""Entries of all programs in stored form: zones by whatever name, days, floating times, rules, what is broken."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfa.formats.ical.parts import Alarm, Item, Person, Source
from sfa.formats.ical.reading import read
from sfa.formats.ical.writing import calendar
from sfa.models import KINDS, check_values

BASE = ("UID:1", "DTSTAMP:20261101T080000Z", "SUMMARY:Meeting")
BERLIN_BY_RULES = """BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


def event(*lines: str, around: str = "", name: str = "VEVENT") -> str:
    inner = "\n".join((*BASE, *lines))
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{around}BEGIN:{name}\n{inner}\nEND:{name}\nEND:VCALENDAR\n"


def one(*lines: str, around: str = "", name: str = "VEVENT") -> Item:
    reading = read(event(*lines, around=around, name=name))
    assert not reading.refusals
    return reading.items[0]


def values(*lines: str, around: str = "", name: str = "VEVENT") -> dict[str, Any]:
    return one(*lines, around=around, name=name).values


@pytest.mark.parametrize(
    "tzid",
    [
        "Europe/Berlin", "europe/berlin", "W. Europe Standard Time", '"W. Europe Standard Time"',
        "/freeassociation.sourceforge.net/Europe/Berlin", "/mozilla.org/20050126_1/Europe/Berlin",
        '"(UTC+01:00) Amsterdam, Berlin, Bern, Rom, Stockholm, Wien"', "Customized Time Zone",
    ],
)  # fmt: skip
def test_zones_go_by_many_names(tzid: str) -> None:
    found = values(f"DTSTART;TZID={tzid}:20261126T140000", around=BERLIN_BY_RULES)
    assert found["start"] == "2026-11-26T13:00:00Z"
    assert found["tzid"] in ("Europe/Berlin", "Europe/Amsterdam")


def test_a_zone_of_one_calendar_is_none_of_anothers() -> None:
    """Two senders call different clocks the same."""
    other = BERLIN_BY_RULES.replace("+0100", "-0500").replace("+0200", "-0400").replace("BYDAY=-1SU", "BYDAY=2SU")
    line = "DTSTART;TZID=Customized Time Zone:20261126T140000"
    starts = [values(line, around=around)["start"] for around in (BERLIN_BY_RULES, other, BERLIN_BY_RULES)]
    assert starts == ["2026-11-26T13:00:00Z", "2026-11-26T19:00:00Z", "2026-11-26T13:00:00Z"]


def test_times_without_a_zone_are_the_calendars_or_where_the_laptop_is() -> None:
    assert values("DTSTART:20261126T140000")["start"] == "2026-11-26T13:00:00Z"
    named = values("DTSTART:20261126T140000", around="X-WR-TIMEZONE:America/New_York\n")
    assert (named["start"], named["tzid"]) == ("2026-11-26T19:00:00Z", "America/New_York")


@pytest.mark.parametrize(
    ("lines", "start", "end"),
    [
        (("DTSTART:20261126T130000Z", "DTEND:20261126T140000Z"), "2026-11-26T13:00:00Z", "2026-11-26T14:00:00Z"),
        (("DTSTART:20261126T130000Z", "DURATION:PT1H30M"), "2026-11-26T13:00:00Z", "2026-11-26T14:30:00Z"),
        (("DTSTART;TZID=Europe/Berlin:20261024T120000", "DURATION:P1D"),
         "2026-10-24T10:00:00Z", "2026-10-25T11:00:00Z"),
        (("DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261227"), "2026-12-24", "2026-12-26"),
        (("DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261225"), "2026-12-24", None),
        (("DTSTART;VALUE=DATE:20261224", "DURATION:P3D"), "2026-12-24", "2026-12-26"),
        (("DTSTART;VALUE=DATE:20261224",), "2026-12-24", None),
        (("DTSTART:20261126T130000Z", "DTEND:20261126T120000Z"), "2026-11-26T13:00:00Z", None),
        (("DTSTART;TZID=Europe/Berlin:20261224T000000", "DTEND;TZID=Europe/Berlin:20261226T000000",
          "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE"), "2026-12-24", "2026-12-25"),
        (("DTSTART;TZID=Europe/Berlin:20260329T023000",), "2026-03-29T01:30:00Z", None),
        (("DTSTART;TZID=Europe/Berlin:20261025T023000",), "2026-10-25T00:30:00Z", None),
        (("DTSTART:2026-11-26T14:00:00+01:00",), "2026-11-26T13:00:00Z", None),
    ],
)  # fmt: skip
def test_when_it_is(lines: tuple[str, ...], start: str, end: str | None) -> None:
    found = values(*lines)
    assert (found["start"], found["end"]) == (start, end)


@pytest.mark.parametrize(
    ("lines", "start", "end", "status"),
    [
        (("DUE;VALUE=DATE:20261126",), "2026-11-26", None, "Not Started"),
        (("DTSTART;VALUE=DATE:20261120", "DUE;VALUE=DATE:20261126"), "2026-11-26", None, "Not Started"),
        (("DTSTART:20261126T100000Z", "DURATION:PT1H"), "2026-11-26T11:00:00Z", None, "Not Started"),
        (("DTSTART:20261126T100000Z", "DUE:20261126T110000Z", "RRULE:FREQ=DAILY"), "2026-11-26T10:00:00Z",
         "2026-11-26T11:00:00Z", "Not Started"),
        ((), None, None, "Not Started"),
        (("COMPLETED:20261101T090000Z",), None, None, "Completed"),
        (("PERCENT-COMPLETE:100",), None, None, "Completed"),
        (("STATUS:IN-PROCESS",), None, None, "In Progress"),
        (("STATUS:CANCELLED",), None, None, "Canceled"),
    ],
)  # fmt: skip
def test_to_dos(lines: tuple[str, ...], start: str | None, end: str | None, status: str) -> None:
    found = values(*lines, name="VTODO")
    assert (found["type"], found["start"], found["end"], found["status"]) == ("task", start, end, status)


def test_when_a_to_do_can_be_begun_is_kept() -> None:
    item = one("DTSTART;TZID=Europe/Berlin:20261120T090000", "DUE:20261126T090000Z", name="VTODO")
    assert "DTSTART:20261120T080000Z" in item.text.split("\n")


def test_a_series() -> None:
    found = values(
        "DTSTART;TZID=Europe/Berlin:20261005T090000",
        "RRULE:FREQ=WEEKLY; BYDAY=MO, WE;UNTIL=20261231T225959Z",
        "EXDATE;TZID=Europe/Berlin:20261026T090000,20261102T090000",
        "EXDATE;VALUE=DATE:20261109",
        "RDATE;VALUE=PERIOD:20261010T080000Z/PT1H",
    )
    assert found["rrule"] == "FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20261231"
    assert found["exdates"] == ["2026-10-26T08:00:00Z", "2026-11-02T08:00:00Z", "2026-11-09T08:00:00Z"]
    assert (found["rdates"], found["series_start"]) == (["2026-10-10T08:00:00Z"], "2026-10-05T07:00:00Z")


def test_which_occurrence() -> None:
    item = one("DTSTART:20261005T090000Z", "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20261005T100000")
    assert (item.occurrence, item.following) == ("2026-10-05T08:00:00Z", True)


def test_people_tags_and_reminders() -> None:
    item = one(
        "DTSTART:20261126T130000Z", "DTEND:20261126T140000Z", "CATEGORIES:a\\, b,c", "CATEGORIES:c,d",
        'ORGANIZER;CN="Müller, Jo":MAILTO:Jo@x.example', "ATTENDEE;PARTSTAT=DECLINED:mailto:ann@x.example",
        "ATTENDEE;EMAIL=bob@x.example;CN=Bob:urn:uuid:1", "ATTENDEE:mailto:not an address",
        "ATTENDEE:mailto:ANN@x.example",
        "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-P1DT2H", "END:VALARM", "BEGIN:VALARM", "ACTION:AUDIO",
        "TRIGGER;RELATED=END:-PT5M", "END:VALARM", "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:PT5M", "END:VALARM",
        "BEGIN:VALARM", "ACTION:NONE", "TRIGGER;VALUE=DATE-TIME:19760401T005545Z", "END:VALARM", "BEGIN:VALARM",
        "ACTION:EMAIL", "TRIGGER:-PT5M", "END:VALARM", "BEGIN:VALARM", "TRIGGER;VALUE=DATE-TIME:20261126T080000Z",
        "END:VALARM",
    )  # fmt: skip
    assert item.tags == ["a, b", "c", "d"]
    assert item.people == [
        Person("Jo@x.example", "Müller, Jo", organizer=True), Person("ann@x.example", "", "declined"),
        Person("bob@x.example", "Bob"),
    ]  # fmt: skip
    assert item.alarms == [
        Alarm(93600), Alarm(300, of_end=True), Alarm(None, "2026-11-26T13:05:00Z"), Alarm(None, "2026-11-26T08:00:00Z"),
    ]  # fmt: skip


def test_what_does_not_fit_is_cut_and_what_is_missing_is_made_up() -> None:
    found = values("DTSTART:20261126T130000Z", "LOCATION:A\\nB", "GEO:91;0", "PRIORITY:9")
    assert (found["location"], found["latitude"], found["priority"]) == ("A, B", None, "Low")
    text = event("DTSTART:20261126T130000Z", "DESCRIPTION:First line\\nsecond")
    untitled = read(text.replace("SUMMARY:Meeting\n", "").replace("UID:1\n", "")).items[0]
    assert untitled.values["subject"] == "First line"
    assert untitled.uid == read(text.replace("SUMMARY:Meeting\n", "").replace("UID:1\n", "")).items[0].uid
    assert len(values("DTSTART:20261126T130000Z", f"SUMMARY:{'x' * 300}", name="VTODO")["subject"]) <= 255


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (("DTSTART:20261340T090000",), "DTSTART is no time: 20261340T090000"),
        (("DTSTART:00010101T090000Z",), "DTSTART is no time: 00010101T090000Z"),
        (("DTSTART:20261126T090000Z", "RRULE:FREQ=SOMETIMES"), "FREQ=SOMETIMES is no rule of repetition"),
        (("DTSTART:20261126T090000Z", "RRULE:FREQ=MINUTELY"), "it comes again more often than daily"),
    ],
)
def test_what_cannot_be_is_refused_and_the_rest_goes_on(lines: tuple[str, ...], reason: str) -> None:
    good = event("DTSTART:20261126T130000Z")
    bad = event(*lines).partition("BEGIN:VEVENT")[2]
    reading = read(good.replace("END:VCALENDAR", f"BEGIN:VEVENT{bad}"))
    assert len(reading.items) == 1
    (refusal,) = reading.refusals
    assert refusal.what == "event “Meeting”"
    assert reason in refusal.reason


@pytest.mark.parametrize("text", ["", "hello", "Name,Mail\nAnn,a@b.example", "\x00\x01"])
def test_what_is_no_calendar(text: str) -> None:
    with pytest.raises(ValueError, match=r"no BEGIN:VCALENDAR"):
        read(text)


NAMES = st.sampled_from(
    ["DTSTART", "DTEND", "DUE", "DURATION", "RRULE", "EXDATE", "RDATE", "RECURRENCE-ID", "SEQUENCE", "GEO", "PRIORITY",
     "STATUS", "COMPLETED", "ATTENDEE", "ORGANIZER", "CATEGORIES", "SUMMARY", "TRIGGER", "BEGIN", "END", "X-SFA-TYPE",
     "X-SFA-DURATION", "DTSTART;TZID=W. Europe Standard Time", "DTSTART;TZID=x", "DTSTART;VALUE=DATE", "LAST-MODIFIED"]
)  # fmt: skip
VALUES = st.text(max_size=20) | st.sampled_from(
    ["20261126T090000Z", "20261126", "99991231T235959Z", "10000101T000000", "P1D", "-PT5M", "P99999999999D", "VALARM",
     "FREQ=DAILY;UNTIL=20261126", "FREQ=WEEKLY;UNTIL=20261126T0", "FREQ=YEARLY;COUNT=-1", "FREQ=DAILY;INTERVAL=0", "-1"]
)  # fmt: skip


@given(st.lists(st.builds("{}:{}".format, NAMES, VALUES), max_size=8), st.sampled_from(["VEVENT", "VTODO"]))
def test_nothing_that_is_written_does_harm(lines: list[str], name: str) -> None:
    """Whatever stands in an entry: it is read as good values, or refused."""
    reading = read(event(*lines, name=name))
    for item in reading.items:
        fields = {field: value for field, value in item.values.items() if value is not None}
        check_values(KINDS["activity"].fields, fields)
        calendar([Source({"id": "1", **item.values}, "2026-11-03T09:00:00Z")])
    assert all(refusal.reason for refusal in reading.refusals)
