"""Choosing from a short list, however fast one types."""

from __future__ import annotations

from collections.abc import Sequence

from sfa.screens.picker import Option, Picker
from sfa.screens.prompt import Prompt
from sfa.store.book import Book
from sfa.widgets.table import Table
from sfa.widgets.typeahead import AnswerLine
from tests.screens.pilots import Driver, driving

FRUIT = [Option("a", "Apple"), Option("b", "Banana"), Option("c", "Cherry [b]red[/b]"), Option("d", "Date palm")]


async def ask(driver: Driver, *, several: bool = False, chosen: Sequence[str] = (), at: str = "") -> list[object]:
    """Shows a picker; what it answers is put into the list."""
    answers: list[object] = []
    await driver.app.push_screen(Picker("Fruit", FRUIT, several=several, chosen=chosen, at=at), answers.append)
    await driver.pilot.pause()
    return answers


def under_cursor(driver: Driver) -> str | None:
    return driver.app.screen.query_one("#options", Table).cursor_id


async def test_enter_takes_what_is_under_the_cursor(book: Book) -> None:
    async with driving(book) as driver:
        answers = await ask(driver, at="b")
        assert under_cursor(driver) == "b"
        await driver.press("down", "enter")
        assert answers == [["c"]]
        answers = await ask(driver)
        await driver.press("pagedown", "up", "enter")
        assert answers == [["c"]]


async def test_typing_narrows_by_parts_of_words_in_any_order(book: Book) -> None:
    async with driving(book) as driver:
        answers = await ask(driver)
        await driver.type("palm da")
        assert under_cursor(driver) == "d"
        await driver.press("enter")
        assert answers == [["d"]]


async def test_nothing_found_is_not_taken(book: Book) -> None:
    async with driving(book) as driver:
        answers = await ask(driver)
        await driver.type("zz")
        await driver.press("enter")
        assert isinstance(driver.app.screen, Picker)
        await driver.press("escape")
        assert answers == [None]


async def test_space_marks_where_several_can_be_chosen(book: Book) -> None:
    async with driving(book) as driver:
        answers = await ask(driver, several=True, chosen=["c"])
        await driver.press("space", "space")
        assert driver.app.screen.query_one("#narrow", AnswerLine).value == ""
        await driver.type("che")
        await driver.press("space", "enter")
        assert answers == [["a", "b"]]


async def test_a_click_chooses_as_well(book: Book) -> None:
    async with driving(book) as driver:
        answers = await ask(driver)
        await driver.pilot.click("#options", offset=(4, 2), times=2)
        await driver.settle()
        assert answers == [["b"]]


async def test_letters_and_enter_in_one_rush(book: Book) -> None:
    async with driving(book) as driver:
        answers = await ask(driver)
        driver.rush("d", "a", "t", "enter")
        await driver.settle()
        assert answers == [["d"]]


async def test_what_is_typed_behind_enter_is_for_the_dialog_that_comes_next(book: Book) -> None:
    async with driving(book) as driver:

        def ask_next(chosen: list[str] | None) -> None:
            driver.app.push_screen(Prompt(f"How many of {chosen}"))

        driver.app.push_screen(Picker("Fruit", FRUIT), ask_next)
        await driver.pilot.pause()
        driver.rush("down", "enter", "h", "i")
        await driver.settle()
        await driver.press("!")
        assert isinstance(driver.app.screen, Prompt)
        assert driver.app.screen.text == "hi!"
        assert driver.app.screen.heading == "How many of ['b']"
