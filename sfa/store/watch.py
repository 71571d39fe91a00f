"""Hearing of changes of the book by other programs, and of moments that come: without looking every so often.

On Linux the kernel tells both: of the book's files, and of a moment on the clock of the wall, so that a laptop that
slept hears of what it missed as it wakes. Elsewhere the wait is bounded: whoever waits looks again every few seconds.
The usual library for the former looks twenty times a second itself.
"""

from __future__ import annotations

import os
import select
import struct
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sfa.clock import stands, to_seconds

if TYPE_CHECKING:
    import ctypes

LOOK = 2.0
"""Seconds between two looks where the system does not tell."""
BURST = 0.05
"""Seconds in which changes are heard as one: who writes much wakes nobody all the time."""


class Watch(Protocol):
    """One thread waits; any may poke or close it."""

    def wait(self, until: str | None) -> None:
        """Returns when the book may have changed, at the moment ``until`` (an instant), or when poked."""

    def poke(self) -> None:
        """Ends the wait, or the next one."""

    def close(self) -> None:
        """Gives back what the system lent; nobody waits any more."""


def watch(path: Path) -> Watch:
    """A watch over the book at ``path``."""
    if sys.platform == "linux":
        try:
            return Told(path)
        except OSError:  # the system has no more to lend
            pass
    return Looking()


def seconds(until: str | None) -> float | None:
    """The moment ``until`` in seconds as the system counts them; None where it never comes."""
    return None if until is None or stands() else to_seconds(until)


class Looking:
    """A bounded wait, for any platform."""

    def __init__(self) -> None:
        self._poked = threading.Event()

    def wait(self, until: str | None) -> None:
        due = seconds(until)
        self._poked.wait(LOOK if due is None else max(0.0, min(LOOK, due - time.time())))
        self._poked.clear()

    def poke(self) -> None:
        self._poked.set()

    def close(self) -> None:
        """Nothing was lent."""


class Told:
    """The Linux kernel's own ways: inotify for the book's folder, timerfd for the clock, eventfd for pokes.

    A laptop that travels counts as changed: what is due on a day is due at another moment then.
    """

    EVENT = struct.Struct("iIII")  # as in inotify(7): watch, mask, cookie, and the length of the name that follows
    MASK = 0x2 | 0x80 | 0x100 | 0x200  # modified, moved to, created, deleted
    ZONE = "/etc/localtime"
    TIME = struct.Struct("qqqq")  # as in timerfd_create(2): interval and first expiry, in seconds and nanoseconds
    REALTIME, ABSOLUTE = 0, 1

    def __init__(self, path: Path) -> None:
        import ctypes

        self._libc = ctypes.CDLL(None, use_errno=True)
        place = path.resolve()
        self._names = {os.fsencode(place.name + ending) for ending in ("", "-wal")}
        self._names.add(os.fsencode(os.path.basename(self.ZONE)))
        self._descriptors: list[int] = []
        flags = os.O_NONBLOCK | os.O_CLOEXEC
        try:
            self._files = self._lent(self._libc.inotify_init1(flags))
            self._clock = self._lent(self._libc.timerfd_create(self.REALTIME, flags))
            self._pokes = self._lent(os.eventfd(0, flags))
            for folder in (place.parent, os.path.dirname(self.ZONE)):
                self._require(self._libc.inotify_add_watch(self._files, os.fsencode(folder), self.MASK))
        except OSError:
            self.close()
            raise
        self._poll = select.poll()
        for descriptor in self._descriptors:
            self._poll.register(descriptor, select.POLLIN)

    def _lent(self, descriptor: int) -> int:
        self._descriptors.append(self._require(descriptor))
        return descriptor

    @staticmethod
    def _require(result: int) -> int:
        if result < 0:
            import ctypes

            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code))
        return result

    def wait(self, until: str | None) -> None:
        self._set(seconds(until))
        while True:
            ready = [descriptor for descriptor, _event in self._poll.poll()]
            if self._pokes in ready:
                os.read(self._pokes, 8)
            if self._clock in ready or self._pokes in ready:
                return
            if self._is_book(self._events()):
                time.sleep(BURST)
                self._events()
                return

    def _events(self) -> bytes:
        try:
            return os.read(self._files, 1 << 16)
        except BlockingIOError:
            return b""

    def _set(self, due: float | None) -> None:
        """Has the clock tell of ``due``, in seconds, or of nothing any more; what it told before is forgotten."""
        whole = 0 if due is None else max(1, int(due))  # all zeros stop it
        rest = 0 if due is None else int((due - int(due)) * 1e9)
        setting: ctypes.Array[ctypes.c_char] = self._buffer(self.TIME.pack(0, 0, whole, max(0, rest)))
        self._require(self._libc.timerfd_settime(self._clock, self.ABSOLUTE, setting, None))

    @staticmethod
    def _buffer(content: bytes) -> ctypes.Array[ctypes.c_char]:
        import ctypes

        return ctypes.create_string_buffer(content, len(content))

    def _is_book(self, events: bytes) -> bool:
        """Whether any of the kernel's ``events`` is about the book, its log or the time zone."""
        place = 0
        while place < len(events):
            length = self.EVENT.unpack_from(events, place)[3]
            place += self.EVENT.size + length
            name = events[place - length : place].rstrip(b"\0")
            if name in self._names or not length:  # without a name: the queue was too short for all
                return True
        return False

    def poke(self) -> None:
        if self._descriptors:
            os.eventfd_write(self._pokes, 1)

    def close(self) -> None:
        lent, self._descriptors = self._descriptors, []  # at once, as others may poke meanwhile
        for descriptor in lent:
            os.close(descriptor)
