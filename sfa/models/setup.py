"""What a company sets up for itself: territories, and fields of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sfa.i18n import N_
from sfa.models.fields import Choice, Field, Link, LongText, Text, YesNo
from sfa.models.lists import SEPARATOR, Emails, Phones
from sfa.models.quantities import Integer, Money, Number, Percent
from sfa.models.record import Record
from sfa.models.times import Date, Instant

MAKERS: dict[str, Callable[..., Field[Any]]] = {
    N_("text"): Text,
    N_("long text"): LongText,
    N_("number"): Number,
    N_("integer"): Integer,
    N_("percent"): Percent,
    N_("money"): Money,
    N_("date"): Date,
    N_("instant"): Instant,
    N_("yes/no"): YesNo,
    N_("choice"): Choice,
    N_("phone"): Phones,
    N_("email"): Emails,
    N_("link"): Link,
}


class Territory(Record):
    """Customers that are looked after together, and by whom: what a laptop may see, and what is handed over."""

    kind, label, plural = "territory", "Territory", "Territories"
    scope, by_hand = "company", False
    name = Text("Name", required=True, listed=1)
    description = Text("Description", listed=2)


class CustomField(Record):
    """A field that a company adds to a kind of record, without code.

    Its values live in the record's ``custom`` column.
    """

    kind, label, plural = "custom_field", "Custom field", "Custom fields"
    scope = "company"
    of_kind = Text("Kind", required=True, listed=1, help="The kind of record that gets the field")
    name = Text("Name", required=True, listed=2, max=40, help="Lower case letters, digits and _")
    caption = Text("Label", listed=3)
    type = Choice("Type", tuple(MAKERS), required=True, default="text", listed=4)
    options = LongText("Options", help="For a choice: one a line, or with ; between. For a link: the kind")
    is_required = YesNo("Required", default=0)
    is_searched = YesNo("Searched", default=1)
    list_position = Integer("Place in lists", least=0, default=0)

    def make(self) -> Field[Any]:
        """The field that this record defines."""
        options: dict[str, Any] = {
            "required": bool(self.is_required),
            "searched": bool(self.is_searched),
            "listed": self.list_position or 0,
        }
        label, type_name = self.caption or "", self.type or "text"
        extra = [option for option in SEPARATOR.split((self.options or "").strip()) if option]
        if type_name == "choice":
            field: Field[Any] = Choice(label, extra, **options)
        elif type_name == "link":
            field = Link(label, extra[0] if extra else "account", **options)
        else:
            field = MAKERS[type_name](label, **options)
        field.__set_name__(CustomField, self.name or "")
        field.custom = True
        return field
