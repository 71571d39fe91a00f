"""All that can be done with what is at hand."""

from __future__ import annotations

import pytest

from sfa.sales import edit
from sfa.screens.history import HistoryScreen
from sfa.screens.menu import MenuScreen
from sfa.store.book import Book
from sfa.widgets.pages import Row
from sfa.widgets.sections import SectionList
from tests.screens.pilots import Driver, driving


@pytest.fixture
def account(book: Book) -> str:
    with book.change("Added account Acme", "screen") as change:
        return edit.create(change, "account", {"name": "Acme"})


async def opened(driver: Driver, account: str) -> dict[str, Row]:
    driver.app.open_record("account", account)
    await driver.settle()
    await driver.press("full_stop")
    await driver.settle()
    assert isinstance(driver.app.screen, MenuScreen)
    return {row.id: row for row in driver.app.screen.query_one("#hits", SectionList)._items}


async def test_the_menu_names_the_record_its_keys_and_why_not(book: Book, account: str) -> None:
    async with driving(book) as driver:
        rows = await opened(driver, account)
        assert isinstance(driver.app.screen, MenuScreen)
        assert driver.app.screen.at_hand == "Acme"
        assert rows["delete"].cells[0] == "d"
        assert not rows["delete"].dim
        assert rows["won"].dim
        assert rows["won"].cells[2] == "– This cannot be done with accounts."
        assert not {"cursor_down", "quit", "menu"} & set(rows)


async def test_enter_does_it(book: Book, account: str) -> None:
    async with driving(book) as driver:
        await opened(driver, account)
        await driver.type("every change")
        await driver.press("enter")
        await driver.settle()
        assert isinstance(driver.app.screen, HistoryScreen)
        assert driver.app.screen.of == ("account", account)


async def test_the_menu_without_a_record_says_so(book: Book) -> None:
    async with driving(book) as driver:
        await driver.press("full_stop")
        await driver.settle()
        assert isinstance(driver.app.screen, MenuScreen)
        assert driver.app.screen.at_hand == "No record at hand"
        await driver.type("delete")
        await driver.press("enter")
        await driver.settle()
        assert driver.told() == ["There is no record under the cursor."]
