"""Which zone a TZID means: by its name, by the name that Windows has for it, or by what its VTIMEZONE says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache, lru_cache
from typing import NamedTuple
from zoneinfo import available_timezones

from sfa.formats.contentlines import folded, unescape
from sfa.formats.ical.blocks import Block
from sfa.formats.ical.zones import known
from sfa.locales import zone

WORDS = re.compile(r"[A-Z][\w.]+(?: [A-Z][\w.]+)*")


class Zone(NamedTuple):
    """A clock, and its name among IANA's; empty where it has none."""

    name: str
    clock: tzinfo


class Zones:
    """The zones of one calendar."""

    def __init__(self, calendar: Block) -> None:
        self._defined = {unescape(block.value("TZID")): block for block in calendar.within("VTIMEZONE")}
        self._known: dict[str, Zone] = {}
        self._calendar = calendar

    def named(self, tzid: str) -> Zone:
        """The zone of that name; where nobody knows it, that of times without one."""
        if tzid not in self._known:
            self._known[tzid] = self._find(tzid)
        return self._known[tzid]

    @property
    def floating(self) -> Zone:
        """The zone of times that name none: the calendar's, else where the laptop is."""
        return _by_names(self._calendar.value("X-WR-TIMEZONE")) or Zone(zone(), known(zone()) or UTC)

    def _find(self, tzid: str) -> Zone:
        defined = self._defined.get(tzid)
        found = _by_names(tzid)
        if found is None and defined is not None:
            names = (defined.value("X-LIC-LOCATION"), defined.value("TZID-ALIAS-OF"))
            found = _by_names(*names) or _by_rules("\n".join(defined.written()))
        return found or _by_city(tzid) or self.floating


def _by_names(*names: str) -> Zone | None:
    """The zone by its IANA name, that of Windows, or what stands behind somebody's prefix (``/mozilla.org/…``)."""
    for name in filter(None, (name.strip().strip('"') for name in names)):
        for candidate in _spellings(name):
            clock = known(candidate)
            if clock is not None:
                return Zone(candidate, clock)
    return None


def _spellings(name: str) -> Iterator[str]:
    if name[0] != "/":
        yield name
    parts = name.strip("/").split("/")
    yield from ("/".join(parts[start:]) for start in range(1, len(parts)))
    yield _folded_names().get(name.casefold(), "") or _of_windows().get(name.casefold(), "UTC/none")


@cache
def _folded_names() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}


@cache
def _of_windows() -> dict[str, str]:
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    return {name.casefold(): olson for name, olson in WINDOWS_TO_OLSON.items()}


def _by_city(tzid: str) -> Zone | None:
    """The zone by a city in a name such as ``(UTC+01:00) Amsterdam, Berlin, Bern``."""
    cities = _cities()
    for word in WORDS.findall(tzid):
        if found := cities.get(word.casefold()):
            return _by_names(found)
    return None


@cache
def _cities() -> dict[str, str]:
    names = sorted(
        name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix", "right"))
    )
    return {name.rpartition("/")[2].replace("_", " ").casefold(): name for name in names}


@lru_cache(64)
def _by_rules(definition: str) -> Zone | None:
    """The zone whose clock does what a VTIMEZONE says, this year and the next; else a clock without a name."""
    from icalendar import Timezone

    try:
        component = Timezone.from_ical(folded(definition.split("\n")))
        assert isinstance(component, Timezone)
        clock = component.to_tz(lookup_tzid=False)
        year = datetime.now(UTC).year
        samples = [datetime(year, 1, 1, 12) + timedelta(days=5 * number) for number in range(146)]  # noqa: DTZ001
        offsets = [moment.replace(tzinfo=clock).utcoffset() for moment in samples]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError):
        return None
    for name in (zone(), *_likely(), *sorted(available_timezones())):
        other = known(name)
        if other is None or offsets[0] != samples[0].replace(tzinfo=other).utcoffset():
            continue
        if all(
            there == moment.replace(tzinfo=other).utcoffset() for moment, there in zip(samples, offsets, strict=True)
        ):
            return Zone(name, other)
    return Zone("", clock)


def _likely() -> tuple[str, ...]:
    """Zones that people live in, before islands that share their clock."""
    return (
        "Europe/Berlin", "Europe/London", "Europe/Athens", "Europe/Moscow", "America/New_York", "America/Chicago",
        "America/Denver", "America/Los_Angeles", "America/Phoenix", "America/Sao_Paulo", "Asia/Kolkata",
        "Asia/Shanghai", "Asia/Tokyo", "Asia/Dubai", "Australia/Sydney", "UTC",
    )  # fmt: skip
