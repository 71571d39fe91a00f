"""A forecast in words and tables, for the screen and the terminal; and amounts as people type them."""

from __future__ import annotations

from sfa.errors import UserError
from sfa.i18n import _
from sfa.locales import current, today
from sfa.models import ForecastCall
from sfa.models.record import read_values
from sfa.sales.figures.period import Period
from sfa.sales.forecast.calls import Said
from sfa.sales.forecast.prediction import ENOUGH, Outlook
from sfa.sales.forecast.standing import Forecast, Row
from sfa.store.book import Book
from sfa.store.lookup import Lookup

UNITS = ("month", "quarter", "year")


def require_unit(period: Period) -> Period:
    """``period``, which must be a month, quarter or year: others have no quota and no call. Raises ``UserError``."""
    if period.unit not in UNITS:
        raise UserError(
            _("A forecast is of a month, a quarter or a year."), _("Such as this quarter, next month, 2027.")
        )
    return period


def read_amount(book: Book, text: str, currency: str = "") -> tuple[int, str]:
    """An amount as typed (``120k``, ``95,000 EUR``) in minor units, and its currency; ``currency`` where none is named.

    Raises ``FieldError``.
    """
    words = text.split()
    code = words[-1].upper() if len(words) > 1 and words[-1].isalpha() and len(words[-1]) == 3 else ""
    values = {
        "amount": " ".join(words[:-1]) if code else text,
        "currency": code or currency or current().default_currency(),
    }
    read = read_values(ForecastCall.fields, values, {}, Lookup(book))
    if read["amount"] is None:
        raise UserError(_("There is no amount in “{text}”.").format(text=text))
    return int(read["amount"]), str(read["currency"])


def told(said: Said) -> str:
    """What is handed in, in full."""
    return " · ".join(filter(None, (current().amount(said.amount, said.currency, whole=True), said.note)))


def short(amount: int | None, currency: str) -> str:
    """An amount in few cells."""
    return "–" if amount is None else current().short_amount(amount, currency)


def interval(outlook: Outlook | None, currency: str) -> str:
    """``312k (270k–355k)``."""
    if outlook is None:
        return "–"
    low, high = short(outlook.low, currency), short(outlook.high, currency)
    return f"{short(outlook.expected, currency)} ({low} – {high})"


def headline(found: Forecast) -> str:
    """The period and how it stands."""
    parts = [found.period.title, _("won {amount}").format(amount=short(found.total.closed, found.currency))]
    if found.quota:
        share = current().percent(round(100 * found.total.closed / found.quota))
        parts.append(_("{share} of {quota}").format(share=share, quota=short(found.quota, found.currency)))
    if found.outlook:
        parts.append(_("by history {interval}").format(interval=interval(found.outlook, found.currency)))
    return " · ".join(parts)


def titles() -> list[str]:
    """Of the columns of ``table``."""
    return [
        _("Rep"), _("Quota"), _("Won"), _("Commit"), _("Best case"), _("Pipeline"), _("Weighted"), _("Call"),
        _("By history"),
    ]  # fmt: skip


def cells(row: Row, currency: str) -> list[str]:
    """A person's line: the team's figures where he has one; a call that was adjusted has a mark."""
    team = row.team
    said = "*" if row.adjusted else "" if row.submitted else "~"
    figures = (row.quota, team.closed, team.commit, team.best_case, team.amounts.get("Pipeline", 0), team.weighted)
    return [
        "  " * row.person.depth + row.person.name,
        *(short(amount, currency) for amount in figures),
        f"{said}{short(row.call, currency)}",
        interval(row.outlook, currency),
    ]


def table(found: Forecast) -> list[list[str]]:
    """Everybody's lines, and all of them."""
    total, amount = found.total, found.currency
    figures = (
        found.quota, total.closed, total.commit, total.best_case, total.amounts.get("Pipeline", 0), total.weighted
    )  # fmt: skip
    whole = [_("All"), *(short(one, amount) for one in figures), "", interval(found.outlook, amount)]
    return [*(cells(row, amount) for row in found.rows), whole]


def notes(found: Forecast) -> list[str]:
    """What must be said besides."""
    said = []
    for currency, left in found.left.items():
        text = _("Without an exchange rate, and in no sum: {amount}.")
        said.append(text.format(amount=current().amount(left, currency, whole=True)))
    if found.period.last < today():
        said.append(_("The period is over: there is nothing left to foretell."))
    elif found.outlook is None:
        said.append(_("History says nothing yet: it takes {count} closed deals.").format(count=ENOUGH))
    elif found.prediction:
        text = _("By history: of {count} earlier forecasts {share} came; four of five results lie in the interval.")
        share = current().percent(round(100 * found.prediction.ratio))
        said.append(text.format(count=found.prediction.judged, share=share))
    said.append(_("Commit and best case contain what is won. ~ nothing handed in: what is committed; * adjusted."))
    return said
