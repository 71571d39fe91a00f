"""Whose turn it is to sync a book: one program's at a time, as two would send the same twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as driver

if TYPE_CHECKING:
    from sfa.store.book import Book


@contextmanager
def turn(book: Book, what: str = "sync") -> Iterator[bool]:
    """Whether it is the caller's turn to do ``what``, and nobody else's until the block ends.

    The lock is that of an empty database beside the book: the system gives it back however a program ends.
    """
    lock = driver.connect(f"{book.path}-{what}", isolation_level=None, timeout=0)
    try:
        yield _locked(lock)
    finally:
        lock.close()


def _locked(lock: driver.Connection) -> bool:
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except driver.OperationalError as error:
        return "locked" not in str(error)  # where no lock can be had at all, sending twice does no harm
    return True
