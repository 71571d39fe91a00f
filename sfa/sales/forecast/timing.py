"""How likely an open deal is won within some days, given its age: competing risks, estimated day by day of age.

Of the deals that were open at an age, which share was won, and which lost, on that day? Deals that came under
observation when they were already old count from then on only (delayed entry), those still open up to today
(censoring); so deals that nobody ever closes make old age say what it should: that hardly any of them will be won.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import accumulate

from sfa.sales.forecast.history import Deal, History

OLDEST = 1500  # days; whatever is older counts as that old
INERTIA = 10  # deals: so many days of exposure the estimate of the day before is worth


class Timing:
    """The chances that ``history`` gave on ``day``."""

    def __init__(self, history: History, day: int) -> None:
        entered, left = [0] * (OLDEST + 2), [0] * (OLDEST + 2)
        won, lost = [0] * (OLDEST + 2), [0] * (OLDEST + 2)
        for deal in history.deals:
            last = min(day, deal.end if deal.end is not None else day)
            young, old = max(0, history.first - deal.began), last - deal.began
            if deal.began > day or old < young:
                continue
            entered[min(young, OLDEST)] += 1
            left[min(old, OLDEST) + 1] += 1
            if deal.end is not None and deal.end <= day:
                (won if deal.won else lost)[min(old, OLDEST)] += 1
        at_risk = list(accumulate(come - gone for come, gone in zip(entered, left, strict=True)))
        self._survival, self._won = [1.0], [0.0]
        for wins, losses in zip(_rates(won, at_risk), _rates(lost, at_risk), strict=True):
            alive = self._survival[-1]
            self._won.append(self._won[-1] + alive * wins)
            self._survival.append(alive * max(1 - wins - losses, 0.0))

    def chance(self, age: int, days: int) -> float:
        """That a deal open at ``age`` (in days) is won within the next ``days``."""
        start = min(max(age, 0), OLDEST) + 1
        end = min(start + max(days, 0), len(self._won) - 1)
        alive = self._survival[start]
        return min((self._won[end] - self._won[start]) / alive, 1.0) if alive > 1e-12 else 0.0


def _rates(events: list[int], at_risk: list[int]) -> Iterator[float]:
    """The share of events per age: of that age and a few days around it, leaning on the age before."""
    happened, exposed = _sums(events), _sums(at_risk)
    rate = happened[-1] / max(exposed[-1], 1)
    for age in range(OLDEST + 1):
        around = max(1, age // 8)
        low, high = max(age - around, 0), min(age + around, OLDEST) + 1
        rate = (happened[high] - happened[low] + INERTIA * rate) / (exposed[high] - exposed[low] + INERTIA)
        yield rate


def _sums(values: list[int]) -> list[int]:
    return [0, *accumulate(values)]


def paid(deals: Iterable[Deal], day: int) -> dict[str | None, float]:
    """What is paid of a product's list price, by the deals won until ``day``; of any product under None.

    A product of which little was sold leans on all of them.
    """
    got: dict[str | None, float] = {None: 0.0}
    listed: dict[str | None, float] = {None: 0.0}
    for deal in deals:
        if deal.won and deal.end is not None and deal.end <= day and deal.price and deal.amount is not None:
            for key in (None, deal.product):
                got[key] = got.get(key, 0.0) + deal.amount
                listed[key] = listed.get(key, 0.0) + deal.price
    whole = got[None] / listed[None] if listed[None] else 1.0
    lean = {deal.product: 5.0 * deal.price for deal in deals if deal.price}
    found: dict[str | None, float] = {
        key: (got[key] + lean.get(key, 0.0) * whole) / (listed[key] + lean.get(key, 0.0))
        for key in listed
        if key is not None and listed[key]
    }
    found[None] = whole
    return found
