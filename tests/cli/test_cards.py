"""Address books from the shell."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Sfa

CARDS = (
    "BEGIN:VCARD\r\nVERSION:2.1\r\nN:Schmidt;Anna\r\nORG:Novum\r\nTEL;CELL:+49 170 1234567\r\n"
    "TEL:ask Bob\r\nEND:VCARD\r\n"
    "BEGIN:VCARD\r\nVERSION:3.0\r\nKIND:group\r\nFN:All\r\nEND:VCARD\r\n"
)


@pytest.fixture
def cards(tmp_path: Path) -> str:
    path = tmp_path / "people.vcf"
    path.write_text(CARDS, "utf-8")
    return str(path)


def test_cards_come_in_and_go_out(sfa: Sfa, cards: str, tmp_path: Path) -> None:
    done = sfa("import", cards, "--json")
    assert done.code == 3
    (file,) = done.data["files"]
    assert (file["cards"], file["created"], done.data["added"]) == (2, 1, {"account": 1})
    assert file["rejected"] == [{"place": 2, "name": "All", "text": "It is a list of people, not one person."}]
    assert "ask Bob" in file["remarks"][0]["text"]
    out = tmp_path / "out.vcf"
    shown = sfa("export", "vcard", "contacts", str(out), "--version", "4.0", "--where", "account=Novum")
    assert shown.code == 0
    text = out.read_bytes().decode()
    assert "VERSION:4.0\r\n" in text
    assert "TEL;TYPE=cell:+49 170 1234567\r\n" in text
    assert "TEL:ask Bob\r\n" in text
    assert "VERSION:3.0" in sfa("export", "vcard", "contacts", "--where", "account=Novum").out


def test_people_are_told_what_became_of_cards(sfa: Sfa, cards: str) -> None:
    done = sfa("import", cards)
    for part in ("people.vcf", "Rejected cards", "not one person", "What no field could take", "account: 1"):
        assert part in done.out
    assert "sfa undo takes all of it back" in done.err
    assert "Nothing was changed" in sfa("import", cards, "--dry-run").err
    assert sfa("import", cards, "--as", "lead", "--json").data["kind"] == "lead"


def test_what_does_not_go_together_is_refused_in_one_line(sfa: Sfa, cards: str, tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_text("name\nBeta\n")
    for words in (
        ("import", cards, str(table)),
        ("import", cards, "--as", "account"),
        ("import", cards, "--map", "a=b"),
        ("import", cards, "--as", "contact", "--as", "lead"),
        ("import", str(table)),
        ("export", "vcard", "accounts"),
        ("export", "csv", "accounts", "--version", "3.0"),
    ):
        done = sfa(*words)
        assert done.code in (1, 2), words
        assert done.err.startswith("sfa: "), words
        assert len(done.err.splitlines()) == 1, words
