"""Reminders that fire: claimed by one program, shown at once, put back where that fails."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence

import pytest

from sfa.desktop.firing import Firing
from sfa.desktop.notifier import NotShown
from sfa.errors import BookError
from sfa.sales import edit, reminders
from sfa.sales.reminders import Due
from sfa.store import journal
from sfa.store.book import Book

PAST, SOON = "2026-11-18T08:30:00Z", "2026-11-18T09:30:00Z"  # the clock stands at 09:00


def remind(book: Book, subject: str, at: str) -> str:
    with book.change("Plan") as change:
        planned = edit.create(change, "activity", {"type": "call", "subject": subject, "start": at})
        return edit.create(change, "reminder", {"activity": planned, "remind_at": at})


class Listener:
    """Somebody who is reminded; ``troubles`` are what goes wrong the next times: before the claim, or after it."""

    def __init__(self, *troubles: str) -> None:
        self.troubles = list(troubles)
        self.seen: list[list[str]] = []
        self.heard = threading.Semaphore(0)

    def require(self) -> None:
        if self.troubles[:1] == ["require"]:
            self.troubles.pop(0)
            raise NotShown("no desktop")

    def show(self, due: Sequence[Due]) -> None:
        if self.troubles[:1] == ["show"]:
            self.troubles.pop(0)
            raise NotShown("it hung up")
        self.seen.append([one.title for one in due])
        self.heard.release()


Start = Callable[[Listener], Firing]


@pytest.fixture
def start(book: Book) -> Iterator[Start]:
    """Starts programs that remind; they end with the test."""
    running: list[tuple[Firing, threading.Thread]] = []

    def begin(listener: Listener) -> Firing:
        firing = Firing(book, listener, failed=lambda _error: listener.heard.release())
        thread = threading.Thread(target=firing.run)
        thread.start()
        running.append((firing, thread))
        return firing

    yield begin
    for firing, thread in running:
        firing.stop()
        thread.join(20)
        assert not thread.is_alive()


def wait(listener: Listener) -> None:
    assert listener.heard.acquire(timeout=20)


def test_what_was_missed_is_shown_once_and_in_order(book: Book, start: Start) -> None:
    remind(book, "second", PAST)
    remind(book, "first", "2026-11-16T08:00:00Z")
    remind(book, "third", "2026-11-18")  # the day begins at nine, in Berlin at eight by the clock of the world
    remind(book, "later", SOON)
    listener = Listener()
    start(listener)
    wait(listener)
    assert listener.seen == [["first", "third", "second"]]
    assert {one.title for one in reminders.fired(book)} == {"first", "second", "third"}
    assert reminders.next_due(book) == SOON


def test_that_it_reminded_is_nothing_that_the_user_did(book: Book) -> None:
    """Else the screens would say so, and offer to undo it, after whatever was done meanwhile."""
    remind(book, "call", PAST)
    assert reminders.claim(book)
    newest = journal.newest_own(book)
    assert newest is not None
    assert newest.title == "Plan"


def test_a_long_absence_is_one_notification(book: Book, start: Start) -> None:
    count = 520
    with book.change("Plan") as change:
        planned = edit.create(change, "activity", {"type": "call", "subject": "again", "start": PAST})
        names = ("activity", "remind_at", "user")
        change.insert_rows("reminder", names, [(planned, PAST, book.user)] * count)
    listener = Listener()
    start(listener)
    wait(listener)
    assert [len(titles) for titles in listener.seen] == [count]
    assert book.value("SELECT count(*) FROM reminder WHERE dismissed_at IS NULL AND fired_at IS NOT NULL") == count


def test_another_programs_reminder_wakes_who_waits(book: Book, start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    listener = Listener()
    start(listener)
    other = Book.open(book.path)
    remind(other, "new", PAST)
    other.close()
    wait(listener)
    assert listener.seen == [["new"]]


def test_of_two_programs_one_reminds(book: Book, start: Start) -> None:
    listeners = [Listener(), Listener()]
    for listener in listeners:
        start(listener)
    for number in range(20):
        remind(book, str(number), PAST)
    told: list[str] = []
    for _turn in range(400):
        told = [title for listener in listeners for titles in listener.seen for title in titles]
        if len(told) >= 20:
            break
        listeners[0].heard.acquire(timeout=0.05)
    assert sorted(told, key=int) == [str(number) for number in range(20)]


def test_who_cannot_show_claims_nothing(book: Book, start: Start) -> None:
    remind(book, "call", PAST)
    listener = Listener("require")
    firing = start(listener)
    wait(listener)
    assert reminders.next_due(book) == PAST
    assert not reminders.fired(book)
    assert not listener.seen
    assert firing.book.value("SELECT count(*) FROM action WHERE origin = 'reminder'") == 0


def test_what_could_not_be_shown_is_put_back_for_others(book: Book, start: Start) -> None:
    remind(book, "call", PAST)
    failing = Listener("show")
    start(failing)
    wait(failing)
    assert [one.title for one in reminders.due(book)] == ["call"]
    other = Listener()
    start(other)
    wait(other)
    assert (failing.seen, other.seen) == ([], [["call"]])


def test_what_was_dismissed_meanwhile_is_not_put_back(book: Book) -> None:
    reminder = remind(book, "call", PAST)
    claimed = reminders.claim(book)
    reminders.dismiss(book, [reminder])
    reminders.put_back(book, claimed)
    assert not reminders.due(book)
    assert "fired_at" in book.get("reminder", reminder).values


def test_a_failure_is_tried_again_later_and_told_once(
    book: Book, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    remind(book, "call", PAST)
    listener = Listener("require", "show")
    firing = start(listener)
    wait(listener)
    firing._watch.poke()  # too early: nothing is tried
    monkeypatch.setenv("SFA_NOW", "2026-11-18T09:01:00Z")
    poked(firing, listener, lambda: not listener.troubles)  # fails once more, of which nobody is told again
    monkeypatch.setenv("SFA_NOW", "2026-11-18T09:05:00Z")
    poked(firing, listener, lambda: bool(listener.seen))
    assert listener.seen == [["call"]]


def poked(firing: Firing, listener: Listener, holds: Callable[[], bool]) -> None:
    """Has it look again until ``holds``."""
    for _turn in range(400):
        if holds():
            return
        firing._watch.poke()
        listener.heard.acquire(timeout=0.05)
    raise AssertionError("it did not come to pass")


def test_what_was_claimed_before_the_book_failed_is_due_again(
    book: Book, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    remind(book, "call", PAST)
    claims = iter([reminders.claim])

    def claim(book: Book, at: str | None = None) -> list[Due]:
        for real in claims:
            return real(book, at)
        raise BookError("The disk is full.")

    monkeypatch.setattr(reminders, "claim", claim)
    listener = Listener()
    start(listener)
    wait(listener)  # told that it failed
    assert (listener.seen, reminders.next_due(book)) == ([], PAST)
