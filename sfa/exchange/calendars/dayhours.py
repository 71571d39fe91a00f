"""The hour at which the user's day begins: it is then, not at midnight as in calendars, that whole days remind."""

from __future__ import annotations

from functools import lru_cache

from sfa import settings


def opening() -> int:
    """Seconds from midnight to the beginning of the user's day."""
    return _seconds(str(settings.config_path()))


@lru_cache(4)
def _seconds(_path: str) -> int:
    hours, minutes = map(int, str(settings.load().day_begins).split(":")[:2])
    return hours * 3600 + minutes * 60
