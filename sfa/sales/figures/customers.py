"""Customer value: who comes back, what a customer is worth in a lifetime, cohorts."""

from __future__ import annotations

from sfa.i18n import N_, _
from sfa.sales.figures.dimensions import UNITS
from sfa.sales.figures.engine import behind, drill, grouped, label
from sfa.sales.figures.period import MONTHS
from sfa.sales.figures.report import (
    Column,
    Declaration,
    Dimension,
    Plot,
    Row,
    Subject,
    Table,
    hundredth,
    percent,
    ratio,
)
from sfa.sales.figures.sales import listed, sales, subject
from sfa.sales.figures.scope import Scope, month_number

LONGEST = 12  # units that a cohort is followed
SALES = Subject("sales_order", "", "ord", "sale.day", "1")
_BY_TIME = tuple(Dimension(unit, UNITS[unit], "", unit=unit) for unit in ("quarter", "month", "year"))
_VISITS = """(SELECT DISTINCT sale.account AS account, {number} AS number FROM {sales}
    WHERE sale.account IS NOT NULL AND sale.day IS NOT NULL AND {{inside}})"""


def _visits(scope: Scope, by: Dimension) -> str:
    """SQL of who bought in which unit of time, each once."""
    return _VISITS.format(number=month_number("sale.day", by.unit), sales=sales(scope))


_RETENTION = (
    Column("active", N_("Customers")),
    Column("new", N_("New")),
    Column("returning", N_("Came back")),
    Column("recovered", N_("Won back")),
    Column("lost", N_("Stayed away")),
    Column("rate", N_("Retention"), "percent"),
)


def _retention(scope: Scope, by: Dimension) -> Table:
    """Per unit of time: who bought, who for the first time, who in the one before too, who only in the one before."""
    size = MONTHS[by.unit]
    sql = f"""SELECT number, count(*), sum(before IS NULL), sum(before = number - {size}), sum(before < number - {size})
        FROM (SELECT number, lag(number) OVER (PARTITION BY account ORDER BY number) AS before
            FROM {_visits(scope, by)}) GROUP BY 1 ORDER BY 1"""
    rows, last = [], {"number": 0, "active": 0}
    base, date = listed(scope)
    for number, active, new, returning, recovered in scope.rows(sql):
        known = last["active"] if number == last["number"] + size else 0
        rate = 100 * (returning or 0) / known if known else None
        name = label(number, by, scope.lookup)
        values = (name, active, new, returning or 0, recovered or 0, known - (returning or 0), rate)
        rows.append(Row(name, values, drill(scope, (*base, "account!="), by, number, date)))
        last = {"number": number, "active": active}
    return Table((Column("name", by.title, "text"), *_RETENTION), rows)


RETENTION = Declaration(
    "retention",
    N_("Retention"),
    N_("Which customers bought again: new ones, those that came back, those that stayed away."),
    SALES,
    by=_BY_TIME,
    plot=Plot("lines", ("rate",)),
    read=_retention,
    chooses=subject,
)


def _cohorts(scope: Scope, by: Dimension) -> Table:
    """Customers by the time of their first purchase, and the share of them that bought so many units later."""
    size = MONTHS[by.unit]
    sql = f"""WITH visits AS MATERIALIZED (SELECT account, number FROM {_visits(scope, by)})
        SELECT born, (number - born) / {size}, count(*) FROM visits
        JOIN (SELECT account AS who, min(number) AS born FROM visits GROUP BY account) ON who = account
        GROUP BY 1, 2 ORDER BY 1, 2"""
    found: dict[int, dict[int, int]] = {}
    for born, later, count in scope.rows(sql):
        found.setdefault(born, {})[later] = count
    length = min(max((max(counts) for counts in found.values()), default=0), LONGEST)
    newest = max((born + size * max(counts) for born, counts in found.items()), default=0)
    later = [Column(f"after_{step}", str(step), "percent") for step in range(1, length + 1)]
    rows = []
    who = behind(scope, f"SELECT min(number), account FROM {_visits(scope, by)} GROUP BY account")
    for born, counts in found.items():
        name = label(born, by, scope.lookup)
        shares = (
            100 * counts.get(step, 0) / counts[0] if born + size * step <= newest else None
            for step in range(1, length + 1)
        )
        rows.append(Row(name, (name, counts[0], *shares), who[born]))
    columns = (Column("name", _("First bought"), "text"), Column("customers", N_("Customers")), *later)
    return Table(columns, rows, None, "account", Plot("heat", tuple(column.name for column in later)))


