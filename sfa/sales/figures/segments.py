"""RFM: customers scored by how recently, how often and for how much they bought, and the segments that follow.

Scores are by quintiles: the five parts of the customers between the quantiles (linear, as R's type 7), a value on a
bound belonging to the lower part; 5 is best. A segment is the first whose ranges hold all three scores.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from sfa.i18n import N_, _
from sfa.models.times import days_between
from sfa.sales.figures.customers import SALES
from sfa.sales.figures.period import LAST
from sfa.sales.figures.report import Column, Declaration, Dimension, Plot, Row, Table, rounded_up
from sfa.sales.figures.sales import sales, subject
from sfa.sales.figures.scope import Scope

PARTS = 5
Span = tuple[int, int]
SEGMENTS: tuple[
    tuple[str, Span, Span, Span], ...
] = (  # name, and the scores of recency, frequency, money that it holds
    (N_("Champions"), (5, 5), (5, 5), (5, 5)),
    (N_("Potential Loyalist"), (3, 5), (3, 5), (2, 5)),
    (N_("Loyal Customers"), (2, 4), (2, 4), (2, 4)),
    (N_("Promising"), (3, 4), (1, 3), (3, 5)),
    (N_("New Customers"), (4, 5), (1, 3), (1, 5)),
    (N_("Can't Lose Them"), (1, 2), (3, 4), (4, 5)),
    (N_("At Risk"), (1, 2), (2, 5), (4, 5)),
    (N_("Need Attention"), (1, 3), (3, 5), (3, 5)),
    (N_("About To Sleep"), (2, 3), (1, 3), (1, 4)),
    (N_("Lost"), (1, 1), (1, 5), (1, 5)),
)
OTHERS = N_("Others")


class Customer(NamedTuple):
    """A customer's purchases and what they score: ``recency`` in days, ``net`` in hundredths of minor units."""

    id: str
    recency: int
    frequency: int
    net: float
    scores: tuple[int, int, int]

    @property
    def code(self) -> int:
        return int("".join(map(str, self.scores)))

    @property
    def segment(self) -> str:
        return segment_of(self.scores)


@cache
def segment_of(scores: tuple[int, int, int]) -> str:
    """The first segment that holds all three scores."""
    for name, *spans in SEGMENTS:
        if all(low <= score <= high for score, (low, high) in zip(scores, spans, strict=True)):
            return name
    return OTHERS


def bounds(values: Sequence[float]) -> list[float]:
    """The four values between the fifths of ``values``."""
    ranked, found = sorted(values), []
    for part in range(1, PARTS):
        place, rest = divmod((len(ranked) - 1) * part, PARTS)
        above = ranked[min(place + 1, len(ranked) - 1)]
        found.append(ranked[place] + (above - ranked[place]) * rest / PARTS)
    return found


def customers(scope: Scope) -> list[Customer]:
    """Everybody who bought in the period, scored as of its last day, or of today."""
    last = scope.ask.period.last
    as_of = last if last < LAST and last <= scope.today else scope.today
    sql = f"""SELECT sale.account, max(sale.day), count(*), coalesce(sum(sale.net), 0)
        FROM {sales(scope)} WHERE sale.account IS NOT NULL AND sale.day IS NOT NULL AND {{inside}} GROUP BY 1"""
    rows = scope.rows(sql)
    since = {day: days_between(day, as_of) for day in {row[1] for row in rows}}
    found = [(id, since[day], count, net) for id, day, count, net in rows]
    if not found:
        return []
    by_days, by_count, by_net = (bounds([row[place] for row in found]) for place in (1, 2, 3))
    return [
        Customer(id, days, count, net, (
            PARTS - bisect_left(by_days, days), bisect_left(by_count, count) + 1, bisect_left(by_net, net) + 1))
        for id, days, count, net in found
    ]  # fmt: skip


def _read(scope: Scope, by: Dimension) -> Table:
    found = customers(scope)
    if by.name == "customer":
        return _each(scope, by, found)
    return _quintiles(by, found) if by.name == "quintile" else _segments(by, found)


