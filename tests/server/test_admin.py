"""Head office administered from a shell, on both databases."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from sfa.cli import headoffice, main
from sfa.server import copies, people
from sfa.server.database import connect
from sfa.server.office import Office
from tests.server.offices import PASSWORD, asking, credentials, enrolled, everything, founded, opened, pushed
from tests.server.postgresql import PASSWORD as POSTGRES_PASSWORD


class Result(NamedTuple):
    """What one run of ``sfa`` gave."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


Sfa = Callable[..., Result]


@pytest.fixture
def sfa(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Sfa:
    """Runs ``sfa`` on head office's database; ``typed`` is its stdin."""
    monkeypatch.setenv("SFA_BOOK", str(tmp_path / "no-book.sfa"))
    monkeypatch.setenv("SFA_DATABASE", address)

    def run(*words: str, typed: str = "") -> Result:
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        code = main(words)
        return Result(code, *capsys.readouterr())

    return run


@pytest.fixture
def staffed(sfa: Sfa) -> Sfa:
    """As ``sfa``, with the North, its manager Max, and Rita."""
    password = ("--password-stdin",)
    assert sfa("admin", "stream", "add", "North").code == 0
    assert sfa("admin", "user", "add", "max", *password, typed=f"{PASSWORD}\n").code == 0
    rita = ("rita", "--name", "Rita Rep", "--email", "rita@example.com", "--territory", "north", "--role", "writer")
    assert sfa("admin", "user", "add", *rita, *password, typed=f"{PASSWORD}\r\nmore\n").code == 0
    return sfa


def test_a_user_who_is_added_can_log_in(staffed: Sfa, address: str, tmp_path: Path) -> None:
    database = connect(address)
    with opened(Office(database, tmp_path)) as app:
        reply = asking(app)("POST", "/v1/login", credentials("rita"))
    database.close()
    assert {stream["name"]: stream["role"] for stream in reply.data["streams"]} == {
        "Company": "writer",
        "North": "writer",
        "Rita Rep": "writer",
    }


def test_users_are_listed_disabled_and_enabled(staffed: Sfa) -> None:
    told = staffed("admin", "user", "list")
    assert (told.code, "Rita Rep" in told.out, PASSWORD in told.out) == (0, True, False)
    assert staffed("admin", "user", "disable", "RITA").code == 0
    users = {user["name"]: user for user in staffed("admin", "user", "list", "--json").data}
    assert (users["rita"]["disabled"], users["max"]["disabled"]) == (True, False)
    assert staffed("admin", "user", "enable", "rita", "--json").data["disabled"] is False
    assert staffed("admin", "user", "disable", "nobody").code == 1


def test_a_password_is_changed_and_never_an_argument(staffed: Sfa, address: str) -> None:
    assert staffed("admin", "user", "password", "rita", "--password-stdin", typed="another horse\n").code == 0
    database = connect(address)
    with pytest.raises(Exception, match="wrong"):
        enrolled(database, "rita")
    database.close()
    refused = staffed("admin", "user", "password", "rita")
    assert (refused.code, "--password-stdin" in refused.err) == (1, True)
    assert staffed("admin", "user", "password", "rita", "secret").code == 2
    assert staffed("admin", "user", "password", "rita", "--password-stdin", typed="short").code == 1


def test_the_password_is_asked_for_twice_without_an_echo(staffed: Sfa, monkeypatch: pytest.MonkeyPatch) -> None:
    import getpass

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    answers = iter(["one horse is here", "two horses are", "two horses are", "two horses are"])
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: next(answers))
    monkeypatch.setattr(io, "StringIO", Terminal)
    assert "differ" in staffed("admin", "user", "password", "rita").err
    assert staffed("admin", "user", "password", "rita").code == 0
    assert next(answers, None) is None


def test_laptops_are_listed_and_revoked(staffed: Sfa, address: str) -> None:
    database = connect(address)
    first = enrolled(database, "rita", "Rita's laptop")
    people.renew(database, people.identify(database, first.token))
    enrolled(database, "max")
    database.close()
    assert len(staffed("admin", "device", "list", "--json").data) == 3
    listed = staffed("admin", "device", "list", "--of", "rita")
    assert (listed.out.count("Rita's laptop"), "max" in listed.out) == (2, False)
    revoked = staffed("admin", "device", "revoke", first.device)
    assert (revoked.code, "1 copies" in revoked.err) == (0, True)
    states = [device["revoked_at"] for device in staffed("admin", "device", "list", "--of", "rita", "--json").data]
    assert None not in states
    assert staffed("admin", "device", "revoke", "zz").code == 1


