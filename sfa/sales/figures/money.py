"""One currency to sum in: amounts of others count at the rate of their day, or are left out and told.

A rate (``exchange_rate``) says what a unit of a currency is worth in another from a day on; where only the opposite one
is known, its reciprocal counts. Each amount is rounded half up to the sum's minor units, then they are added.
"""

from __future__ import annotations

from bisect import bisect_right
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from sfa.locales import current, digits

if TYPE_CHECKING:
    from sfa.store.book import Book

__all__ = ["Rates", "Sums", "amount_sql", "base_of", "in_use"]

Sums = dict[str, int]  # currency → minor units
_RATES = """SELECT currency, base, starts_on, rate FROM exchange_rate
    WHERE deleted_at IS NULL AND ? IN (currency, base) AND currency != base AND rate > 0 ORDER BY starts_on, n"""


class Rates:
    """The dated rates into one currency, ``base``: the one that business is done in, unless given."""

    def __init__(self, book: Book, base: str = "") -> None:
        self.base = base or current().default_currency()
        self._direct: dict[str, list[tuple[str, Decimal]]] = {}
        self._reverse: dict[str, list[tuple[str, Decimal]]] = {}
        for currency, into, day, rate in book.rows(_RATES, (self.base,)):
            if into == self.base:
                self._direct.setdefault(currency, []).append((day, Decimal(str(rate))))
            else:
                self._reverse.setdefault(into, []).append((day, 1 / Decimal(str(rate))))

    @property
    def currencies(self) -> list[str]:
        """Those that there is any rate of, besides the base."""
        return sorted({*self._direct, *self._reverse})

    def rate(self, currency: str, day: str) -> Decimal | None:
        """What a unit is worth on ``day``; None before the first day that a rate is of, or without any."""
        if currency == self.base:
            return Decimal(1)
        for dated in (self._direct.get(currency, []), self._reverse.get(currency, [])):
            if place := bisect_right(dated, day, key=lambda entry: entry[0]):
                return dated[place - 1][1]
        return None

    def convert(self, amount: int, currency: str | None, day: str) -> int | None:
        """Minor units of ``currency`` (the base where None) as those of the base on ``day``; None without a rate."""
        code = currency or self.base
        if code == self.base:
            return amount
        rate = self.rate(code, day)
        if rate is None:
            return None
        exact = Decimal(amount) * rate * Decimal(10) ** (digits(self.base) - digits(code))
        return int(exact.to_integral_value(ROUND_HALF_UP))

    def total(self, sums: Sums, day: str) -> tuple[int, Sums]:
        """Sums of several currencies as one at the rates of ``day``, and those without a rate as they are."""
        whole, left = 0, Sums()
        for currency, amount in sums.items():
            converted = self.convert(amount, currency, day)
            if converted is None:
                left[currency] = amount
            else:
                whole += converted
        return whole, left


def in_use(book: Book, kind: str = "opportunity") -> list[str]:
    """The currencies of the amounts of ``kind``. Of deals in a time that does not grow with their number."""
    if kind != "opportunity":
        sql = f'SELECT DISTINCT currency FROM "{kind}" WHERE deleted_at IS NULL AND amount IS NOT NULL'
        return sorted({row[0] or current().default_currency() for row in book.rows(sql)})
    here = current().default_currency()
    return sorted({row[0] or here for row in book.rows("SELECT DISTINCT currency FROM deal_sum WHERE priced > 0")})


def base_of(book: Book, kind: str = "opportunity") -> str:
    """The currency to sum the amounts of ``kind`` in: their own where it is one, else that of the business."""
    used = in_use(book, kind)
    return used[0] if len(used) == 1 else current().default_currency()


def amount_sql(amount: str, currency: str, day: str, base: str, used: list[str]) -> str:
    """SQL of ``amount`` (minor units) in ``base``, at the rate of ``day``; NULL without one.

    ``amount``, ``currency`` and ``day`` are SQL expressions with the table's alias (``deal.amount``), ``used`` the
    currencies there are: where that is the base alone, nothing is converted and nothing costs.
    """
    if not set(used) - {base}:
        return amount
    scales = {code: 10.0 ** (digits(base) - digits(code)) for code in used}
    odd = " ".join(f"WHEN '{code}' THEN {scale}" for code, scale in scales.items() if scale != 1)
    scale = f"CASE {currency} {odd} ELSE 1.0 END" if odd else "1.0"
    rate = (
        "(SELECT rate FROM exchange_rate AS r WHERE r.deleted_at IS NULL AND r.currency = {one} AND r.base = {other}"
        f" AND r.starts_on <= substr({day}, 1, 10) AND r.rate > 0 ORDER BY r.starts_on DESC LIMIT 1)"
    )
    direct, reverse = rate.format(one=currency, other=f"'{base}'"), rate.format(one=f"'{base}'", other=currency)
    known = f"coalesce({direct}, 1.0 / {reverse})"
    return (
        f"CASE WHEN coalesce({currency}, '{base}') = '{base}' THEN {amount}"
        f" ELSE CAST(round({amount} * {known} * {scale}) AS INTEGER) END"
    )
