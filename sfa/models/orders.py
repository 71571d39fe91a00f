"""What customers ordered, with its lines. Prices and names are copied: a later price list changes no order."""

from __future__ import annotations

from sfa.models import defaults
from sfa.models.fields import Choice, Link, LongText, Text
from sfa.models.quantities import Currency, Integer, Money, Number, Percent
from sfa.models.record import Record
from sfa.models.times import Date


class Order(Record):
    """An order of an account; ``amount`` is its net total."""

    kind, label, plural = "sales_order", "Order", "Orders"  # ORDER is a word of SQL
    named_by = ("number",)
    under = ("account", "opportunity")
    rank = 15
    number = Text("Number", required=True, max=60, listed=1, searched=True, aliases=("Order Number", "Order ID", "OrderID", "order_id"))
    account = Link("Account", "account", listed=2, aliases=("Customer", "Customer ID", "customer_id"))
    contact = Link("Contact", "contact")
    opportunity = Link("Deal", "opportunity")
    order_date = Date("Ordered", listed=3, aliases=("Order Date", "Invoice Date"))
    status = Choice("Status", defaults.ORDER_STATUSES, default="Activated", listed=4)
    amount = Money("Amount", listed=5, aliases=("Total", "revenue"))
    currency = Currency("Currency", group="amount")
    campaign = Link("Campaign", "campaign")
    description = LongText("Description")
    indexes = (("account", "order_date"), ("order_date",))


class OrderLine(Record):
    """One line of an order; ``total`` is net of the discount."""

    kind, label, plural = "order_line", "Order line", "Order lines"
    named_by, scoped_by = ("description",), "sales_order"
    under = ("sales_order",)
    sales_order = Link("Order", "sales_order", required=True, listed=1, aliases=("Order ID", "order_id"))
    position = Integer("Position", least=0, default=0)
    product = Link("Product", "product", listed=2, aliases=("Product ID", "product_id"))
    description = Text("Description", listed=3)
    quantity = Number("Quantity", default=1, listed=4)
    unit_price = Money("Unit price", listed=5, aliases=("Unit Price", "unit_price"))
    discount = Percent("Discount", listed=6)
    total = Money("Total", listed=7)
    currency = Currency("Currency", group="amount")
    indexes = (("sales_order",), ("product",))
