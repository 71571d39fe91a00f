"""The way from the command to the screens."""

from __future__ import annotations

import importlib
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_TERMINAL = {
    "ESCDELAY": "25",  # milliseconds until a lone Escape counts: it closes at once
    "TEXTUAL_FPS": "240",  # a second paint after a key need not wait a sixtieth of a second
}
"""What Textual reads when it is imported."""


def on_terminal() -> bool:
    """Whether a person sits at both ends."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def open_screens(path: Path) -> int:
    """Runs the screens on the book at ``path``; gives the exit code."""
    for name, value in _TERMINAL.items():
        os.environ.setdefault(name, value)
    # by name: commands stand beside the screens, not above them
    return int(importlib.import_module("sfa.app").run(path) or 0)
