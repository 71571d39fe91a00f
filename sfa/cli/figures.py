"""Amounts and stage sums, for people and for machines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Protocol

from sfa.cli.layout import Column, Table
from sfa.cli.plain import reference
from sfa.i18n import _

if TYPE_CHECKING:
    from sfa.cli.plain import Data
    from sfa.cli.session import Session
    from sfa.sales.pipeline import DealCard, StageSum

Sums = dict[str, int]  # currency → minor units


class Counted(Protocol):
    """Deals in figures."""

    @property
    def count(self) -> int: ...
    @property
    def sums(self) -> Sums: ...
    @property
    def weighted(self) -> Sums: ...


def counted(count: int, kind: str) -> str:
    """How many of a kind: ``1 contact``, ``8,800 opportunities``."""
    from sfa.locales import current
    from sfa.models import KINDS

    record = KINDS[kind]
    return f"{current().number(count)} {_(record.label if count == 1 else record.plural).lower()}"


def amounts_data(sums: Sums) -> Data:
    """Currency → exact amount in major units."""
    from sfa.models.quantities import major

    return {currency: major(minor, currency) for currency, minor in sums.items()}


def amounts_text(sums: Sums) -> str:
    """Amounts of several currencies in a line."""
    from sfa.locales import current

    locale = current()
    return " + ".join(locale.amount(minor, currency, whole=True) for currency, minor in sums.items())


def total_data(total: Counted) -> Data:
    """Count, sum and weighted sum."""
    return {"count": total.count, "sum": amounts_data(total.sums), "weighted": amounts_data(total.weighted)}


def stage_data(entry: StageSum) -> Data:
    """A column of the board."""
    stage = entry.stage
    return {
        "stage": {"id": stage.id, "name": stage.name},
        "type": stage.type,
        "probability": stage.probability,
    } | total_data(entry)


def stage_table(sums: Iterable[StageSum], totals: Iterable[tuple[str, Counted]] = ()) -> Table:
    """The pipeline for people, a line per stage, and totals below."""
    from sfa.locales import current

    locale = current()
    columns = [
        Column(_("Stage")),
        Column(_("Type")),
        *(Column(title, "right") for title in (_("Deals"), _("Sum"), _("Weighted"))),
    ]
    rows = [[entry.stage.name, _(entry.stage.type), *_cells(entry, locale.number(entry.count))] for entry in sums]
    rows += [[name, "", *_cells(total, locale.number(total.count))] for name, total in totals]
    return Table(columns, rows)


def _cells(total: Counted, count: str) -> list[str]:
    return [count, amounts_text(total.sums), amounts_text(total.weighted)]


def card_data(session: Session, card: DealCard) -> Data:
    """A deal on the board, its amount in major units."""
    from sfa.locales import current
    from sfa.models.quantities import major

    data = card._asdict()
    data |= {"stage": reference(session, "stage", card.stage), "owner": reference(session, "user", card.owner)}
    if card.amount is not None:
        currency = card.currency or current().default_currency()
        data |= {"amount": major(card.amount, currency), "currency": currency}
    return data


def card_table(cards: Iterable[DealCard], second: str, tell: Callable[[DealCard], str]) -> Table:
    """Deals for people: the name, a ``second`` column that ``tell`` fills, and what tells whether they move."""
    from sfa.locales import current
    from sfa.models.times import show_moment

    locale = current()
    titles = (_("Deal"), second, _("Closes"), _("Next step"))

    def amount(card: DealCard) -> str:
        currency = card.currency or locale.default_currency()
        return "" if card.amount is None else locale.amount(card.amount, currency, whole=True)

    rows = [
        [
            card.name,
            tell(card),
            locale.date(card.close_date) if card.close_date else "",
            show_moment(card.next, locale) if card.next else "",
            amount(card),
        ]
        for card in cards
    ]
    return Table([*map(Column, titles), Column(_("Amount"), "right")], rows).filled()
