"""Leads: turning one into an account, a contact and perhaps a deal."""

from __future__ import annotations

from typing import NamedTuple

from sfa.errors import UserError
from sfa.i18n import _
from sfa.models import Lead, Record
from sfa.models.fields import Value
from sfa.sales import edit
from sfa.store.book import Book
from sfa.store.change import Change

Values = dict[str, Value]
ADDRESS = ("street", "city", "state", "postal_code", "country")

# Where a lead's fields go under another name; those of the same name, the company's own too, go by themselves.
RENAMED = {
    "account": {"company": "name", **{f"address_{part}": f"billing_{part}" for part in ADDRESS}},
    "contact": {f"address_{part}": f"mailing_{part}" for part in ADDRESS},
    "opportunity": {},
}
# What does not: a lead's phones are the person's, its website is the company's.
KEPT = {
    "account": {"phones", "emails", "description", "tags"},
    "contact": {"website"},
    "opportunity": {"currency", "description"},
}
NEVER = set(Record.system) - {"owner"} | {"id", "n", "status", "type"}


class Converted(NamedTuple):
    """The ids of what a lead became."""

    account: str
    contact: str
    opportunity: str | None


def convert(
    book: Book,
    lead_id: str,
    *,
    account_id: str | None = None,
    deal_name: str | None = None,
    amount: int | None = None,
    currency: str | None = None,
    origin: str = "command",
) -> Converted:
    """Makes a lead a contact of a new account (of ``account_id`` where given), and with ``deal_name`` a deal too.

    ``amount`` is in minor units of ``currency`` (the locale's where None). What was done and planned with the lead goes
    along. Raises ``UserError`` for a lead that is converted already.
    """
    lead = book.get("lead", lead_id)
    assert isinstance(lead, Lead)
    if lead.converted_at:
        raise UserError(_("{name} is converted already.").format(name=lead.heading), _("Look at the contact instead."))
    with book.change(_("Converted {name}").format(name=lead.heading), origin) as change:
        account = account_id or edit.create(change, "account", _values(book, lead, "account"))
        contact = edit.create(change, "contact", {**_values(book, lead, "contact"), "account": account})
        deal = None
        if deal_name:
            money = {"amount": amount, "currency": currency} if amount is not None else {"currency": lead.currency}
            links = {"account": account, "primary_contact": contact}
            values = {**_values(book, lead, "opportunity"), "name": deal_name, **money, **links}
            deal = edit.create(
                change, "opportunity", {name: value for name, value in values.items() if value is not None}
            )
        converted = Converted(account, contact, deal)
        _carry_activities(change, lead_id, converted)
        became = {f"converted_{kind}": record_id for kind, record_id in converted._asdict().items()}
        edit.edit(change, "lead", lead_id, {"status": "Converted", "converted_at": change.at, **became})
    return converted


def _values(book: Book, lead: Lead, kind: str) -> Values:
    """What a record of ``kind`` takes over from the lead."""
    fields, renamed = book.fields(kind), RENAMED[kind]
    left = NEVER | KEPT[kind]
    named = {renamed.get(name, name): value for name, value in lead.values.items() if name not in left}
    return {name: value for name, value in named.items() if name in fields}


def _carry_activities(change: Change, lead_id: str, converted: Converted) -> None:
    """Links the lead's activities to what it became as well, where they link to nothing else yet."""
    for activity in change.book.records("activity", "lead = ?", (lead_id,)):
        links = {kind: record_id for kind, record_id in converted._asdict().items() if kind not in activity.values}
        edit.edit(change, "activity", activity.id, {kind: record_id for kind, record_id in links.items() if record_id})
