"""Converting a lead: the account that is there already or a new one, a deal or none, one undo."""

from __future__ import annotations

import pytest

from sfa.sales import edit
from sfa.screens.convert import ConvertScreen, convert_lead
from sfa.store import undo
from sfa.store.book import Book
from tests.screens.pilots import Driver, driving


def added(book: Book, kind: str, **values: object) -> str:
    with book.change("test") as change:
        return edit.create(change, kind, values)


@pytest.fixture
def lead(book: Book) -> str:
    return added(book, "lead", first_name="Lena", last_name="Lang", company="Acme GmbH")


def screen(driver: Driver) -> ConvertScreen:
    assert isinstance(driver.app.screen, ConvertScreen)
    return driver.app.screen


async def test_enter_makes_contact_and_account(book: Book, lead: str) -> None:
    async with driving(book) as driver:
        convert_lead(driver.app, lead)
        await driver.settle()
        await driver.press("enter")
        await driver.settle()
        (account,), (contact,) = book.records("account"), book.records("contact")
        assert (account.heading, contact.heading) == ("Acme GmbH", "Lena Lang")
        assert contact.values["account"] == account.id
        assert book.records("opportunity") == []
        assert driver.shown == ("contact", contact.id)
        undo.undo(book)
        assert book.records("account") == book.records("contact") == []


async def test_an_account_of_the_same_name_is_taken(book: Book, lead: str) -> None:
    acme = added(book, "account", name="ACME GmbH")
    async with driving(book) as driver:
        convert_lead(driver.app, lead)
        await driver.settle()
        await driver.press("enter")
        await driver.settle()
        assert [account.id for account in book.records("account")] == [acme]
        assert book.records("contact")[0].values["account"] == acme


async def test_a_new_account_is_made_all_the_same_where_the_rep_says_so(book: Book, lead: str) -> None:
    added(book, "account", name="Acme GmbH")
    async with driving(book) as driver:
        convert_lead(driver.app, lead)
        await driver.settle()
        await driver.type("acme")
        assert [item.fresh for item in screen(driver).lines.offered] == [False, True]
        await driver.press("down", "enter", "enter", "ctrl+s")
        await driver.settle()
        assert len(book.records("account")) == 2


async def test_another_account_is_found_by_typing(book: Book, lead: str) -> None:
    other = added(book, "account", name="Weber Baustoffe KG")
    async with driving(book) as driver:
        convert_lead(driver.app, lead)
        await driver.settle()
        await driver.type("weber")
        await driver.press("enter", "ctrl+s")
        await driver.settle()
        assert book.records("contact")[0].values["account"] == other


async def test_a_name_and_an_amount_make_a_deal(book: Book, lead: str) -> None:
    async with driving(book) as driver:
        convert_lead(driver.app, lead)
        await driver.settle()
        await driver.press("down")
        await driver.type("Twelve presses")
        await driver.press("down")
        await driver.type("12k")
        await driver.press("enter")
        await driver.settle()
        (deal,) = book.records("opportunity")
        assert (deal.heading, deal.values["amount"], deal.values["currency"]) == ("Twelve presses", 1_200_000, "USD")
        assert driver.shown == ("opportunity", deal.id)


async def test_an_amount_without_a_deal_is_refused(book: Book, lead: str) -> None:
    async with driving(book) as driver:
        convert_lead(driver.app, lead)
        await driver.settle()
        await driver.press("down", "down")
        await driver.type("12k\n")
        await driver.settle()
        assert screen(driver).lines.current.id == "deal"
        assert book.records("contact") == []


async def test_a_converted_lead_is_not_converted_again(book: Book, lead: str) -> None:
    async with driving(book) as driver:
        convert_lead(driver.app, lead)
        await driver.settle()
        await driver.press("enter")
        await driver.settle()
        convert_lead(driver.app, lead)
        await driver.settle()
        assert not isinstance(driver.app.screen, ConvertScreen)
        assert "Lena Lang is converted already." in driver.told()
