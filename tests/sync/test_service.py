"""Syncing in the background: with real books and a real head office, a clock and a line in the test's hand."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sfa.errors import BookError
from sfa.sales import edit
from sfa.server import people
from sfa.server.office import Office
from sfa.store.book import Book
from sfa.sync import outbox
from sfa.sync.service import State, SyncService
from sfa.sync.steps import Reply, Request, SyncError
from sfa.sync.timetable import FIRST_RETRY, OTHERS_TURN, SETTLING, Timetable
from sfa.sync.transport import Offline
from sfa.sync.turn import turn
from tests.sync.rig import Laptop, add_user, answer, make_office

PATIENCE = 20.0  # seconds until a test gives up waiting for a thread


class Wire:
    """A line to an office in this process; ``gate`` closed holds requests back, ``broken`` has them fail."""

    def __init__(self, laptop: Laptop) -> None:
        self.laptop = laptop
        self.asked: list[str] = []
        self.broken: Exception | None = None
        self.gate, self.waiting = threading.Event(), threading.Event()
        self.gate.set()
        self.ended = threading.Event()
        self.heard: Callable[[dict[int, int]], None] | None = None
        self.listening = threading.Event()

    def ask(self, request: Request) -> Reply:
        self.asked.append(request.path.partition("?")[0])
        self.waiting.set()
        assert self.gate.wait(PATIENCE)
        if self.broken:
            raise self.broken
        return answer(self.laptop.office, self.laptop.token, request)

    def listen(self, heard: Callable[[dict[int, int]], None]) -> None:
        self.heard = heard
        self.listening.set()
        self.ended.wait(PATIENCE)

    def close(self) -> None:
        self.gate.set()
        self.ended.set()


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = make_office(tmp_path)
    add_user(office.database, "anna")
    people.add_stream(office.database, "North")
    people.set_member(office.database, "anna", "North", "manager", home=True)
    add_user(office.database, "bob", territory="North")
    yield office
    office.database.close()


@pytest.fixture
def anna(office: Office, tmp_path: Path) -> Iterator[Laptop]:
    laptop = Laptop(office, tmp_path / "anna.sfa", "anna", fresh=False)
    yield laptop
    laptop.book.close()


@pytest.fixture
def bob(office: Office, tmp_path: Path, anna: Laptop) -> Iterator[Laptop]:  # anna's stages are the company's
    laptop = Laptop(office, tmp_path / "bob.sfa", "bob")
    yield laptop
    laptop.book.close()


@pytest.fixture
def wire(anna: Laptop) -> Wire:
    return Wire(anna)


@pytest.fixture
def service(anna: Laptop, wire: Wire) -> SyncService:
    """One that was not started: the test takes its turns."""
    clock = Clock()
    return SyncService(anna.book, lambda: wire, clock=clock, timetable=Timetable(0.0, lambda: 1.0))


def clock_of(service: SyncService) -> Clock:
    assert isinstance(service._clock, Clock)
    return service._clock


def added(book: Book, name: str) -> str:
    with book.change(f"Added {name}", "screen") as change:
        return edit.create(change, "account", {"name": name})


# Turns


def test_a_turn_syncs_what_is_due_and_says_when_the_next_one_is(service: SyncService, wire: Wire, bob: Laptop) -> None:
    added(service.book, "Acme")
    pause = service.turn()
    assert outbox.waiting(service.book) == 0
    assert pause > 0
    assert (service.state.running, service.state.problem, service.state.syncs) == (False, "", 1)
    asked = len(wire.asked)
    assert service.turn() == pause
    assert len(wire.asked) == asked
    bob.sync()
    assert [record.heading for record in bob.book.records("account")] == ["Acme"]


def test_why_a_sync_failed_is_kept_in_words_until_one_comes_through(service: SyncService, wire: Wire) -> None:
    wire.broken = SyncError("offline", "Head office is out of reach: the line broke.")
    assert service.turn() == FIRST_RETRY
    assert (service.state.problem, service.state.code) == ("Head office is out of reach: the line broke.", "offline")
    wire.broken = None
    assert service.turn() == FIRST_RETRY  # not yet
    assert service.state.problem
    clock_of(service).now += FIRST_RETRY
    service.turn()
    assert (service.state.problem, service.state.code, service.state.syncs) == ("", "", 2)


@pytest.mark.parametrize("error", [BookError("The disk is full."), OSError("broken"), ValueError("unforeseen")])
def test_nothing_that_goes_wrong_is_raised(service: SyncService, wire: Wire, error: Exception) -> None:
    wire.broken = error
    assert service.turn() == FIRST_RETRY
    assert service.state.problem
    assert not service.state.running


def test_head_office_is_left_alone_as_long_as_it_asks(service: SyncService, wire: Wire) -> None:
    wire.broken = SyncError("busy", "Head office is busy.", wait=90)
    assert service.turn() == 90


def test_two_programs_do_not_sync_a_book_at_once(service: SyncService, wire: Wire) -> None:
    with turn(service.book) as mine:
        assert mine
        assert service.turn() == OTHERS_TURN
    assert wire.asked == []
    assert service.state == State()
    clock_of(service).now += OTHERS_TURN
    service.turn()
    assert wire.asked


def test_a_turn_is_given_back_when_its_program_dies(service: SyncService) -> None:
    script = f"""
from pathlib import Path
import os
from sfa.store.book import Book
from sfa.sync.transport import Offline
from sfa.sync.turn import turn
with turn(Book(Path({str(service.book.path)!r}))) as mine:
    print(mine, flush=True)
    os.read(0, 1)
    os._exit(9)
