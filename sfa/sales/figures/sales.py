"""What customers bought: orders where the book has any, else won deals. Orders by time, customer, product.

The net of an order is that of its lines, else its amount. A line without a total of its own is worth quantity times
price less discount, exactly: in hundredths of minor units. Only what is shown is rounded, half up, once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfa.i18n import N_, _
from sfa.sales.figures import money
from sfa.sales.figures.dimensions import UNITS
from sfa.sales.figures.report import Column, Declaration, Dimension, Plot, Subject, Table, hundredth, ratio
from sfa.sales.figures.scope import Scope, month_number

if TYPE_CHECKING:
    from sfa.store.book import Book

LINE = "coalesce(line.total * 100, line.unit_price * line.quantity * (100 - coalesce(line.discount, 0)))"
LINES = "line.deleted_at IS NULL"
COUNTED = "ord.deleted_at IS NULL AND coalesce(ord.status, '') NOT IN ('Draft', 'Canceled')"
NO_ORDERS = ("status!=Draft|Canceled",)


def listed(scope: Scope) -> tuple[tuple[str, ...], str]:
    """The conditions under which the records of sales are listed, and the field of their day."""
    return (NO_ORDERS, "order_date") if scope.subject.kind == "sales_order" else (("stage.type=Won",), "close_date")


def has_orders(book: Book) -> bool:
    return bool(book.value("SELECT 1 FROM sales_order WHERE deleted_at IS NULL LIMIT 1"))


def subject(book: Book) -> Subject:
    """The records that sales are of in this book."""
    if has_orders(book):
        return Subject("sales_order", "", "ord", "sale.day", "1")
    return Subject("opportunity", "", "deal", "sale.day", "1")


def sales(scope: Scope, by_product: bool = False) -> str:
    """SQL of all sales that conditions leave (``{filter}``): id, account, owner, day, product and net in hundredths."""
    if scope.subject.kind != "sales_order":
        return (
            "(SELECT deal.id AS id, +deal.account AS account, deal.owner AS owner, deal.close_date AS day,"
            " deal.product AS product, ({amount}) * 100 AS net"
            " FROM opportunity AS deal INDEXED BY ix_opportunity_stage_close_date"
            " WHERE deal.deleted_at IS NULL AND deal.stage IN ({won}) AND {filter}) AS sale"
        )
    head = "SELECT ord.id AS id, +ord.account AS account, ord.owner AS owner, ord.order_date AS day"
    if by_product:
        net = _converted(scope, LINE)
        return (
            f"({head}, line.product AS product, {net} AS net FROM sales_order AS ord"
            f" JOIN order_line AS line ON line.sales_order = ord.id AND {LINES} WHERE {COUNTED} AND {{filter}}) AS sale"
        )
    lines = f"(SELECT sum({LINE}) FROM order_line AS line WHERE line.sales_order = ord.id AND {LINES})"
    has_lines = scope.book.value("SELECT 1 FROM order_line LIMIT 1")
    net = f"coalesce({lines}, ord.amount * 100)" if has_lines else "ord.amount * 100"
    return f"({head}, {_converted(scope, net)} AS net FROM sales_order AS ord WHERE {COUNTED} AND {{filter}}) AS sale"


def _converted(scope: Scope, net: str) -> str:
    return money.amount_sql(net, "ord.currency", "ord.order_date", scope.currency, scope.used)


_ACCOUNT = "LEFT JOIN account ON account.id = sale.account"
_REP = "LEFT JOIN user AS rep ON rep.id = sale.owner"
BY = (
    *(Dimension(unit, title, month_number("sale.day", unit), unit=unit) for unit, title in UNITS.items()),
    Dimension("customer", N_("Customer"), "sale.account", link="account", path="account"),
    Dimension("product", N_("Product"), "sale.product", link="product"),
    Dimension("family", N_("Product family"), "product.family", "LEFT JOIN product ON product.id = sale.product"),
    Dimension("country", N_("Country"), "account.billing_country", _ACCOUNT, path="account.billing_country"),
    Dimension("sector", N_("Sector"), "account.industry", _ACCOUNT, path="account.industry"),
    Dimension("territory", N_("Territory"), "account.territory", _ACCOUNT, "territory", "account.territory"),
    Dimension("rep", N_("Rep"), "sale.owner", link="user", path="owner"),
    Dimension("team", N_("Team"), "rep.manager", _REP, "user", "owner.manager"),
    Dimension("region", N_("Region"), "rep.region", _REP, path="owner.region"),
)
_ORDERS = (
    Column("orders", N_("Orders"), sql="count(*)"),
    Column("net", "", sql="sum(sale.net)", shown=False),
    Column("revenue", N_("Revenue"), "money", derive=hundredth("net")),
    Column("average", N_("Average order"), "money", derive=ratio("net", "orders", 0.01)),
    Column("customers", N_("Customers"), sql="count(DISTINCT sale.account)"),
)


def _orders(scope: Scope, by: Dimension) -> Table:
    """Sums by the dimension; what is counted but once in the total is counted anew for it."""
    from sfa.sales.figures.engine import behind, derive, grouped

    by_product = by.name in ("product", "family")
    source = scope.subject._replace(source=sales(scope, by_product))
    base, date = listed(scope)
    if by_product and source.kind == "opportunity":
        by = by._replace(path={"product": "product", "family": "product.family"}[by.name])
    elif by_product:  # lists of orders know no lines
        inside = scope.inside("sale.day")
        orders = behind(scope, f"SELECT DISTINCT {by.key}, sale.id FROM {source.source} {by.join} WHERE {inside}")
        by = by._replace(drill=orders.__getitem__)
    once = "count(DISTINCT sale.id)" if by_product else "count(*)"  # lines of one order count as one
    columns = (_ORDERS[0]._replace(sql=once), *_ORDERS[1:])
    declaration = ORDERS._replace(subject=source._replace(date="sale.day"), columns=columns, base=base)
    table = grouped(scope, declaration, by, drilled=date)
    whole = f"SELECT {once}, count(DISTINCT sale.account), sum(sale.net) FROM {source.source} WHERE {{inside}}"
    total = dict(zip(("orders", "customers", "net"), scope.rows(whole)[0], strict=True))
    derive(_ORDERS, total, {})
    return table._replace(total=(_("Total"), *(total[column.name] for column in _ORDERS if column.shown)))


ORDERS = Declaration(
    "orders",
    N_("Orders"),
    N_("Orders (where the book has none, won deals): how many, what they brought, the average, how many customers."),
    Subject("sales_order", "", "ord", "sale.day", "1"),
    by=BY,
    plot=Plot("bars", ("revenue",)),
    read=_orders,
    chooses=subject,
)
