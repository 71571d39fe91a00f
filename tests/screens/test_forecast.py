"""Handing in a forecast and adjusting one, by keyboard alone."""

from __future__ import annotations

from sfa.screens.forecast import ForecastScreen
from sfa.screens.listing import ListScreen
from sfa.store.book import Book
from tests.sales.makers import deal, make, update
from tests.screens.pilots import driving
from tests.screens.test_review import shown


async def test_a_rep_hands_in_and_the_manager_adjusts(book: Book) -> None:
    tom = make(book, "user", name="Tom Two", manager=book.user)
    deal(book, "Pumps", "Negotiation/Review", amount=80_000_00, currency="USD", close_date="2026-12-01", owner=tom)
    async with driving(book, (140, 40)) as driver:
        await driver.press("F")
        await driver.settle()
        screen = driver.app.screen
        assert isinstance(screen, ForecastScreen)
        assert "History says nothing yet" in shown(driver)
        assert screen.row is not None
        assert screen.row.team.commit == 80_000_00
        await driver.press("down", "n")
        await driver.type("95k / Oslo signs")
        await driver.press("enter")
        await driver.settle()
        await driver.press("e")
        await driver.type("70k")
        await driver.press("enter")
        await driver.settle()
        assert screen.found is not None
        assert [row.call for row in screen.found.rows] == [70_000_00, 70_000_00]
    calls = {record.values["type"]: record.values for record in book.records("forecast_call")}
    assert calls["submitted"]["user"] == calls["adjusted"]["user"] == tom
    assert (calls["submitted"]["amount"], calls["submitted"]["note"]) == (95_000_00, "Oslo signs")
    assert (calls["submitted"]["period"], calls["submitted"]["starts_on"]) == ("quarter", "2026-10-01")


async def test_other_periods_and_the_deals_behind_a_line(book: Book) -> None:
    deal(book, "Pumps", "Negotiation/Review", amount=80_00, currency="USD", close_date="2027-02-01")
    update(book, "user", book.user, name="Rita Rep")
    async with driving(book, (80, 24)) as driver:
        await driver.press("F")
        await driver.settle()
        screen = driver.app.screen
        assert isinstance(screen, ForecastScreen)
        assert screen.found is not None
        assert screen.found.rows == []
        await driver.press("]")
        await driver.settle()
        await driver.press("g")
        assert screen.period.first == "2027-01-01"
        assert screen.row
        await driver.press("enter")
        await driver.settle()
        listed = driver.app.screen
        assert isinstance(listed, ListScreen)
        assert listed.view.name == "Q1 2027: Rita Rep"
        assert "Pumps" in shown(driver)
