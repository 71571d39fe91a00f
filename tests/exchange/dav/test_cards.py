"""The people of my accounts on the phone, and what the phone adds to their cards."""

from __future__ import annotations

import pytest

from sfa.exchange.dav.client import Client
from sfa.exchange.dav.remotes import Remote
from sfa.models.fields import Value
from sfa.sales import edit
from sfa.store.book import Book
from sfa.sync import inbox
from tests.exchange.dav.conftest import Connecting
from tests.exchange.dav.phone import CARD, NOTHING, Phone, synced

ANNA = {"first_name": "Anna", "last_name": "Ätz", "phones": [{"label": "work", "value": "+49301234567"}]}


@pytest.fixture
def remote(connect: Connecting) -> Remote:
    return connect("carddav", who="mine")


@pytest.fixture
def phone(client: Client, remote: Remote) -> Phone:
    return Phone(client, remote)


def added(book: Book, kind: str, **values: Value) -> str:
    with book.change("Added") as change:
        return edit.create(change, kind, values)


@pytest.fixture
def anna(book: Book) -> str:
    return added(book, "contact", account=added(book, "account", name="Acme"), **ANNA)


def test_the_people_of_my_accounts_go_there(book: Book, remote: Remote, phone: Phone, anna: str) -> None:
    max = added(book, "user", name="Max")
    theirs = added(book, "account", name="Theirs", owner=max)
    other = added(book, "contact", last_name="Other", account=theirs)
    assert synced(book, remote).sent == 1
    assert phone.names() == [anna]
    assert "ORG:Acme" in phone.at(anna).text
    with book.change("Handed over") as change:
        edit.edit(change, "account", theirs, {"owner": book.user})
        edit.edit(change, "account", book.get("contact", anna).values["account"], {"owner": max})
    assert (synced(book, remote), phone.names()) == ((0, 1, 1, 0, []), [other])


def test_an_account_that_gets_another_name_gets_it_on_the_phone(
    book: Book, remote: Remote, phone: Phone, anna: str
) -> None:
    synced(book, remote)
    with book.change("Renamed") as change:
        edit.edit(change, "account", book.get("contact", anna).values["account"], {"name": "Acme & Sons"})
    assert synced(book, remote).sent == 1
    assert "ORG:Acme & Sons" in phone.at(anna).text


def test_what_the_phone_changes_and_adds_stays(book: Book, remote: Remote, phone: Phone, anna: str) -> None:
    # A second account of the same name: the card still means the one that it meant.
    added(book, "account", name="Acme")
    synced(book, remote)
    account = book.get("contact", anna).values["account"]
    phone.rewrite(
        anna, ("Ätz", "Özt"), ("END:VCARD", "TITLE:Boss\nX-PHONE:1\nPHOTO;ENCODING=b;TYPE=JPEG:AAAA\nEND:VCARD")
    )
    assert synced(book, remote).received == 1
    values = book.get("contact", anna).values
    assert (values["last_name"], values["title"], values["account"]) == ("Özt", "Boss", account)
    assert synced(book, remote) == NOTHING
    with book.change("Changed") as change:
        edit.edit(change, "contact", anna, {"title": "Chief"})
    synced(book, remote)
    text = phone.at(anna).text
    assert all(part in text for part in ("TITLE:Chief", "X-PHONE:1", "PHOTO", "AAAA"))


def test_only_what_the_phone_adds_stays_too(book: Book, remote: Remote, phone: Phone, anna: str) -> None:
    synced(book, remote)
    phone.rewrite(anna, ("END:VCARD", "X-PHONE:1\nEND:VCARD"))
    synced(book, remote)
    with book.change("Changed") as change:
        edit.edit(change, "contact", anna, {"title": "Chief"})
    synced(book, remote)
    assert "X-PHONE:1" in phone.at(anna).text


def test_phones_of_both_sides_are_all_there(book: Book, remote: Remote, phone: Phone, anna: str) -> None:
    synced(book, remote)
    phone.rewrite(anna, ("END:VCARD", "TEL;TYPE=CELL:+491711111111\nEND:VCARD"))
    before = book.get("contact", anna).values["phones"]
    with book.change("Changed") as change:
        edit.edit(change, "contact", anna, {"phones": [*before, {"label": "home", "value": "+49302222222"}]})
    outcome = synced(book, remote)
    assert (outcome.received, outcome.sent, outcome.conflicts) == (1, 1, 0)
    numbers = {"+49301234567", "+491711111111", "+49302222222"}
    assert {point["e164"] for point in book.get("contact", anna).values["phones"]} == numbers
    text = phone.at(anna).text.replace(" ", "")
    assert all(number in text for number in numbers)


def test_both_changed_waits_in_the_inbox(book: Book, remote: Remote, phone: Phone, anna: str) -> None:
    synced(book, remote)
    phone.rewrite(anna, ("END:VCARD", "TITLE:Boss\nEND:VCARD"))
    with book.change("Changed") as change:
        edit.edit(change, "contact", anna, {"title": "Chief"})
    assert synced(book, remote).conflicts == 1
    (found,) = inbox.conflicts(book)
    assert (found.mine, found.theirs) == ({"title": "Boss"}, {"title": "Chief"})
    inbox.resolve(book, found.id, "mine")
    synced(book, remote)
    assert "TITLE:Boss" in phone.at(anna).text


@pytest.mark.parametrize("take", ["known", "all"])
def test_cards_of_others_come_in_only_where_the_rep_wants_them(
    take: str, book: Book, client: Client, connect: Connecting
) -> None:
    remote = connect("carddav", take=take)
    phone = Phone(client, remote)
    phone.put("friend", CARD)
    outcome = synced(book, remote)
    found = [record.heading for record in book.records("contact")]
    assert (outcome.received, found) == ((1, ["Max Meyer"]) if take == "all" else (0, []))
    assert phone.names() == ["friend"]
    assert synced(book, remote) == NOTHING
