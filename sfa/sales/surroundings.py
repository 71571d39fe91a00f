"""Who and what is around a record: its people and their roles, its deals and subsidiaries."""

from __future__ import annotations

from typing import NamedTuple

from sfa.i18n import _
from sfa.models import Record
from sfa.sales.pipeline import DealCard, deal_cards
from sfa.store.book import Book
from sfa.store.lookup import Lookup


class Person(NamedTuple):
    """Somebody around a record; ``role`` is what they are to it, empty for one who just works there."""

    id: str
    name: str
    title: str
    role: str
    phone: str
    email: str
    is_active: bool


_PERSON = """contact.id, trim(coalesce(contact.first_name, '') || ' ' || coalesce(contact.last_name, '')),
    coalesce(contact.title, ''), {role}, coalesce(json_extract(contact.phones, '$[0].value'), ''),
    coalesce(json_extract(contact.emails, '$[0].value'), ''), {active} FROM contact"""
_STAFF = f"""SELECT {_PERSON.format(role="''", active="1")}
    WHERE contact.deleted_at IS NULL AND contact.account = {{account}} ORDER BY contact.sort_key, contact.n"""
_WITH_ROLE = f"""SELECT {_PERSON.format(role="coalesce(relation.role, '')", active="coalesce(relation.is_active, 1)")}
    JOIN relation ON relation.contact = contact.id AND relation.deleted_at IS NULL
    WHERE contact.deleted_at IS NULL AND relation.account = ? ORDER BY contact.sort_key, contact.n"""
_COMMITTEE = f"""SELECT {_PERSON.format(role="coalesce(contact_role.role, '')", active="1")}
    JOIN contact_role ON contact_role.contact = contact.id AND contact_role.deleted_at IS NULL
    WHERE contact.deleted_at IS NULL AND contact_role.opportunity = ?
    ORDER BY coalesce(contact_role.is_primary, 0) DESC, contact.sort_key, contact.n"""
_PRIMARY = f"""SELECT {_PERSON.format(role="''", active="1")}
    WHERE contact.deleted_at IS NULL AND contact.id = (SELECT primary_contact FROM opportunity WHERE id = ?)"""
_PEOPLE = {
    "account": (_WITH_ROLE, _STAFF.format(account="?")),
    "opportunity": (_COMMITTEE, _PRIMARY),
    "contact": (_STAFF.format(account="(SELECT account FROM contact WHERE id = ?)"),),
}
_DEALS = {
    "account": "deal.account = ?1",
    "contact": """deal.id IN (SELECT id FROM opportunity WHERE deleted_at IS NULL AND primary_contact = ?1
        UNION SELECT opportunity FROM contact_role WHERE deleted_at IS NULL AND contact = ?1)""",
    "lead": "deal.id = (SELECT converted_opportunity FROM lead WHERE id = ?1)",
}
_OPEN_FIRST = (
    "ORDER BY deal.closed_at IS NOT NULL, deal.closed_at DESC, deal.close_date IS NULL, deal.close_date, deal.n"
)


def people(book: Book, kind: str, record_id: str) -> list[Person]:
    """The people of an account or a deal, those with a role first; the colleagues of a contact."""
    found: dict[str, Person] = {}
    for sql in _PEOPLE.get(kind, ()):
        for id, name, title, role, phone, email, is_active in book.rows(sql, (record_id,)):
            if id != record_id and id not in found:
                found[id] = Person(id, name, title, _(role), phone, email, bool(is_active))
    return sorted(found.values(), key=lambda person: not person.is_active)


class Role(NamedTuple):
    """What a contact is to an account besides the one that it works for; ``id`` is that of the relation."""

    id: str
    account: str
    name: str
    role: str
    is_active: bool


def roles(book: Book, contact_id: str) -> list[Role]:
    """What a contact is to accounts, the present roles first."""
    lookup = Lookup(book)
    found = [
        Role(
            relation.id,
            relation.values["account"],
            lookup.title("account", relation.values["account"]),
            _(relation.values.get("role", "")),
            bool(relation.values.get("is_active", 1)),
        )
        for relation in book.records("relation", "contact = ?", (contact_id,))
    ]
    return sorted(found, key=lambda role: not role.is_active)


def subsidiaries(book: Book, account_id: str) -> list[Record]:
    """The accounts whose parent an account is."""
    return book.records("account", "parent = ?", (account_id,))


def deals(book: Book, kind: str, record_id: str) -> list[DealCard]:
    """The deals of an account, a contact or a lead: open ones by close date, then the others, closed last first."""
    return deal_cards(book, _DEALS[kind], (record_id,), _OPEN_FIRST) if kind in _DEALS else []
