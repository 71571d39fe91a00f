"""Goals: what a rep, or the company, is to reach in a period, and how far that is.

A manager's goal counts what everybody below does too. Amounts count in the goal's currency, at the rate of their day.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sfa import locales
from sfa.errors import UserError
from sfa.i18n import _
from sfa.models import Record
from sfa.models.forecasts import MEASURES
from sfa.models.quantities import major
from sfa.sales import edit
from sfa.sales.figures import money, period
from sfa.sales.figures.period import Period
from sfa.sales.figures.scope import quoted
from sfa.sales.teams import members
from sfa.store.book import Book

AMOUNT = "won amount"
_CALLS = {"calls": "act.type = 'call'", "meetings": "act.type IN ('meeting', 'visit')", "activities": "1"}
_NOT_DONE = "coalesce(act.status, '') NOT IN ('Canceled', 'Not Held')"


class Progress(NamedTuple):
    """How far a goal is: ``reached`` and ``target`` are counts, or minor units of ``currency``.

    ``passed`` is the part of the period that is over, from 0 to 1.
    """

    goal: str
    user: str | None
    measure: str
    period: Period
    reached: int
    target: int
    currency: str
    passed: float

    @property
    def share(self) -> float:
        """Percent reached."""
        return 100 * self.reached / self.target if self.target else 0.0

    @property
    def standing(self) -> str:
        """Reached, ahead of, on or behind an even pace."""
        if self.reached >= self.target:
            return _("reached")
        pace = self.target * self.passed
        return _("on track") if self.reached >= pace else _("behind")

    @property
    def missing(self) -> int:
        """How much is still to come."""
        return max(self.target - self.reached, 0)

    def shown(self, value: int) -> str:
        """A count, or an amount."""
        locale = locales.current()
        return locale.amount(value, self.currency, whole=True) if self.currency else locale.number(value)

    @property
    def title(self) -> str:
        """The measure and the period: ``won amount · Q4 2026``."""
        return f"{_(self.measure)} · {self.period.title}"


def progress(book: Book, user: str | None = None, today: str | None = None) -> list[Progress]:
    """The goals that run today, of one user (and the company's), or of all where None; those furthest behind first."""
    day = today or locales.today()
    whose = "user IS NULL OR user = ?" if user else "? IS NULL"
    found = []
    for goal in book.records("goal", f"starts_on <= ? AND ({whose})", (day, user)):
        span = _span(goal)
        if span.holds(day):
            found.append(_progress(book, goal, span, day))
    return sorted(found, key=lambda one: (one.user != user, one.share - 100 * one.passed))


def _span(goal: Record) -> Period:
    return period.of(goal.values.get("period") or "quarter", goal.values["starts_on"])


def _progress(book: Book, goal: Record, span: Period, day: str) -> Progress:
    values = goal.values
    measure, user = values["measure"], values.get("user")
    currency = (values.get("currency") or money.base_of(book)) if measure == AMOUNT else ""
    target = values.get("amount") if measure == AMOUNT else values.get("target")
    passed = Period(span.first, day).days / span.days
    reached = _reached(book, measure, user, span, currency)
    return Progress(goal.id, user, measure, span, reached, target or 0, currency, passed)


def _reached(book: Book, measure: str, user: str | None, span: Period, currency: str) -> int:
    """What was done in the period, by the user and everybody below."""
    owners = f"IN ({quoted(sorted(members(book, user)))})" if user else ""
    if measure in (AMOUNT, "won deals"):
        return _won(book, measure, f"AND deal.owner {owners}" if user else "", span, currency)
    if measure == "new deals":
        begun = "coalesce(deal.engaged_on, substr(deal.created_at, 1, 10)) BETWEEN ? AND ?"
        sql = f"SELECT count(*) FROM opportunity AS deal WHERE deal.deleted_at IS NULL AND {begun}"
        return int(book.value(sql + (f" AND deal.owner {owners}" if user else ""), span[:2]))
    condition = _CALLS.get(
        measure, "act.type = 'call' AND act.outcome IN (SELECT id FROM call_outcome WHERE reached = 1)"
    )
    sql = f"""SELECT count(*) FROM activity AS act WHERE act.deleted_at IS NULL AND act.completed_at >= ?
        AND act.completed_at < ? AND {condition} AND {_NOT_DONE}"""
    return int(book.value(sql + (f" AND act.owner {owners}" if user else ""), span.instants()))


def _won(book: Book, measure: str, whose: str, span: Period, currency: str) -> int:
    won = "SELECT id FROM stage WHERE type = 'Won' AND deleted_at IS NULL"
    sql = f"""SELECT deal.currency, deal.close_date, count(*), sum(deal.amount) FROM opportunity AS deal
        WHERE deal.deleted_at IS NULL AND deal.stage IN ({won}) AND deal.close_date BETWEEN ? AND ? {whose}
        GROUP BY 1, 2"""
    rows = book.rows(sql, (span.first, span.last))
    if measure != AMOUNT:
        return sum(row[2] for row in rows)
    rates = money.Rates(book, currency)
    return sum(rates.convert(amount or 0, code, day) or 0 for code, day, _count, amount in rows)


def keep(
    book: Book, measure: str, target: int, span: Period, user: str | None, currency: str = "", origin: str = "command"
) -> str:
    """Sets a goal, in the place of the one of that measure, user and period; its id. Raises ``UserError``."""
    if measure not in MEASURES:
        names = ", ".join(map(_, MEASURES))
        raise UserError(
            _("There are no goals of {measure}.").format(measure=measure), _("There are: {names}.").format(names=names)
        )
    if span.unit not in ("week", "month", "quarter", "year"):
        raise UserError(_("A goal is of a week, month, quarter or year, not of {period}.").format(period=span.title))
    values: dict[str, Any] = {"user": user, "measure": measure, "period": span.unit, "starts_on": span.first}
    values |= {"amount": target, "currency": currency or None} if measure == AMOUNT else {"target": target}
    same = book.records(
        "goal", "measure = ? AND period = ? AND starts_on = ? AND user IS ?", (measure, span.unit, span.first, user)
    )
    with book.change(
        _("Set the goal {measure}, {period}").format(measure=_(measure), period=span.title), origin
    ) as change:
        if same:
            edit.edit(change, "goal", same[0].id, values)
            return same[0].id
        return edit.create(change, "goal", values)


def data(one: Progress) -> dict[str, Any]:
    """A goal's progress as plain data, amounts in major units."""

    def value(number: int) -> Any:
        return major(number, one.currency) if one.currency else number

    return {
        "goal": one.goal, "user": one.user, "measure": one.measure, "period": one.period.code,
        "currency": one.currency or None,
        "reached": value(one.reached), "target": value(one.target), "percent": round(one.share, 2),
        "pace": round(100 * one.passed, 2), "standing": one.standing,
    }  # fmt: skip
