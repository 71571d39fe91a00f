"""Winning and losing: what is asked, what is written, in one action."""

from __future__ import annotations

import pytest

from sfa.screens.closing import DisqualifyScreen, LostScreen, WonScreen
from sfa.screens.convert import ConvertScreen
from sfa.screens.picker import Picker
from sfa.store import journal
from sfa.store.book import Book
from tests.sales.makers import deal, make
from tests.screens.pilots import Driver, driving


@pytest.fixture
def saws(book: Book) -> str:
    return deal(book, "Saws", amount=100_000, currency="EUR")


def values(book: Book, deal_id: str) -> dict[str, object]:
    found = book.get("opportunity", deal_id).values
    return {**found, "stage": book.get("stage", found["stage"]).heading}


def actions(book: Book) -> list[str]:
    return [action.title for action in journal.actions(book, 50)]


async def show_board(driver: Driver) -> None:
    await driver.press("b")
    await driver.settle()


async def test_won_with_the_amount_that_was_agreed(book: Book, saws: str) -> None:
    async with driving(book) as driver:
        await show_board(driver)
        await driver.press("w")
        assert isinstance(driver.app.screen, WonScreen)
        await driver.press(*"1200", "tab", "tab", *"mon", "enter")
        await driver.settle()
        assert values(book, saws) | {"stage": "Closed Won", "amount": 120_000} == values(book, saws)
        assert values(book, saws)["close_date"] == "2026-11-23"
        assert driver.told() == ["Won Saws · u undo"]
        await driver.press("u")
        await driver.settle()
        assert values(book, saws) | {"stage": "Prospecting", "amount": 100_000} == values(book, saws)


async def test_won_today_unless_another_day_is_given(book: Book, saws: str) -> None:
    async with driving(book) as driver:
        await show_board(driver)
        await driver.press("w", "enter")
        await driver.settle()
        assert values(book, saws)["close_date"] == "2026-11-18"


async def test_an_amount_that_is_none_is_told_in_its_line_and_nothing_is_won(book: Book, saws: str) -> None:
    async with driving(book) as driver:
        await show_board(driver)
        await driver.press("w", *"lots", "ctrl+s")
        await driver.settle()
        assert isinstance(driver.app.screen, WonScreen)
        assert "lots" in driver.app.screen.draft.note("amount").text
        await driver.press("escape")
        assert values(book, saws)["stage"] == "Prospecting"


async def test_lost_to_a_competitor_who_is_added_in_the_same_action(book: Book, saws: str) -> None:
    before = len(actions(book))
    async with driving(book) as driver:
        await show_board(driver)
        await driver.press("x", *"pric", "enter")
        await driver.settle()
        assert isinstance(driver.app.screen, LostScreen)
        await driver.type("Rivals Ltd")
        await driver.press("enter", *"cheaper", "ctrl+s")
        await driver.settle()
        rival = book.records("competitor", "name = 'Rivals Ltd'")[0]
        assert values(book, saws) | {"stage": "Closed Lost", "winning_competitor": rival.id} == values(book, saws)
        assert values(book, saws)["loss_notes"] == "cheaper"
        assert len(actions(book)) == before + 1
        await driver.press("u")
        await driver.settle()
        assert values(book, saws)["stage"] == "Prospecting"
        assert not book.records("competitor", "name = 'Rivals Ltd'")


async def test_a_known_competitor_is_suggested(book: Book, saws: str) -> None:
    rival = make(book, "competitor", name="Pneutec")
    async with driving(book) as driver:
        await show_board(driver)
        await driver.press("x", "enter")
        await driver.settle()
        await driver.press(*"pne", "enter", "ctrl+s")
        await driver.settle()
        assert values(book, saws)["winning_competitor"] == rival
        assert values(book, saws)["loss_reason"]


async def test_several_are_lost_for_one_reason_in_one_action(book: Book, saws: str) -> None:
    other = deal(book, "Belts")
    before = len(actions(book))
    async with driving(book) as driver:
        await show_board(driver)
        await driver.press("space", "space", "x")
        assert isinstance(driver.app.screen, Picker)
        assert driver.app.screen.heading == "Why were 2 opportunities lost?"
        await driver.press("enter", "ctrl+s")
        await driver.settle()
        assert {values(book, deal_id)["stage"] for deal_id in (saws, other)} == {"Closed Lost"}
        assert len(actions(book)) == before + 1


async def test_several_are_won_as_they_stand(book: Book, saws: str) -> None:
    other = deal(book, "Belts")
    async with driving(book) as driver:
        await show_board(driver)
        await driver.press("space", "space", "w")
        await driver.settle()
        assert {values(book, deal_id)["stage"] for deal_id in (saws, other)} == {"Closed Won"}
        assert values(book, saws)["amount"] == 100_000


async def test_leaving_at_the_reason_or_after_it_loses_nothing(book: Book, saws: str) -> None:
    async with driving(book) as driver:
        await show_board(driver)
        await driver.press("x", "escape")
        await driver.press("x", "enter")
        await driver.settle()
        await driver.press("escape")
        await driver.settle()
        assert values(book, saws)["stage"] == "Prospecting"


async def test_a_lead_is_disqualified_in_words_or_converted(book: Book) -> None:
    lead = make(book, "lead", first_name="Lena", last_name="Lead", company="Acme", status="New")
    async with driving(book) as driver:
        await driver.press("P")
        await driver.settle()
        await driver.press("x", *"budget", "enter")
        await driver.settle()
        assert isinstance(driver.app.screen, DisqualifyScreen)
        await driver.press("end", *" until May", "enter")
        await driver.settle()
        found = book.get("lead", lead).values
        assert found["status"] == "Unqualified"
        assert found["disqualify_reason"] == "Budget Constraints until May"
        assert driver.told() == ["Disqualified Lena Lead · u undo"]
        await driver.press("w")
        await driver.settle()
        assert isinstance(driver.app.screen, ConvertScreen)
