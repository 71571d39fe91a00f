"""The first load of a large stream: from a snapshot that head office keeps ready, in place of its whole log.

A book that holds nothing yet becomes the snapshot, in one step. Any other takes the snapshot's rows in, history
included, in short transactions between which the rep can write; what interrupts it costs one of them.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as driver

from sfa.i18n import _
from sfa.models import KINDS
from sfa.store.failures import FAILURES, unwritable
from sfa.store.replacement import replace
from sfa.sync import download, intake
from sfa.sync.cursors import SOON, compare, follow, reach
from sfa.sync.download import Tag
from sfa.sync.messages import StreamInfo
from sfa.sync.snapshot import Snapshot, opened
from sfa.sync.steps import Reply, Report, Request, SyncError, tell

if TYPE_CHECKING:
    from sqlcipher3.dbapi2 import Connection

    from sfa.store.book import Book

LARGE = 20_000
"""Records from which on a stream has a snapshot: below, its log is as fast."""
STEP = 64
"""Pages of the file that are copied at once; no book, however empty, has so few."""
DONE_SO_FAR = 0
"""What SQLite says of a step that was not kept from writing."""
PATIENCE = 10.0
"""Seconds to wait for another program that writes into the book."""


def load(book: Book, streams: Sequence[StreamInfo], report: Report) -> Generator[Request, Reply, int]:
    """Fetches streams that are new here and large; how many records came. Small ones come by their logs.

    Raises ``SyncError``, ``Untrue`` or ``BookError``; what came stays, and the next call goes on from there.
    """
    at = dict(book.rows("SELECT number, seq FROM stream"))
    large = [info for info in streams if not at.get(info.number) and (info.floor or info.records >= LARGE)]
    begun = intake.begun(book, {info.number for info in large})
    came = 0
    for info in sorted(large, key=lambda info: (info.number != begun, -info.records)):
        fetched = yield from download.fetch(book, info.number, report)
        if fetched is None and info.floor:
            raise SyncError(
                "snapshot_not_ready", _("Head office is still preparing “{stream}”.").format(stream=info.name), wait=10
            )
        if fetched is None:
            continue
        came += take(book, fetched[0], info, fetched[1], report)
        download.forget(book, info.number)
    return came


def take(book: Book, path: Path, info: StreamInfo, tag: Tag, report: Report = lambda *_progress: None) -> int:
    """Has ``book`` hold the stream of an unpacked snapshot; how many records came."""
    if _is_empty(book.connection):
        with opened(path, info.number, tag.seq, tag.mark) as snapshot:
            fits = snapshot.is_shaped_like(book)
            count = _prepare(book, snapshot, info) if fits else 0
        if fits and _become(book, path):
            return count
    with opened(path, info.number, tag.seq, tag.mark) as snapshot:
        snapshot.require_sound()
        return intake.take_in(book, snapshot, info, str(tag), report)


# A book that holds nothing


def _prepare(book: Book, snapshot: Snapshot, info: StreamInfo) -> int:
    """Makes the file ready to be the book, and looks whether it is sound; how many records it has."""
    try:
        _dress(book, snapshot, info)
    except FAILURES as error:
        raise unwritable(snapshot.path, error) from error
    with ThreadPoolExecutor(1) as checking:
        sound = checking.submit(snapshot.require_sound)
        _to_disk(snapshot.path)
        sound.result()
    return snapshot.count()


def _become(book: Book, path: Path) -> bool:
    """Has an empty book be the prepared file from now on; False where it is not empty any more."""
    try:
        if not replace(book, path, _is_empty):
            _copy(book, path)
    except _Taken:
        return False
    except FAILURES as error:
        raise unwritable(book.path, error) from error
    tell(book, set(KINDS))
    return True


def _to_disk(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _copy(book: Book, path: Path) -> None:
    """Copies the file into a book that others have open, in one step. Raises ``_Taken`` where it is not empty."""
    own = book.connection
    with book.write_lock, closing(driver.connect(str(path))) as source:
        source.backup(own, pages=STEP, progress=_Guard(book))
    book.forget_fields()
    own.execute("PRAGMA wal_checkpoint(PASSIVE)")


def _dress(book: Book, snapshot: Snapshot, info: StreamInfo) -> None:
    """Gives the file what makes it this book: its settings, and the streams that it follows."""
    target = snapshot.connection
    target.execute("BEGIN")
    target.execute("DELETE FROM meta")
    target.executemany("INSERT INTO meta VALUES (?, ?)", book.rows("SELECT key, value FROM meta"))
    target.execute("DELETE FROM stream")
    target.executemany(
        "INSERT INTO stream (number, id, kind, name, role, home) VALUES (?, ?, ?, ?, ?, ?)",
        book.rows("SELECT number, id, kind, name, role, home FROM stream"),
    )
    follow(target, [info])
    reach(target, [(info.number, snapshot.seq, snapshot.mark)])
    compare(target, SOON)
    target.execute("COMMIT")


class _Taken(Exception):
    """Another program has just written into the book."""


class _Guard:
    """Looks once more whether the book is empty, as soon as nobody else can write into it."""

    def __init__(self, book: Book) -> None:
        self._book, self._looked, self._end = book, False, monotonic() + PATIENCE

    def __call__(self, status: int, _left: int, _all: int) -> None:
        if status != DONE_SO_FAR:
            if monotonic() > self._end:
                raise driver.OperationalError("database is locked")
        elif not self._looked:
            with closing(driver.connect(str(self._book.path), isolation_level=None)) as connection:
                if not _is_empty(connection):
                    raise _Taken
            self._looked = True


def _is_empty(connection: Connection) -> bool:
    tables = (*KINDS, "action", "stranger", "outgoing", "shadow")
    found = " UNION ALL ".join(f'SELECT * FROM (SELECT 1 FROM "{table}" LIMIT 1)' for table in tables)
    return connection.execute(f"{found} LIMIT 1").fetchone() is None