_SEGMENT = (
    Column("customers", N_("Customers")),
    Column("share", N_("Share"), "percent"),
    Column("revenue", N_("Revenue"), "money"),
    Column("revenue_share", N_("Of revenue"), "percent"),
    Column("recency", N_("Days since"), "number"),
    Column("frequency", N_("Orders each"), "number"),
    Column("value", N_("Each"), "money"),
)


def _segments(by: Dimension, found: list[Customer]) -> Table:
    """The named segments, in their order, with the customers that are in none last."""
    groups: dict[str, list[Customer]] = {name: [] for name in (*(entry[0] for entry in SEGMENTS), OTHERS)}
    for customer in found:
        groups[customer.segment].append(customer)
    whole = sum(customer.net for customer in found)
    rows = []
    for name, group in groups.items():
        net = sum(customer.net for customer in group)
        share = 100 * len(group) / len(found) if found else None
        values = (
            len(group),
            share,
            rounded_up(net / 100),
            100 * net / whole if whole else None,
            *_averages(group, net),
        )
        rows.append(Row(_(name), (_(name), *values), _listed(group)))
    total = (_("Total"), len(found), 100 if found else None, rounded_up(whole / 100), 100 if whole else None)
    return Table((Column("name", by.title, "text"), *_SEGMENT), rows, (*total, *_averages(found, whole)), "account")


def _averages(group: list[Customer], net: float) -> tuple[float | None, float | None, float | None]:
    count = len(group)
    if not count:
        return None, None, None
    return sum(one.recency for one in group) / count, sum(one.frequency for one in group) / count, net / 100 / count


def _listed(group: list[Customer]) -> tuple[str, ...] | None:
    """The condition that lists them; none for nobody."""
    return ("id=" + "|".join(customer.id for customer in group),) if group else None


def _quintiles(by: Dimension, found: list[Customer]) -> Table:
    """How many customers have each score of recency (rows) and of frequency (columns)."""
    scores = range(1, PARTS + 1)
    columns = tuple(Column(f"frequency_{score}", _("Frequency {score}").format(score=score)) for score in scores)
    rows = []
    for recency in reversed(scores):
        groups = [[one for one in found if one.scores[:2] == (recency, frequency)] for frequency in scores]
        name = _("Recency {score}").format(score=recency)
        rows.append(Row(name, (name, *map(len, groups)), _listed([one for group in groups for one in group])))
    plot = Plot("heat", tuple(column.name for column in columns))
    return Table((Column("name", by.title, "text"), *columns), rows, None, "account", plot)


_EACH = (
    Column("score", N_("Score")),
    Column("segment", N_("Segment"), "text"),
    Column("recency", N_("Days since")),
    Column("frequency", N_("Orders")),
    Column("revenue", N_("Revenue"), "money"),
)


def _each(scope: Scope, by: Dimension, found: list[Customer]) -> Table:
    """Every customer with the three scores as one number, the best first."""
    rows = []
    for one in sorted(found, key=lambda one: (-one.code, -one.net)):
        name = scope.lookup.title("account", one.id)
        values = (one.code, _(one.segment), one.recency, one.frequency, rounded_up(one.net / 100))
        rows.append(Row(name, (name, *values), (f"id={one.id}",)))
    return Table((Column("name", by.title, "text"), *_EACH), rows, None, "account", Plot("bars", ("revenue",)))


RFM = Declaration(
    "rfm",
    N_("Customer segments (RFM)"),
    N_("Customers by how recently, how often and for how much they bought: named segments, quintiles, or each."),
    SALES,
    by=(
        Dimension("segment", N_("Segment"), ""),
        Dimension("quintile", N_("Quintiles"), ""),
        Dimension("customer", N_("Customer"), "", link="account", path="id"),
    ),
    plot=Plot("bars", ("customers",)),
    read=_read,
    chooses=subject,
)
