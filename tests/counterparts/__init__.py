"""Real programs of others that the tests work against: where they are.

``make test`` installs them (``install.sh``); they run as processes of their own, and nothing of them is imported.
"""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[2] / ".counterparts"


def program(name: str) -> str:
    """The path of a program: of the environment made for the tests, else of the system."""
    own = ROOT / "venv" / "bin" / name
    found = str(own) if own.exists() else shutil.which(name)
    assert found, f"{name} is not installed: run tests/counterparts/install.sh .counterparts"
    return found


def modules() -> Path:
    """The folder of the modules for node."""
    return ROOT / "node_modules"
