"""How numbers, amounts, dates and times are written in the rep's locale, and what time it is.

Stored forms are JSON values: money is integer minor units and an ISO 4217 code, a date ``2026-11-27``, an instant
``2026-11-27T09:00:00Z``. The facts come from Babel (``sfa.cldr``); the formatting is our own, as a board shows
thousands of amounts. Digits are Latin everywhere, also where a language has its own, and direction marks are left
out, as a terminal draws cells. Reading what people type is in ``sfa.notation``, the time in ``sfa.clock``.
"""

from __future__ import annotations

import os
import re
import sys
from functools import cache

from sfa import cldr
from sfa.clock import now, to_instant, to_local, today, zone  # offered here: one place to ask about here and now
from sfa.errors import UserError
from sfa.i18n import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from decimal import Decimal
    from typing import Any

__all__ = [
    "Locale",
    "currencies",
    "current",
    "digits",
    "load",
    "now",
    "to_instant",
    "to_local",
    "today",
    "use",
    "zone",
]

FALLBACK = "en_US"
MINOR_DIGITS = {  # ISO 4217, where not 2. CLDR's differ (IQD, LBP) and change, and what is stored must not
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
DIGITS = {code: digits for digits, codes in MINOR_DIGITS.items() for code in codes.split()}


class Locale:
    """One way of writing, frozen. Fields are the facts of ``sfa.cldr``."""

    __slots__ = (*cldr.FACTS, "_amounts")

    name: str
    territory: str
    currency: str
    decimal: str
    group: str
    group_size: int
    money: list[str]
    percent_affixes: list[str]
    symbols: dict[str, str]
    steps: list[tuple[int, int, str]]
    powers: dict[str, int]
    currencies: list[str]
    short_date: str
    day_date: str
    day_year_date: str
    long_date: str
    clock: str
    halves: list[str]
    month_names: list[str]
    month_shorts: list[str]
    weekday_names: list[str]
    weekday_shorts: list[str]
    months: dict[str, int]
    weekdays: dict[str, int]
    order: str
    short_order: str
    first_weekday: int
    first_workday: int
    _amounts: dict[str, tuple[int, int, str, str, str, str]]

    def __init__(self, facts: dict[str, Any]) -> None:
        for name in cldr.FACTS:
            object.__setattr__(self, name, facts[name])
        object.__setattr__(self, "_amounts", {})

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a locale does not change")

    def default_currency(self) -> str:
        """The currency that business is done in, as ISO 4217 code."""
        return self.currency

    def dealing_in(self, currency: str) -> Locale:
        """This locale where business is done in another currency than its territory's."""
        return Locale({fact: getattr(self, fact) for fact in cldr.FACTS} | {"currency": currency})

    def symbol(self, currency: str) -> str:
        """The sign of ``currency`` here: ``$`` or ``US$``, ``€``; its code where it has none."""
        return self.symbols.get(currency, currency)

    def grouped(self, whole: int) -> str:
        """A whole number from 0 with its separators: ``1,054``, in India ``12,34,567``."""
        if whole < 1000 or not self.group_size:
            return str(whole)
        if self.group_size == 3:
            text = f"{whole:,}"
            return text if self.group == "," else text.replace(",", self.group)
        head, tail = divmod(whole, 1000)
        pairs = [f"{tail:03}"]
        while head >= 100:
            head, tail = divmod(head, 100)
            pairs.append(f"{tail:02}")
        return self.group.join([str(head), *reversed(pairs)])

    def number(self, number: float | Decimal, least: int = 0) -> str:
        """A number with all its decimals, so that it is read back as it is: ``1,054.25``; with ``least`` of them."""
        if isinstance(number, int) and not least:
            return f"-{self.grouped(-number)}" if number < 0 else self.grouped(number)
        from decimal import Decimal

        exact = Decimal(str(number))
        if not exact.is_finite():
            return str(number)
        whole, _point, fraction = f"{abs(exact):f}".partition(".")
        fraction = fraction.rstrip("0").ljust(least, "0")
        sign = "-" if exact < 0 else ""
        return sign + self.grouped(int(whole)) + (self.decimal + fraction if fraction else "")

    def percent(self, number: float, least: int = 0) -> str:
        """``number`` per cent, of hundred: ``20`` is ``20%``; with at least so many decimals."""
        before, after, negative, negative_after = self.percent_affixes
        text = self.number(abs(number), least)
        return negative + text + negative_after if number < 0 else before + text + after

    def _amount(self, currency: str) -> tuple[int, int, str, str, str, str]:
        """Minor units in a major one, their digits, and what stands around an amount and a negative one."""
        width, sign = digits(currency), self.symbol(currency)
        before, after, negative, negative_after = (affix.replace("¤", sign) for affix in self.money)
        self._amounts[currency] = form = (10**width, width, before, after, negative, negative_after)
        return form

    def amount(self, minor: int, currency: str, *, whole: bool = False) -> str:
        """An amount in full: ``$1,054.00``, ``1.054,00 €``; ``whole`` rounds to major units, half to even."""
        scale, width, before, after, negative, negative_after = self._amounts.get(currency) or self._amount(currency)
        if minor < 0:
            minor, before, after = -minor, negative, negative_after
        if whole or not width:
            return before + self.grouped(rounded(minor, scale)) + after
        major, rest = divmod(minor, scale)
        return f"{before}{self.grouped(major)}{self.decimal}{rest:0{width}}{after}"

    def short_amount(self, minor: int, currency: str) -> str:
        """An amount for a narrow column, of three figures or so: ``$12.4K``, ``1,2M €``, ``¥1.2億``."""
        scale, _width, before, after, negative, negative_after = self._amounts.get(currency) or self._amount(currency)
        if minor < 0:
            minor, before, after = -minor, negative, negative_after
        for least, unit, letter in self.steps:
            if minor * 2000 >= 1999 * scale * 10**least:  # from 999.5K on it is 1M
                major, tenth = divmod(rounded(minor * 10, scale * 10**unit), 10)
                if major >= 100:
                    return before + self.grouped(rounded(minor, scale * 10**unit)) + letter + after
                return before + str(major) + (f"{self.decimal}{tenth}" if tenth else "") + letter + after
        return before + self.grouped(rounded(minor, scale)) + after

    def _dated(self, template: str, date: str) -> str:
        year, month, day = int(date[:4]), int(date[5:7]), int(date[8:])
        if "E" not in template:
            return template.format(y=year, M=month, d=day)
        from datetime import date as calendar_date

        weekday = calendar_date(year, month, day).weekday()
        return template.format(
            y=year,
            M=month,
            d=day,
            MMM=self.month_shorts[month - 1],
            MMMM=self.month_names[month - 1],
            E=self.weekday_shorts[weekday],
            EEEE=self.weekday_names[weekday],
        )

    def date(self, date: str) -> str:
        """A stored date in numbers, its year in full: ``11/27/2026``, ``27.11.2026``."""
        return self._dated(self.short_date, date)

    def day(self, date: str, today: str) -> str:
        """A stored date for people: ``Fri, Nov 27``, with its year where that is not the year of ``today``."""
        return self._dated(self.day_date if date[:4] == today[:4] else self.day_year_date, date)

    def long_day(self, date: str) -> str:
        """A stored date in full: ``Friday 27 November 2026``."""
        return self._dated(self.long_date, date)

    def time(self, hour: int, minute: int) -> str:
        """A time of day: ``14:30``, ``2:30 PM``."""
        return self.clock.format(h=(hour - 1) % 12 + 1, H=hour, m=minute, a=self.halves[hour >= 12])

    def parse_number(self, text: str) -> int | float:
        """The number in ``text``; ``ValueError`` with the reason where it is none."""
        from sfa import notation

        return notation.number(text, self)

    def parse_amount(self, text: str, currency: str) -> int:
        """The amount in ``text`` in minor units of ``currency``; ``ValueError`` with the reason where it is none."""
        from sfa import notation

        return notation.amount(text, currency, self)

    def parse_date(self, text: str, today: str) -> str:
        """The date in ``text``, without a year its next occurrence from ``today``; ``ValueError`` where it is none."""
        from sfa import notation

        return notation.date(text, today, self)


def rounded(number: int, unit: int) -> int:
    """``number`` from 0 in whole ``unit``, half to even."""
    whole, rest = divmod(number, unit)
    return whole + (2 * rest > unit or (2 * rest == unit and whole % 2))


def digits(currency: str) -> int:
    """How many decimals the amounts of a currency have: JPY 0, EUR 2, BHD 3."""
    return DIGITS.get(currency, 2)


@cache
def currencies() -> frozenset[str]:
    """The codes of all currencies that are legal tender somewhere today."""
    return frozenset(current().currencies)


_chosen: Locale | None = None


def current() -> Locale:
    """The rep's locale: ``SFA_LOCALE``, else what the system says; en_US where neither names one that we know."""
    return _chosen or _of_system()


def use(name: str, currency: str = "") -> Locale:
    """Makes ``name`` the current locale (``UserError`` where it is none); an empty one leaves it to the system.

    Business is done in ``currency``; where that is empty, in the one of the locale's territory.
    """
    global _chosen  # noqa: PLW0603 - one user, one locale
    _of_system.cache_clear()
    chosen = load(name) if name else None
    if chosen and chosen.name == FALLBACK and not name.startswith(("en", "C", "POSIX")):
        raise UserError(_("There is no locale {name}.").format(name=name), _("Write it like de_DE."))
    _chosen = chosen
    if currency:
        _chosen = current().dealing_in(currency)
    return current()


@cache
def load(name: str) -> Locale:
    """The locale ``name``, such as ``de_DE``, ``de-DE`` or ``de_DE.UTF-8``."""
    return Locale(cldr.load(_normal(name)))


@cache
def _of_system() -> Locale:
    numbers, dates = (_normal(_name(variable)) for variable in ("LC_NUMERIC", "LC_TIME"))
    if numbers == dates:
        return load(numbers)
    return Locale(cldr.load(numbers) | {fact: value for fact, value in cldr.load(dates).items() if fact in cldr.DATES})


def _name(category: str) -> str:
    for variable in ("SFA_LOCALE", "LC_ALL", category, "LANG"):
        if name := os.environ.get(variable):
            return name
    if sys.platform == "win32":  # which says it in no variable
        import ctypes

        buffer = ctypes.create_unicode_buffer(85)
        ctypes.windll.kernel32.GetUserDefaultLocaleName(buffer, len(buffer))
        return buffer.value
    return FALLBACK


def _normal(name: str) -> str:
    name = re.split(r"[.@]", name.replace("-", "_"))[0]
    return name if re.fullmatch(r"[A-Za-z]{2,3}(_[A-Za-z0-9]{2,8})*", name) else FALLBACK