def test_streams_are_added_listed_and_given_members(staffed: Sfa) -> None:
    added = staffed("admin", "stream", "add", "South", "--json").data
    assert (added["name"], added["members"]) == ("South", [])
    assert staffed("admin", "stream", "add", "South").code == 1
    assert staffed("admin", "stream", "member", "rita", "South", "manager", "--home").code == 0
    streams = {stream["name"]: stream for stream in staffed("admin", "stream", "list", "--json").data}
    assert streams["South"]["members"] == [{"user": "rita", "role": "manager", "home": True}]
    assert "rita (manager)" in staffed("admin", "stream", "list").out
    assert staffed("admin", "stream", "member", "rita", "South", "--remove").code == 0
    streams = {stream["name"]: stream for stream in staffed("admin", "stream", "list", "--json").data}
    assert streams["South"]["members"] == []
    assert staffed("admin", "stream", "member", "rita", "South").code == 1
    assert staffed("admin", "stream", "member", "rita", "South", "king").code == 2
    assert staffed("admin", "stream", "member", "rita", "South", "reader", "--remove").code == 1


# Copies


def test_a_copy_holds_everything_and_can_be_served(staffed: Sfa, address: str, tmp_path: Path) -> None:
    database = connect(address)
    office = Office(database, tmp_path)
    with opened(office) as app:
        ask = asking(app)
        rita = ask("POST", "/v1/login", credentials("rita")).data
        names = [f"Acme {n}" for n in range(450)]  # more than one batch
        assert ask("POST", "/v1/push", pushed(rita["server"], *names), token=rita["token"]).status == 200
    target = tmp_path / "copy.db"
    done = staffed("admin", "backup", str(target), "--json")
    assert (done.code, done.data["bytes"]) == (0, target.stat().st_size)
    copy = connect(str(target))
    assert everything(copy) == everything(database)
    database.close()
    with opened(Office(copy, tmp_path)) as app:
        page = asking(app)("GET", "/v1/pull", token=rita["token"])
    copy.close()
    assert page.status == 200
    assert staffed("admin", "backup", str(target)).code == 1  # nothing is written over
    left = [path.name for path in tmp_path.iterdir() if "partial" in path.name]
    assert left == []


def test_a_copy_that_cannot_be_written_leaves_nothing(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = connect(address)
    founded(database, tmp_path)

    def full(*_words: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sfa.store.backup._sync", full)
    with pytest.raises(Exception, match="No space left"):
        copies.backup(database, tmp_path / "copy.db")
    database.close()
    assert [path.name for path in tmp_path.iterdir() if "copy" in path.name] == []


def test_logs_without_a_snapshot_are_kept_whole(staffed: Sfa) -> None:
    done = staffed("admin", "trim", "--days", "0", "--json")
    assert (done.code, set(done.data.values())) == (0, {0})
    assert staffed("admin", "trim", "--days", "soon").code == 1


# Where the database is


def test_the_password_of_a_database_is_shown_nowhere(staffed: Sfa, address: str) -> None:
    told = [staffed("admin", "user", "list"), staffed("admin", "stream", "list", "--json"), staffed("doctor")]
    told += [staffed("admin", "user", "list", "--database", "postgresql://sfa:s3cret@nowhere/sfa")]
    told += [staffed("admin", "user", "list", "--database", "postgresql://nowhere/sfa?password=s3cret")]
    assert [one.code for one in told[-2:]] == [1, 1]
    assert "SFA_DATABASE" in told[-1].err
    for one in told:
        assert POSTGRES_PASSWORD not in one.out + one.err
        assert "s3cret@" not in one.out + one.err
    assert headoffice.shown("postgresql://sfa:s3cret@db:5432/sfa?sslmode=require") == "postgresql://db:5432/sfa"


@pytest.mark.parametrize("url", ["postgresql://sfa:hidden@127.0.0.1:1/sfa", "postgresql://sfa:hid%den@db/sfa"])
def test_a_database_that_does_not_answer_is_told_in_one_line_without_its_password(
    staffed: Sfa, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("SFA_DATABASE", url)
    told = staffed("admin", "user", "list")
    assert (told.code, told.err.count("\n"), "hid" in told.err) == (1, 1, False)


def test_only_what_may_makes_a_new_office(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("SFA_DATABASE", raising=False)
    made = tmp_path / "home" / "data" / "office" / "office.db"
    for words in (("user", "list"), ("device", "list"), ("stream", "list"), ("backup", str(tmp_path / "copy"))):
        assert main(["admin", *words]) == 1
    assert not made.exists()
    assert main(["admin", "stream", "add", "North"]) == 0
    assert made.exists()
    assert str(made) in capsys.readouterr().err


def test_without_its_libraries_head_office_says_how_to_get_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(headoffice, "find_spec", lambda name: None if name in ("argon2", "uvicorn") else name)
    for words in (["serve"], ["admin", "user", "list", "--database", str(tmp_path / "office.db")]):
        assert main(words) == 1
        assert "pip install 'sfa-client[server]'" in capsys.readouterr().err
