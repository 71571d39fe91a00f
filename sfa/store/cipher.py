"""Closing a book's file to every reader: encrypted as a whole, in place, and opened again with the same key.

What is written takes the place of the old file at once, when it is whole and on the disk. So a program may be killed at
any point: the file is then open or closed, never half of it, and nothing of it is lost.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as driver

from sfa.errors import BookError, UserError
from sfa.i18n import _
from sfa.store.failures import FAILURES, unwritable

if TYPE_CHECKING:
    from sqlcipher3.dbapi2 import Connection

MAGIC = b"sfa book locked\0"
"""What a closed file begins with, where others have their salt; the key is random enough without one."""
BESIDE = ("-wal", "-shm")
WAIT = 10.0
"""Seconds to wait for other programs that write."""
FORGOTTEN = "DELETE FROM target.meta WHERE key IN ('locked', 'locked_by')"


def is_closed(path: Path) -> bool:
    """Whether the file at ``path`` was closed with ``close``."""
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


def close(path: Path, key: str) -> None:
    """Encrypts the book at ``path`` with ``key`` (64 hexadecimal digits). Raises ``BookError``.

    Changes of other programs come in whole before, or fail.
    """
    with _told(path), closing(_connected(path)) as holder, _standing_still(path, holder):
        with closing(_connected(path)) as source:
            _export(source, _partial(path), f"x'{key}{MAGIC.hex()}'")
        if os.name == "nt":  # where no file gives way that is open
            holder.close()
        _take_place(path)
        _clear(path)


def reopen(path: Path, key: str) -> None:
    """Decrypts the closed book at ``path``. ``UserError`` where ``key`` is not the one, ``BookError``."""
    _clear(path)
    with _told(path):
        with closing(_connected(path)) as source:
            if set(key) - set("0123456789abcdef") or len(key) != 64 or not _opens(source, key):
                raise UserError(_("This key does not open {path}.").format(path=path))
            _export(source, _partial(path), "", FORGOTTEN)
        _take_place(path)


def _clear(path: Path) -> None:
    """Removes what lies beside a closed file, and is empty."""
    for suffix in BESIDE:
        with suppress(OSError):
            Path(f"{path}{suffix}").unlink(missing_ok=True)


def _connected(path: Path) -> Connection:
    return driver.connect(str(path), isolation_level=None, timeout=WAIT)


def _opens(source: Connection, key: str) -> bool:
    source.execute("PRAGMA cipher_log_level = NONE")  # it would say on stderr what we say in one line
    source.execute(f"PRAGMA key = \"x'{key}'\"")
    try:
        return bool(source.execute("SELECT count(*) FROM sqlite_master").fetchone())
    except FAILURES:
        return False


@contextmanager
def _standing_still(path: Path, holder: Connection) -> Iterator[None]:
    """Nobody changes the book meanwhile, and all of it is in its one file."""
    for _attempt in range(20):
        busy, *_sizes = holder.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        holder.execute("BEGIN IMMEDIATE")
        wal = Path(f"{path}-wal")
        if not busy and not (wal.exists() and wal.stat().st_size):
            break
        holder.execute("ROLLBACK")  # somebody wrote in between
    else:
        raise BookError(_("{path} is open in another program.").format(path=path), _("Close it there and try again."))
    try:
        yield
    finally:
        with suppress(*FAILURES):
            holder.execute("ROLLBACK")


def _export(source: Connection, target: Path, key: str, last: str = "") -> None:
    """Writes everything to the new file ``target`` under ``key``, open where that is empty."""
    target.unlink(missing_ok=True)
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    source.execute(f'ATTACH DATABASE ? AS target KEY "{key}"', (str(target),))
    source.execute("BEGIN")
    source.execute("SELECT sqlcipher_export('target')").fetchall()
    for name in ("user_version", "application_id"):
        value = source.execute(f"PRAGMA main.{name}").fetchone()[0]
        source.execute(f"PRAGMA target.{name} = {value:d}")
    if last:
        source.execute(last)
    source.execute("COMMIT")
    found = source.execute("PRAGMA target.integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise BookError(_("{path} is damaged: {error}.").format(path=target, error=found))
    source.execute("DETACH DATABASE target")


def _take_place(path: Path) -> None:
    partial = _partial(path)
    with partial.open("rb+") as file:
        os.fsync(file.fileno())
    partial.replace(path)
    with suppress(OSError, AttributeError):  # not every system lets one open a folder
        folder = os.open(path.parent, os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _partial(path: Path) -> Path:
    return path.with_name(f".{path.name}.locking")


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except FAILURES as error:
        raise unwritable(path, error) from error
    except OSError as error:
        raise BookError(
            _("{path} cannot be written: {reason}. Nothing was changed.").format(
                path=path, reason=error.strerror or error
            )
        ) from error
    finally:
        with suppress(OSError):
            _partial(path).unlink(missing_ok=True)
