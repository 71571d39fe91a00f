"""What is sold, and the words a company files things under."""

from __future__ import annotations

from sfa.models import defaults
from sfa.models.fields import Choice, LongText, Text, YesNo
from sfa.models.quantities import Currency, Money
from sfa.models.record import Record


class Product(Record):
    """Something that is sold."""

    kind, label, plural = "product", "Product", "Products"
    scope = "company"
    rank = 30
    name = Text("Name", required=True, listed=1, searched=True, aliases=("product", "Product Name"))
    code = Text("Code", max=60, listed=2, searched=True, aliases=("SKU", "Product Code"))
    family = Text("Family", listed=3, aliases=("series", "Category", "Product Family"))
    list_price = Money("List price", listed=4, aliases=("sales_price", "Unit Price", "Price"))
    currency = Currency("Currency", group="amount")
    type = Choice("Type", defaults.PRODUCT_TYPES)
    unit = Text("Unit", max=40)
    is_active = YesNo("Active", default=1)
    description = LongText("Description")


class Tag(Record):
    """A word that records are filed under."""

    kind, label, plural = "tag", "Tag", "Tags"
    scope = "company"
    name = Text("Name", required=True, listed=1, max=60)
    description = Text("Description", listed=2)
