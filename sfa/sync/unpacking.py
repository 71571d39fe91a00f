"""Unpacking a snapshot while it is still on its way, within bounds."""

from __future__ import annotations

import os
from concurrent.futures import Future, ThreadPoolExecutor
from hashlib import blake2b
from pathlib import Path
from types import TracebackType

import zstandard

WINDOW = 1 << 27
"""How far back a packed file may refer, in bytes: so much memory unpacking takes."""
BLOCK = 1 << 20


class Unpacking:
    """Unpacks into the new file ``target`` what it is fed, in a thread of its own; at most ``most`` bytes.

    To be used in a ``with``: the file is there once ``finish`` has said so. What is fed and is not packed raises
    ``ValueError``, what cannot be written ``OSError``; either may show only with what is called next.
    """

    def __init__(self, target: Path, most: int) -> None:
        self._target, self._partial, self._left = target, target.with_suffix(".unpacking"), most
        self._hashed = blake2b(digest_size=16)
        self._thread = ThreadPoolExecutor(1)
        self._last: Future[None] | None = None

    def __enter__(self) -> Unpacking:
        self._file = os.fdopen(os.open(self._partial, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb", buffering=0)
        self._writer = zstandard.ZstdDecompressor(max_window_size=WINDOW).stream_writer(
            self,  # type: ignore[arg-type] # all it needs is ``write``
            write_size=BLOCK,
            write_return_read=True,
        )
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self._thread.shutdown(wait=True, cancel_futures=True)
        self._file.close()
        self._partial.unlink(missing_ok=True)

    def feed(self, packed: bytes) -> None:
        """The next piece; waits for the last one."""
        self._wait()
        self._last = self._thread.submit(self._unpack, packed)

    def feed_file(self, path: Path) -> int:
        """Many pieces in a file; how many bytes it has."""
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                self.feed(block)
            return file.tell()

    def finish(self, digest: str) -> Path:
        """The whole file. ``ValueError`` where what came does not have this ``digest``."""
        self._wait()
        if self._hashed.hexdigest() != digest:
            raise ValueError("a snapshot that is not the one announced")
        self._file.close()
        return self._partial.replace(self._target)

    def write(self, block: bytes) -> int:
        """For the unpacker alone: what it has unpacked."""
        self._left -= len(block)
        if self._left < 0:
            raise ValueError("a snapshot without end")
        self._file.write(block)
        return len(block)

    def _wait(self) -> None:
        if self._last is not None:
            self._last.result()

    def _unpack(self, packed: bytes) -> None:
        self._hashed.update(packed)
        try:
            self._writer.write(packed)
        except zstandard.ZstdError as error:
            raise ValueError(f"no zstd: {error}") from None


def digest_of(path: Path) -> str:
    """The digest of a packed file."""
    hashed = blake2b(digest_size=16)
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            hashed.update(block)
    return hashed.hexdigest()
