"""How good the forecast would have been: made as of past days, knowing what was known then, against what came."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from sfa.sales.forecast.history import History
from sfa.sales.forecast.prediction import Outlook, came, predict
from sfa.sales.forecast.timing import paid


class Trial(NamedTuple):
    """A forecast of what the deals open on ``day`` bring until ``until``, and what they brought (minor units).

    ``weighted`` is the usual sum: list price (or amount) times the share of closed deals that had been won.
    """

    day: str
    until: str
    deals: int
    weighted: int
    outlook: Outlook
    came: int


def trials(history: History, months: int) -> Iterator[Trial]:
    """A trial for each month end from which on ``months`` whole months are known, up to the newest close."""
    last = max((deal.end for deal in history.deals if deal.end is not None), default=0)
    day = _month_end(date.fromordinal(history.first))
    while (until := _later(day, months)).toordinal() <= last:
        prediction = predict(history, day.isoformat(), until.isoformat())
        if prediction is not None:
            spoken = (day.isoformat(), until.isoformat())
            weighted = round(_weighted(history, day.toordinal()))
            yield Trial(*spoken, len(prediction.chances), weighted, prediction.outlook, came(history, *spoken))
        day = _later(day, 1)


def error(found: list[Trial]) -> tuple[float, float]:
    """The sum of the absolute errors of the forecast, and of the weighted sum, as shares of what came."""
    whole = sum(trial.came for trial in found)
    ours = sum(abs(trial.outlook.expected - trial.came) for trial in found)
    return ours / whole, sum(abs(trial.weighted - trial.came) for trial in found) / whole


def _weighted(history: History, day: int) -> float:
    ended = [deal for deal in history.deals if deal.end is not None and deal.end <= day]
    open_ = [deal for deal in history.deals if deal.began <= day and (deal.end is None or deal.end > day)]
    full = dict.fromkeys(paid(history.deals, day), 1.0)
    return sum(deal.value(full) for deal in open_) * sum(deal.won for deal in ended) / len(ended)


def _later(day: date, months: int) -> date:
    """The month end so many months after a month end."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return _month_end(date(year, month + 1, 1))


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(4)).replace(day=1) - timedelta(1)
