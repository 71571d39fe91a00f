"""Field kinds that count: numbers, percent and money."""

from __future__ import annotations

from decimal import Decimal
from math import isnan
from typing import Any

from sfa.i18n import _
from sfa.locales import Locale, currencies, current, digits
from sfa.models.fields import Context, Field, Peers, Value, quoted


class Number(Field[float]):
    """A number; ``whole`` for integers. ``least`` and ``most`` bound it."""

    storage = "REAL"
    width, align = 10, "right"
    whole = False
    bound = 10**15  # from here on a float cannot tell neighbours apart

    def __init__(
        self, label: str = "", *, least: float | None = None, most: float | None = None, **options: Any
    ) -> None:
        super().__init__(label, **options)
        self.least, self.most = least, most

    def parse(self, text: str, peers: Peers, context: Context) -> Value:
        number = current().parse_number(text)
        if self.whole:
            if number != int(number):
                raise ValueError(_("must be a whole number, not {text}").format(text=quoted(text)))
            return int(number)
        return float(number)

    def check(self, value: Value) -> Value:
        if isinstance(value, bool) or not isinstance(value, int if self.whole else (int, float)) or isnan(value):
            raise ValueError(_("must be a whole number") if self.whole else _("must be a number"))
        if self.least is not None and value < self.least:
            raise ValueError(_("must be at least {least}, not {value}").format(least=self.least, value=value))
        if self.most is not None and value > self.most:
            raise ValueError(_("must be at most {most}, not {value}").format(most=self.most, value=value))
        if abs(value) >= self.bound:
            raise ValueError(_("is too large a number"))
        return value if self.whole else float(value)

    def show(self, value: Value, peers: Peers, locale: Locale) -> str:
        return "" if value is None else locale.number(value)

    def words(self, value: Value) -> str:
        return str(int(value) if value == int(value) else value)


class Integer(Number):
    """A whole number."""

    storage = "INTEGER"
    whole = True
    bound = 2**63


class Year(Integer):
    """A calendar year, written without separators."""

    width = 6

    def __init__(self, label: str = "", **options: Any) -> None:
        super().__init__(label, least=1000, most=9999, **options)

    def show(self, value: Value, peers: Peers, locale: Locale) -> str:
        return "" if value is None else str(value)


class Percent(Integer):
    """Whole percent, 0 to 100."""

    width = 6

    def __init__(self, label: str = "", **options: Any) -> None:
        super().__init__(label, least=0, most=100, **options)

    def parse(self, text: str, peers: Peers, context: Context) -> Value:
        return super().parse(text.strip().strip("%"), peers, context)

    def show(self, value: Value, peers: Peers, locale: Locale) -> str:
        return "" if value is None else locale.percent(value)

    def edit(self, value: Value, peers: Peers, locale: Locale, context: Context) -> str:
        return "" if value is None else f"{value}%"


class Currency(Field[str]):
    """An ISO 4217 code, such as EUR."""

    width = 8

    def parse(self, text: str, peers: Peers, context: Context) -> Value:
        return text.strip().upper()

    def check(self, value: Value) -> str:
        if not isinstance(value, str) or value not in currencies():
            raise ValueError(_("must be a currency's code such as EUR or USD, not {value}").format(value=quoted(value)))
        return value


class Money(Field[int]):
    """An amount in minor units; its currency is the record's field ``currency``, with which it merges as one."""

    storage = "INTEGER"
    width, align = 14, "right"

    def __init__(self, label: str = "", *, currency: str = "currency", group: str = "amount", **options: Any) -> None:
        super().__init__(label, group=group, **options)
        self.currency = currency

    def _currency(self, peers: Peers) -> str:
        return peers.get(self.currency) or current().default_currency()

    def parse(self, text: str, peers: Peers, context: Context) -> Value:
        return current().parse_amount(text, self._currency(peers))

    def check(self, value: Value) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValueError(_("must be an amount in whole minor units"))
        if abs(value) >= 10**17:
            raise ValueError(_("is too large an amount"))
        return value

    def show(self, value: Value, peers: Peers, locale: Locale) -> str:
        return "" if value is None else locale.amount(value, self._currency(peers))

    def edit(self, value: Value, peers: Peers, locale: Locale, context: Context) -> str:
        """The amount without its currency, which is a field of its own."""
        if value is None:
            return ""
        width = digits(self._currency(peers))
        whole, rest = divmod(abs(value), 10**width)
        sign, fraction = "-" if value < 0 else "", f"{locale.decimal}{rest:0{width}}" if width else ""
        return f"{sign}{locale.grouped(whole)}{fraction}"

    def plain(self, value: Value, peers: Peers, context: Context) -> Decimal | int | None:
        return None if value is None else major(value, self._currency(peers))

    def words(self, value: Value) -> str:
        return ""


def major(minor: int, currency: str) -> Decimal | int:
    """An amount in the currency's major unit, exactly; an int where it is whole."""
    amount = Decimal(minor).scaleb(-digits(currency))
    return int(amount) if amount == amount.to_integral_value() else amount
