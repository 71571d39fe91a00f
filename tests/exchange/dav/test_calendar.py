"""The rep's calendar on his phone: done there is done here, moved there is moved here, and the other way round."""

from __future__ import annotations

import pytest

from sfa.exchange.dav.client import Client
from sfa.exchange.dav.remotes import Remote
from sfa.models.fields import Value
from sfa.sales import edit, series
from sfa.store import journal
from sfa.store.book import Book
from sfa.store.undo import undo
from sfa.sync import inbox
from tests.exchange.dav.conftest import Connecting
from tests.exchange.dav.phone import EVENT, MOVED, NOTHING, Phone, synced

VISIT = {"type": "visit", "subject": "Visit Acme", "start": "2026-11-20T09:00:00Z", "end": "2026-11-20T10:00:00Z"}
TASK = {"type": "task", "subject": "Send the offer", "start": "2026-11-21"}
WEEKLY = {
    "type": "call", "subject": "Weekly", "start": "2026-11-19T08:00:00Z", "series_start": "2026-11-19T08:00:00Z",
    "tzid": "Europe/Berlin", "rrule": "FREQ=WEEKLY",
}  # fmt: skip


@pytest.fixture
def remote(connect: Connecting) -> Remote:
    return connect("caldav")


@pytest.fixture
def phone(client: Client, remote: Remote) -> Phone:
    return Phone(client, remote)


def added(book: Book, values: dict[str, Value]) -> str:
    with book.change("Added") as change:
        return edit.create(change, "activity", values)


def changed(book: Book, record: str, **values: Value) -> None:
    with book.change("Changed") as change:
        edit.edit(change, "activity", record, values)


def test_open_activities_with_a_time_go_there_and_what_was_done_lately(
    book: Book, remote: Remote, phone: Phone
) -> None:
    there = [
        added(book, VISIT),
        added(book, TASK),
        added(book, {**TASK, "start": "2026-09-01", "completed_at": "2026-09-01T08:00:00Z", "status": "Completed"}),
        added(book, {**TASK, "start": "2024-01-01"}),  # late, but open
    ]
    added(book, {"type": "task", "subject": "Some day"})
    added(book, {"type": "note", "subject": "Note", "start": "2026-11-20"})
    added(book, {**TASK, "start": "2026-06-01", "completed_at": "2026-06-01T08:00:00Z", "status": "Completed"})
    with book.change("Max") as change:
        max = edit.create(change, "user", {"name": "Max"})
    added(book, {**TASK, "owner": max})
    assert synced(book, remote) == (0, 4, 0, 0, [])
    assert phone.names() == sorted(there)
    assert synced(book, remote) == NOTHING


def test_done_on_the_phone_is_done_in_the_book_as_the_reps_own_change(book: Book, remote: Remote, phone: Phone) -> None:
    task = added(book, TASK)
    synced(book, remote)
    phone.rewrite(
        task, ("STATUS:NEEDS-ACTION", "STATUS:COMPLETED"), ("END:VTODO", "COMPLETED:20261118T080000Z\nEND:VTODO")
    )
    assert synced(book, remote).received == 1
    values = book.get("activity", task).values
    assert (values["status"], values["completed_at"]) == ("Completed", "2026-11-18T08:00:00Z")
    newest = journal.newest_own(book)
    assert newest is not None
    assert (newest.origin, newest.user, newest.title) == ("caldav", book.user, "Send the offer, as in Phone")
    assert synced(book, remote) == NOTHING
    undo(book)
    assert book.get("activity", task).values.get("completed_at") is None
    assert synced(book, remote).sent == 1
    assert "STATUS:NEEDS-ACTION" in phone.at(task).text


def test_moved_on_the_phone_is_moved_in_the_book_and_stays_a_visit(book: Book, remote: Remote, phone: Phone) -> None:
    visit = added(book, VISIT)
    synced(book, remote)
    phone.rewrite(visit, ("X-SFA-[^\n]*\n", ""), ("T100000", "T130000"), ("T110000", "T140000"))
    assert synced(book, remote).received == 1
    values = book.get("activity", visit).values
    assert (values["start"], values["end"], values["type"]) == ("2026-11-20T12:00:00Z", "2026-11-20T13:00:00Z", "visit")


def test_moved_in_the_book_is_moved_on_the_phone_with_what_the_phone_added(
    book: Book, remote: Remote, phone: Phone
) -> None:
    visit = added(book, VISIT)
    synced(book, remote)
    phone.rewrite(visit, ("END:VEVENT", "X-PHONE-COLOUR:red\nEND:VEVENT"))
    synced(book, remote)
    changed(book, visit, start="2026-11-23T09:00:00Z", end="2026-11-23T10:00:00Z")
    assert synced(book, remote).sent == 1
    text = phone.at(visit).text
    assert "DTSTART;TZID=Europe/Berlin:20261123T100000" in text
    assert "X-PHONE-COLOUR:red" in text


