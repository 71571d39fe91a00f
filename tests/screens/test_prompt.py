"""One line of text, judged while it is typed."""

from __future__ import annotations

from sfa.errors import UserError
from sfa.screens.prompt import Prompt
from sfa.store.book import Book
from tests.screens.pilots import Driver, driving


def number(text: str) -> str:
    if not text.isdecimal():
        raise UserError(f"[b]{text}[/b] is no number.")
    return f"that is {int(text) * 2} halves"


async def ask(driver: Driver, value: str = "") -> list[object]:
    answers: list[object] = []
    await driver.app.push_screen(Prompt("How many?", value, echo=number), answers.append)
    await driver.pilot.pause()
    return answers


def echo(driver: Driver) -> str:
    return str(driver.app.screen.query_one("#echo").render())


async def test_says_what_the_text_means_with_each_letter(book: Book) -> None:
    async with driving(book) as driver:
        answers = await ask(driver)
        await driver.type("2")
        assert echo(driver) == "that is 4 halves"
        await driver.type("1")
        assert echo(driver) == "that is 42 halves"
        await driver.press("enter")
        assert answers == ["21"]


async def test_a_text_that_cannot_be_taken_says_why_and_stays(book: Book) -> None:
    async with driving(book) as driver:
        answers = await ask(driver)
        await driver.type("2x")
        assert echo(driver) == "! [b]2x[/b] is no number."
        assert driver.app.screen.query_one("#echo").has_class("bad")
        await driver.press("enter")
        assert answers == []
        await driver.press("backspace", "enter")
        assert answers == ["2"]


async def test_a_given_value_is_judged_at_once(book: Book) -> None:
    async with driving(book) as driver:
        answers = await ask(driver, "7")
        assert echo(driver) == "that is 14 halves"
        await driver.press("enter")
        assert answers == ["7"]


async def test_nothing_is_no_answer_and_escape_leaves(book: Book) -> None:
    async with driving(book) as driver:
        answers = await ask(driver)
        await driver.press("enter")
        assert isinstance(driver.app.screen, Prompt)
        await driver.press("escape")
        assert answers == [None]
