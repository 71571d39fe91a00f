"""Knocking at the screens: whoever has them open is shown something; where they are not, a terminal is opened."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

from sfa.store.knocks import Knock, is_answered, knock, withdraw

if TYPE_CHECKING:
    from sfa.desktop.scheduler import Words
    from sfa.store.book import Book

PATIENCE = 2.5
"""Seconds that screens have to answer; those that must look for knocks do so every two."""
STEP = 0.05


def ring(book: Book, wish: Knock, *, keep: bool = False) -> bool:
    """Asks the screens for ``wish``; whether any answered. ``keep``: the knock waits for screens that open soon."""
    number = knock(book, wish)
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if is_answered(book, number):
            return True
        time.sleep(STEP)
    return is_answered(book, number) if keep else not withdraw(book, number)


def show(book: Book, kind: str, record: str) -> bool:
    """Shows a record on the screens, or Today where ``kind`` is empty; opens them in a terminal where none are open.

    False where there is no terminal to be found; the record is shown if screens are opened soon.
    """
    from sfa.desktop.scheduler import program

    if ring(book, Knock("show", kind, record), keep=True):
        return True
    words = terminal((*program(), "--book", str(book.path)))
    if not words:
        return False
    window = subprocess.Popen(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    threading.Thread(target=window.wait, daemon=True).start()
    return True


def terminal(command: Words) -> Words:
    """How ``command`` is run in a new window of a terminal; empty where none is known."""
    if sys.platform == "win32":
        return ("cmd", "/c", "start", "", *command)  # the first words are a title only where they are quoted
    if sys.platform == "darwin":
        from shlex import join

        quoted = join(command).replace("\\", "\\\\").replace('"', '\\"')
        return ("osascript", "-e", f'tell application "Terminal" to do script "{quoted}"')
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return ()
    if shutil.which("xdg-terminal-exec"):
        return ("xdg-terminal-exec", *command)
    return ("x-terminal-emulator", "-e", *command) if shutil.which("x-terminal-emulator") else ()
