"""Snapshots of large streams: ready books, packed, each of one version that never changes.

A laptop that is new fetches one in place of the log, then only what came after it. Each is made from the one before it
and the log since, so the log below may be cut. A file's name says its stream, its place in the log and its digest.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import zstandard

from sfa.server.database import Database, Session
from sfa.server.pull import keeps
from sfa.server.replica import Pause, Replica
from sfa.sync.bootstrap import LARGE
from sfa.sync.download import TAG, Tag
from sfa.sync.messages import StreamInfo
from sfa.sync.unpacking import WINDOW, Unpacking, digest_of

LEVEL, MATCH = 3, 16
"""Higher levels gain 3 % for three times the time; finding ids again over the whole file gains 20 %."""
TAIL_ROWS, TAIL_BYTES = 2_000, 4_000_000
"""How much of the log a laptop has to fetch behind a snapshot, at most, before a newer one is made."""
KEPT = 900.0
"""Seconds after it was last asked for that an old snapshot stays: somebody may be in the midst of it."""
NO_LIMIT = 1 << 50
_NAME = re.compile(rf"(\d{{1,9}})-{TAG}\.zst")


class Version(NamedTuple):
    """One snapshot of a stream."""

    path: Path
    tag: Tag


class Snapshots:
    """The snapshots of all streams, in ``folder``."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database, self.folder = database, folder

    def find(self, session: Session, stream: int, wanted: str = "") -> Version | None:
        """The version ``wanted`` of a stream's snapshot, otherwise the newest; None where it is not there.

        What head office no longer knows of, as it was put back to an older state, counts as not there.
        """
        info = describe(session, stream)
        for version in self._versions(stream):
            if (not wanted or str(version.tag) == wanted) and keeps(session, info, version.tag.seq, version.tag.mark):
                return version
        return None

    def lend(self, version: Version) -> None:
        """Notes that somebody reads it."""
        with suppress(OSError):
            os.utime(version.path)

    def is_due(self, session: Session, stream: int) -> bool:
        """Whether a stream needs a snapshot, or a newer one."""
        info = describe(session, stream)
        if not info.floor and info.records < LARGE:
            return False
        newest = self.find(session, stream)
        if newest is None or info.seq - newest.tag.seq > TAIL_ROWS:
            return True
        sql = "SELECT coalesce(sum(octet_length(body)), 0) FROM log WHERE stream = ? AND seq > ?"
        return int(session.rows(sql, (stream, newest.tag.seq))[0][0]) > TAIL_BYTES

    def make(self, stream: int, pause: Pause = lambda _seconds: None) -> Version:
        """Makes a snapshot of a stream as it is now. Takes seconds for 100,000 records; pushes go on meanwhile."""
        info, before = self.database.read(lambda session: (describe(session, stream), self.find(session, stream)))
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with TemporaryDirectory(prefix="work-", dir=self.folder, ignore_cleanup_errors=True) as work:
            replica = Replica(self.database, Path(work) / "replica.sfa", info, pause)
            try:
                if before is not None:
                    replica.begin_with(_unpacked(before, Path(work) / "before.sfa"), before.tag)
                replica.catch_up()
                replica.write(Path(work) / "snapshot.sfa")
            finally:
                replica.close()
            packed = pack(Path(work) / "snapshot.sfa", Path(work) / "snapshot.zst")
            tag = Tag(*replica.at, digest_of(packed))
            path = packed.replace(self.folder / f"{stream}-{tag}.zst")
        self._tidy(stream, path)
        return Version(path, tag)

    def clean(self) -> None:
        """Removes what a head office that was killed had half made."""
        for path in self.folder.glob("work-*"):
            shutil.rmtree(path, ignore_errors=True)

    def _versions(self, stream: int) -> list[Version]:
        """What there is of a stream, newest first."""
        found = [version for number, version in self._all() if number == stream]
        return sorted(found, key=lambda version: -version.tag.seq)

    def _all(self) -> Iterator[tuple[int, Version]]:
        for path in self.folder.iterdir() if self.folder.is_dir() else ():
            if name := _NAME.fullmatch(path.name):
                yield int(name[1]), Version(path, Tag(int(name[2]), name[3], name[4]))

    def _tidy(self, stream: int, newest: Path) -> None:
        """Removes older snapshots that nobody reads any more."""
        for version in self._versions(stream):
            with suppress(OSError):  # where files that are open cannot be removed, the next time
                if version.path != newest and version.path.stat().st_mtime < time.time() - KEPT:
                    version.path.unlink()


def describe(session: Session, stream: int) -> StreamInfo:
    """A stream, as somebody sees it who may read it."""
    sql = "SELECT number, id, kind, name, 'reader', seq, head, floor, records FROM stream WHERE number = ?"
    return StreamInfo(*session.rows(sql, (stream,))[0])


def _unpacked(version: Version, target: Path) -> Path:
    with Unpacking(target, NO_LIMIT) as unpacking:
        unpacking.feed_file(version.path)
        return unpacking.finish(version.tag.digest)


def pack(source: Path, target: Path) -> Path:
    """Packs the file ``source`` into the new file ``target``, which is then safely on the disk."""
    parameters = zstandard.ZstdCompressionParameters.from_level(
        LEVEL, window_log=WINDOW.bit_length() - 1, enable_ldm=True, ldm_min_match=MATCH, ldm_hash_rate_log=3
    )
    packer = zstandard.ZstdCompressor(compression_params=parameters)
    with source.open("rb") as plain, target.open("wb") as packed:
        packer.copy_stream(plain, packed, size=source.stat().st_size)
        packed.flush()
        os.fsync(packed.fileno())
    return target
