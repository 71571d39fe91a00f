"""Fetching a snapshot: in pieces, each kept as it comes, so that whatever interrupts it costs one piece.

What is begun lies beside the book, under a name that tells which version of which stream it is and how long it will be.
"""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sfa.errors import BookError
from sfa.i18n import _
from sfa.sync.steps import Reply, Report, Request, accepted, problem_of
from sfa.sync.strictness import Untrue
from sfa.sync.unpacking import Unpacking

if TYPE_CHECKING:
    from sfa.store.book import Book

PIECE = 2 << 20
"""Bytes that are fetched at once."""
NOT_NOW = frozenset({"snapshot_not_ready", "out_of_scope"})
"""Codes for what is not there yet, or no longer to be seen: the next pull hears of that."""
SWELLS, LEAST = 50, 16 << 20
"""How many times its size a file may have once unpacked, beside what an empty book has."""
TAG = r"(\d{1,18})-([0-9a-f]{8})-([0-9a-f]{32})"
_RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15})")
_ETAG = re.compile(f'"({TAG})"')


class Tag(NamedTuple):
    """Which version of a stream a snapshot is: where it stands in the log, and the digest of the packed file."""

    seq: int
    mark: str
    digest: str

    def __str__(self) -> str:
        return f"{self.seq}-{self.mark}-{self.digest}"


class Piece(NamedTuple):
    """A part of a packed file, of ``size`` bytes in all."""

    tag: Tag
    start: int
    size: int
    body: bytes


class Begun(NamedTuple):
    """A download on the disk: its tag, how long the whole is to be, and what there is of it."""

    tag: Tag
    size: int
    path: Path


def fetch(book: Book, stream: int, report: Report) -> Generator[Request, Reply, tuple[Path, Tag] | None]:
    """Gets the snapshot of ``stream`` onto the disk, unpacked; None where head office has none (yet).

    Goes on with what was begun. Raises ``SyncError``, ``Untrue`` or ``BookError``.
    """
    for path, found in _kept(book, stream, rf"{TAG}\.ready"):
        return path, Tag(int(found[1]), found[2], found[3])
    begun = _begun(book, stream)
    try:
        return (yield from _fetch(book, stream, begun, report))
    except ValueError as error:
        forget(book, stream)
        raise Untrue(str(error)) from None
    except OSError as error:
        reason = error.strerror or str(error)
        message = _("{path} cannot be written: {reason}.").format(path=book.path.parent, reason=reason)
        raise BookError(message) from error


def _fetch(
    book: Book, stream: int, begun: Begun | None, report: Report
) -> Generator[Request, Reply, tuple[Path, Tag] | None]:
    """Fetches what is missing; unpacks each piece while the next is on its way. Raises ``OSError``, ``ValueError``."""
    done = 0
    with ExitStack() as unpackings:
        if begun is not None:
            unpacking = unpackings.enter_context(_unpacking(book, stream, begun))
            done = unpacking.feed_file(begun.path)
        while begun is None or done < begun.size:
            reply = yield _request(stream, begun, done)
            if reply.status >= 400 and problem_of(reply).code in NOT_NOW:
                return None
            if begun and reply.status in (410, 416):  # that version is no longer there
                unpackings.close()
                forget(book, stream)
                begun, done = None, 0
                continue
            piece = _piece(reply)
            if begun is None:
                begun = Begun(piece.tag, piece.size, _beside(book, stream, f"{piece.tag}-{piece.size}.partial"))
                unpacking = unpackings.enter_context(_unpacking(book, stream, begun))
            if (piece.tag, piece.start, piece.size) != (begun.tag, done, begun.size):
                raise ValueError("a piece of another snapshot")
            _append(begun.path, done, piece.body)
            unpacking.feed(piece.body)
            done += len(piece.body)
            report("snapshot", done, begun.size)
        ready = unpacking.finish(begun.tag.digest)
    begun.path.unlink(missing_ok=True)
    return ready, begun.tag


def _unpacking(book: Book, stream: int, begun: Begun) -> Unpacking:
    return Unpacking(_beside(book, stream, f"{begun.tag}.ready"), LEAST + SWELLS * begun.size)


def _request(stream: int, begun: Begun | None, start: int) -> Request:
    version = f"?version={begun.tag}" if begun else ""
    return Request("GET", f"/v1/snapshot/{stream}{version}", headers={"Range": f"bytes={start}-{start + PIECE - 1}"})


def is_there(book: Book, stream: int, tag: str) -> bool:
    """Whether this version was fetched, and is unpacked."""
    return _beside(book, stream, f"{tag}.ready").exists()


def forget(book: Book, stream: int | None = None) -> None:
    """Removes what was fetched of ``stream``, or of any."""
    for path, _found in _kept(book, r"\d+" if stream is None else stream, ".+"):
        path.unlink(missing_ok=True)


def _beside(book: Book, stream: int, name: str) -> Path:
    return book.path.with_name(f".{book.path.name}.snapshot-{stream}-{name}")


def _kept(book: Book, stream: int | str, pattern: str) -> Iterator[tuple[Path, re.Match[str]]]:
    """Files of snapshots beside the book, as far as their names end so."""
    whole = re.compile(rf"{re.escape(f'.{book.path.name}.snapshot-')}(?:{stream})-{pattern}")
    for path in sorted(book.path.parent.iterdir()):
        if found := whole.fullmatch(path.name):
            yield path, found


def _begun(book: Book, stream: int) -> Begun | None:
    for path, found in _kept(book, stream, rf"{TAG}-(\d{{1,15}})\.partial"):
        return Begun(Tag(int(found[1]), found[2], found[3]), int(found[4]), path)
    return None


def _piece(reply: Reply) -> Piece:
    """A reply as a piece. Raises ``SyncError`` where head office refuses, ``Untrue`` where it makes no sense."""
    body = accepted(reply)
    tag = _ETAG.fullmatch(reply.headers.get("etag", ""))
    span = _RANGE.fullmatch(reply.headers.get("content-range", ""))
    if reply.status != 206 or not tag or not span:
        raise Untrue("a piece of a snapshot without its place")
    start, end, size = int(span[1]), int(span[2]), int(span[3])
    if not body or end - start + 1 != len(body) or end >= size:
        raise Untrue("a piece of a snapshot that is not where it says")
    return Piece(Tag(int(tag[2]), tag[3], tag[4]), start, size, body)


def _append(path: Path, start: int, body: bytes) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600), "ab") as file:
        if file.tell() == start:  # else another program is fetching it too
            file.write(body)
