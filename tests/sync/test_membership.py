"""Coming in, keeping in step, leaving, being locked out: over a real line, with a real book."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from sfa.errors import BookError, SfaError, UserError
from sfa.server import people
from sfa.store import cipher
from sfa.store.book import Book
from sfa.sync import locking, membership, outbox, secrets
from sfa.sync.messages import Login, Welcome
from sfa.sync.steps import Result, SyncError
from sfa.sync.transport import Offline
from tests.server.offices import PASSWORD
from tests.server.test_connection import Running
from tests.store.samples import add

pytest_plugins = ("tests.sync.served",)


class Desk:
    """A laptop: its book, and its line to head office."""

    def __init__(self, office: Running, path: Path, user: str = "rita") -> None:
        self.office, self.path, self.user = office, path, user

    def login(self, user: str = "", place: str = secrets.FILE, password: str = PASSWORD) -> tuple[Welcome, Result]:
        return membership.login(self.path, self.office.service.url, Login(user or self.user, password, "Laptop"), place)

    def sync(self) -> Result:
        with closing(Book.open(self.path, even_locked=True)) as book:
            return membership.reconcile(book)

    def value(self, sql: str) -> Any:
        with closing(Book.open(self.path, even_locked=True)) as book:
            return book.value(sql)

    def meta(self, key: str) -> str:
        with closing(Book.open(self.path, even_locked=True)) as book:
            return book.meta(key)

    def add(self, name: str) -> str:
        with closing(Book.open(self.path)) as book:
            return add(book, "account", name=name)

    @property
    def token(self) -> Path:
        return secrets.file_of(secrets.account(self.meta("server_id"), self.meta("device")))


@pytest.fixture
def rita(head_office: Running, tmp_path: Path) -> Desk:
    return Desk(head_office, tmp_path / "rita" / "book.sfa")


@pytest.fixture
def max_(head_office: Running, tmp_path: Path) -> Desk:
    return Desk(head_office, tmp_path / "max" / "book.sfa", "max")


def refused(code: str, work: Any) -> SyncError:
    with pytest.raises(SyncError) as raised:
        work()
    assert raised.value.code == code, raised.value
    return raised.value


# In


def test_a_laptop_without_a_book_gets_one(rita: Desk, max_: Desk) -> None:
    rita.login()
    account = rita.add("Acme")
    assert rita.sync().sent == {"applied": 1}
    max_.login()
    assert max_.value(f"SELECT name FROM account WHERE id = '{account}'") == "Acme"
    secret = rita.token.read_bytes()
    assert len(secret) > 40
    assert not any(word in rita.path.read_bytes() for word in (secret, PASSWORD.encode()))


def test_a_book_that_lived_alone_joins_with_all_it_holds(rita: Desk, max_: Desk) -> None:
    with closing(Book.create(rita.path, "Rita")) as book, book.change("Fill") as change:
        change.insert_rows("account", ("name",), [(f"Acme {n}",) for n in range(50)])
    assert sum(rita.login()[1].sent.values()) >= 1
    max_.login()
    assert max_.value("SELECT count(*) FROM account") == rita.value("SELECT count(*) FROM account") == 50


@pytest.mark.parametrize(("user", "password"), [("rita", "battery staple"), ("nobody", PASSWORD)])
def test_who_may_not_come_in_leaves_nothing_behind(rita: Desk, user: str, password: str) -> None:
    assert password not in str(refused("bad_login", lambda: rita.login(user, password=password)))
    assert not rita.path.exists()
    assert not secrets.tokens().exists()


def test_what_is_interrupted_goes_on_with_the_next_sync(
    rita: Desk, max_: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    max_.login()
    with closing(Book.open(max_.path)) as book:
        for number in range(5):
            add(book, "account", name=f"Acme {number}")
        membership.reconcile(book)
    asked = membership.OwnLine.ask
    for last in range(20):
        path = rita.path.with_name(f"{last}.sfa")
        desk, count = Desk(rita.office, path), iter(range(last))

        def ask(line: Any, request: Any, count: Iterator[int] = count) -> Any:
            if next(count, None) is None:
                raise KeyboardInterrupt
            return asked(line, request)

        monkeypatch.setattr(membership.OwnLine, "ask", ask)
        with suppress(KeyboardInterrupt):
            desk.login()
            break
        monkeypatch.setattr(membership.OwnLine, "ask", asked)
        desk.sync() if path.exists() else desk.login()  # before it belonged to anybody there is none
        assert desk.value("SELECT count(*) FROM account") == 5
    assert last > 1


def test_a_book_is_one_users_and_one_offices(rita: Desk, tmp_path: Path) -> None:
    rita.login()
    refused("joined", lambda: rita.login("max"))
    assert [device.user for device in people.devices(rita.office.office.database) if device.revoked_at] == ["max"]
    with closing(Book.open(rita.path)) as book, book.transaction() as connection:
        outbox.set_meta(connection, server_id="another")
    refused("joined", rita.login)


def test_a_token_that_no_place_keeps_is_given_up(rita: Desk) -> None:
    secrets.tokens().parent.mkdir(parents=True, exist_ok=True)
    secrets.tokens().write_text("in the way")
    with pytest.raises(UserError):
        rita.login()
    assert not rita.path.exists()
    devices = people.devices(rita.office.office.database, "rita")
    assert len([device for device in devices if device.revoked_at]) == 1


# In step


def test_without_a_line_the_book_says_why(rita: Desk) -> None:
    rita.login()
    rita.add("Acme")
    rita.office.end()
    with pytest.raises(Offline):
        rita.sync()
    assert rita.meta("problem") == "offline: connection refused"


def test_a_problem_is_over_once_it_is(rita: Desk) -> None:
    rita.login()
    with closing(Book.open(rita.path)) as book, book.transaction() as connection:
        outbox.set_meta(connection, problem="offline: no line")
    rita.sync()
    assert rita.meta("problem") == ""
    with closing(Book.open(rita.path)) as book, book.transaction() as connection:
        outbox.set_meta(connection, problem="This laptop is not logged in.")
    rita.login()
    assert rita.meta("problem") == ""


def test_a_copied_book_becomes_a_laptop_of_its_own(rita: Desk, tmp_path: Path) -> None:
    rita.login()
    copy = Desk(rita.office, tmp_path / "copy.sfa")
    copy.path.write_bytes(rita.path.read_bytes())
    token = rita.token
    rita.add("Of the first")
    copy.add("Of the copy")
    rita.sync()
    assert copy.sync().renewed
    assert (copy.token, copy.token.exists(), token.exists()) != (token, True, True)
    assert rita.sync().received == 1
    assert copy.value("SELECT count(*) FROM account") == rita.value("SELECT count(*) FROM account") == 2


def test_a_token_in_the_environment_cannot_be_replaced(
    rita: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = rita.login(place=secrets.ENVIRONMENT)[0].token
    assert not secrets.tokens().exists()
    refused("logged_out", rita.sync)
    monkeypatch.setenv(secrets.VARIABLE, token)
    copy = Desk(rita.office, tmp_path / "copy.sfa")
    copy.path.write_bytes(rita.path.read_bytes())
    rita.add("One")
    rita.sync()
    copy.add("Other")
    refused("copied", copy.sync)


def test_one_program_syncs_at_a_time(rita: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from sfa.sync.turn import turn

    monkeypatch.setattr(membership, "WAIT", 0.0)
    rita.login()
    with closing(Book.open(rita.path)) as book, turn(book) as mine:
        assert mine
        refused("busy", rita.sync)


# Out


def test_logging_out_forgets_the_token_and_logging_in_goes_on(rita: Desk, max_: Desk) -> None:
    max_.login()
    rita.login()
    token = rita.token
    rita.add("Acme")
    with closing(Book.open(rita.path)) as book:
        with pytest.raises(UserError, match="1 actions have not been sent"):
            membership.logout(book)
        assert membership.logout(book, force=True)
    assert not token.exists()
    refused("logged_out", rita.sync)
    assert rita.login()[1].sent["applied"] >= 1
    max_.sync()
    assert max_.value("SELECT name FROM account") == "Acme"


def test_a_token_that_was_given_up_elsewhere_locks_nothing(rita: Desk) -> None:
    rita.login()
    database = rita.office.office.database
    people.logout(database, people.identify(database, rita.token.read_text()))
    refused("unauthorized", rita.sync)
    rita.add("Still open")


def test_without_a_line_one_can_leave_too(rita: Desk) -> None:
    rita.login()
    rita.office.end()
    with closing(Book.open(rita.path)) as book:
        assert not membership.logout(book)
    refused("logged_out", rita.sync)


# Locked out


def closed_by(rita: Desk, how: str) -> str:
    """The key with which Rita's book was closed."""
    database, device = rita.office.office.database, rita.meta("device")
    people.revoke_device(database, device) if how == "device" else people.disable_user(database, "rita")
    refused("locked", rita.sync)
    return people.lock_key(database, device)


