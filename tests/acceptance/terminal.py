"""A person at a terminal: starts a command in a pseudo-terminal, types, and reads the screen. POSIX only.

Nothing here sleeps: whoever looks for a text waits until it is on the screen.
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
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self

import pyte

PATIENCE = 40.0
"""Seconds until a text that does not come is a failure; a busy machine may take its time."""
KEYS = {
    "enter": "\r",
    "tab": "\t",
    "escape": "\x1b",
    "backspace": "\x7f",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
}
_UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p|\x1b[PX^_].*?\x1b\\", re.DOTALL)
_SPACE = re.compile(r"[^\S\n]")
_UNFINISHED = re.compile(rb"\x1b[^a-zA-Z]*$|\x1b[PX^_](?!.*\x1b\\).*$", re.DOTALL)


def code(key: str) -> str:
    """What a terminal sends for a key: ``enter``, ``ctrl+p``; a letter is itself."""
    if key.startswith("ctrl+"):
        return chr(ord(key[-1]) & 0x1F)
    return KEYS.get(key, key)


class Terminal:
    """A command that runs in a terminal of ``columns`` by ``rows``; ``with`` ends it for certain."""

    def __init__(self, command: Sequence[str], columns: int, rows: int, env: Mapping[str, str]) -> None:
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._pending = b""
        self.code: int | None = None
        """The exit code, once the command has ended; negative for the signal that ended it."""
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            try:
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
                os.execve(command[0], list(command), dict(env))
            finally:
                os._exit(127)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.code is None:
            self.kill()
        os.close(self._fd)

    # What a person does

    def press(self, *keys: str) -> None:
        """Presses keys, one after the other."""
        for key in keys:
            self._write(code(key).encode())

    def type(self, text: str) -> None:
        self._write(text.encode())

    def click(self, text: str) -> None:
        """Presses and releases the left mouse button where ``text`` begins."""
        x, y = self.find(text)
        self._write(f"\x1b[<0;{x + 1};{y + 1}M\x1b[<0;{x + 1};{y + 1}m".encode())

    def wait_for(self, *texts: str) -> str:
        """Waits until all of ``texts`` are on the screen; gives the screen."""
        return self.wait_until(lambda screen: all(text in screen for text in texts), " and ".join(map(repr, texts)))

    def wait_for_message(self, text: str) -> str:
        """Waits until a message in the corner says ``text``; gives the screen."""
        return self.wait_until(lambda screen: text in self.told, f"the message {text!r}")

    def wait_until_gone(self, text: str) -> str:
        return self.wait_until(lambda screen: text not in screen, f"no {text!r}")

    def wait_until(self, holds: Callable[[str], bool], wanted: str) -> str:
        """Waits until ``holds`` of the screen; ``wanted`` says in words what that means."""
        end = time.monotonic() + PATIENCE
        while not holds(self.screen):
            assert time.monotonic() < end, f"waited for {wanted}, and saw\n{self.screen}"
            assert self._read(0.5), f"waited for {wanted}, but the program ended\n{self.screen}"
        return self.screen

    def wait_for_end(self) -> int:
        """Waits until the command has ended; gives its exit code."""
        end = time.monotonic() + PATIENCE
        while self._read(0.5):
            assert time.monotonic() < end, f"did not end\n{self.screen}"
        self._reap()
        assert self.code is not None
        return self.code

    def kill(self) -> None:
        """Ends the command at once, without a chance to save anything."""
        os.kill(self.pid, signal.SIGKILL)
        self._reap()

    # What a person sees

    @property
    def screen(self) -> str:
        """The lines on the screen; every space is a plain one."""
        return "\n".join(self._lines())

    @property
    def told(self) -> str:
        """What the messages in the corner say, which are broken into lines."""
        last = self._screen.columns - 2  # what is behind shows on their right
        return " ".join(line[:last].rpartition("▌")[2].strip() for line in self._lines() if "▌" in line[:last])

    def line(self, text: str) -> str:
        """The first line with ``text`` in it, once there is one."""
        self.wait_for(text)
        return next(line for line in self._lines() if text in line)

    def find(self, text: str) -> tuple[int, int]:
        """Column and row of the first place where ``text`` stands, from 0."""
        for y, line in enumerate(self._lines()):
            if text in line:
                return line.index(text), y
        raise AssertionError(f"no {text!r} on\n{self.screen}")

    def colours(self) -> set[str]:
        """All colours on the screen."""
        return {
            colour for line in self._screen.buffer.values() for char in line.values() for colour in (char.fg, char.bg)
        }

    def _lines(self) -> list[str]:
        return [_SPACE.sub(" ", line).rstrip() for line in self._screen.display]

    # The line between them

    def _write(self, data: bytes) -> None:
        os.write(self._fd, data)

    def _read(self, timeout: float) -> bool:
        """Takes what came within ``timeout`` seconds; False once the command has closed the terminal."""
        if not select.select([self._fd], [], [], timeout)[0]:
            return True
        try:
            data = os.read(self._fd, 1 << 16)
        except OSError:  # Linux says so when the other end is closed
            return False
        data = self._pending + data
        unfinished = _UNFINISHED.search(data)
        self._pending = unfinished.group() if unfinished else b""
        self._stream.feed(_UNKNOWN_TO_PYTE.sub(b"", data[: len(data) - len(self._pending)]))
        return bool(data)

    def _reap(self) -> None:
        self.code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
