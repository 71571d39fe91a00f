"""Dialling, who calls, and the list of calls to make, from a shell."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Sfa


@pytest.fixture
def rings(sfa: Sfa, monkeypatch: pytest.MonkeyPatch) -> Sfa:
    """Nobody has to wait for screens that are not open."""
    monkeypatch.setattr("sfa.desktop.doorbell.PATIENCE", 0.1)
    assert sfa("set", "contact", "Anna Schmidt", "phones=work: +49 30 1234567; mobile: +49 170 5550123").code == 0
    return sfa


def test_who_calls_is_said_where_no_screens_are_open(rings: Sfa) -> None:
    known = rings("call", "--incoming", "004930 1234567")
    assert known.code == 0
    assert "Anna Schmidt" in known.out
    assert "sfa call 'Anna Schmidt' --inbound" in known.err
    extension = rings("call", "--incoming", "+49309018201", "--json").data
    assert extension["callers"][0]["name"] == "Acme"
    assert not extension["callers"][0]["is_exact"]
    assert not extension["shown"]
    unknown = rings("call", "--incoming", "+1 650 253 0000")
    assert "Nobody is known by the number (650) 253-0000" in unknown.out
    assert "sfa new contact last_name=… phones=+16502530000" in unknown.err
    assert "(withheld)" in rings("call", "--incoming", "").out


def test_a_telephone_tells_one_thing_at_a_time(rings: Sfa) -> None:
    assert rings("call", "--incoming", "1234567", "--ended", "1234567").code == 2
    assert rings("call", "Anna Schmidt", "--incoming", "1234567").code == 2
    assert rings("call").code == 2


def test_the_call_list_is_worked_one_by_one(rings: Sfa) -> None:
    assert "No call is due" in rings("call", "next").err
    rings("call", "Anna Schmidt", "--note", "Wants a price", "--next", "today call about the offer")
    assert rings("new", "activity", "type=call", "subject=the contract", "start=2026-11-18", "account=Acme").code == 0
    first = rings("call", "next")
    assert "Next of 2 calls" in first.out
    for text in ("Anna Schmidt · Acme", "about the offer", "+49 30 1234567 (work)", "Wants a price"):
        assert text in first.out
    second = rings("call", "next", "--outcome", "Connected", "--note", "Agreed", "--duration", "5m", "--json").data
    assert second["next"]["name"] == "Acme"
    logged = rings("show", "activity", second["logged"], "--json").data
    assert (logged["body"], logged["subject"]) == ("Agreed", "about the offer")
    assert "The last call" in rings("call", "next").out


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A system whose opener writes down what it is to open."""
    opener = tmp_path / "bin" / ("open" if sys.platform == "darwin" else "xdg-open")
    opener.parent.mkdir()
    seen = tmp_path / "opened"
    opener.write_text(f'#!/bin/sh\nprintf %s "$1" > "{seen}"\n')
    opener.chmod(0o755)
    monkeypatch.setenv("PATH", f"{opener.parent}{os.pathsep}{os.environ['PATH']}")
    return seen


def test_dialling_hands_the_number_to_the_system(rings: Sfa, opened: Path, home: Path) -> None:
    dialled = rings("dial", "Anna Schmidt")
    assert opened.read_text() == "tel:+49301234567"
    assert "Dialled +49 30 1234567 (work) of Anna Schmidt." in dialled.err
    assert rings("dial", "Anna Schmidt", "--number", "mobile", "--json").data["opened"] == "tel:+491705550123"
    assert "1 +49 30 1234567 (work)" in rings("dial", "Anna Schmidt", "--number", "home").err
    (home / "config").mkdir(parents=True, exist_ok=True)
    (home / "config" / "sfa.toml").write_text('dial = "sip:{number}@pbx.example.com"\n')
    rings("dial", "Anna Schmidt")
    assert opened.read_text() == "sip:+49301234567@pbx.example.com"


def test_the_call_list_dials(rings: Sfa, opened: Path) -> None:
    rings("call", "Anna Schmidt", "--next", "today call about the offer")
    assert "Dialled +49 30 1234567" in rings("call", "next", "--dial").err
    assert opened.read_text() == "tel:+49301234567"


def test_who_does_not_want_to_be_called_is_not(rings: Sfa, opened: Path) -> None:
    rings("set", "contact", "Anna Schmidt", "do_not_call=yes")
    refused = rings("dial", "Anna Schmidt")
    assert (refused.code, opened.exists()) == (1, False)
    assert "asked not to be called" in refused.err
    assert rings("dial", "Anna Schmidt", "--anyway").code == 0


def test_a_system_without_a_telephone_is_told(rings: Sfa, opened: Path) -> None:
    opened.parent.joinpath("bin", "xdg-open").write_text("#!/bin/sh\necho no telephone >&2\nexit 3\n")
    refused = rings("dial", "Anna Schmidt")
    assert refused.code == 1
    assert "sfa: tel:+49301234567 could not be opened: no telephone." in refused.err
    assert len(refused.err.splitlines()) == 1