@pytest.mark.parametrize("how", ["device", "user"])
def test_a_laptop_that_is_locked_out_has_nothing_to_read(rita: Desk, max_: Desk, how: str) -> None:
    rita.login()
    rita.add("Acme")
    token = rita.token
    old = rita.path.with_name("book-before-upgrade-1.sfa")
    old.write_bytes(rita.path.read_bytes())
    piece = rita.path.with_name(".book.sfa.snapshot-1-1-00000000-" + "0" * 32 + "-9.partial")
    piece.write_bytes(b"Acme")
    key = closed_by(rita, how)
    files = [file for file in rita.path.parent.iterdir() if file.is_file()]
    assert not any(b"Acme" in file.read_bytes() for file in files)
    assert cipher.is_closed(rita.path)
    assert cipher.is_closed(old)
    assert not token.exists()
    with pytest.raises(BookError, match="was locked by head office"):
        Book.open(rita.path)
    with pytest.raises(UserError, match="does not open"):
        locking.unlock(rita.path, "0" * 64)
    locking.unlock(rita.path, f" {key.upper()}\n")
    assert (rita.value("SELECT name FROM account"), rita.meta("locked")) == ("Acme", "")
    assert not cipher.is_closed(old)
    if how == "user":
        people.enable_user(rita.office.office.database, "rita")
    assert rita.login()[1].sent["applied"] >= 1  # what was never sent is not lost
    max_.login()
    assert max_.value("SELECT name FROM account") == "Acme"


