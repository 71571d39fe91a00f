from __future__ import annotations

import pytest

from sfa.errors import UserError
from sfa.locales import now
from sfa.sales.leads import convert
from sfa.store import journal
from sfa.store.book import Book
from sfa.store.undo import redo, undo
from tests.books import dump
from tests.sales.makers import make


@pytest.fixture
def lead(book: Book) -> str:
    for kind in ("lead", "contact"):
        make(book, "custom_field", of_kind=kind, name="shoe_size", type="integer")
    return make(
        book, "lead", first_name="Ada", last_name="Voss", company="Voss AG", title="Owner", website="https://voss.example",
        phones=[{"label": "work", "value": "+49 30 23125001"}], emails=[{"label": "work", "value": "ada@voss.example"}],
        industry="Machinery", number_of_employees=40, address_city="Ulm", lead_source="Trade Show",
        tags=[make(book, "tag", name="fair")], do_not_call=1, currency="CHF", rating="Hot", shoe_size=39,
    )  # fmt: skip


def test_a_lead_becomes_account_contact_and_deal_in_one_action(book: Book, lead: str) -> None:
    before = dump(book)
    converted = convert(book, lead, deal_name="First order", amount=500_000, currency="EUR")
    account = book.get("account", converted.account).values
    assert (account["name"], account["industry"], account["billing_city"]) == ("Voss AG", "Machinery", "Ulm")
    assert (account["number_of_employees"], account["website"]) == (40, "https://voss.example")
    assert "phones" not in account
    contact = book.get("contact", converted.contact).values
    assert (contact["first_name"], contact["last_name"], contact["title"]) == ("Ada", "Voss", "Owner")
    assert (contact["account"], contact["mailing_city"], contact["do_not_call"]) == (converted.account, "Ulm", 1)
    assert contact["emails"] == [{"label": "work", "value": "ada@voss.example"}]
    assert contact["shoe_size"] == 39
    assert "website" not in contact
    deal = book.get("opportunity", converted.opportunity or "").values
    assert (deal["name"], deal["amount"], deal["currency"]) == ("First order", 500_000, "EUR")
    assert (deal["account"], deal["primary_contact"]) == (converted.account, converted.contact)
    assert (deal["lead_source"], deal["tags"]) == ("Trade Show", contact["tags"])
    assert book.get("stage", deal["stage"]).heading == "Prospecting"
    after = book.get("lead", lead).values
    assert (after["status"], after["converted_at"]) == ("Converted", now())
    assert after["converted_contact"] == converted.contact
    assert journal.actions(book, 1)[0].title == "Converted Ada Voss"
    done = dump(book)
    undo(book)
    assert dump(book) == before
    redo(book)
    assert dump(book) == done


def test_an_account_that_is_there_is_used_as_it_is(book: Book, lead: str) -> None:
    account = make(book, "account", name="Voss AG", industry="Energy")
    before = dump(book)["account"]
    converted = convert(book, lead, account_id=account)
    assert converted.opportunity is None
    assert book.get("contact", converted.contact).values["account"] == account
    assert dump(book)["account"] == before
    assert book.records("opportunity") == []


def test_what_was_done_and_planned_goes_along(book: Book, lead: str) -> None:
    call = make(book, "activity", type="call", subject="First call", lead=lead, completed_at=now())
    other = make(book, "account", name="Other")
    visit = make(book, "activity", type="visit", subject="Go there", lead=lead, account=other)
    before = dump(book)
    converted = convert(book, lead, deal_name="Order")
    carried = book.get("activity", call).values
    assert {kind: carried[kind] for kind in converted._fields} == converted._asdict()
    assert carried["lead"] == lead
    assert book.get("activity", visit).values["account"] == other
    undo(book)
    assert dump(book) == before


def test_without_an_amount_the_deal_takes_the_leads_currency(book: Book, lead: str) -> None:
    deal = convert(book, lead, deal_name="Order").opportunity or ""
    assert book.get("opportunity", deal).values["currency"] == "CHF"


def test_a_converted_lead_is_refused(book: Book, lead: str) -> None:
    convert(book, lead)
    before = dump(book)
    with pytest.raises(UserError, match="Ada Voss is converted already"):
        convert(book, lead)
    assert dump(book) == before


def test_nothing_is_made_when_a_part_fails(book: Book, lead: str) -> None:
    before = dump(book)
    with pytest.raises(UserError):
        convert(book, lead, account_id="00000000-0000-7000-8000-000000000000")
    assert dump(book) == before
