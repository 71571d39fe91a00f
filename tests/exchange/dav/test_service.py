"""In the background: after a change once the rep pauses, and now and then; a fault of one keeps no other from it."""

from __future__ import annotations

import threading

import pytest

from sfa.exchange.dav import remotes
from sfa.exchange.dav.client import Client
from sfa.exchange.dav.remotes import Remote
from sfa.exchange.dav.service import DavService
from sfa.sales import edit
from sfa.store.book import Book
from sfa.sync import secrets
from sfa.sync.timetable import SETTLING, Timetable
from tests.exchange.dav.conftest import Connecting
from tests.exchange.dav.phone import Phone

TASK = {"type": "task", "subject": "Send the offer", "start": "2026-11-21"}


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def placed(book: Book, name: str) -> Remote:
    """A calendar that nobody reaches."""
    url = f"http://127.0.0.1:1/{name}/"
    return remotes.add(book, Remote("", "caldav", url, "rita", name, secrets.FILE, "", {}, "", 0, "", ""), "x")


def test_it_syncs_when_it_is_time_and_tells(book: Book, client: Client, connect: Connecting) -> None:
    remote, clock, told = connect("caldav"), Clock(), list[str]()
    service = DavService(
        book, lambda: told.append(service.state.running), clock=clock, timetable=Timetable(0, lambda: 1.0)
    )
    book.listeners.append(service._changed)
    pause = service.turn()
    assert (told, service.state.syncs, service.state.problems) == (["Phone", ""], 1, {})
    with book.change("Added") as change:
        task = edit.create(change, "activity", TASK)
    assert service.turn() == SETTLING < pause
    clock.now += SETTLING
    service.turn()
    assert Phone(client, remote).names() == [task]
    with book.change("A deal's") as change:
        edit.create(change, "competitor", {"name": "Evil"})
    assert service.turn() == pause  # of which no calendar has to hear


def test_what_fails_is_told_and_tried_again_and_the_others_go_on(
    book: Book, client: Client, connect: Connecting
) -> None:
    good = connect("caldav")
    bad = good._replace(url="http://127.0.0.1:1/c/", name="Broken")
    remotes.add(book, bad, "x")
    clock = Clock()
    service = DavService(book, clock=clock, timetable=Timetable(0, lambda: 1.0))
    assert service.turn() == 4
    assert service.state.problems == {"Broken": "127.0.0.1 is out of reach: connection refused."}
    (left,) = (one for one in remotes.remotes(book) if one.name == "Broken")
    assert left.problem == "127.0.0.1 is out of reach: connection refused."
    assert remotes.find(book, good.id).synced_at
    clock.now += 4
    assert service.turn() == 8


def test_what_nobody_foresaw_is_told_of_that_one_and_tried_again(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = placed(book, "First"), placed(book, "Second")
    synced, broken = list[str](), [first.name]

    def sync(_book: Book, remote: Remote, _tick: object) -> None:
        if remote.name in broken:
            raise KeyError("UID")
        synced.append(remote.name)

    monkeypatch.setattr("sfa.exchange.dav.service.sync", sync)
    clock = Clock()
    service = DavService(book, clock=clock, timetable=Timetable(0, lambda: 1.0))
    assert service.turn() == 4
    assert list(service.state.problems) == ["First"]
    assert "(KeyError)" in service.state.problems["First"]
    assert synced == [second.name]
    broken.clear()
    clock.now += 4
    service.turn()
    assert (service.state.problems, synced) == ({}, ["Second", "First", "Second"])


def test_a_round_that_cannot_even_begin_is_tried_again(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:

    def broken(_book: Book) -> list[Remote]:
        raise KeyError("chosen")

    monkeypatch.setattr("sfa.exchange.dav.service.remotes", broken)
    service = DavService(book, clock=Clock(), timetable=Timetable(0, lambda: 1.0))
    assert service.turn() == 4
    assert "(KeyError)" in service.state.problems[""]


def test_once_stopped_it_goes_on_to_no_other(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    placed(book, "First"), placed(book, "Second")
    begun = list[str]()

    def sync(_book: Book, remote: Remote, _tick: object) -> None:
        begun.append(remote.name)
        service.stop()  # while the first one is under way

    monkeypatch.setattr("sfa.exchange.dav.service.sync", sync)
    service = DavService(book, clock=Clock(), timetable=Timetable(0, lambda: 1.0))
    service.turn()
    assert begun == ["First"]
    assert service.state.syncs == 0


def test_it_starts_and_stops(book: Book, connect: Connecting) -> None:
    connect("caldav")
    ended = threading.Event()
    service = DavService(book, lambda: ended.set() if service.state.syncs else None)
    service.start()
    assert ended.wait(20)
    service.stop()
    assert not book.listeners
    assert not service._thread.is_alive()
