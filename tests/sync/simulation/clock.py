"""The clocks of a run: each laptop and head office have their own, and may be wrong."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

START = "2026-11-18T09:00:00Z"
_BEGIN = datetime(2026, 11, 18, 9, tzinfo=UTC)


def instant(seconds: int) -> str:
    """The moment so long after the start, as a stored instant."""
    return (_BEGIN + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


@contextmanager
def at(moment: str) -> Iterator[None]:
    """Clocks stand at ``moment``."""
    before = {name: os.environ.get(name) for name in ("SFA_NOW", "SFA_TZ")}
    os.environ.update(SFA_NOW=moment, SFA_TZ="Europe/Berlin")
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)
