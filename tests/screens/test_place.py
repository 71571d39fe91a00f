"""What all places have in common: the key bar follows the cursor; counts as the locale writes them."""

from __future__ import annotations

from sfa.screens.board import BoardScreen
from sfa.store.book import Book
from sfa.widgets.keybar import KeyBar
from sfa.widgets.statusline import StatusLine
from tests.screens.forms import added
from tests.screens.pilots import Driver, driving
from tests.widgets.hosts import lines


def keys(driver: Driver) -> dict[str, bool]:
    """The titles in the key bar, and whether they work."""
    return {key.title: key.enabled for key in driver.app.screen.query_one(KeyBar).shown}


async def test_the_key_bar_follows_the_cursor_to_other_kinds(demo: Book) -> None:
    async with driving(demo, (120, 36)) as driver:
        assert keys(driver) | {"Finish": True, "Won": False} == keys(driver)
        await driver.press("end")  # a deal that nobody takes care of
        await driver.settle()
        assert keys(driver) | {"Finish": False, "Won": True} == keys(driver)


async def test_the_key_bar_follows_when_nothing_is_left_under_the_cursor(demo: Book) -> None:
    async with driving(demo, (120, 36)) as driver:
        await driver.press("b")
        await driver.settle()
        assert keys(driver)["Won"]
        await driver.press("/")
        await driver.type("no such deal")
        await driver.press("enter")
        await driver.settle()
        assert not keys(driver)["Won"]


async def test_a_closed_deal_needs_no_next_step(book: Book) -> None:
    won = book.value("SELECT id FROM stage WHERE type = 'Won'")
    added(book, "opportunity", name="Saw blades", stage=won)
    added(book, "opportunity", name="Oven line")
    async with driving(book, (140, 40)) as driver:
        await driver.press("b")
        await driver.settle()
        assert isinstance(driver.app.screen, BoardScreen)
        screen = " ".join(line for lane in driver.app.screen.board.slots for line in lines(lane))
        assert "Saw blades" in screen
        assert screen.count("no step") == 1


async def test_an_empty_board_says_how_the_first_deal_comes(book: Book) -> None:
    async with driving(book) as driver:
        await driver.press("b")
        await driver.settle()
        assert "n adds the first deal" in lines(driver.app.screen.query_one("#status", StatusLine))[0]
        added(book, "opportunity", name="Oven line")
        driver.app.book_changed()
        await driver.settle()
        assert "adds the first deal" not in lines(driver.app.screen.query_one("#status", StatusLine))[0]