"""
    process = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin
    assert process.stdout
    with process:
        assert process.stdout.readline().strip() == b"True"
        with turn(service.book) as mine:
            assert not mine
        process.stdin.write(b"x")
        process.stdin.close()
        assert process.wait(PATIENCE) == 9
    with turn(service.book) as mine:
        assert mine


def test_progress_is_told_and_the_last_of_it_always(service: SyncService, anna: Laptop, bob: Laptop) -> None:
    told: list[State] = []
    service._told = lambda: told.append(service.state)
    for number in range(3):
        added(anna.book, f"A{number}")
        added(bob.book, f"B{number}")
    bob.sync()
    service.turn()
    steps = [(state.step, state.done, state.total) for state in told if state.running and state.step]
    assert ("push", 3, 3) in steps
    assert any(step == "pull" and done == total > 0 for step, done, total in steps)
    assert not told[-1].running


# Threads


class Running:
    """A started service, and waiting for what it comes to."""

    def __init__(self, book: Book, make_line: Callable[[], Wire], timetable: Timetable) -> None:
        self._news = threading.Condition()
        self.service = SyncService(book, make_line, self._told, timetable=timetable)

    def _told(self) -> None:
        with self._news:
            self._news.notify_all()

    def until(self, holds: Callable[[], object]) -> None:
        with self._news:
            assert self._news.wait_for(holds, PATIENCE)


@pytest.fixture
def running(anna: Laptop, wire: Wire) -> Iterator[Running]:
    running = Running(anna.book, lambda: wire, Timetable(time.monotonic(), lambda: 1.0))
    yield running
    wire.close()
    running.service.stop()


def test_it_syncs_at_the_start_and_when_nudged(running: Running) -> None:
    service = running.service
    service.start()
    running.until(lambda: service.state.syncs == 1)
    service.nudge()
    running.until(lambda: service.state.syncs == 2)


def test_a_change_makes_a_sync_due_and_what_the_sync_writes_itself_does_not(running: Running, bob: Laptop) -> None:
    service = running.service
    service.start()
    running.until(lambda: service.state.syncs == 1)
    before = service.timetable.due
    added(bob.book, "Of Bob")
    bob.sync()
    service.nudge()
    running.until(lambda: service.state.syncs == 2)
    assert [record.heading for record in service.book.records("account")] == ["Of Bob"]
    assert service.timetable.due >= before
    added(service.book, "Of Anna")
    assert service.timetable.due <= time.monotonic() + SETTLING


def test_an_announcement_brings_what_is_new_at_once(running: Running, wire: Wire, bob: Laptop) -> None:
    service = running.service
    service.start()
    running.until(lambda: service.state.syncs == 1)
    assert wire.listening.wait(PATIENCE)
    assert wire.heard
    known = dict(service.book.rows("SELECT number, seq FROM stream"))
    wire.heard(known)  # nothing that the book does not have
    running.until(lambda: service.state.listening)
    added(bob.book, "Of Bob")
    bob.sync()
    wire.heard({number: seq + 1 for number, seq in known.items()})
    running.until(lambda: service.state.syncs >= 2)
    assert service.state.syncs == 2
    assert [record.heading for record in service.book.records("account")] == ["Of Bob"]


def test_a_head_office_that_ends_is_told_without_waiting_for_the_timetable(running: Running, wire: Wire) -> None:
    service = running.service
    service.start()
    running.until(lambda: service.state.syncs == 1)
    assert wire.listening.wait(PATIENCE)
    assert wire.heard
    wire.heard(dict(service.book.rows("SELECT number, seq FROM stream")))
    wire.broken = Offline("connection refused")
    wire.close()
    running.until(lambda: not service.state.listening)
    running.until(lambda: service.state.code == "offline")


def test_a_head_office_that_is_heard_again_is_synced_with_at_once(service: SyncService, wire: Wire) -> None:
    wire.broken = Offline("connection refused")
    service.turn()
    assert service.timetable.due > 0
    service._heard(dict(service.book.rows("SELECT number, seq FROM stream")))
    assert service.timetable.due == 0


def test_a_stream_that_is_not_announced_any_more_is_looked_after(running: Running, wire: Wire) -> None:
    service = running.service
    service.start()
    running.until(lambda: service.state.syncs == 1)
    assert wire.listening.wait(PATIENCE)
    assert wire.heard
    people.set_member(wire.laptop.office.database, "anna", "North", None)
    wire.heard(dict(service.book.rows("SELECT number, seq FROM stream WHERE name != 'North'")))
    running.until(lambda: service.state.syncs == 2)
    assert "North" not in [row[0] for row in service.book.rows("SELECT name FROM stream")]


def test_a_change_is_written_while_a_request_waits(running: Running, wire: Wire) -> None:
    wire.gate.clear()
    service = running.service
    service.start()
    assert wire.waiting.wait(PATIENCE)
    added(service.book, "Meanwhile")
    assert service.state.running
    wire.gate.set()
    running.until(lambda: service.state.syncs == 1)
    service.nudge()
    running.until(lambda: service.state.syncs == 2)
    assert outbox.waiting(service.book) == 0


def test_stopping_ends_a_request_that_waits_and_leaves_nothing_behind(running: Running, wire: Wire) -> None:
    wire.gate.clear()
    service = running.service
    service.start()
    assert wire.waiting.wait(PATIENCE)
    service.stop()
    assert not any(thread.is_alive() for thread in service._threads)
    assert service.book.listeners == []
    assert service.state.syncs == 0
    with turn(service.book) as mine:
        assert mine
