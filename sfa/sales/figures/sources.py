"""Reports over what brings business in: campaigns with their cost, and sources."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sfa.i18n import N_, _
from sfa.sales.figures.deals import WON
from sfa.sales.figures.dimensions import DEALS
from sfa.sales.figures.engine import derive, label, within
from sfa.sales.figures.report import Column, Declaration, Dimension, Plot, Row, Subject, Table, percent, ratio
from sfa.sales.figures.scope import Scope
from sfa.store.query import equal_to

_LEADS = """SELECT {key}, count(*) AS leads, count(converted_at) AS converted FROM lead
    WHERE deleted_at IS NULL AND {key} IS NOT NULL AND {inside} GROUP BY 1"""
_DEALS = f"""SELECT KEY, count(*), sum({{stage}} IN ({{closed}})), sum({WON}), sum(CASE WHEN {WON} THEN {{amount}} END)
    FROM {DEALS.source} WHERE {DEALS.live} AND KEY IS NOT NULL AND {{inside}} AND {{filter}} GROUP BY 1"""
_COMMON = (
    Column("leads", N_("Leads")),
    Column("converted", "", shown=False),
    Column("conversion", N_("Converted"), "percent", derive=percent("converted", "leads")),
    Column("deals", N_("Deals")),
    Column("closed", "", shown=False),
    Column("won", N_("Won")),
    Column("rate", N_("Win rate"), "percent", derive=percent("won", "closed")),
    Column("revenue", N_("Revenue"), "money"),
)
_SOURCES = (*_COMMON, Column("average", N_("Average won"), "money", derive=ratio("revenue", "won")))


def _return(values: Any) -> Any:
    return 100 * ((values["revenue"] or 0) - values["cost"]) / values["cost"] if values["cost"] else None


_CAMPAIGNS = (
    Column("cost", N_("Cost"), "money"),
    *_COMMON,
    Column("per_won", N_("Cost of a win"), "money", derive=ratio("cost", "won")),
    Column("return", N_("Return"), "percent", derive=_return),
)
Sums = dict[str, Any]


def _gathered(scope: Scope, field: str) -> dict[str, Sums]:
    """Leads and deals that began in the period, by a field that both have."""
    found: dict[str, Sums] = {}
    leads = _LEADS.format(key=f"lead.{field}", inside=scope.inside("lead.created_at"))
    for key, *values in scope.book.rows(leads):
        found.setdefault(key, {}).update(zip(("leads", "converted"), values, strict=True))
    for key, *values in scope.rows(_DEALS.replace("KEY", f"deal.{field}")):
        found.setdefault(key, {}).update(zip(("deals", "closed", "won", "revenue"), values, strict=True))
    return found


def _table(scope: Scope, by: Dimension, columns: tuple[Column, ...], found: dict[str, Sums]) -> Table:
    """Rows by revenue, and their total."""
    for row in found.values():
        for column in columns:
            row.setdefault(column.name, None)
    total = {column.name: sum(row[column.name] or 0 for row in found.values()) for column in columns}
    for row in (*found.values(), total):
        derive(columns, row, {})
    shown = [column for column in columns if column.shown]
    rows = []
    for key in sorted(found, key=lambda key: -(found[key]["revenue"] or 0)):
        name = label(key, by, scope.lookup)
        drill = (equal_to(by.path, key), *scope.ask.where, *within("close_date", scope.ask.period)) if by.path else None
        rows.append(Row(name, (name, *(found[key][column.name] for column in shown)), drill))
    last = (_("Total"), *(total[column.name] for column in shown))
    return Table((Column("name", by.title, "text"), *shown), rows, last)


def _sources(scope: Scope, by: Dimension) -> Table:
    return _table(scope, by, _SOURCES, _gathered(scope, "lead_source"))


def _campaigns(scope: Scope, by: Dimension) -> Table:
    """Campaigns with what they cost, alone or by their type."""
    found = _gathered(scope, "campaign")
    for id, cost in _costs(scope):
        found.setdefault(id, {})["cost"] = cost
    if by.name == "type":
        types = dict(scope.book.rows("SELECT id, coalesce(type, '') FROM campaign"))
        found = _merged((types.get(id, ""), sums) for id, sums in found.items())
    return _table(scope, by, _CAMPAIGNS, found)


def _costs(scope: Scope) -> list[tuple[str, int]]:
    """What campaigns begun in the period cost, in the currency of the report."""
    from sfa.sales.figures.money import Rates

    rates = Rates(scope.book, scope.currency)
    day = "coalesce(start_date, substr(created_at, 1, 10))"
    sql = f"SELECT id, actual_cost, currency, {day} FROM campaign WHERE deleted_at IS NULL"
    span = scope.ask.period
    found = [(id, rates.convert(cost or 0, code, day), day) for id, cost, code, day in scope.book.rows(sql)]
    return [(id, cost) for id, cost, day in found if cost is not None and (span.is_all or span.holds(day))]


def _merged(rows: Iterable[tuple[str, Sums]]) -> dict[str, Sums]:
    merged: dict[str, Sums] = {}
    for key, sums in rows:
        place = merged.setdefault(key, {})
        for name, value in sums.items():
            place[name] = (place.get(name) or 0) + (value or 0)
    return merged


SOURCES = Declaration(
    "sources",
    N_("Which source pays"),
    N_("Leads, deals and revenue by where they came from."),
    Subject("opportunity", DEALS.source, "deal", "deal.close_date", DEALS.live),
    by=(Dimension("source", N_("Source"), "", path="lead_source"),),
    plot=Plot("bars", ("revenue",)),
    read=_sources,
)
CAMPAIGNS = Declaration(
    "campaigns",
    N_("Which campaign pays"),
    N_("What campaigns cost, the leads and deals that came of them, and what comes back of each amount spent."),
    Subject("opportunity", DEALS.source, "deal", "deal.close_date", DEALS.live),
    by=(
        Dimension("campaign", N_("Campaign"), "", link="campaign", path="campaign"),
        Dimension("type", N_("Type"), "", path="campaign.type"),
    ),
    plot=Plot("bars", ("cost", "revenue")),
    read=_campaigns,
)
