"""A laptop's first load of a large stream: by a snapshot it comes to hold what it would by the log."""

from __future__ import annotations

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest

from sfa.sales import edit
from sfa.server import floor
from sfa.store import journal
from sfa.store.book import Book
from sfa.store.search import hits
from sfa.sync import bootstrap, download, verify
from sfa.sync.enrolment import join
from sfa.sync.pulling import pull
from sfa.sync.steps import Reply, Request, Result, SyncError
from tests.sync.conftest import Company
from tests.sync.newcomers import NORTH, Line, by_log, content, fill, make_small


@pytest.fixture
def north(company: Company, monkeypatch: pytest.MonkeyPatch) -> Company:
    make_small(monkeypatch)
    fill(company)
    return company


def test_an_empty_book_becomes_the_snapshot_and_follows_on(north: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    bob = Line(north.office, north.folder / "new.sfa")

    assert bob.join()

    assert len(bob.pieces()) > 3
    assert content(bob.book) == by_log(north, monkeypatch)
    assert len(hits(bob.book, "bo 1")) == 8
    assert len(hits(bob.book, "acme", ("account",))) == 1
    assert bob.book.user == bob.welcome.user
    assert bob.book.device == bob.welcome.device
    assert bob.beside() == []
    with bob.book.change("Mine") as change:
        edit.edit(change, "contact", bob.book.records("contact")[0].id, {"first_name": "Mine"})
    bob.sync()
    north.anna.sync()
    assert verify.total(bob.book, NORTH) == verify.total(north.anna.book, NORTH)


def test_a_book_in_use_takes_the_rows_in(north: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    bob = Line(north.office, north.folder / "new.sfa", name="Bob")
    with bob.book.change("Mine") as change:
        mine = edit.create(change, "account", {"name": "Mine"})

    assert bob.join()

    held, wanted = content(bob.book), by_log(north, monkeypatch)
    territory = {record for record, found in wanted.items() if found[2] == NORTH}
    assert len(territory) == 42  # with Mine, which went up
    assert {record: held[record] for record in territory - {mine}} == {r: wanted[r] for r in territory - {mine}}
    assert held[mine][1] == wanted[mine][1]
    assert len(hits(bob.book, "bo 1")) == 8
    assert bob.beside() == []
    assert bob.book.meta("loading") == ""


def test_the_rep_writes_while_rows_come_in(north: Company) -> None:
    bob = Line(north.office, north.folder / "new.sfa", name="Bob")
    edited: dict[str, str] = {}

    def report(step: str, done: int, _whole: int) -> None:
        if step == "load":
            with bob.book.change("While it loads") as change:
                record = bob.book.records("contact")[0].id if bob.book.records("contact") else ""
                if record and record not in edited:
                    edited[record] = f"Edited {done}"
                    edit.edit(change, "contact", record, {"title": edited[record]})
                edit.create(change, "account", {"name": f"New {done}"})

    assert bob.drive(join(bob.book, "https://office.example", bob.welcome, report))
    north.anna.sync()

    assert edited
    for book in (bob.book, north.anna.book):
        assert {r: book.get("contact", r).values["title"] for r in edited} == edited
        assert len(book.records("account")) > 3
    assert verify.total(bob.book, NORTH) == verify.total(north.anna.book, NORTH)
    (record,) = list(edited)[:1]
    assert next(step.action.title for step in journal.history(bob.book, "contact", record)) == "While it loads"


@pytest.mark.parametrize("name", [None, "Bob"])
def test_whatever_request_is_the_last_the_next_sync_goes_on(
    north: Company, monkeypatch: pytest.MonkeyPatch, name: str | None
) -> None:
    wanted = {record: found[:3] for record, found in by_log(north, monkeypatch).items() if found[2] == NORTH}
    whole = Line(north.office, north.folder / "whole.sfa", name=name)
    whole.join()
    for last in range(1, len(whole.asked)):
        bob = Line(north.office, north.folder / f"new{last}.sfa", name=name)
        assert not bob.join(last)
        if not bob.book.meta("server"):
            continue
        bob.book.close()
        bob.book = Book.open(bob.book.path)
        assert bob.sync()
        held = content(bob.book)
        assert {record: found[:3] for record, found in held.items() if found[2] == NORTH} == wanted
        assert len(bob.pieces()) == len(set(bob.pieces())) == len(whole.pieces())
        assert bob.beside() == []


class Crash(BaseException):
    """The program ends here."""


@pytest.mark.parametrize("last", range(6))
def test_rows_come_in_from_where_they_broke_off(north: Company, monkeypatch: pytest.MonkeyPatch, last: int) -> None:
    bob = Line(north.office, north.folder / "new.sfa", name="Bob")
    steps = iter(range(last))

    def report(step: str, _done: int, _whole: int) -> None:
        if step == "load" and next(steps, None) is None:
            raise Crash

    with pytest.raises(Crash):
        bob.drive(join(bob.book, "https://office.example", bob.welcome, report))
    before = bob.book.value("SELECT count(*) FROM contact") + bob.book.value("SELECT count(*) FROM account")
    pieces = bob.pieces()
    assert before
    assert bob.sync()

    assert bob.pieces() == pieces
    held, wanted = content(bob.book), by_log(north, monkeypatch)
    assert {r: f for r, f in held.items() if f[2] == NORTH} == {r: f for r, f in wanted.items() if f[2] == NORTH}


def test_a_half_loaded_stream_is_taken_out_where_its_snapshot_is_lost(north: Company) -> None:
    bob = Line(north.office, north.folder / "new.sfa", name="Bob")

    def report(step: str, done: int, _whole: int) -> None:
        if step == "load" and done > 10:
            raise Crash

    with pytest.raises(Crash):
        bob.drive(join(bob.book, "https://office.example", bob.welcome, report))
    download.forget(bob.book)
    assert bob.sync()
    assert verify.total(bob.book, NORTH) == verify.total(north.anna.book, NORTH)
    twice = "SELECT record FROM entry WHERE op = 'insert' AND kind = 'contact' GROUP BY record HAVING count(*) > 1"
    assert bob.book.rows(twice) == []


def test_a_version_that_is_gone_meanwhile_gives_way_to_the_newest(north: Company) -> None:
    bob = Line(north.office, north.folder / "new.sfa")
    bob.join(3)
    assert bob.beside()
    (old,) = north.office.snapshots.folder.glob("*.zst")
    north.office.snapshots.make(NORTH)
    old.unlink()
    assert bob.sync()
    assert verify.total(bob.book, NORTH) == verify.total(north.anna.book, NORTH)


def test_a_book_that_others_have_open_becomes_the_snapshot_too(north: Company) -> None:
    bob = Line(north.office, north.folder / "new.sfa")
    with closing(Book.open(bob.book.path)) as other:
        assert other.value("SELECT count(*) FROM contact") == 0
        assert bob.join()
        assert other.value("SELECT count(*) FROM contact") == 40
        with other.change("Here too") as change:
            edit.create(change, "account", {"name": "Here"})
        assert len(bob.book.records("account")) == 2


def test_screens_that_read_meanwhile_see_the_snapshot_afterwards(north: Company) -> None:
    bob = Line(north.office, north.folder / "new.sfa")
    contacts = "SELECT count(*) FROM contact"
    with ThreadPoolExecutor(1) as screens:
        assert screens.submit(bob.book.value, contacts).result() == 0
        reading = screens.submit(lambda: bob.book.connection).result()
        assert bob.join()
        assert screens.submit(bob.book.value, contacts).result() == 40
        assert screens.submit(lambda: bob.book.connection).result() is reading


def test_nothing_is_lost_that_is_written_at_the_last_moment(north: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    bob = Line(north.office, north.folder / "new.sfa")
    prepare = bootstrap._prepare

    def late(*arguments: Any) -> int:
        count = prepare(*arguments)
        with closing(Book.open(bob.book.path)) as other, other.transaction() as connection:
            connection.execute("INSERT INTO account (id, name, sort_key) VALUES ('late', 'Late', 'late')")
        return count

    monkeypatch.setattr(bootstrap, "_prepare", late)
    assert bob.join()
    assert sorted(record.values["name"] for record in bob.book.records("account")) == ["Acme", "Late"]
    assert bob.book.value("SELECT count(*) FROM contact") == 40


@pytest.fixture
def cut(north: Company) -> Callable[[], int]:
    """Cuts the log of the territory as far as it can be."""
    return lambda: floor.trim(north.office, NORTH, keep_days=-1)


def test_who_comes_back_from_below_the_floor_loses_nothing(north: Company, cut: Callable[[], int]) -> None:
    bob, contact = north.bob, ""
    assert bob.book.records("contact") == []
    with bob.book.change("While away") as change:
        mine = edit.create(change, "account", {"name": "While away"})
    bob.drive(_pull_only(bob.book))
    contact = bob.book.records("contact")[0].id
    with bob.book.change("While away") as change:
        edit.edit(change, "contact", contact, {"title": "Mine"})
    for number in range(3):
        with north.anna.book.change(f"More {number}") as change:
            edit.edit(change, "contact", contact, {"first_name": f"More {number}"})
        north.anna.sync()
    north.office.snapshots.make(NORTH)
    assert cut() > 5

    bob.sync()
    north.anna.sync()

    for book in (bob.book, north.anna.book):
        values = book.get("contact", contact).values
        assert (values["title"], values["first_name"]) == ("Mine", "More 2")
        assert book.get("account", mine).values["name"] == "While away"
    assert verify.total(bob.book, NORTH) == verify.total(north.anna.book, NORTH)


def _pull_only(book: Book) -> Generator[Request, Reply, Any]:
    result = Result()
    yield from pull(book, result, lambda *_progress: None)
    return result


def test_a_new_laptop_waits_for_the_snapshot_where_the_log_is_cut(north: Company, cut: Callable[[], int]) -> None:
    cut()
    (path,) = north.office.snapshots.folder.glob("*.zst")
    hidden = path.rename(path.with_suffix(".hidden"))
    bob = Line(north.office, north.folder / "new.sfa")
    with pytest.raises(SyncError, match="still preparing") as error:
        bob.join()
    assert error.value.wait
    hidden.rename(path)
    assert bob.sync()
    assert verify.total(bob.book, NORTH) == verify.total(north.anna.book, NORTH)
