"""The line breaks, or the program ends, at the very moments that hurt."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from sfa.exchange.dav import remotes
from sfa.exchange.dav.client import Answer, Client, DavError
from sfa.exchange.dav.reconciling import sync
from sfa.exchange.dav.remotes import Remote
from sfa.sales import edit
from sfa.store.book import Book
from sfa.sync import inbox
from tests.exchange.dav.conftest import Connecting
from tests.exchange.dav.phone import EVENT, NOTHING, Phone, synced

VISIT = {"type": "visit", "subject": "One", "start": "2026-11-20T09:00:00Z", "end": "2026-11-20T10:00:00Z"}


class Ended(BaseException):
    """The program ends here."""


class Line:
    """A line that does something else than to give the answer to the first request with ``method``."""

    def __init__(self, client: Client, method: str, instead: Callable[[Answer], Answer]) -> None:
        self.client, self.method, self.instead = client, method, instead

    def ask(self, method: str, url: str, body: bytes = b"", headers: Mapping[str, str] = {}) -> Answer:
        answer = self.client.ask(method, url, body, headers)
        if method == self.method:
            self.method = ""
            return self.instead(answer)
        return answer


def lost(_answer: Answer) -> Answer:
    raise DavError("offline", "the line broke")


@pytest.fixture
def remote(connect: Connecting) -> Remote:
    return connect("caldav")


@pytest.fixture
def phone(client: Client, remote: Remote) -> Phone:
    return Phone(client, remote)


@pytest.fixture
def visit(book: Book) -> str:
    with book.change("Added") as change:
        return edit.create(change, "activity", VISIT)


def renamed(book: Book, visit: str, subject: str) -> None:
    with book.change("Renamed") as change:
        edit.edit(change, "activity", visit, {"subject": subject})


def interrupted(book: Book, remote: Remote, line: Line, error: type[BaseException] = DavError) -> None:
    with pytest.raises(error):
        sync(book, remotes.find(book, remote.id), line=line)


def test_a_put_whose_answer_was_lost_is_no_change_of_somebody_else(
    book: Book, remote: Remote, client: Client, phone: Phone, visit: str
) -> None:
    interrupted(book, remote, Line(client, "PUT", lost))
    assert phone.names() == [visit]
    renamed(book, visit, "Two")
    assert synced(book, remote) == (0, 1, 0, 0, [])
    interrupted_again = Line(client, "PUT", lost)
    renamed(book, visit, "Three")
    interrupted(book, remote, interrupted_again)
    renamed(book, visit, "Four")
    assert synced(book, remote) == (0, 1, 0, 0, [])
    assert "SUMMARY:Four" in phone.at(visit).text
    assert not inbox.conflicts(book)
    assert synced(book, remote) == NOTHING


def test_a_delete_whose_answer_was_lost(book: Book, remote: Remote, client: Client, phone: Phone, visit: str) -> None:
    synced(book, remote)
    with book.change("Deleted") as change:
        edit.delete(change, "activity", [visit])
    interrupted(book, remote, Line(client, "DELETE", lost))
    assert synced(book, remote) == NOTHING
    assert phone.names() == []


def test_what_the_phone_deletes_right_after_an_interrupted_sync_is_deleted(
    book: Book, remote: Remote, client: Client, phone: Phone, visit: str
) -> None:
    """A server that compares two states says nothing of what came and went between them."""

    def ended(answer: Answer) -> Answer:
        raise Ended

    synced(book, remote)
    with book.change("Another") as change:
        other = edit.create(change, "activity", VISIT)

    class AfterPut(Line):
        puts = 0

        def ask(self, method: str, url: str, body: bytes = b"", headers: Mapping[str, str] = {}) -> Answer:
            if self.puts:  # the first request after it, which would bring a new mark
                raise DavError("offline", "the line broke")
            self.puts += method == "PUT"
            return self.client.ask(method, url, body, headers)

    interrupted(book, remote, AfterPut(client, "", ended))
    assert phone.names() == sorted([visit, other])
    phone.delete(other)
    assert synced(book, remote).received == 1
    assert book.get("activity", other).deleted_at
    assert phone.names() == [visit]


def test_what_landed_before_an_interruption_and_was_deleted_since(book: Book, remote: Remote, phone: Phone) -> None:
    synced(book, remote)
    phone.put("new", EVENT)

    def ended() -> None:
        raise Ended

    with pytest.raises(Ended):  # after the page has landed, before the mark is noted
        sync(book, remotes.find(book, remote.id), ended)
    (meeting,) = book.records("activity")
    phone.delete("new")
    assert synced(book, remote).received == 1
    assert book.get("activity", meeting.id).deleted_at
    assert synced(book, remote) == NOTHING


def test_somebody_else_is_faster(book: Book, remote: Remote, client: Client, phone: Phone, visit: str) -> None:
    """Between our look and our PUT the phone changes something: nothing of it is overwritten."""
    synced(book, remote)
    renamed(book, visit, "Book")

    def changes_at_once(answer: Answer) -> Answer:
        phone.rewrite(visit, ("END:VEVENT", "LOCATION:Berlin\nEND:VEVENT"))
        return answer

    line = Line(client, "REPORT", changes_at_once)
    assert sync(book, remotes.find(book, remote.id), line=line) == (1, 1, 0, 0, [])
    assert book.get("activity", visit).values["location"] == "Berlin"
    text = phone.at(visit).text
    assert "SUMMARY:Book" in text
    assert "LOCATION:Berlin" in text


def test_what_lies_elsewhere_now_is_the_same(book: Book, remote: Remote, phone: Phone, visit: str) -> None:
    synced(book, remote)
    text = phone.at(visit).text
    phone.delete(visit)
    phone.put("elsewhere", text)
    assert synced(book, remote).received == 0
    assert [one.id for one in book.records("activity")] == [visit]
    renamed(book, visit, "Two")
    synced(book, remote)
    assert phone.names() == ["elsewhere"]
    assert "SUMMARY:Two" in phone.at("elsewhere").text
    assert synced(book, remote) == NOTHING


def test_a_calendar_that_was_lost_empties_no_book(
    book: Book, remote: Remote, client: Client, phone: Phone, connect: Connecting
) -> None:
    with book.change("Added") as change:
        for number in range(5):
            edit.create(change, "activity", {**VISIT, "subject": f"No {number}"})
    synced(book, remote)
    assert client.ask("DELETE", remote.url).status in (200, 204)
    with pytest.raises(DavError):
        synced(book, remote)
    assert len(book.records("activity")) == 5
    empty = connect("caldav")
    with book.transaction() as connection:
        connection.execute("UPDATE remote SET url = ? WHERE id = ?", (empty.url + "new/", empty.id))
        connection.execute("UPDATE remote SET url = ? WHERE id = ?", (empty.url, remote.id))
        connection.execute(
            "UPDATE remote_item SET href = replace(href, ?, ?)",
            (phone.collection._path, Phone(client, empty).collection._path),
        )
    with pytest.raises(DavError) as raised:
        synced(book, remote)
    assert raised.value.code == "emptied"
    assert len(book.records("activity")) == 5
    remotes.restart(book, remotes.find(book, remote.id))
    assert synced(book, remote).sent == 5
