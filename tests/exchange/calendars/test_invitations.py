"""Invitations from Outlook and from Google: meetings with the people they name, updated, moved and called off."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sfa.exchange.calendars.importing import run_import
from sfa.sales import edit
from sfa.sales.series import occurrences
from sfa.store.book import Book
from sfa.store.undo import undo
from tests.books import dump
from tests.exchange.calendars.conftest import INVITATIONS, exported, take, written


def only(book: Book) -> dict[str, Any]:
    (record,) = book.records("activity", "series IS NULL")
    return record.values


def named(book: Book, kind: str, last_name: str) -> str:
    return str(book.value(f"SELECT id FROM {kind} WHERE last_name = ?", (last_name,)))


def test_outlook_asks_for_a_meeting(book: Book) -> None:
    assert take(book, "outlook-request.ics")[1:4] == (1, 0, 0)
    meeting = only(book)
    assert (meeting["type"], meeting["status"]) == ("meeting", "Planned")
    assert meeting["subject"] == "Angebotsbesprechung, Runde 2"
    assert (meeting["start"], meeting["end"]) == ("2026-11-25T13:00:00Z", "2026-11-25T14:00:00Z")
    assert meeting["tzid"] == "Europe/Berlin"
    assert meeting["location"] == "Konferenzraum 3.14, Hauptsitz"
    assert meeting["body"].startswith("Hallo Frau Rep,\n\nwir gehen das Angebot durch; bitte")
    assert meeting["contact"] == named(book, "contact", "Gabler")
    assert meeting["account"] == book.value("SELECT id FROM account")
    assert meeting["invited"] == [
        {"label": "organizer", "value": "erika.gabler@contoso.example"},
        {"label": "needs-action", "value": "mia@rep.example"},
        {"label": "needs-action", "value": "jonas.weiss@contoso.example"},
    ]
    (reminder,) = book.records("reminder")
    assert (reminder.values["before"], reminder.values["remind_at"]) == (900, "2026-11-25T12:45:00Z")


def test_outlook_moves_it_and_what_the_rep_wrote_stays(book: Book) -> None:
    take(book, "outlook-request.ics")
    with book.change("note") as change:
        edit.edit(change, "activity", only(book)["id"], {"body": "Bring the price list", "location": "Room 1"})
    assert take(book, "outlook-update.ics")[1:4] == (0, 1, 0)
    meeting = only(book)
    assert (meeting["start"], meeting["end"]) == ("2026-11-26T08:30:00Z", "2026-11-26T09:30:00Z")
    assert meeting["location"] == "Microsoft Teams-Besprechung"  # the organizer changed it too, and it is his meeting
    assert meeting["body"] == "Bring the price list"
    assert [reminder.values["remind_at"] for reminder in book.records("reminder")] == ["2026-11-26T08:15:00Z"]


def test_what_is_older_or_the_same_changes_nothing(book: Book) -> None:
    take(book, "outlook-update.ics")
    before = dump(book)
    assert take(book, "outlook-update.ics")[1:5] == (0, 0, 1, 0)
    assert take(book, "outlook-request.ics")[1:5] == (0, 0, 1, 1)
    assert dump(book) == before


def test_outlook_calls_it_off(book: Book) -> None:
    take(book, "outlook-request.ics", "outlook-update.ics")
    assert take(book, "outlook-cancel.ics")[1:4] == (0, 1, 0)
    meeting = only(book)
    assert (meeting["status"], meeting["completed_at"]) == ("Not Held", "2026-11-18T09:00:00Z")
    assert meeting["subject"] == "Angebotsbesprechung, Runde 2"
    assert [reminder.values.get("dismissed_at") for reminder in book.records("reminder")] == ["2026-11-18T09:00:00Z"]
    assert take(book, "outlook-cancel.ics")[1:4] == (0, 0, 1)


def test_what_is_not_there_cannot_be_called_off(book: Book) -> None:
    (refusal,) = take(book, "outlook-cancel.ics").refusals
    assert refusal == ("“Abgesagt: Angebotsbesprechung, Runde 2”", "it cancels what is not in the book")
    assert not book.records("activity")


def test_google_asks_for_a_series(book: Book) -> None:
    take(book, "google-invite.ics")
    series = only(book)
    assert (series["rrule"], series["tzid"]) == ("FREQ=WEEKLY;WKST=SU;UNTIL=20270131;BYDAY=TU", "America/New_York")
    assert (series["series_start"], series["start"]) == ("2026-11-17T15:00:00Z", "2026-11-24T15:00:00Z")
    assert series["contact"] == named(book, "contact", "Raman")
    assert "lead" not in series  # whoever leads is a contact
    assert {"label": "tentative", "value": "sam.lead@northwind.example"} in series["invited"]
    assert {"label": "accepted", "value": "priya.raman@fabrikam.example"} in series["invited"]
    assert "X-GOOGLE-CONFERENCE:https://meet.google.com/abc-defg-hij" in series["original"]


def test_google_moves_one_time_and_cancels_another(book: Book) -> None:
    take(book, "google-invite.ics", "google-moved-once.ics", "google-cancelled-once.ics")
    series = only(book)
    (moved,) = book.records("activity", "series IS NOT NULL")
    assert (moved.values["occurrence"], moved.values["start"]) == ("2026-12-01T15:00:00Z", "2026-12-02T20:00:00Z")
    starts = [start[:10] for start, _end in occurrences(book, series, "2026-11-17", "2026-12-31")]
    assert starts == ["2026-11-24", "2026-12-15", "2026-12-22", "2026-12-29"]
    before = dump(book)
    for name in ("google-invite.ics", "google-moved-once.ics", "google-cancelled-once.ics"):
        assert take(book, name)[1:3] == (0, 0)
    assert dump(book) == before


def test_it_is_given_back_as_it_came(book: Book) -> None:
    take(book, "outlook-request.ics")
    text = exported(book).replace("\r\n ", "")
    for line in (
        "X-MICROSOFT-CDO-INTENDEDSTATUS:BUSY", "TRANSP:OPAQUE", "TZID:Europe/Berlin",
        "ORGANIZER;CN=Erika Gabler:MAILTO:erika.gabler@contoso.example",
        'ATTENDEE;ROLE=OPT-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN="Jonas Weiß (Einkauf)":'
        "MAILTO:jonas.weiss@contoso.example",
    ):  # fmt: skip
        assert f"\r\n{line}\r\n" in text
    assert text.count("erika.gabler") == 1


@pytest.mark.parametrize("name", sorted(path.name for path in INVITATIONS.glob("*.ics")))
def test_one_undo_takes_an_import_back(book: Book, name: str) -> None:
    take(book, *({"outlook": ["outlook-request.ics"], "google": ["google-invite.ics"]}[name.partition("-")[0]]))
    before = dump(book)
    result = take(book, name)
    if result.created or result.updated:
        undo(book)
    assert dump(book) == before


def test_an_answer_is_noted(book: Book, tmp_path: Path) -> None:
    with book.change("meeting") as change:
        values = {"type": "meeting", "subject": "Demo", "start": "2026-12-01T09:00:00Z",
                  "contact": named(book, "contact", "Gabler")}  # fmt: skip
        meeting = edit.create(change, "activity", values)
    reply = (
        "BEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:REPLY\nBEGIN:VEVENT\nDTSTAMP:20261119T080000Z\nSUMMARY:Accepted: Demo\n"
        f"UID:{meeting}\nATTENDEE;PARTSTAT=ACCEPTED:mailto:erika.gabler@contoso.example\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    result = run_import(book, [written(tmp_path / "reply.ics", reply)])
    assert result.files[0][1:4] == (0, 1, 0)
    assert only(book)["invited"] == [{"label": "accepted", "value": "erika.gabler@contoso.example"}]
    assert only(book)["subject"] == "Demo"
    assert "ATTENDEE;CN=Erika Gabler;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED" in exported(book).replace("\r\n ", "")


def test_a_question_to_the_organizer_is_refused(book: Book, tmp_path: Path) -> None:
    take(book, "outlook-request.ics")
    text = (INVITATIONS / "outlook-update.ics").read_text(encoding="utf-8").replace("METHOD:REQUEST", "METHOD:COUNTER")
    (refusal,) = run_import(book, [written(tmp_path / "counter.ics", text)]).files[0].refusals
    assert refusal.reason == "it asks the organizer for something (COUNTER)"


def _google(tmp_path: Path, **replaced: str) -> Path:
    """Google's series with some of its lines replaced."""
    text = (INVITATIONS / "google-invite.ics").read_text(encoding="utf-8")
    lines = [f"{line.partition(':')[0].partition(';')[0]}" for line in text.split("\n")]
    new = [replaced.get(name.replace("-", "_"), line) for name, line in zip(lines, text.split("\n"), strict=True)]
    head, found, tail = "\n".join(new).partition("BEGIN:VEVENT")
    return written(tmp_path / "changed.ics", f"{text.partition('BEGIN:VEVENT')[0] or head}{found}{tail}")


