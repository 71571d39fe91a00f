"""Calendars and address books from the shell: connect, list, sync, let go; and what goes wrong is one line."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sfa.cli.command import PARTLY
from sfa.exchange.dav.remotes import PASSWORD as VARIABLE
from sfa.exchange.dav.remotes import Remote
from sfa.sync import secrets
from tests.cli.conftest import Sfa
from tests.exchange.dav import servers
from tests.exchange.dav.phone import CARD, EVENT, Phone
from tests.exchange.dav.servers import PASSWORD, USER, Server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with servers.radicale(tmp_path_factory.mktemp("radicale") / "server") as running:
        yield running


@pytest.fixture
def rep(bare: Sfa, monkeypatch: pytest.MonkeyPatch) -> Sfa:
    monkeypatch.setenv(VARIABLE, PASSWORD)
    assert bare("new", "activity", "subject=Call Acme", "start=2026-11-20", "--user", "Rita").code == 0
    return bare


def adding(url: str, *words: str) -> tuple[str, ...]:
    return ("calendar", "add", url, "--user", USER, "--password-in", "file", *words)


def test_from_connecting_to_letting_go(rep: Sfa, server: Server) -> None:
    url = server.collection("caldav")
    added = rep(*adding(url, "--name", "Work", "--json"))
    assert (added.code, added.data["sent"], added.data["name"], added.data["url"]) == (0, 1, "Work", url)
    listed = rep("calendar", "list")
    assert [word in listed.out for word in ("Work", url, USER)] == [True] * 3
    assert rep("calendar", "sync").err.strip() == "Nothing was to be done."
    assert rep("calendar", "sync", "work", "--again", "--json").data[0]["conflicts"] == 0
    assert rep("calendar", "remove", "Work").code == 0
    gone = rep("calendar", "sync")
    assert (gone.code, gone.err) == (1, "sfa: Nothing is connected yet. sfa calendar add URL\n")


def test_the_password_is_kept_where_the_rep_says_and_nowhere_else(
    rep: Sfa, server: Server, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = rep(*adding(server.collection("caldav")))
    assert PASSWORD not in told.out + told.err
    (kept,) = secrets.tokens().iterdir()
    assert kept.read_text("utf-8") == PASSWORD
    assert kept.stat().st_mode & 0o77 == 0
    for path in home.rglob("*"):
        assert path == kept or not path.is_file() or PASSWORD.encode() not in path.read_bytes()
    monkeypatch.delenv(VARIABLE)
    assert rep("calendar", "sync").code == 0
    rep("calendar", "remove", "Phone")
    assert not kept.exists()


def test_the_first_line_of_stdin_is_the_password(rep: Sfa, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE)
    url = server.collection("caldav")
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert rep(*adding(url)).err.startswith("sfa: There is no terminal to ask for the password on.")
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSWORD}\n"))
    assert rep(*adding(url, "--password-stdin")).code == 0


@pytest.mark.parametrize(
    ("url", "password", "said"),
    [
        ("{server}", "wr0ng", "127.0.0.1 does not accept this user and password."),
        ("http://127.0.0.1:1/", PASSWORD, "127.0.0.1 is out of reach: connection refused."),
        ("http://cloud.example/", PASSWORD, "Passwords would cross the network in the clear. Use https, or"),
        ("{server}{user}/nowhere/x/", PASSWORD, "There are several: "),
    ],
)
def test_what_goes_wrong_is_one_clear_line(
    url: str, password: str, said: str, rep: Sfa, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.collection("caldav")
    server.collection("caldav")
    monkeypatch.setenv(VARIABLE, password)
    done = rep(*adding(url.format(server=server.url, user=USER)))
    assert (done.code, done.out, done.err.count("\n")) == (1, "", 1)
    assert done.err.startswith(f"sfa: {said}")
    assert rep("calendar", "list", "--json").data == []


def test_of_several_one_is_chosen_by_name(rep: Sfa, server: Server) -> None:
    url = server.collection("carddav", "people")
    server.collection("carddav", "others")
    several = rep("addressbook", "add", server.url, "--user", USER, "--password-in", "file")
    assert (several.code, url in several.err) == (1, True)
    words = (
        "addressbook",
        "add",
        server.url,
        "--user",
        USER,
        "--password-in",
        "file",
        "--choose",
        url,
        "--take",
        "all",
    )
    assert rep(*words).code == 0
    client = server.client()
    Phone(client, _remote(url, "carddav")).put("max", CARD)
    client.close()
    assert rep("addressbook", "sync", "--json").data[0]["received"] == 1
    assert "Meyer" in rep("list", "contact").out


def test_conflicts_and_one_that_fails_end_with_three(rep: Sfa, server: Server) -> None:
    url = server.collection("caldav")
    rep(*adding(url, "--name", "Work"))
    client = server.client()
    phone = Phone(client, _remote(url, "caldav"))
    (task,) = phone.names()
    phone.put("other", EVENT)
    phone.rewrite(task, ("SUMMARY:Call Acme", "SUMMARY:Phone"))
    client.close()
    rep("set", "activity", task, "subject=Book")
    done = rep("calendar", "sync")
    assert (done.code, done.err) == (PARTLY, "1 changed here, 1 sent.\n1 changed on both sides: sfa conflicts\n")
    assert "it was changed both here and in Work" in rep("conflicts").out
    (conflict,) = rep("conflicts", "--json").data
    shown = rep("conflicts", conflict["id"]).out
    assert "Mine, in Work" in shown
    assert "stands here" in shown
    assert rep("conflicts", conflict["id"], "--take", "mine").code == 0
    assert rep("calendar", "sync", "--json").data[0]["sent"] == 1


def _remote(url: str, type: str) -> Remote:
    return Remote("", type, url, USER, "", "", "", {}, "", 0, "", "")
