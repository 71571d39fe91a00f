"""Real files that nobody here wrote; they lie beside the repository, or where ``SFA_SHARED_DATA`` says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

DATA = Path(os.environ.get("SFA_SHARED_DATA") or Path(__file__).parents[2] / "shared" / "data")


def real(*parts: str) -> Path:
    """The file or folder of that name; without it the test is skipped, which fails the run in CI."""
    path = DATA.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"needs {path}")
    return path