def test_a_whole_series_is_moved(book: Book, tmp_path: Path) -> None:
    take(book, "google-invite.ics")
    zone = ";TZID=America/New_York:20261117T"
    later = {"DTSTART": f"DTSTART{zone}110000", "DTEND": f"DTEND{zone}113000", "SEQUENCE": "SEQUENCE:1"}
    assert run_import(book, [_google(tmp_path, **later)]).files[0][1:4] == (0, 1, 0)
    series = only(book)
    assert (series["series_start"], series["start"]) == ("2026-11-17T16:00:00Z", "2026-11-24T16:00:00Z")
    assert (series["end"], series["sequence"]) == ("2026-11-24T16:30:00Z", 1)


def test_a_series_is_another_from_one_time_on(book: Book, tmp_path: Path) -> None:
    """RANGE=THISANDFUTURE: the old series ends, a new one goes on an hour later; once, however often it comes."""
    take(book, "google-invite.ics")
    zone = ";TZID=America/New_York:20261208T"
    changes = {
        "DTSTART": f"DTSTART{zone}110000", "DTEND": f"DTEND{zone}113000",
        "RRULE": "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=America/New_York:20261208T100000", "SEQUENCE": "SEQUENCE:1",
    }  # fmt: skip
    path = _google(tmp_path, **changes)
    assert run_import(book, [path]).files[0][1:4] == (0, 1, 0)
    old, new = sorted((record.values for record in book.records("activity")), key=lambda values: values["series_start"])
    starts = [start for values in (old, new) for start, _end in occurrences(book, values, "2026-11-01", "2026-12-20")]
    assert starts == ["2026-11-24T15:00:00Z", "2026-12-01T15:00:00Z", "2026-12-08T16:00:00Z", "2026-12-15T16:00:00Z"]
    assert run_import(book, [path]).files[0][1:4] == (0, 0, 1)
