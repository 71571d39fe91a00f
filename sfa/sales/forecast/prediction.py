"""The forecast that models timing: what the deals open today will bring until a day, with an interval.

It judges itself: the same forecast is made as of the same day of earlier months, knowing only what was known then, and
compared with what came. The ratio corrects today's (shrunk, as months are few), their spread makes its interval.
"""

from __future__ import annotations

import math
from calendar import monthrange
from datetime import date
from typing import NamedTuple

from sfa.sales.forecast.history import Deal, History
from sfa.sales.forecast.timing import Timing, paid

ENOUGH = 30  # closed deals; with fewer the history says nothing
BACK = 12  # months
SPREAD, SPREAD_WEIGHT = 0.3, 2.0  # what months differ by where none are known, and how many months that is worth
SIDES = 1.2816  # standard deviations: four of five lie within


class Outlook(NamedTuple):
    """What some open deals bring: expected, and the interval that holds it four times out of five."""

    expected: int
    low: int
    high: int


class Prediction(NamedTuple):
    """``chances``: deal → chance by its age to be won until then; ``values``: what it then brings.

    Minor units of ``currency``. ``ratio`` is what came of earlier forecasts, ``spread`` how much they erred beyond it,
    ``judged`` how many there were.
    """

    outlook: Outlook
    chances: dict[str, float]
    values: dict[str, float]
    currency: str
    ratio: float
    spread: float
    judged: int

    def of(self, ids: set[str]) -> Outlook:
        """The outlook of some of the deals."""
        return _outlook(
            [(self.chances[id], self.values[id]) for id in ids if id in self.chances], self.ratio, self.spread
        )


Shares = list[tuple[float, float]]  # chance and value of each deal


def predict(history: History, day: str, until: str) -> Prediction | None:
    """What the deals open on ``day`` bring until ``until``; None where too few were closed before."""
    start, end = date.fromisoformat(day).toordinal(), date.fromisoformat(until).toordinal()
    if not _enough(history, start):
        return None
    deals, shares = _shares(history, start, end)
    ratio, spread, judged = _judged(history, date.fromisoformat(day), date.fromisoformat(until))
    named = list(zip(deals, shares, strict=True))
    chances = {deal.id: chance for deal, (chance, _value) in named}
    values = {deal.id: value for deal, (_chance, value) in named}
    return Prediction(_outlook(shares, ratio, spread), chances, values, history.currency, ratio, spread, judged)


def came(history: History, day: str, until: str) -> int:
    """What the deals open on ``day`` in truth brought until ``until``."""
    return round(_came(history, date.fromisoformat(day).toordinal(), date.fromisoformat(until).toordinal()))


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier; of a last day of the month the last one."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last, here = monthrange(year, month + 1)[1], monthrange(day.year, day.month)[1]
    return date(year, month + 1, last if day.day == here else min(day.day, last))


def _enough(history: History, day: int) -> bool:
    return sum(deal.end is not None and deal.end <= day for deal in history.deals) >= ENOUGH


def _open(history: History, day: int) -> list[Deal]:
    return [deal for deal in history.deals if deal.began <= day and (deal.end is None or deal.end > day)]


def _shares(history: History, day: int, until: int) -> tuple[list[Deal], Shares]:
    timing, ratios, deals = Timing(history, day), paid(history.deals, day), _open(history, day)
    return deals, [(timing.chance(day - deal.began, until - day), deal.value(ratios)) for deal in deals]


def _came(history: History, day: int, until: int) -> float:
    ended = (deal for deal in _open(history, day) if deal.won and deal.end is not None and deal.end <= until)
    return sum(deal.amount or 0 for deal in ended)


def _judged(history: History, day: date, until: date) -> tuple[float, float, int]:
    """The ratio of what came to what was forecast, the spread around it, and of how many earlier forecasts.

    First of all months; then of those at the same place in their quarter, where quarters have a rhythm.
    """
    past: list[tuple[int, float, float]] = []
    for months in range(1, BACK + 1):
        start, end = months_before(day, months).toordinal(), months_before(until, months).toordinal()
        if end > day.toordinal() or not _enough(history, start):
            continue
        expected = sum(chance * value for chance, value in _shares(history, start, end)[1])
        if expected > 0:
            past.append((months, expected, _came(history, start, end)))
    if not past:
        return 1.0, SPREAD, 0
    mean = sum(expected for _months, expected, _true in past) / len(past)
    ratio = _ratio([(expected, true) for _months, expected, true in past], 1.0, mean)
    errors = sum((true / (expected * ratio) - 1) ** 2 for _months, expected, true in past) if ratio else 0.0
    spread = math.sqrt((errors + SPREAD_WEIGHT * SPREAD**2) / (len(past) + SPREAD_WEIGHT))
    same = [(expected, true) for months, expected, true in past if months % 3 == 0]
    return _ratio(same, ratio, mean / 2), spread, len(past)


def _ratio(pairs: list[tuple[float, float]], known: float, weight: float) -> float:
    """What came of what was forecast, leaning on a ratio that is ``known`` as on a forecast of ``weight``."""
    expected, true = (sum(pair[place] for pair in pairs) for place in (0, 1))
    return (true + weight * known) / (expected + weight)


def _outlook(shares: Shares, ratio: float, spread: float) -> Outlook:
    mean = sum(chance * value for chance, value in shares) * ratio
    chances = [(min(chance * ratio, 1.0), value) for chance, value in shares]
    chance_alone = sum(chance * (1 - chance) * value * value for chance, value in chances)
    deviation = math.sqrt(chance_alone + (spread * mean) ** 2)
    most = sum(value for _chance, value in shares)
    return Outlook(
        round(mean), round(max(mean - SIDES * deviation, 0)), round(min(mean + SIDES * deviation, max(most, mean)))
    )
