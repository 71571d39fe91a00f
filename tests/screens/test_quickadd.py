"""Quick add: one line, told before it is done, one action, from anywhere."""

from __future__ import annotations

import pytest
from textual.widgets import Static

from sfa.models import KINDS
from sfa.sales import edit
from sfa.screens.form import FormScreen
from sfa.screens.quickadd import QuickAddScreen
from sfa.store import undo
from sfa.store.book import Book
from sfa.widgets.table import Table
from tests.screens.pilots import Driver, driving


@pytest.fixture
def acme(book: Book) -> str:
    with book.change("test") as change:
        return edit.create(change, "account", {"name": "Acme"})


def plan(driver: Driver) -> str:
    return str(driver.app.screen.query_one("#plan", Static).render())


async def test_what_it_adds_is_told_then_added_then_undone(book: Book, acme: str) -> None:
    async with driving(book) as driver:
        await driver.press("a")
        await driver.settle()
        await driver.type("contact Anna Schmidt acme")
        await driver.settle()
        assert plan(driver) == "+ New contact · Anna Schmidt · Acme"
        await driver.press("enter")
        await driver.settle()
        (contact,) = book.records("contact")
        assert (contact.heading, contact.values["account"]) == ("Anna Schmidt", acme)
        assert not isinstance(driver.app.screen, QuickAddScreen)
        undo.undo(book)
        assert book.records("contact") == []


async def test_what_cannot_be_understood_says_why_and_stays(book: Book) -> None:
    async with driving(book) as driver:
        await driver.press("a")
        await driver.settle()
        await driver.type("nobody here: called")
        await driver.settle()
        assert plan(driver).startswith("! ")
        await driver.press("enter")
        await driver.settle()
        assert isinstance(driver.app.screen, QuickAddScreen)
        assert book.records("activity") == []


async def test_tab_goes_on_in_the_form(book: Book, acme: str) -> None:
    async with driving(book) as driver:
        await driver.press("a")
        await driver.settle()
        await driver.type("contact Anna Schmidt acme")
        await driver.press("tab")
        await driver.settle()
        assert isinstance(driver.app.screen, FormScreen)
        draft = driver.app.screen.draft
        assert [draft.text(name) for name in ("first_name", "last_name", "account")] == ["Anna", "Schmidt", "Acme"]
        await driver.press("ctrl+s")
        await driver.settle()
        assert book.records("contact")[0].values["account"] == acme


async def test_an_empty_line_teaches_and_asks_for_the_kind(book: Book) -> None:
    async with driving(book) as driver:
        await driver.press("a")
        await driver.settle()
        assert "acme: called anna" in plan(driver)
        await driver.press("enter")
        await driver.settle()
        assert driver.app.screen.query_one("#options", Table).count == sum(record.by_hand for record in KINDS.values())
        await driver.press("enter")
        await driver.settle()
        assert isinstance(driver.app.screen, FormScreen)


async def test_a_role_in_a_deal_begins_with_the_deal_in_view(book: Book, acme: str) -> None:
    with book.change("test") as change:
        deal = edit.create(change, "opportunity", {"name": "Retrofit", "account": acme})
        contact = edit.create(change, "contact", {"last_name": "Schmidt", "account": acme})
    async with driving(book) as driver:
        driver.app.open_record("opportunity", deal)
        await driver.settle()
        await driver.press("a", "tab")
        await driver.settle()
        await driver.type("contact role\n")
        await driver.settle()
        assert isinstance(driver.app.screen, FormScreen)
        assert driver.app.screen.draft.text("opportunity") == "Retrofit"
        driver.app.screen.draft.type("contact", "Schmidt")
        await driver.press("ctrl+s")
        await driver.settle()
    (role,) = book.records("contact_role")
    assert (role.values["opportunity"], role.values["contact"]) == (deal, contact)
