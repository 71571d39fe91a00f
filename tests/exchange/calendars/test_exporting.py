"""Activities out to calendars: all or some, what was deleted as cancelled, the same again when nothing changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sfa.exchange.calendars.importing import run_import
from sfa.formats.ical.parts import Alarm, Item
from sfa.formats.ical.reading import read
from sfa.sales import edit
from sfa.sales.series import apart, complete, leave_out
from sfa.store.book import Book
from sfa.store.query import Query, parse_condition
from sfa.store.undo import undo
from tests.books import dump
from tests.exchange.calendars.conftest import exported, written
from tests.formats.ical.test_writing import require_bytes


def plan(book: Book, **values: Any) -> str:
    with book.change("plan") as change:
        full = {"type": "meeting", "subject": "Demo", "start": "2026-12-01T09:00:00Z", **values}
        return edit.create(change, "activity", {name: value for name, value in full.items() if value is not None})


def change(book: Book, record: str, **values: Any) -> None:
    with book.change("edit") as doing:
        edit.edit(doing, "activity", record, values)


def items(book: Book, *where: str) -> dict[str, Item]:
    text = exported(book, Query("activity", where=tuple(map(parse_condition, where))))
    require_bytes(text)
    return {f"{item.uid}/{item.occurrence or ''}": item for item in read(text).items}


def person(book: Book, last_name: str) -> str:
    return str(book.value("SELECT id FROM contact WHERE last_name = ?", (last_name,)))


def test_an_edit_is_a_later_revision_of_the_same_entry(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = plan(book)
    (first,) = items(book).values()
    monkeypatch.setenv("SFA_NOW", "2026-11-19T10:00:00Z")
    change(book, meeting, start="2026-12-02T09:00:00Z")
    (second,) = items(book).values()
    assert first.uid == second.uid == meeting
    assert (first.sequence, first.changed) == (0, "2026-11-18T09:00:00Z")
    assert (second.sequence, second.changed) == (1, "2026-11-19T10:00:00Z")
    assert second.values["start"] == "2026-12-02T09:00:00Z"


def test_nothing_changed_gives_the_same_text(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    plan(book, contact=person(book, "Gabler"))
    text = exported(book)
    monkeypatch.setenv("SFA_NOW", "2027-01-01T10:00:00Z")
    assert exported(book) == text


def test_who_takes_part_and_who_asks(book: Book) -> None:
    plan(book, contact=person(book, "Raman"), attendees=[person(book, "Gabler")],
         invited=[{"label": "accepted", "value": "someone@else.example"}])  # fmt: skip
    plan(book, type="task", subject="Offer", contact=person(book, "Raman"))
    meeting, task = items(book).values()
    assert [(found.mail, found.name, found.answer, found.organizer) for found in meeting.people] == [
        ("mia@rep.example", "Mia Rep", "needs-action", True),
        ("Erika.Gabler@contoso.example", "Erika Gabler", "needs-action", False),
        ("priya.raman@fabrikam.example", "Priya Raman", "needs-action", False),
        ("someone@else.example", "", "accepted", False),
    ]
    assert task.people == []


def test_reminders_of_whole_days_ring_when_the_day_begins(book: Book) -> None:
    days, hours = plan(book, start="2026-12-01"), plan(book)
    with book.change("remind") as doing:
        for activity, before in ((days, 0), (days, 86400), (hours, 900)):
            edit.create(doing, "reminder", {"activity": activity, "before": before})
        edit.create(doing, "reminder", {"activity": hours, "remind_at": "2026-11-30"})
        seen = edit.create(doing, "reminder", {"activity": hours, "before": 60})
        edit.edit(doing, "reminder", seen, {"dismissed_at": "2026-11-18T09:00:00Z"})
        other = edit.create(doing, "user", {"name": "Jo"})
        edit.create(doing, "reminder", {"activity": hours, "before": 120, "user": other})
    found = items(book)
    assert found[f"{days}/"].alarms == [Alarm(-32400), Alarm(54000)]
    assert found[f"{hours}/"].alarms == [Alarm(900), Alarm(None, "2026-11-30T08:00:00Z")]


def test_what_was_deleted_of_late_is_cancelled(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting, note = plan(book), plan(book, type="note", start=None)
    with book.change("delete") as doing:
        edit.delete(doing, "activity", [meeting, note])
    (gone,) = items(book).values()
    assert (gone.uid, gone.values["status"], gone.sequence, gone.deleted) == (meeting, "Not Held", 1, True)
    assert list(items(book, "subject=Demo")) == [f"{meeting}/"]
    assert not items(book, "subject=Other")
    monkeypatch.setenv("SFA_NOW", "2027-02-17T09:00:00Z")
    assert not items(book)


def test_a_condition_chooses_and_a_series_comes_whole(book: Book) -> None:
    series = plan(book, subject="Weekly", rrule="FREQ=WEEKLY")
    plan(book)
    with book.change("move") as doing:
        apart(doing, series, "2026-12-15T09:00:00Z", {"start": "2026-12-16T09:00:00Z", "subject": "Moved"})
        leave_out(doing, series, "2026-12-22T09:00:00Z")
    found = items(book, "subject=Weekly")
    assert list(found) == [f"{series}/", f"{series}/2026-12-15T09:00:00Z"]
    assert found[f"{series}/"].values["exdates"] == ["2026-12-22T09:00:00Z"]
    assert found[f"{series}/2026-12-15T09:00:00Z"].values["subject"] == "Moved"


def test_a_series_that_waits_for_a_later_time_is_told_from_its_first(book: Book) -> None:
    series = plan(book, rrule="FREQ=WEEKLY;BYDAY=TU", end="2026-12-01T10:00:00Z")
    with book.change("done") as doing:
        complete(doing, series)
    assert book.get("activity", series).values["start"] == "2026-12-08T09:00:00Z"
    found = items(book)
    assert (found[f"{series}/"].values["start"], found[f"{series}/"].values["end"]) == (
        "2026-12-01T09:00:00Z", "2026-12-01T10:00:00Z",
    )  # fmt: skip
    assert found[f"{series}/2026-12-01T09:00:00Z"].values["status"] == "Held"


def test_a_time_apart_that_was_deleted_is_left_out(book: Book) -> None:
    series = plan(book, rrule="FREQ=WEEKLY")
    with book.change("move") as doing:
        moved = apart(doing, series, "2026-12-15T09:00:00Z", {"start": "2026-12-16T09:00:00Z"})
    with book.change("delete") as doing:
        edit.delete(doing, "activity", [moved])
    (whole,) = items(book).values()
    assert whole.values["exdates"] == ["2026-12-15T09:00:00Z"]


def test_what_another_program_left_out_of_our_words_stays(book: Book, tmp_path: Path) -> None:
    """A phone writes a visit back as some event, an hour later, and knows nothing of X-SFA-TYPE."""
    visit = plan(book, type="visit", subject="On site", location="Köln", contact=person(book, "Gabler"))
    text = exported(book).replace("\r\n ", "")
    assert "X-SFA-TYPE:visit" in text
    theirs = "\r\n".join(line for line in text.split("\r\n") if not line.startswith(("X-SFA", "ATTENDEE", "ORGANIZER")))
    later = theirs.replace("20261201T100000", "20261201T110000").replace("SEQUENCE:0", "SEQUENCE:1")
    result = run_import(book, [written(tmp_path / "phone.ics", later)])
    assert result.files[0][1:4] == (0, 1, 0)
    values = book.get("activity", visit).values
    assert (values["type"], values["status"], values["start"]) == ("visit", "Planned", "2026-12-01T10:00:00Z")
    assert values["contact"] == person(book, "Gabler")


def test_an_export_brings_a_lost_book_back(book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Series, times apart, reminders, tags: in a new book they are the same again."""
    with book.change("tag") as doing:
        tag = edit.create(doing, "tag", {"name": "VIP"})
    series = plan(book, rrule="FREQ=WEEKLY", tags=[tag], body="Agenda:\n1. price")
    with book.change("more") as doing:
        edit.create(doing, "reminder", {"activity": series, "before": 900})
        apart(doing, series, "2026-12-15T09:00:00Z", {"start": "2026-12-16T09:00:00Z"})
    plan(book, type="task", subject="Offer", start="2026-12-03", priority="Urgent", status="Waiting")
    text = exported(book)
    other = Book.create(tmp_path / "other.sfa", "Mia Rep")
    before = dump(other)
    monkeypatch.setenv("SFA_NOW", "2026-11-19T09:00:00Z")
    result = run_import(other, [written(tmp_path / "all.ics", text)])
    assert (result.files[0].created, result.rejected) == (3, 0)
    assert _undated(exported(other)) == _undated(text)
    again = run_import(other, [tmp_path / "all.ics"]).files[0]
    assert (again.created, again.updated, again.unchanged, again.stale) == (0, 0, 3, 0)
    statuses = {record.values["subject"]: record.values["status"] for record in other.records("activity")}
    assert statuses["Offer"] == "Waiting"
    undo(other)
    assert dump(other) == before
    other.close()


def _undated(text: str) -> list[str]:
    """The lines of a calendar without when they were changed last."""
    lines = text.replace("\r\n ", "").split("\r\n")
    return [line for line in lines if not line.startswith(("DTSTAMP", "LAST-MODIFIED"))]
