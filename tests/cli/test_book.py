"""The book itself: info, doctor, backup, restore, settings; and doubles in it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.cli.conftest import Sfa


def test_info_counts_what_is_in_the_book(sfa: Sfa, home: Path) -> None:
    data = sfa("info", "--json").data
    assert data["book"] == str(home / "book.sfa")
    assert (data["user"]["name"], data["actions"]) == ("Rita Rep", 4)
    assert data["records"]["contact"] == 1
    assert str(home / "book.sfa") in sfa("info").out


def test_a_sound_book_is_well(sfa: Sfa) -> None:
    checked = sfa("doctor", "--json")
    assert checked.code == 0
    assert {check["name"] for check in checked.data if not check["ok"]} == set()
    assert sfa("doctor").err == "All is well.\n"


def test_the_doctor_finds_links_that_lead_nowhere(sfa: Sfa, home: Path) -> None:
    with sqlite3.connect(home / "book.sfa") as connection:
        connection.execute("UPDATE contact SET account = 'nobody'")
        connection.execute("DELETE FROM entry WHERE kind = 'opportunity'")
    connection.close()
    checked = sfa("doctor", "--json")
    assert checked.code == 1
    assert [check["name"] for check in checked.data if not check["ok"]] == ["links", "journal"]


def test_the_doctor_survives_a_damaged_book(sfa: Sfa, home: Path) -> None:
    path = home / "book.sfa"
    content = bytearray(path.read_bytes())
    content[8192:] = b"\xff" * (len(content) - 8192)
    path.write_bytes(content)
    Path(f"{path}-wal").unlink(missing_ok=True)
    checked = sfa("doctor")
    assert checked.code == 1
    assert "FAILED" in checked.out
    listed = sfa("list", "accounts")
    assert (listed.code, listed.err.count("\n")) == (1, 1)


def test_a_backup_brings_everything_back_and_what_it_replaces_is_kept(sfa: Sfa, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sfa"
    assert sfa("backup", str(copy), "--json").data["backup"] == str(copy)
    assert sfa("backup", str(copy)).code == 1
    sfa("delete", "account", "Acme")
    restored = sfa("restore", str(copy), "--json").data
    assert sfa("list", "accounts", "--json").data[0]["name"] == "Acme"
    assert sfa("list", "accounts", "--book", restored["kept"], "--json").data == []


def test_a_backup_makes_a_book_where_there_is_none(sfa: Sfa, tmp_path: Path) -> None:
    copy, new = tmp_path / "copy.sfa", tmp_path / "new" / "book.sfa"
    sfa("backup", str(copy))
    assert sfa("restore", str(copy), "--book", str(new), "--json").data["kept"] is None
    assert sfa("list", "accounts", "--book", str(new), "--json").data[0]["name"] == "Acme"
    assert sfa("restore", str(tmp_path / "nothing")).code == 1


def test_config_shows_settings_and_where_they_are(bare: Sfa, home: Path) -> None:
    data = bare("config", "--json").data
    assert data["file"] == str(home / "config" / "sfa.toml")
    assert "currency" in [setting["name"] for setting in data["settings"]]
    assert "does not exist yet" in bare("config").out


def test_doubles_are_found_and_merged_and_taken_apart_again(sfa: Sfa) -> None:
    other = sfa("new", "account", "name=ACME GmbH", "phones=+49 30 901820", "website=acme.example").out.strip()
    (pair,) = sfa("duplicates", "accounts", "--json").data
    assert {pair["first"]["name"], pair["second"]["name"]} == {"Acme", "ACME GmbH"}
    shown = sfa("duplicates", "accounts").out.splitlines()[1]
    short = shown.partition("ACME GmbH (")[2].partition(")")[0]
    assert other.startswith(short)
    merged = sfa("merge", "account", "Acme", short, "--set", "industry=Media", "--json").data
    assert (merged["website"], merged["industry"]) == ("acme.example", "Media")
    assert sfa("duplicates", "accounts") == (0, "", "No duplicates were found.\n")
    sfa("undo")
    assert len(sfa("list", "accounts", "--json").data) == 2
    assert sfa("merge", "account", "Acme", "Acme").code == 1
