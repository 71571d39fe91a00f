"""A whole copy of the book, taken while it is in use, and checked before it counts."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as driver

from sfa.errors import BookError, UserError
from sfa.i18n import _
from sfa.models import new_id
from sfa.store import migration
from sfa.store.failures import FAILURES, code

if TYPE_CHECKING:
    from sfa.store.book import Book

BESIDE = ("-wal", "-shm")  # files that SQLite keeps beside a book in use


def backup(book: Book, target: Path) -> None:
    """Copies the book to the new file ``target``, readable for its owner only.

    Raises ``UserError`` where the file exists, ``BookError`` where it cannot be written.
    """
    make(target, lambda partial: book.connection.execute("VACUUM INTO ?", (str(partial),)))


def make(target: Path, write: Callable[[Path], object]) -> None:
    """The new file ``target`` with what ``write`` puts into an empty one; it is there once it is sound and on the disk.

    Raises ``UserError`` where the file exists, ``BookError`` where it cannot be written.
    """
    if target.exists():
        raise UserError(_("{path} exists already.").format(path=target), _("Name a new file."))
    partial = _partial(target)
    try:
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        write(partial)
        check(partial)
        _sync(partial)
        partial.replace(target)
    except (*FAILURES, OSError) as error:
        message = _("The backup {path} cannot be written: {error}.")
        reason = getattr(error, "strerror", None) or error  # without the name of the partial file
        raise BookError(message.format(path=target, error=reason), _("Nothing was changed.")) from error
    finally:
        for suffix in ("", *BESIDE):
            Path(f"{partial}{suffix}").unlink(missing_ok=True)


def _partial(target: Path) -> Path:
    return target.with_name(f".{target.name}.{new_id()}.partial")


def _sync(path: Path) -> None:
    """Waits until the file is on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def check(path: Path) -> None:
    """Raises ``BookError`` unless the file is sound."""
    try:
        with closing(driver.connect(str(path))) as connection:
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except FAILURES as error:
        found = str(error)
    if found != "ok":
        first = found.splitlines()[-1]  # above it stands which of SQLite's databases is meant
        raise BookError(_("{path} is damaged: {error}.").format(path=path, error=first))


def restore(source: Path, target: Path) -> Path | None:
    """Puts the backup ``source`` in the place of the book ``target``; gives where the replaced book was kept.

    Nobody may have the book open. A book that is damaged is kept too, as it is. Raises ``UserError`` or ``BookError``.
    """
    if not source.is_file():
        raise UserError(_("There is no file {path}.").format(path=source))
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = _partial(target)
    try:
        _copy(source, partial)
        with closing(driver.connect(str(partial))) as connection:
            migration.is_current(connection, source)  # refuses what is no book, before anything is replaced
        _sync(partial)
        kept = _set_aside(target) if target.exists() else None
        partial.replace(target)
    except OSError as error:
        raise BookError(_("{path} cannot be restored: {error}.").format(path=target, error=error)) from error
    finally:
        for suffix in ("", *BESIDE):
            Path(f"{partial}{suffix}").unlink(missing_ok=True)
    return kept


def _copy(source: Path, partial: Path) -> None:
    os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    shutil.copyfile(source, partial)
    try:
        check(partial)
    except BookError as error:
        raise BookError(str(error).replace(str(partial), str(source)), _("Nothing was changed.")) from None


def _set_aside(target: Path) -> Path:
    """Gives the present book another name, once nobody uses it and everything is in its one file."""
    try:
        with closing(driver.connect(str(target), isolation_level=None, timeout=0)) as connection:
            alone = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0] == "delete"
    except FAILURES as error:
        alone = code(error) not in ("BUSY", "LOCKED")  # else it is damaged
    if not alone:
        raise BookError(_("{path} is open in another program.").format(path=target), _("Close it there and try again."))
    kept = target.with_name(f"{target.stem}-before-restore-{new_id()[:13]}{target.suffix}")
    for suffix in ("", *BESIDE):
        if (beside := Path(f"{target}{suffix}")).exists():
            beside.rename(f"{kept}{suffix}")
    return kept
