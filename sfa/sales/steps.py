"""Next steps and last touches: what is late, what is due and what counts as a touch, in SQL and in Python.

A moment is a date or an instant, and their texts compare by time but for one thing: a date sorts before the instants of
its own day in UTC, which need not be the day where the laptop is. The conditions here are exact in every zone.
"""

from __future__ import annotations

from functools import lru_cache

from sfa.locales import zone
from sfa.models.times import local_midnight, shift_day

OPEN_TYPES = ("Open", "On Hold")

OPEN = "activity.deleted_at IS NULL AND activity.completed_at IS NULL"
# Its latest ``completed_at``, if any, is a touch: what was called off never happened.
TOUCHING = "activity.deleted_at IS NULL AND coalesce(activity.status, '') NOT IN ('Canceled', 'Not Held')"
LATE = "(activity.start < ? AND activity.start != ?)"
WITHIN = """(activity.start >= ? AND activity.start < ? AND activity.start != ?
    AND (activity.start >= ? OR activity.start = ?))"""


def midnight(day: str) -> str:
    """The instant at which ``day`` begins where the laptop is."""
    return _midnight(day, zone())


@lru_cache(64)
def _midnight(day: str, _zone: str) -> str:
    return local_midnight(day)


def late(today: str) -> tuple[str, str]:
    """Parameters of ``LATE``: starts before ``today``."""
    return midnight(today), today


def within(first: str, last: str) -> tuple[str, str, str, str, str]:
    """Parameters of ``WITHIN``: starts on a local day from ``first`` to ``last``."""
    after, start = shift_day(last, 1), midnight(first)
    return min(first, start), midnight(after), after, start, first


def is_late(moment: str, today: str) -> bool:
    """``LATE`` for one moment."""
    return moment != today and moment < midnight(today)


def next_step_state(next: str | None, today: str, now: str) -> str:
    """``none``, ``overdue``, ``today`` or ``planned``: the four colours of Pipedrive."""
    if next is None:
        return "none"
    if is_late(next, today) or (len(next) > 10 and next < now):
        return "overdue"
    return "today" if is_late(next, shift_day(today, 1)) else "planned"


def rot_limit(rot_days: int, today: str) -> str:
    """The instant before which a last touch is more than ``rot_days`` ago."""
    return midnight(shift_day(today, -rot_days))