COHORTS = Declaration(
    "cohorts",
    N_("Cohorts"),
    N_("Customers by when they first bought, and the share of them that bought again so many units of time later."),
    SALES,
    by=_BY_TIME,
    plot=Plot("heat"),
    read=_cohorts,
    chooses=subject,
)

_LIFETIME = (
    Column("customers", N_("Customers"), sql="count(*)"),
    Column("orders", N_("Orders"), sql="sum(life.orders)"),
    Column("net", "", sql="sum(life.net)", shown=False),
    Column("days", "", sql="sum(life.days)", shown=False),
    Column("revenue", N_("Revenue"), "money", derive=hundredth("net")),
    Column("value", N_("A customer's"), "money", derive=ratio("net", "customers", 0.01)),
    Column("per_customer", N_("Orders each"), "number", derive=ratio("orders", "customers")),
    Column("average", N_("Average order"), "money", derive=ratio("net", "orders", 0.01)),
    Column("lifetime", N_("Days, first to last"), "days", derive=ratio("days", "customers")),
    Column("again", "", sql="sum(life.orders > 1)", shown=False),
    Column("repeat", N_("Bought again"), "percent", derive=percent("again", "customers")),
)
_ACCOUNT = "LEFT JOIN account ON account.id = life.account"


def _lifetime(scope: Scope, by: Dimension) -> Table:
    """Every customer's sales as one life, summed by what the customers have in common."""
    life = f"""(SELECT sale.account AS account, count(*) AS orders, sum(sale.net) AS net,
        min(sale.day) AS born, julianday(max(sale.day)) - julianday(min(sale.day)) AS days
        FROM {sales(scope)} WHERE sale.account IS NOT NULL AND {scope.inside("sale.day")} GROUP BY 1) AS life"""
    about = Subject("account", life, "life", "life.born", "1")
    base, date = listed(scope)
    declared = LIFETIME._replace(subject=about, columns=_LIFETIME, dated=False, where="1", base=(*base, "account!="))
    table = grouped(scope, declared, by, drilled=date)
    if not by.unit:
        return table
    who = behind(scope, f"SELECT {by.key}, life.account FROM {life}")  # sales do not know the first one
    named = {label(born, by, scope.lookup): conditions for born, conditions in who.items()}
    return table._replace(rows=[row._replace(drill=named[row.label]) for row in table.rows], kind="account")


LIFETIME = Declaration(
    "lifetime",
    N_("Customer lifetime value"),
    N_("What a customer is worth from the first purchase to the last, by year of the first, sector, country."),
    SALES,
    by=(
        *(Dimension(unit, _title, month_number("life.born", unit), unit=unit) for unit, _title in
          (("year", N_("First bought")), ("quarter", N_("First bought")))),
        Dimension("sector", N_("Sector"), "account.industry", _ACCOUNT, path="account.industry"),
        Dimension("country", N_("Country"), "account.billing_country", _ACCOUNT, path="account.billing_country"),
        Dimension("territory", N_("Territory"), "account.territory", _ACCOUNT, "territory", "account.territory"),
        Dimension("customer", N_("Customer"), "life.account", link="account", path="account"),
    ),
    plot=Plot("bars", ("value",)),
    read=_lifetime,
    chooses=subject,
)  # fmt: skip
