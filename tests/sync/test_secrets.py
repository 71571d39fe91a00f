"""The token lies where it is said to lie, and nowhere else; and no keyring makes anybody wait for ever."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.errors import KeyringError

from sfa.errors import UserError
from sfa.sync import secrets

TOKEN = "t0ken" * 8
ACCOUNT = secrets.account("server-1", "device-1")


class Drawer(KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class Locked(Drawer):
    """A keyring that its owner does not unlock."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringError("locked")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringError("locked")


class Dead(Drawer):
    """A keyring whose service never answers."""

    def get_password(self, service: str, username: str) -> str | None:
        threading.Event().wait()
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        threading.Event().wait()


@pytest.fixture(autouse=True)
def _keyring_of_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv(secrets.VARIABLE, raising=False)
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


def test_the_keyring_keeps_and_forgets_it() -> None:
    drawer = Drawer()
    keyring.set_keyring(drawer)
    assert secrets.has_keyring()
    secrets.keep(secrets.KEYRING, ACCOUNT, TOKEN)
    assert drawer.kept == {("sfa", ACCOUNT): TOKEN}
    assert secrets.read(secrets.KEYRING, ACCOUNT) == TOKEN
    secrets.forget(secrets.KEYRING, ACCOUNT)
    secrets.forget(secrets.KEYRING, ACCOUNT)
    assert secrets.read(secrets.KEYRING, ACCOUNT) == ""


@pytest.mark.parametrize("ring", [fail.Keyring, null.Keyring, Locked, Dead])
def test_a_keyring_that_does_not_work_is_none(ring: type[KeyringBackend], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "HEADLESS", 0.1)
    monkeypatch.setattr(secrets, "ATTENDED", 0.1)
    keyring.set_keyring(ring())
    assert not secrets.has_keyring()
    with pytest.raises(secrets.NoKeyring):
        secrets.keep(secrets.KEYRING, ACCOUNT, TOKEN)
    assert secrets.read(secrets.KEYRING, ACCOUNT) == ""
    secrets.forget(secrets.KEYRING, ACCOUNT)


def test_the_file_is_for_nobody_else() -> None:
    secrets.keep(secrets.FILE, ACCOUNT, TOKEN)
    path = secrets.file_of(ACCOUNT)
    assert [file.name for file in path.parent.iterdir()] == [ACCOUNT]
    assert os.name == "nt" or (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert secrets.read(secrets.FILE, ACCOUNT) == TOKEN
    secrets.keep(secrets.FILE, ACCOUNT, "another")
    assert secrets.read(secrets.FILE, ACCOUNT) == "another"
    secrets.forget(secrets.FILE, ACCOUNT)
    assert secrets.read(secrets.FILE, ACCOUNT) == ""


def test_a_file_that_cannot_be_written_is_told_without_the_token() -> None:
    folder = secrets.tokens()
    folder.parent.mkdir(parents=True)
    folder.write_text("in the way")
    with pytest.raises(UserError, match="tokens") as raised:
        secrets.keep(secrets.FILE, ACCOUNT, TOKEN)
    assert TOKEN not in str(raised.value)


def test_the_environment_goes_before_all(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets.keep(secrets.FILE, ACCOUNT, TOKEN)
    monkeypatch.setenv(secrets.VARIABLE, " of-the-environment\n")
    assert secrets.read(secrets.FILE, ACCOUNT) == secrets.read("", ACCOUNT) == "of-the-environment"
