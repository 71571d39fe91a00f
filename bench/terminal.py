"""A pseudo-terminal for the benchmarks: starts a command in it, sends keys, tells when their paint came out.

Times are taken when bytes leave the pseudo-terminal, before anything interprets them. POSIX only.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_ESCAPES = re.compile(
    rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1bP[^\x1b]*\x1b\\|\x1b.|[\x00-\x1f]"
)
_ANSWERS = {  # what a modern terminal says when it is asked
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",
    b"\x1b[c": b"\x1b[?62;c",
    b"\x1b[6n": b"\x1b[1;1R",
}
BEGIN_UPDATE = b"\x1b[?2026h"
"""What Textual writes before each repaint."""


def plain(data: bytes) -> bytes:
    """Terminal output without escape sequences and control characters."""
    return _ESCAPES.sub(b"", data)


@dataclass(frozen=True)
class Paint:
    """What followed a key; times in milliseconds since it was sent."""

    seen: float
    """The wanted text was out."""
    settled: float
    """The last byte was out."""
    repaints: int
    size: int
    """Bytes written."""


class Terminal:
    """A command running in a pseudo-terminal of ``rows`` by ``columns``."""

    def __init__(
        self, command: Sequence[str], rows: int = 40, columns: int = 120, env: Mapping[str, str] | None = None
    ) -> None:
        environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **(env or {})}
        for name in ("LINES", "COLUMNS", "PYTHONDONTWRITEBYTECODE", "NO_COLOR"):
            environment.pop(name, None)
        environment.update(env or {})
        self.output = bytearray()
        self.started = time.perf_counter()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            try:
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
                os.execvpe(command[0], list(command), environment)
            finally:
                os._exit(127)

    def _read(self, timeout: float) -> bytes:
        """The next output, empty when none came in ``timeout`` seconds or the command has ended."""
        if not select.select([self._fd], [], [], max(timeout, 0))[0]:
            return b""
        try:
            data = os.read(self._fd, 1 << 16)
        except OSError:  # Linux says so when the other end is closed
            return b""
        self.output += data
        for question, answer in _ANSWERS.items():
            if question in data:
                os.write(self._fd, answer)
        return data

    def wait_for(self, text: str, timeout: float = 30) -> float:
        """Milliseconds from the start until ``text`` was in the output.

        Raises:
            TimeoutError: it did not come.
        """
        end = time.perf_counter() + timeout
        while text.encode() not in plain(bytes(self.output)):
            if not self._read(end - time.perf_counter()) and time.perf_counter() > end:
                raise TimeoutError(f"{text!r} not seen, the last was {plain(bytes(self.output))[-300:]!r}")
        return (time.perf_counter() - self.started) * 1000

    def settle(self, quiet: float = 0.3) -> None:
        """Reads until nothing has come for ``quiet`` seconds."""
        while self._read(quiet):
            pass

    def press(self, key: bytes, want: str, quiet: float = 0.03, timeout: float = 5) -> Paint:
        """Sends ``key`` and reads until ``want`` has come and then nothing for ``quiet`` seconds.

        Raises:
            TimeoutError: ``want`` did not come.
        """
        wanted, data, seen, last = want.encode(), bytearray(), 0.0, 0.0
        sent = time.perf_counter()
        os.write(self._fd, key)
        while chunk := self._read(quiet if seen else timeout):
            last = (time.perf_counter() - sent) * 1000
            data += chunk
            if not seen and wanted in plain(bytes(data)):
                seen = last
        if not seen:
            raise TimeoutError(f"{want!r} not seen after {key!r}, but {plain(bytes(data))[-300:]!r}")
        return Paint(seen, last, data.count(BEGIN_UPDATE), len(data))

    def memory(self) -> float:
        """Resident megabytes (Linux)."""
        with open(f"/proc/{self.pid}/status") as status:
            return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))

    def close(self) -> None:
        """Ends the command."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._fd)


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that ``percent`` per cent of ``values`` do not exceed, interpolated."""
    ordered = sorted(values)
    position = (len(ordered) - 1) * percent / 100
    low = int(position)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (position - low)
