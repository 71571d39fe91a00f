"""What the builders of the demo share: one source of chance, the calendar around today, and the rows made so far."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sfa.locales import to_instant, zone
from sfa.models import KINDS, check_values, fold, new_id, require
from sfa.models.fields import Value

T = TypeVar("T")
Values = dict[str, Value]
YEARS = 2  # that the book looks back
SPELLED = {"ä": "ae", "ö": "oe", "ü": "ue", "ı": "i", "ø": "o", "'": ""}


class World:
    """``rows`` holds finished records by kind; ``day`` 0 is today, -1 yesterday."""

    def __init__(self, random: Random, today: str) -> None:
        self.random, self.today = random, date.fromisoformat(today)
        self.zone = zone()
        self.rows: dict[str, list[Values]] = {}
        self._numbers: dict[str, list[int]] = {}

    def add(self, kind: str, **values: Value) -> Values:
        """A record with defaults and an id, checked as any other; a value that is empty is left out."""
        fields = KINDS[kind].fields
        full = {name: field.default for name, field in fields.items() if field.default is not None}
        full["created_by"] = values.get("owner")
        full.update(check_values(fields, {name: value for name, value in values.items() if value is not None}))
        require(fields, full)
        full["id"] = new_id()
        self.rows.setdefault(kind, []).append(full)
        return full

    def choose(self, things: Sequence[T], shares: Sequence[int] | None = None) -> T:
        return self.random.choices(things, shares)[0]

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def between(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both included."""
        return self.random.randint(low, max(low, high))

    def date(self, day: int, *, work: bool = True) -> str:
        """The date of ``day``; a weekend moves to the Friday before, for days to come to the Monday after."""
        found = self.today + timedelta(days=day)
        if work and found.weekday() > 4 and day:
            found += timedelta(days=7 - found.weekday() if day > 0 else 4 - found.weekday())
        return found.isoformat()

    def instant(self, day: int, hour: int, minute: int = 0) -> str:
        """The moment when clocks here show this time on the working day ``day``."""
        local = datetime.combine(date.fromisoformat(self.date(day)), time(hour, minute), ZoneInfo(self.zone))
        return to_instant(local)

    def office_hours(self, day: int) -> str:
        """Some moment of the working day ``day``."""
        return self.instant(day, self.between(8, 16), self.choose((0, 10, 15, 20, 30, 40, 45, 50)))

    def phone(self, label: str, ranges: Sequence[tuple[str, int, int]]) -> dict[str, Any] | None:
        """A number out of ``ranges`` that nobody has yet; None where all are given out."""
        free = [number_range for number_range in ranges if self._free(*number_range)]
        if not free:
            return None
        prefix, first, count = self.choose(free)
        number = self._free(prefix, first, count).pop()
        return {"label": label, "value": f"{prefix}{number:0{len(str(first + count - 1))}}"}

    def _free(self, prefix: str, first: int, count: int) -> list[int]:
        key = f"{prefix}/{first}"
        if key not in self._numbers:
            self._numbers[key] = self.random.sample(range(first, first + count), count)
        return self._numbers[key]


def ascii_name(text: str) -> str:
    """``text`` as it stands in an address of the internet."""
    spelled = "".join(SPELLED.get(char, char) for char in text.casefold())
    return "-".join("".join(char if char.isalnum() else " " for char in fold(spelled)).split())


def short_name(company: str) -> str:
    """A company's name without its legal form."""
    return company.rsplit(" ", 1)[0].removesuffix(" GmbH & Co.")
