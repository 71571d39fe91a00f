"""Where secrets are kept, the laptop's token and passwords: in the system's keyring, or where the user says.

Never in the book. A variable of the environment (``SFA_TOKEN`` for the token) goes before all else.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sfa.errors import UserError
from sfa.i18n import _
from sfa.settings import folder

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")
KEYRING, FILE, ENVIRONMENT = PLACES = ("keyring", "file", "environment")
SERVICE = "sfa"
VARIABLE = "SFA_TOKEN"
HEADLESS, ATTENDED = 5.0, 60.0
"""Seconds that a keyring gets to answer: with nobody there, or with somebody who may have to unlock it."""


class NoKeyring(Exception):
    """There is no keyring that works, or it did not answer in time."""


def account(server: str, device: str) -> str:
    """The name by which the token of ``device`` at the head office ``server`` is kept."""
    return f"{server}.{device}"


def keep(place: str, account: str, token: str) -> None:
    """Keeps the token, or a password. Raises ``NoKeyring``, ``UserError`` where the file cannot be written."""
    if place == KEYRING:
        _answered(lambda ring: ring.set_password(SERVICE, account, token))
        if _answered(lambda ring: ring.get_password(SERVICE, account)) != token:
            raise NoKeyring
    elif place == FILE:
        _write(file_of(account), token)


def read(place: str, account: str, variable: str = VARIABLE) -> str:
    """The token, or a password; empty where there is none, or the keyring does not give it."""
    if token := os.environ.get(variable, "").strip():
        return token
    if place == KEYRING:
        with suppress(NoKeyring):
            return _answered(lambda ring: ring.get_password(SERVICE, account)) or ""
    if place == FILE:
        with suppress(OSError, ValueError):
            return file_of(account).read_text("utf-8").strip()
    return ""


def forget(place: str, account: str) -> None:
    """Has nobody find the token any more."""
    if place == KEYRING:
        with suppress(NoKeyring):
            _answered(lambda ring: ring.delete_password(SERVICE, account))
    elif place == FILE:
        file_of(account).unlink(missing_ok=True)


def file_of(account: str) -> Path:
    """The file that keeps a token where no keyring does; only the user may read it."""
    return tokens() / account


def tokens() -> Path:
    """The folder of such files."""
    return Path(folder("data")) / "tokens"


def has_keyring() -> bool:
    """Whether a keyring answers."""
    try:
        return _answered(lambda ring: (ring.get_password(SERVICE, "-"), float(ring.priority) > 0))[1]
    except NoKeyring:
        return False


def _write(path: Path, token: str) -> None:
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
        with os.fdopen(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
            file.write(token)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        reason = error.strerror or error
        raise UserError(_("{path} cannot be written: {reason}.").format(path=path, reason=reason)) from None


def _answered(work: Callable[[KeyringBackend], T]) -> T:
    """What ``work`` gives; ``NoKeyring`` where it fails or does not end in time.

    In a thread, as a keyring without its service (or without anybody to unlock it) may never answer.
    """
    results: list[T] = []

    def run() -> None:
        with suppress(Exception):  # whatever a keyring raises, it does not work
            import keyring

            results.append(work(keyring.get_keyring()))

    thread = threading.Thread(target=run, name="keyring", daemon=True)
    thread.start()
    thread.join(ATTENDED if _is_attended() else HEADLESS)
    if not results:
        raise NoKeyring
    return results[0]


def _is_attended() -> bool:
    return sys.platform in ("win32", "darwin") or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))