def test_a_lock_that_was_interrupted_is_finished_by_the_next_sync(rita: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    rita.login()
    rita.add("Acme")

    def broken(path: Path, key: str) -> None:
        raise BookError("no room")

    monkeypatch.setattr(cipher, "close", broken)
    key = closed_by(rita, "device")
    assert not cipher.is_closed(rita.path)
    with pytest.raises(BookError, match="was locked by head office"):
        Book.open(rita.path)
    with pytest.raises(UserError, match="does not open"):
        locking.unlock(rita.path, "0" * 64)
    monkeypatch.undo()
    monkeypatch.setenv("SFA_HOME", str(rita.path.parents[1] / "home"))
    refused("locked", rita.sync)
    assert cipher.is_closed(rita.path)
    locking.unlock(rita.path, key)
    with pytest.raises(UserError, match="is not locked"):
        locking.unlock(rita.path, key)


def test_who_is_let_in_again_before_the_file_was_closed_goes_on(rita: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    rita.login()
    with monkeypatch.context() as patch:
        patch.setattr(cipher, "close", lambda path, key: (_ for _ in ()).throw(BookError("no room")))
        closed_by(rita, "user")
    people.enable_user(rita.office.office.database, "rita")
    rita.sync()
    rita.add("Acme")


def test_the_key_opens_a_book_whose_file_was_not_closed_yet(rita: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    rita.login()
    with monkeypatch.context() as patch:
        patch.setattr(cipher, "close", lambda path, key: (_ for _ in ()).throw(BookError("no room")))
        key = closed_by(rita, "device")
    locking.unlock(rita.path, key)
    rita.add("Acme")


def test_nothing_that_goes_wrong_tells_the_token(rita: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    rita.login()
    token = rita.token.read_text()
    rita.office.end()
    with pytest.raises(SfaError) as raised:
        rita.sync()
    with closing(Book.open(rita.path)) as book:
        journal = repr(book.rows("SELECT * FROM meta")) + repr(book.rows("SELECT * FROM action"))
    assert token not in repr(raised.value) + str(raised.value) + journal + "".join(capfd.readouterr())
