"""Moments for people: in full where there is room for a sentence, briefly in lists."""

from __future__ import annotations

from sfa import locales
from sfa.models.times import local_day


def in_full(moment: str) -> str:
    """``Friday 27 November 2026 14:30``."""
    return _timed(locales.current().long_day(local_day(moment)), moment)


def briefly(moment: str) -> str:
    """``Fri, Nov 27 14:30``, with the year where it is not this one."""
    return _timed(locales.current().day(local_day(moment), locales.today()), moment)


def _timed(day: str, moment: str) -> str:
    if len(moment) == 10:
        return day
    local = locales.to_local(moment, locales.zone())
    return f"{day} {locales.current().time(local.hour, local.minute)}"