def test_what_is_new_on_the_phone_becomes_a_meeting(book: Book, remote: Remote, phone: Phone) -> None:
    phone.put("whatever", EVENT)
    phone.put("secret", EVENT.replace("phone-1", "phone-2").replace("END:VEVENT", "CLASS:PRIVATE\nEND:VEVENT"))
    assert synced(book, remote).received == 1
    (meeting,) = book.records("activity")
    assert (meeting.values["subject"], meeting.values["type"], meeting.values["uid"]) == (
        "Dentist",
        "meeting",
        "phone-1",
    )
    changed(book, meeting.id, subject="Dentist, with Anna")
    assert synced(book, remote).sent == 1
    assert phone.names() == ["secret", "whatever"]
    assert "SUMMARY:Dentist\\, with Anna" in phone.at("whatever").text


def test_what_is_new_on_the_phone_and_has_no_day_becomes_a_task(book: Book, remote: Remote, phone: Phone) -> None:
    """An undated meeting would be a to-do there too: only what was a meeting before stays one."""
    todo = ["BEGIN:VTODO", "UID:phone-3", "DTSTAMP:20261118T080000Z", "SUMMARY:Buy stamps", "END:VTODO"]
    phone.put("stamps", "\r\n".join([*EVENT.splitlines()[:3], *todo, "END:VCALENDAR", ""]))
    assert synced(book, remote) == (1, 0, 0, 0, [])
    (task,) = book.records("activity")
    assert (task.values["subject"], task.values["type"]) == ("Buy stamps", "task")


def test_an_occurrence_moved_on_the_phone_and_one_done_in_the_book(book: Book, remote: Remote, phone: Phone) -> None:
    weekly = added(book, WEEKLY)
    synced(book, remote)
    phone.rewrite(weekly, ("END:VEVENT\n", "END:VEVENT\n" + MOVED.format(uid=weekly)))
    assert synced(book, remote).received == 1
    (moved,) = book.records("activity", "series = ?", (weekly,))
    assert (moved.values["occurrence"], moved.values["start"]) == ("2026-11-26T08:00:00Z", "2026-11-26T10:00:00Z")
    assert (moved.values["subject"], moved.values["type"]) == ("Weekly but later", "call")
    with book.change("Done") as change:
        series.complete(change, weekly)
    assert book.get("activity", weekly).values["start"] == "2026-12-03T08:00:00Z"  # the next is the moved one
    assert synced(book, remote).sent == 1
    assert phone.at(weekly).text.count("RECURRENCE-ID") == 2
    changed(book, moved.id, start="2026-11-27T10:00:00Z", end="2026-11-27T10:30:00Z")
    synced(book, remote)
    assert "DTSTART;TZID=Europe/Berlin:20261127T110000" in phone.at(weekly).text
    assert synced(book, remote) == NOTHING
    text = phone.at(weekly).text
    phone.rewrite(weekly, (r"RRULE:FREQ=WEEKLY", "RRULE:FREQ=WEEKLY\nEXDATE;TZID=Europe/Berlin:20261210T090000"))
    synced(book, remote)
    assert book.get("activity", weekly).values["exdates"] == ["2026-12-10T08:00:00Z"], text
    assert book.get("activity", weekly).values["start"] == "2026-12-03T08:00:00Z"


def test_deleted_on_either_side(book: Book, remote: Remote, phone: Phone) -> None:
    visit, task, history = added(book, VISIT), added(book, TASK), added(book, TASK)
    changed(book, history, status="Completed")
    synced(book, remote)
    phone.delete(visit)
    phone.delete(history)
    with book.change("Deleted") as change:
        edit.delete(change, "activity", [task])
    assert synced(book, remote) == (1, 0, 1, 0, [])
    assert book.get("activity", visit).deleted_at
    assert not book.get("activity", history).deleted_at  # who clears a list on the phone clears no history
    assert phone.names() == []
    assert synced(book, remote) == NOTHING
    undo(book)
    undo(book)
    synced(book, remote)
    assert phone.names() == sorted([visit, task])


