"""The way from the command to the screens."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def on_terminal() -> bool:
    """Whether a person sits at both ends."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def open_screens(path: Path) -> int:
    """Runs the screens on the book at ``path``; gives the exit code."""
    # by name: commands stand beside the screens, not above them
    return int(importlib.import_module("sfa.app").run(path) or 0)
