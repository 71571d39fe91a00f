"""Record ids: UUID version 7 (RFC 9562), made where the record is born, ordered by time of birth."""

from __future__ import annotations

import os
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_lock = threading.Lock()
_last = 0  # the last 60-bit clock value given out: 48 bits of milliseconds, 12 bits of counter
_maker: ContextVar[Callable[[], str] | None] = ContextVar("_maker", default=None)


def new_id() -> str:
    """A new id as text; later ids of one process sort after earlier ones, even within a millisecond."""
    if maker := _maker.get():
        return maker()
    global _last  # noqa: PLW0603 - one clock per process is the point
    with _lock:
        _last = clock = max((time.time_ns() // 1_000_000) << 12, _last + 1)
    return _written(clock, int.from_bytes(os.urandom(8)))


def _written(clock: int, tail: int) -> str:
    tail = tail & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    high, low = f"{clock >> 28:08x}-{clock >> 12 & 0xFFFF:04x}-7{clock & 0xFFF:03x}", tail & 0xFFFF_FFFF_FFFF
    return f"{high}-{tail >> 48:04x}-{low:012x}"


def new_ids(count: int) -> list[str]:
    """As many new ids, in order."""
    if _maker.get():
        return [new_id() for _ in range(count)]
    global _last  # noqa: PLW0603
    with _lock:
        start = max((time.time_ns() // 1_000_000) << 12, _last + 1)
        _last = start + count - 1
    return [
        _written(clock, tail) for clock, tail in enumerate(struct.unpack(f"{count}Q", os.urandom(8 * count)), start)
    ]


@contextmanager
def repeatable(draw: Callable[[int], int], milliseconds: int) -> Iterator[None]:
    """In this thread, ids now follow from ``draw`` (so many random bits) and from ``milliseconds`` after the epoch on.

    Only for books that are made up: whoever draws the same gets the same ids.
    """
    clock = milliseconds << 12

    def make() -> str:
        nonlocal clock
        clock += 1 + draw(30)  # about two minutes a record, so that short beginnings tell them apart
        return _written(clock, draw(64))

    token = _maker.set(make)
    try:
        yield
    finally:
        _maker.reset(token)


def is_id(text: str) -> bool:
    """Whether ``text`` is written as a whole id."""
    return len(text) == 36 and text[8] == text[13] == text[18] == text[23] == "-"