def test_both_changed_waits_in_the_inbox_and_the_decision_travels(book: Book, remote: Remote, phone: Phone) -> None:
    visit = added(book, VISIT)
    synced(book, remote)
    phone.rewrite(visit, ("SUMMARY:Visit Acme", "SUMMARY:Phone"), ("T100000", "T083000"))
    changed(book, visit, subject="Book", location="Berlin")
    outcome = synced(book, remote)
    assert (outcome.received, outcome.sent, outcome.conflicts) == (1, 1, 1)
    (found,) = inbox.conflicts(book)
    assert (found.base, found.mine, found.theirs) == (
        {"subject": "Visit Acme"},
        {"subject": "Phone"},
        {"subject": "Book"},
    )
    assert (found.place, found.reason, found.user) == ("Phone", "edited", book.user)
    values = book.get("activity", visit).values
    assert (values["start"], values["location"]) == ("2026-11-20T07:30:00Z", "Berlin")  # what only one side changed
    assert "SUMMARY:Book" in phone.at(visit).text
    assert synced(book, remote) == NOTHING
    inbox.resolve(book, found.id, "mine")
    assert synced(book, remote).sent == 1
    assert "SUMMARY:Phone" in phone.at(visit).text
    undo(book)
    assert synced(book, remote).sent == 1
    assert "SUMMARY:Book" in phone.at(visit).text


def test_an_action_that_only_finds_a_conflict_says_of_what(book: Book, remote: Remote, phone: Phone) -> None:
    visit = added(book, VISIT)
    synced(book, remote)
    phone.rewrite(visit, ("SUMMARY:Visit Acme", "SUMMARY:Phone"))
    changed(book, visit, subject="Book")
    assert synced(book, remote).conflicts == 1
    assert book.value("SELECT title FROM action ORDER BY id DESC") == "Changed here and in Phone: Book"


@pytest.mark.parametrize("how", ["mine", "theirs", "edited"])
def test_deleted_here_and_changed_there(how: str, book: Book, remote: Remote, phone: Phone) -> None:
    visit = added(book, VISIT)
    synced(book, remote)
    phone.rewrite(visit, ("SUMMARY:Visit Acme", "SUMMARY:Phone"))
    with book.change("Deleted") as change:
        edit.delete(change, "activity", [visit])
    assert synced(book, remote).conflicts == 1
    assert phone.names() == []
    (found,) = inbox.conflicts(book)
    assert found.reason == "deleted"
    inbox.resolve(book, found.id, how, {"subject": "Both"} if how == "edited" else None)
    synced(book, remote)
    assert phone.names() == ([] if how == "theirs" else [visit])
    if how != "theirs":
        assert {"mine": "SUMMARY:Phone", "edited": "SUMMARY:Both"}[how] in phone.at(visit).text


def test_deleted_there_and_changed_here(book: Book, remote: Remote, phone: Phone) -> None:
    visit = added(book, VISIT)
    synced(book, remote)
    phone.delete(visit)
    changed(book, visit, subject="Book")
    outcome = synced(book, remote)
    assert (outcome.conflicts, outcome.sent) == (1, 1)
    assert phone.names() == [visit]
    (found,) = inbox.conflicts(book)
    assert (found.reason, found.theirs) == ("delete", {"subject": "Book"})
    inbox.resolve(book, found.id, "mine")
    synced(book, remote)
    assert phone.names() == []


def test_reminders_travel_both_ways(book: Book, remote: Remote, phone: Phone) -> None:
    visit = added(book, VISIT)
    with book.change("Remind") as change:
        edit.create(change, "reminder", {"activity": visit, "before": 900, "user": book.user})
    synced(book, remote)
    assert "TRIGGER:-PT15M" in phone.at(visit).text
    phone.rewrite(visit, ("TRIGGER:-PT15M", "TRIGGER:-PT30M"))
    synced(book, remote)
    assert [one.values["before"] for one in book.records("reminder", "dismissed_at IS NULL")] == [1800]
    assert synced(book, remote) == NOTHING


def test_what_is_handed_over_leaves_the_phone(book: Book, remote: Remote, phone: Phone) -> None:
    task = added(book, TASK)
    synced(book, remote)
    with book.change("Max") as change:
        max = edit.create(change, "user", {"name": "Max"})
    changed(book, task, owner=max)
    assert synced(book, remote).deleted == 1
    assert phone.names() == []


def test_what_the_server_does_not_take_holds_nothing_up(book: Book, remote: Remote, phone: Phone) -> None:
    phone.put("other", EVENT.replace("phone-1", "taken"))
    synced(book, remote)
    # Taken out of the book's sight, but still there: its UID is in use where we cannot put it.
    with book.transaction() as connection:
        connection.execute("UPDATE remote_item SET record = NULL")
    (meeting,) = book.records("activity")
    task = added(book, TASK)
    outcome = synced(book, remote)
    assert [what for what, _why in outcome.problems] == [meeting.id]
    assert sorted(phone.names()) == sorted(["other", task])
    assert synced(book, remote).sent == 0  # it is not tried again and again


def test_a_file_that_came_before_is_known_by_its_uid(book: Book, remote: Remote, phone: Phone) -> None:
    known = added(book, {**VISIT, "uid": "phone-1", "subject": "Dentist"})
    phone.put("whatever", EVENT)
    synced(book, remote)
    assert [record.id for record in book.records("activity")] == [known]
    assert phone.names() == ["whatever"]
