"""Snapshots that are damaged, forged or of another version: nothing untrue is believed, nothing unknown lost."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import zstandard

from sfa.sync.strictness import Untrue
from sfa.sync.unpacking import Unpacking
from tests.sync.conftest import Company
from tests.sync.newcomers import NORTH, Line, fill, forged, make_small


@pytest.fixture
def north(company: Company, monkeypatch: pytest.MonkeyPatch) -> Company:
    make_small(monkeypatch)
    fill(company)
    return company


def test_what_comes_damaged_is_thrown_away(north: Company) -> None:
    (path,) = north.office.snapshots.folder.glob("*.zst")
    good = path.read_bytes()
    for place in range(0, len(good), len(good) // 7):
        bob = Line(north.office, north.folder / f"new{place}.sfa")
        path.write_bytes(good[:place] + bytes([good[place] ^ 0x41]) + good[place + 1 :])
        with pytest.raises(Untrue):
            bob.join()
        assert bob.book.value("SELECT count(*) FROM contact") == 0
        assert bob.beside() == []
        path.write_bytes(good)
        assert bob.sync()
        assert bob.book.value("SELECT count(*) FROM contact") == 40


FORGERIES = {
    "own actions": "UPDATE action SET origin = 'screen' WHERE n = 1",
    "a trigger": "CREATE TRIGGER t AFTER INSERT ON contact BEGIN DELETE FROM account; END",
    "a view": "CREATE VIEW v AS SELECT * FROM contact",
    "another stream": "UPDATE stream SET number = 2",
    "another place": "UPDATE stream SET seq = seq + 1",
    "a record of another stream": "UPDATE contact SET stream = 1 WHERE n = 1",
    "what waits": "INSERT INTO outgoing (action, id, title, parts, before, chain) VALUES (1, 'a', 'b', 'c', '', '')",
    "numbers without end": "UPDATE sqlite_sequence SET seq = 9223372036854775807",
    "a history that is none": "UPDATE entry SET fields = '[1]' WHERE fields IS NOT NULL",
    "no book": "PRAGMA application_id = 1",
}


@pytest.mark.parametrize("name", [None, "Bob"])
@pytest.mark.parametrize("what", FORGERIES)
def test_what_no_log_can_tell_is_not_believed(north: Company, what: str, name: str | None) -> None:
    forged(north, lambda connection: connection.execute(FORGERIES[what]))
    bob = Line(north.office, north.folder / "new.sfa", name=name)
    with pytest.raises(Untrue):
        bob.join()
    assert bob.book.value("SELECT count(*) FROM contact") == 0
    assert bob.beside() == []


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE contact SET emails = '\"x\"' WHERE n = 3",
        "UPDATE contact SET emails = '{' WHERE n = 3",
        "UPDATE contact SET custom = '[1]' WHERE n = 3",
        "UPDATE contact SET last_name = last_name || char(7) WHERE n = 3",
        "UPDATE contact SET id = '../x' WHERE n = 3",
        "UPDATE contact SET description = x'ff' WHERE n = 3",
    ],
)
def test_values_of_a_snapshot_are_judged_as_those_of_a_log(north: Company, sql: str) -> None:
    forged(north, lambda connection: connection.execute(sql))
    bob = Line(north.office, north.folder / "new.sfa", name="Bob")
    with pytest.raises(Untrue):
        bob.join()
    assert bob.book.value("SELECT count(*) FROM contact WHERE n = 3 AND last_name LIKE 'Bo%'") in (0, 1)


def newer(connection: sqlite3.Connection) -> None:
    """What a version of head office writes that is to come."""
    connection.execute('ALTER TABLE contact ADD COLUMN "mood" TEXT')
    connection.execute("UPDATE contact SET mood = '{\"sunny\":1}' WHERE n = 1")
    connection.execute(
        "CREATE TABLE gadget (n INTEGER PRIMARY KEY, id TEXT, tags TEXT, custom TEXT, sort_key TEXT, stream INTEGER)"
    )
    connection.execute(f"INSERT INTO gadget VALUES (1, 'g1', '[1,2]', '{{\"size\":3}}', '', {NORTH})")
    connection.execute("UPDATE meta SET value = json_set(value, '$.gadget', json('[\"tags\"]')) WHERE key = 'json'")
    connection.execute("UPDATE meta SET value = json_set(value, '$.contact[#]', 'mood') WHERE key = 'json'")


def test_what_only_a_newer_head_office_knows_stays_as_it_is(north: Company) -> None:
    forged(north, newer)
    bob = Line(north.office, north.folder / "new.sfa")
    assert bob.join()
    assert bob.book.rows("SELECT record, kind, stream, doc FROM stranger") == [
        ("g1", "gadget", NORTH, '{"size":3,"tags":[1,2]}')
    ]
    assert bob.book.value('SELECT count(*) FROM contact WHERE custom = \'{"mood":{"sunny":1}}\'') == 1


def test_what_is_unpacked_swells_no_further_than_it_may(tmp_path: Path) -> None:
    packed = zstandard.ZstdCompressor(level=19).compress(bytes(50_000_000))
    with Unpacking(tmp_path / "x", 1_000_000) as unpacking:
        unpacking.feed(packed)
        with pytest.raises(ValueError, match="without end"):
            unpacking.finish("")
    assert list(tmp_path.iterdir()) == []
