"""What comes from the phone goes to head office as the rep's own change, with what he has to decide."""

from __future__ import annotations

from pathlib import Path

import pytest

from sfa.exchange.dav.client import Client
from sfa.sales import edit
from sfa.store import journal
from sfa.store.undo import undo
from sfa.sync import inbox, outbox
from tests.exchange.dav.conftest import connected
from tests.exchange.dav.phone import Phone, synced
from tests.exchange.dav.servers import Server
from tests.sync.rig import Laptop, add_user, make_office

VISIT = {"type": "visit", "subject": "Visit", "start": "2026-11-20T09:00:00Z", "end": "2026-11-20T10:00:00Z"}


@pytest.fixture
def laptops(tmp_path: Path) -> tuple[Laptop, Laptop]:
    office = make_office(tmp_path)
    add_user(office.database, "rita")
    return Laptop(office, tmp_path / "one.sfa", "rita"), Laptop(office, tmp_path / "two.sfa", "rita")


def test_it_is_pushed_decided_and_taken_back_like_any_other(
    laptops: tuple[Laptop, Laptop], server: Server, client: Client
) -> None:
    one, two = laptops
    remote = connected(one.book, server, "caldav")
    phone = Phone(client, remote)
    with one.book.change("Added") as change:
        visit = edit.create(change, "activity", VISIT)
    synced(one.book, remote)
    one.sync()
    phone.rewrite(visit, ("SUMMARY:Visit", "SUMMARY:Phone"), ("T100000", "T083000"))
    with one.book.change("Changed") as change:
        edit.edit(change, "activity", visit, {"subject": "Book"})
    assert synced(one.book, remote).conflicts == 1
    assert set(one.sync().sent) == {"applied"}
    assert outbox.waiting(one.book) == 0
    two.sync()
    assert two.book.get("activity", visit).values["start"] == "2026-11-20T07:30:00Z"
    (found,) = inbox.conflicts(two.book)
    assert (found.place, found.mine) == ("Phone", {"subject": "Phone"})
    inbox.resolve(two.book, found.id, "mine")
    two.sync()
    one.sync()
    assert not inbox.conflicts(one.book)
    assert synced(one.book, remote).sent == 1
    assert "SUMMARY:Phone" in phone.at(visit).text
    undone = journal.newest_own(one.book)
    assert undone is not None
    assert undone.origin == "caldav"


def test_a_landing_with_a_conflict_is_undone_at_head_office_too(
    laptops: tuple[Laptop, Laptop], server: Server, client: Client
) -> None:
    one, two = laptops
    remote = connected(one.book, server, "caldav")
    phone = Phone(client, remote)
    with one.book.change("Added") as change:
        visit = edit.create(change, "activity", VISIT)
    synced(one.book, remote)
    phone.rewrite(visit, ("SUMMARY:Visit", "SUMMARY:Phone"), ("T100000", "T083000"))
    with one.book.change("Changed") as change:
        edit.edit(change, "activity", visit, {"subject": "Book"})
    synced(one.book, remote)
    one.sync()
    undo(one.book)
    assert set(one.sync().sent) == {"applied"}
    two.sync()
    assert not inbox.conflicts(two.book)
    assert two.book.get("activity", visit).values["start"] == VISIT["start"]
    synced(one.book, remote)
    assert "DTSTART;TZID=Europe/Berlin:20261120T100000" in phone.at(visit).text


def test_nobody_adds_conflicts_for_others(laptops: tuple[Laptop, Laptop]) -> None:
    one, _two = laptops
    with one.book.change("Added") as change:
        visit = edit.create(change, "activity", VISIT)
        other = edit.create(change, "user", {"name": "Max"})
    one.sync()
    values = {"title": "x", "of_kind": "activity", "record": visit, "reason": "edited", "place": "Phone"}
    for forged in ({**values, "user": other}, {**values, "user": one.book.user, "place": None}):
        with one.book.change("Forged") as change:
            change.insert("conflict", forged)
        assert set(one.sync().sent) == {"rejected"}
