"""The forecast: what people say will come, and what history says."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sfa.cli.command import Answer, Argument, Command
from sfa.cli.layout import Block, Column, Heading, Line, Table
from sfa.i18n import N_

if TYPE_CHECKING:
    from sfa.cli.plain import Data
    from sfa.cli.session import Session
    from sfa.sales.figures.period import Period
    from sfa.sales.forecast.calls import Call
    from sfa.sales.forecast.prediction import Outlook
    from sfa.sales.forecast.standing import Forecast, Row, Sheet

Money = Callable[[int | None], Any]  # minor units → the exact amount


def forecast(session: Session) -> Answer:
    """A period by rep, rolled up over the tree of managers."""
    from sfa.sales.forecast import standing

    asked, lookup = session.arguments, session.lookup
    found = standing.forecast(
        session.book,
        period_of(session),
        lookup.resolve("pipeline", asked.pipeline) if asked.pipeline else None,
        lookup.resolve("user", asked.team) if asked.team else None,
    )
    return Answer(_data(found), _blocks(found), _notes(found))


def hand_in(session: Session) -> Answer:
    """Writes down what a rep stands for, or what his manager makes of it."""
    from sfa.cli.plain import record_data
    from sfa.sales.forecast.calls import ADJUSTED, SUBMITTED, Said
    from sfa.sales.forecast.calls import hand_in as write
    from sfa.sales.forecast.texts import read_amount

    asked, book = session.arguments, session.book
    user = session.lookup.resolve("user", asked.rep) if asked.rep else book.user
    amount, currency = read_amount(book, asked.amount)
    best = read_amount(book, f"{asked.best} {currency}")[0] if asked.best else None
    said = Said(amount, currency, best, asked.note or "")
    id, title = write(book, user, period_of(session), said, ADJUSTED if asked.adjust else SUBMITTED)
    return Answer(record_data(session, book.get("forecast_call", id)), [Line(title)])


def period_of(session: Session) -> Period:
    """The period that the arguments name; this quarter as a rule."""
    from sfa.sales.figures import period
    from sfa.sales.forecast.texts import require_unit

    return require_unit(period.read(session.arguments.period or "this quarter"))


def _data(found: Forecast) -> Data:
    from sfa.cli.figures import amounts_data
    from sfa.models.quantities import major

    def money(amount: int | None) -> Any:
        return None if amount is None else major(amount, found.currency)

    return {
        "period": found.period.code,
        "from": found.period.first,
        "until": found.period.last,
        "currency": found.currency,
        "quota": money(found.quota),
        "total": _sheet_data(found.total, money),
        "outlook": _outlook_data(found.outlook, money),
        "without_rate": amounts_data(found.left),
        "users": [_row_data(row, money) for row in found.rows],
    }


def _sheet_data(sheet: Sheet, money: Money) -> Data:
    amounts = {name.lower().replace(" ", "_"): money(amount) for name, amount in sheet.amounts.items()}
    return amounts | {"weighted": money(sheet.weighted), "open_deals": sheet.deals}


def _outlook_data(outlook: Outlook | None, money: Money) -> Data | None:
    return outlook and {name: money(amount) for name, amount in outlook._asdict().items()}


def _row_data(row: Row, money: Money) -> Data:
    return {
        "user": {"id": row.person.id, "name": row.person.name},
        "depth": row.person.depth,
        "quota": money(row.quota),
        "own": _sheet_data(row.own, money),
        "team": _sheet_data(row.team, money),
        "submitted": _call_data(row.submitted, money),
        "adjusted": _call_data(row.adjusted, money),
        "call": money(row.call),
        "outlook": _outlook_data(row.outlook, money),
    }


def _call_data(call: Call | None, money: Money) -> Data | None:
    return call and {
        "amount": money(call.amount),
        "best_case": money(call.best_case),
        "note": call.note,
        "at": call.said_at,
    }


def _blocks(found: Forecast) -> list[Block]:
    from sfa.sales.forecast import texts

    columns = [Column(title, "right" if place else "left") for place, title in enumerate(texts.titles())]
    return [Heading(texts.headline(found)), Table(columns, texts.table(found))]


def _notes(found: Forecast) -> str:
    from sfa.sales.forecast import texts

    return "\n".join(texts.notes(found))


PERIOD = Argument("--period", N_("The month, quarter or year: this quarter, next month, 2026-Q4"), "PERIOD")
COMMANDS = (
    Command(
        "forecast",
        N_("Print what will come in a period: won, committed, called, and by history"),
        forecast,
        (
            PERIOD,
            Argument("--team", N_("Only this user and everybody below"), "NAME"),
            Argument("--pipeline", N_("Only this pipeline"), "NAME"),
        ),
        ("sfa forecast", "sfa forecast --period 'next quarter' --json"),
        N_("A quota is a goal of the won amount: sfa goals set."),
    ),
    Command(
        "hand-in",
        N_("Hand in a forecast, or adjust that of a rep"),
        hand_in,
        (
            Argument("amount", N_("What you stand for, such as 120k or 95,000 EUR"), "AMOUNT"),
            PERIOD,
            Argument("--best", N_("What may come at best"), "AMOUNT"),
            Argument("--note", N_("Why"), "TEXT"),
            Argument("--rep", N_("Of whom; you as a rule"), "NAME"),
            Argument("--adjust", N_("As the manager: what you make of it")),
        ),
        ("sfa hand-in 120k --best 150k", "sfa hand-in 90k --rep 'Tom Two' --adjust --note 'Oslo slips'"),
    ),
)
