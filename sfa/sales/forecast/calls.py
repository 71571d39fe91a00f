"""What reps say will come in a period, and what their managers make of it; the newest of each counts."""

from __future__ import annotations

from typing import NamedTuple

from sfa.i18n import _
from sfa.locales import now
from sfa.sales import edit
from sfa.sales.figures.money import Rates
from sfa.sales.figures.period import Period
from sfa.store.book import Book

SUBMITTED, ADJUSTED = "submitted", "adjusted"
_CALLS = """SELECT user, type, amount, best_case, currency, note, said_at FROM forecast_call
    WHERE deleted_at IS NULL AND starts_on = ? AND period = ? ORDER BY coalesce(said_at, created_at), n"""
_GOALS = """SELECT user, starts_on, period, amount, currency FROM goal
    WHERE deleted_at IS NULL AND measure = 'won amount' AND amount IS NOT NULL AND starts_on BETWEEN ? AND ?"""


class Call(NamedTuple):
    """An amount that somebody stands for (minor units of the base currency), the best case, and why."""

    amount: int
    best_case: int | None
    note: str
    said_at: str


def calls(book: Book, period: Period, rates: Rates) -> dict[tuple[str, str], Call]:
    """User and type → the newest call of that period. Those in a currency without a rate are left out."""
    found: dict[tuple[str, str], Call] = {}
    for user, type_, amount, best, currency, note, at in book.rows(_CALLS, (period.first, period.unit)):
        main = rates.convert(amount, currency, period.first)
        if main is not None:
            best_case = None if best is None else rates.convert(best, currency, period.first)
            found[user, type_] = Call(main, best_case, note or "", at or "")
    return found


class Said(NamedTuple):
    """What is handed in: minor units of ``currency``."""

    amount: int
    currency: str
    best_case: int | None = None
    note: str = ""


def hand_in(
    book: Book, user: str, period: Period, said: Said, type: str = SUBMITTED, origin: str = "command"
) -> tuple[str, str]:
    """Writes down what ``user`` stands for, or what his manager makes of it; the call's id and the action's title."""
    name = book.get("user", user).heading
    title = _("Handed in the forecast of {name} for {period}") if type == SUBMITTED else _(
        "Adjusted the forecast of {name} for {period}")  # fmt: skip
    title = title.format(name=name, period=period.title)
    with book.change(title, origin) as change:
        values = {
            **said._asdict(),
            "user": user, "type": type, "period": period.unit, "starts_on": period.first, "said_at": now(),
        }  # fmt: skip
        id = edit.create(
            change, "forecast_call", {name: value for name, value in values.items() if value not in (None, "")}
        )
    return id, title


def quotas(book: Book, period: Period, rates: Rates) -> dict[str | None, int]:
    """User (None: the company) → the quota: that of the period itself, else the sum of its months' or quarters'."""
    whole: dict[str | None, int] = {}
    parts: dict[str | None, dict[str, int]] = {}
    for user, starts_on, unit, amount, currency in book.rows(_GOALS, (period.first, period.last)):
        quota = rates.convert(amount, currency, starts_on)
        if quota is None:
            continue
        if unit == period.unit and starts_on == period.first:
            whole[user] = whole.get(user, 0) + quota
        elif unit in {"month": (), "quarter": ("month",), "year": ("month", "quarter")}.get(period.unit, ()):
            units = parts.setdefault(user, {})
            units[unit] = units.get(unit, 0) + quota
    return {**{user: units.get("quarter") or units["month"] for user, units in parts.items()}, **whole}
