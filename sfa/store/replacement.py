"""A book that becomes another file, in one step, where nobody else has it open.

Renaming costs nothing, whatever the size. Whoever opens the book at the same moment waits for the lock that is held
meanwhile, and then finds that the file is another one (see ``Book``).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as driver

from sfa.store.failures import FAILURES

if TYPE_CHECKING:
    from sqlcipher3.dbapi2 import Connection

    from sfa.store.book import Book


def replace(book: Book, file: Path, still: Callable[[Connection], bool]) -> bool:
    """Has ``file``, a whole book that is safely on the disk, be ``book`` from now on; whether it could be.

    It cannot where anybody else has the book open, or ``still`` says no once nobody can change it any more. It keeps
    its name and its listeners; this thread gets a new connection. Raises ``OSError``.
    """
    with book.write_lock:
        if not book.let_go(only_own=True):
            return False
        try:
            # a new connection: one that was open before may remember pages that others have written since
            with closing(driver.connect(str(book.path), isolation_level=None, timeout=0)) as own:
                return _lock(own) and still(own) and _rename(book, file, own)
        finally:
            book.forget_fields()
            book.connection.execute("PRAGMA journal_mode = WAL")


def _lock(own: Connection) -> bool:
    """Keeps everybody else out of the file until the connection is closed; False where somebody has it open."""
    try:
        own.execute("PRAGMA locking_mode = EXCLUSIVE")
        own.execute("PRAGMA journal_mode = DELETE")
        own.execute("BEGIN EXCLUSIVE")
        own.execute("COMMIT")
    except FAILURES:
        return False
    return True


def _rename(book: Book, file: Path, own: Connection) -> bool:
    if os.name == "nt":  # which renames nothing that is open: who was faster keeps the file as it is
        own.close()
        try:
            file.replace(book.path)
        except PermissionError:
            return False
        return True
    file.replace(book.path)
    folder = os.open(book.path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return True
