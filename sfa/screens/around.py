"""Who and what belongs to a record, as sections of a list: people, roles, deals, subsidiaries."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, partial

from sfa import locales
from sfa.i18n import _
from sfa.models import Record
from sfa.sales import surroundings, timeline
from sfa.sales.pipeline import DealCard, short_name
from sfa.store.book import Book
from sfa.widgets.columns import Column
from sfa.widgets.pages import Row
from sfa.widgets.sections import Section

COLUMNS = (
    Column("name", "", 16, weight=3),
    Column("what", "", 12, weight=2),
    Column("how", "", 19, align="right", weight=0, rank=1),
)


def sections(book: Book, record: Record) -> list[Section]:
    """What stands around ``record``; those sections that have rows."""
    parts = {
        _("Colleagues") if record.kind == "contact" else _("People"): [*_people(book, record)],
        _("Roles in accounts"): [*_roles(book, record)],
        _("Deals"): [*_deals(book, record)],
        _("Subsidiaries"): [*_subsidiaries(book, record)],
    }
    return [Section(title, rows) for title, rows in parts.items() if rows]


def _people(book: Book, record: Record) -> Iterator[Row]:
    for person in timeline.people(book, record.kind, record.id):
        what = " · ".join(filter(None, (person.role, person.title)))
        what = what if person.is_active else _("former {role}").format(role=what)
        yield Row(f"contact {person.id}", (person.name, what, person.phone or person.email), dim=not person.is_active)


def _roles(book: Book, record: Record) -> Iterator[Row]:
    """What a contact is to accounts besides its own."""
    for role in surroundings.roles(book, record.id) if record.kind == "contact" else ():
        what = role.role if role.is_active else _("former {role}").format(role=role.role)
        yield Row(f"account {role.account}", (role.name, what, ""), dim=not role.is_active)


def _deals(book: Book, record: Record) -> Iterator[Row]:
    stage_of = cache(partial(book.find, "stage"))
    account = record.heading if record.kind == "account" else _account_of(book, record)
    for deal in timeline.deals(book, record.kind, record.id):
        stage = stage_of(deal.stage)
        closed = stage is not None and stage.values["type"] in ("Won", "Lost")
        cells = (short_name(deal.name, account), stage.heading if stage else "", _worth(deal))
        yield Row(f"opportunity {deal.id}", cells, dim=closed)


def _account_of(book: Book, record: Record) -> str:
    account = book.find("account", record.values.get("account", ""))
    return account.heading if account else ""


def _worth(deal: DealCard) -> str:
    """Amount and close date."""
    locale = locales.current()
    amount = "" if deal.amount is None else locale.short_amount(deal.amount, deal.currency or locale.default_currency())
    return " · ".join(filter(None, (amount, deal.close_date and locale.date(deal.close_date))))


def _subsidiaries(book: Book, record: Record) -> Iterator[Row]:
    if record.kind == "account":
        for account in surroundings.subsidiaries(book, record.id):
            yield Row(f"account {account.id}", (account.heading, _(account.values.get("industry", "")), ""))
