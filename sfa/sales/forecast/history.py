"""What the book knows of its deals' lives: when each began, whether and when it was won or lost, and for how much.

Days are ordinals (``date.toordinal``), amounts minor units of one currency. What was known on a day is read from the
same rows: what ended later was open then, and what began later was not there.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sfa.locales import today
from sfa.sales.figures.money import amount_sql, base_of, in_use
from sfa.store.book import Book

MOST = 50_000  # closed deals, the newest: older ones say little of how deals close today
_ORDINAL = "CAST(julianday({day}) - 1721424.5 AS INTEGER)"
_BEGAN = "coalesce(deal.engaged_on, substr(deal.created_at, 1, 10))"


class Deal(NamedTuple):
    """A deal's life. ``end`` None: open; ``price``: the product's on the list, None where it has none."""

    id: str
    owner: str | None
    product: str | None
    began: int
    end: int | None
    won: bool
    amount: int | None
    price: int | None

    def value(self, ratios: dict[str | None, float]) -> float:
        """What it is expected to bring if won, ``ratios`` being what is paid of each product's list price.

        The amount of a closed deal is its outcome, which was not known before: then its list price counts.
        """
        if self.price is not None and (self.end is not None or not self.amount):
            return self.price * ratios.get(self.product, ratios[None])
        return self.amount or 0


class History(NamedTuple):
    """All lives, in ``currency``; what closed before ``first`` is not seen."""

    deals: list[Deal]
    first: int
    currency: str


def read(book: Book, pipeline: str | None = None) -> History:
    """The open deals and the newest closed ones; those in a currency without a rate have no amount."""
    base, used = base_of(book), in_use(book)
    amount = amount_sql("deal.amount", "deal.currency", f"coalesce(deal.close_date, '{today()}')", base, used)
    price = amount_sql("product.list_price", "product.currency", f"'{today()}'", base, _priced(book, base))
    sql = f"""SELECT deal.id, deal.owner, deal.product, {_ORDINAL.format(day=_BEGAN)},
        {{end}}, {{won}}, {amount}, {price} FROM opportunity AS deal {{stages}}
        LEFT JOIN product ON product.id = deal.product WHERE deal.deleted_at IS NULL
        AND coalesce(?, deal.pipeline) = deal.pipeline AND"""
    alive = sql.format(end="NULL", won="0", stages="") + " deal.closed_at IS NULL"
    closing = _ORDINAL.format(day="coalesce(deal.close_date, substr(deal.closed_at, 1, 10))")
    ended = sql.format(end=closing, won="stage.type = 'Won'", stages="JOIN stage ON stage.id = deal.stage")
    ended += f" deal.closed_at IS NOT NULL ORDER BY deal.close_date DESC LIMIT {MOST:d}"
    deals = [Deal._make(row) for row in (*book.rows(alive, (pipeline,)), *book.rows(ended, (pipeline,)))]
    deals = [deal for deal in deals if deal.end is None or deal.end >= deal.began]
    first = min((deal.end for deal in deals if deal.end is not None), default=date.fromisoformat(today()).toordinal())
    return History(deals, first, base)


def _priced(book: Book, base: str) -> list[str]:
    return [row[0] or base for row in book.rows("SELECT DISTINCT currency FROM product WHERE list_price IS NOT NULL")]
