"""A calendar with a bit of everything, for the programs of others."""

from __future__ import annotations

from typing import Any

from sfa.formats.ical.parts import Alarm, Person, Source

CHANGED = "2026-11-03T09:00:00Z"
BASE: dict[str, Any] = {"tzid": "Europe/Berlin", "created_at": "2026-11-01T08:00:00Z", "priority": "Normal"}
PEOPLE = (
    Person("mia@rep.example", "Mia Rep", organizer=True),
    Person("jo@acme.example", "Müller, Jörg", "accepted"),
    Person("ann@acme.example", 'Ann "Annie" O’Neil'),
)


def _event(number: int, subject: str, start: str, end: str | None, **more: Any) -> dict[str, Any]:
    own = {
        "id": f"0198-{number}",
        "type": "meeting",
        "status": "Planned",
        "subject": subject,
        "start": start,
        "end": end,
    }
    return {**BASE, **own, **more}


def _task(number: int, subject: str, due: str | None, **more: Any) -> dict[str, Any]:
    own = {"id": f"0198-{number}", "type": "task", "status": "Not Started", "subject": subject, "start": due}
    return {**BASE, **own, **more}


SERIES = _event(
    1, "Jour fixe mit Müller, Schmidt; Söhne", "2026-10-12T07:00:00Z", "2026-10-12T08:00:00Z",
    rrule="FREQ=WEEKLY;UNTIL=20261231", series_start="2026-10-12T07:00:00Z", exdates=["2026-11-02T08:00:00Z"],
    body="Zeile 1\nZeile 2: " + "Umlaute äöüß und 日本語, " * 8, location="Köln, Dom; Saal 1", latitude=50.941278,
    longitude=6.958281,
)  # fmt: skip
MOVED = _event(
    2, "Jour fixe, verschoben", "2026-10-20T13:00:00Z", "2026-10-20T14:00:00Z", series="0198-1",
    occurrence="2026-10-19T07:00:00Z",
)  # fmt: skip
DAYS = _event(3, "Messe Hannover", "2026-11-24", "2026-11-26", tzid=None, type="visit")
CALL = _event(4, "Rückruf", "2026-11-25T15:30:00Z", None, type="call", tzid="America/New_York", duration=900)
SOUTH = _event(5, "Santiago", "2026-11-26T12:00:00Z", "2026-11-26T13:30:00Z", tzid="America/Santiago")
HELD = _event(6, "Gehalten", "2026-11-02T08:00:00Z", "2026-11-02T09:00:00Z", status="Held",
              completed_at="2026-11-02T09:00:00Z")  # fmt: skip
GONE = _event(7, "Gelöscht", "2026-11-27T08:00:00Z", "2026-11-27T09:00:00Z", deleted_at="2026-11-03T08:00:00Z")
OFFER = _task(8, "Angebot schicken", "2026-11-23", tzid=None, priority="Urgent")
REPORT = _task(9, "Wochenbericht", "2026-11-27T16:00:00Z", rrule="FREQ=WEEKLY", series_start="2026-11-27T16:00:00Z")
DONE = _task(10, "Erledigt", "2026-11-03T09:00:00Z", status="Completed", completed_at="2026-11-03T10:00:00Z")
SOMEDAY = _task(11, "Irgendwann", None, tzid=None)
SOURCES = (
    Source(
        SERIES,
        CHANGED,
        people=PEOPLE,
        tags=("VIP", "a, b; c"),
        alarms=(Alarm(900), Alarm(None, "2026-10-11T08:00:00Z")),
    ),
    Source(MOVED, CHANGED, "0198-1", series=SERIES),
    Source(DAYS, CHANGED, alarms=(Alarm(-32400), Alarm(54000))),
    Source(CALL, CHANGED, alarms=(Alarm(0),)),
    *(Source(values, CHANGED) for values in (SOUTH, HELD, GONE)),
    Source(OFFER, CHANGED, alarms=(Alarm(3600),)),
    *(Source(values, CHANGED) for values in (REPORT, DONE, SOMEDAY)),
)
