"""Snapshots as head office makes, keeps and lends them, on both databases."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sfa.server import people, snapshots
from sfa.server.database import Database, Session
from sfa.server.digests import held
from sfa.server.floor import trim
from sfa.server.office import Office
from sfa.server.refusal import Refused
from sfa.server.replica import Replica
from sfa.server.snapshots import Version
from sfa.store.book import Book
from sfa.sync import verify
from sfa.sync.snapshot import Snapshot
from sfa.sync.unpacking import Unpacking
from tests.server.offices import Ask, enrolled, founded
from tests.server.senders import NORTH, Laptop


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "LARGE", 5)


@pytest.fixture
def filled(database: Database, tmp_path: Path) -> Laptop:
    """An office whose territory North Rita fills."""
    office = founded(database, tmp_path / "files")
    return Laptop(office, "rita")


def contents(office: Office, version: Version, path: Path) -> tuple[verify.Sum, int, set[str]]:
    """What an unpacked snapshot holds: the sum, the actions, and the kinds of records."""
    path.unlink(missing_ok=True)
    with Unpacking(path, 1 << 30) as unpacking:
        unpacking.feed_file(version.path)
        unpacking.finish(version.tag.digest)
    with_it = Snapshot(path, NORTH, version.tag.seq, version.tag.mark)
    kinds = {kind for kind in with_it.tables if with_it.value(f'SELECT 1 FROM "{kind}"')}
    with_it.require_sound()
    with_it.close()
    book = Book(path)
    found = verify.total(book, NORTH), book.value("SELECT count(*) FROM action"), kinds
    book.close()
    return found


def agrees(office: Office, found: verify.Sum) -> bool:
    there = office.database.read(lambda session: held(session, NORTH))
    return found == (there.records, there.digest)


def test_a_snapshot_holds_its_stream_and_nothing_else(filled: Laptop, tmp_path: Path) -> None:
    filled.add()
    filled.change(filled.records[0], None, "acme.example")
    office = filled.office

    version = office.snapshots.make(NORTH)

    found, actions, kinds = contents(office, version, tmp_path / "plain")
    assert agrees(office, found)
    assert (found.records, actions, kinds) == (10, 2, {"account"})


def test_a_newer_one_is_made_from_the_one_before(
    filled: Laptop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = filled.office
    filled.add()
    first = office.snapshots.make(NORTH)
    filled.change(filled.records[0], None, "acme.example")
    read: list[int] = []
    follow = Replica._read

    def noted(self: Replica, session: Session, after: int) -> list[tuple[object, ...]]:
        read.append(after)
        return follow(self, session, after)

    monkeypatch.setattr(Replica, "_read", noted)
    second = office.snapshots.make(NORTH)

    assert read == [first.tag.seq]
    assert second.tag.seq == first.tag.seq + 1
    found, actions, _kinds = contents(office, second, tmp_path / "plain")
    assert agrees(office, found)
    assert actions == 2


def test_what_the_log_gave_wrongly_is_put_right(filled: Laptop, tmp_path: Path) -> None:
    office = filled.office
    filled.add()
    sql = "UPDATE record SET doc = ? WHERE id = ?"
    office.database.write(lambda session: session.execute(sql, ('{"name":"Other"}', filled.records[3])))
    found, actions, _kinds = contents(office, office.snapshots.make(NORTH), tmp_path / "plain")
    assert agrees(office, found)
    assert actions == 2


def test_one_is_due_for_what_is_large_or_cut(filled: Laptop, monkeypatch: pytest.MonkeyPatch) -> None:
    office, kept = filled.office, filled.office.snapshots

    def due() -> bool:
        return office.database.read(lambda session: kept.is_due(session, NORTH))

    assert not due()
    filled.add(5)
    assert due()
    kept.make(NORTH)
    assert not due()
    monkeypatch.setattr(snapshots, "TAIL_ROWS", 2)
    for number in range(3):
        assert not due()
        filled.change(filled.records[0], str(number - 1) if number else None, str(number))
    assert due()
    kept.make(NORTH)
    monkeypatch.setattr(snapshots, "TAIL_BYTES", 100)
    filled.change(filled.records[1], None, "x" * 100)
    assert due()
    monkeypatch.setattr(snapshots, "LARGE", 1_000)
    assert not due()
    office.database.write(lambda session: session.execute("UPDATE stream SET floor = 1 WHERE number = 2"))
    assert due()


def test_who_may_not_see_a_stream_gets_no_snapshot(filled: Laptop) -> None:
    office = filled.office
    filled.add()
    version = office.snapshots.make(NORTH)
    assert office.snapshot(filled.who, NORTH) == (version.path, str(version.tag))
    sam = people.identify(office.database, enrolled(office.database, "sam").token)
    with pytest.raises(Refused) as refused:
        office.snapshot(sam, NORTH)
    assert (refused.value.status, refused.value.code) == (403, "out_of_scope")
    people.set_member(office.database, "rita", "North", None)
    with pytest.raises(Refused):
        office.snapshot(filled.who, NORTH)


def test_what_is_not_there_is_told(filled: Laptop) -> None:
    for version, told in (("", (404, "snapshot_not_ready")), ("1-ab12cd34-00", (410, "snapshot_gone"))):
        with pytest.raises(Refused) as refused:
            filled.office.snapshot(filled.who, NORTH, version)
        assert (refused.value.status, refused.value.code) == told


def test_an_old_one_stays_while_it_is_read(filled: Laptop) -> None:
    office = filled.office
    filled.add()
    first = office.snapshots.make(NORTH)
    filled.add()
    second = office.snapshots.make(NORTH)
    assert office.snapshot(filled.who, NORTH)[0] == second.path
    assert office.snapshot(filled.who, NORTH, str(first.tag))[0] == first.path
    os.utime(first.path, (0, 0))
    office.snapshot(filled.who, NORTH, str(first.tag))  # somebody still reads it
    filled.add()
    office.snapshots.make(NORTH)
    assert first.path.exists()
    os.utime(first.path, (0, 0))
    filled.add()
    office.snapshots.make(NORTH)
    assert not first.path.exists()


def test_one_of_a_history_that_is_gone_is_not_lent(filled: Laptop) -> None:
    """Head office was put back to an older state, and has grown differently since."""
    office = filled.office
    filled.add()
    version = office.snapshots.make(NORTH)
    office.database.write(lambda session: session.execute("UPDATE stream SET head = 'ffffffff' WHERE number = 2"))
    with pytest.raises(Refused):
        office.snapshot(filled.who, NORTH)
    office.database.write(lambda session: session.execute("UPDATE stream SET seq = 0, head = '' WHERE number = 2"))
    with pytest.raises(Refused):
        office.snapshot(filled.who, NORTH, str(version.tag))


def test_a_log_is_cut_below_its_snapshot_only(filled: Laptop, tmp_path: Path) -> None:
    office = filled.office
    for _number in range(4):
        filled.add()
    assert trim(office, NORTH, keep_days=-1) == 0
    version = office.snapshots.make(NORTH)
    filled.add()
    assert trim(office, NORTH) == 0
    assert trim(office, NORTH, keep_days=-1) == version.tag.seq - 1
    assert trim(office, NORTH, keep_days=-1) == 0
    rows = office.database.read(lambda session: session.rows("SELECT seq FROM log WHERE stream = 2 ORDER BY seq"))
    assert rows == [(version.tag.seq,), (version.tag.seq + 1,)]
    second = office.snapshots.make(NORTH)
    found, actions, _kinds = contents(office, second, tmp_path / "plain")
    assert agrees(office, found)
    assert (found.records, actions) == (50, 5)


def test_where_log_and_snapshot_are_lost_the_records_are_left(filled: Laptop, tmp_path: Path) -> None:
    office = filled.office
    filled.add()
    filled.add()
    path = office.snapshots.make(NORTH).path
    trim(office, NORTH, keep_days=-1)
    path.unlink()
    found, actions, _kinds = contents(office, office.snapshots.make(NORTH), tmp_path / "plain")
    assert agrees(office, found)
    assert (found.records, actions) == (20, 1)


def test_over_the_line_it_comes_in_pieces(ask: Ask, office: Office) -> None:
    laptop = Laptop(office, "rita")
    laptop.add()
    version = office.snapshots.make(NORTH)
    content, token = version.path.read_bytes(), laptop.welcome.token
    reply = ask("GET", f"/v1/snapshot/{NORTH}", token=token, headers={"range": "bytes=0-999"})
    assert (reply.status, reply.body, reply.headers["etag"]) == (206, content[:1000], f'"{version.tag}"')
    path = f"/v1/snapshot/{NORTH}?version={version.tag}"
    reply = ask("GET", path, token=token, headers={"range": "bytes=1000-9999999"})
    assert (reply.status, reply.body) == (206, content[1000:])
    assert reply.headers["content-range"] == f"bytes 1000-{len(content) - 1}/{len(content)}"
    laptop.add()
    office.snapshots.make(NORTH)
    version.path.unlink()
    assert ask("GET", path, token=token, headers={"range": "bytes=0-9"}).status == 410
