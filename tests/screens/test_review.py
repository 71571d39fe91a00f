"""Preparing and holding a review by keyboard alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from sfa.sales.review import moments
from sfa.screens.prompt import Prompt
from sfa.screens.review import ReviewScreen
from sfa.screens.walk import WalkScreen
from sfa.store import journal
from sfa.store.book import Book
from sfa.widgets.lines import LineWidget
from sfa.widgets.sections import SectionList
from tests.sales.makers import deal, make, update
from tests.screens.pilots import Driver, driving
from tests.widgets.hosts import lines


@pytest.fixture
def week(book: Book, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Three deals as the last review left them, and what became of them since."""
    monkeypatch.setenv("SFA_NOW", "2026-11-19T09:00:00Z")
    euro = {"currency": "EUR", "close_date": "2026-12-15"}
    ids = {name: deal(book, name, "Qualification", amount=100_00, **euro) for name in ("Pumps", "Valves", "Motors")}
    moments.remember(book, moments.present(book))
    monkeypatch.setenv("SFA_NOW", "2026-11-26T09:00:00Z")
    update(book, "opportunity", ids["Pumps"], close_date="2027-01-15")
    update(book, "opportunity", ids["Valves"], amount=150_00)
    return ids


def shown(driver: Driver) -> str:
    """What the screen says."""
    return "\n".join("\n".join(lines(widget)) for widget in driver.app.screen.query(LineWidget))


async def open_review(driver: Driver) -> None:
    await driver.press("B")
    await driver.settle()
    assert isinstance(driver.app.screen, ReviewScreen)


async def test_the_review_begins_at_the_last_one_and_adds_up(book: Book, week: dict[str, str]) -> None:
    async with driving(book, (120, 40)) as driver:
        await open_review(driver)
        text = shown(driver)
        for said in (
            "Opening",
            "€300",
            "Amount up",
            "+€50",
            "Closing",
            "€350",
            "12/15/2026 → 1/15/2027, the first time",
        ):
            assert said in text
        assert "11/19/2026" in text


async def test_the_walk_goes_deal_by_deal_and_each_decision_has_one_key(book: Book, week: dict[str, str]) -> None:
    async with driving(book, (120, 40)) as driver:
        await open_review(driver)
        await driver.press("enter")  # on the opening sum: all that are open
        await driver.settle()
        screen = driver.app.screen
        assert isinstance(screen, WalkScreen)
        assert len(screen.ids) == 3
        screen.place = screen.ids.index(week["Pumps"])
        screen.reload()
        assert "Pushed 12/15/2026 → 1/15/2027, the first time" in shown(driver)
        assert "Close date: 12/15/2026 → 1/15/2027" in shown(driver)
        await driver.press(",")
        await driver.type("They wait for the budget")
        await driver.press("enter")
        await driver.settle()
        await driver.press("z")
        await driver.type("+1w")
        await driver.press("enter")
        await driver.settle()
        await driver.press("%")
        await driver.type("commit")
        await driver.press("enter")
        await driver.settle()
        await driver.press("m")
        await driver.type("nego")
        await driver.press("enter")
        await driver.settle()
        assert driver.app.screen is screen
        assert "They wait for the budget" in shown(driver)
    values = book.get("opportunity", week["Pumps"]).values
    assert values["close_date"] == "2026-12-03"
    assert book.get("stage", values["stage"]).heading == "Negotiation/Review"
    assert values["forecast_category"] == "Commit"
    note = book.records("activity", "type = 'note'")[0].values
    assert (note["subject"], note["opportunity"]) == ("They wait for the budget", week["Pumps"])


async def test_after_the_last_deal_comes_the_overview_and_f_ends_the_review(book: Book, week: dict[str, str]) -> None:
    async with driving(book, (80, 24)) as driver:
        await open_review(driver)
        await driver.press("enter")
        await driver.settle()
        await driver.press("tab", "tab", "tab")
        await driver.settle()
        assert isinstance(driver.app.screen, ReviewScreen)
        before = journal.count(book)
        await driver.press("f")
        await driver.settle()
        assert moments.last_review(book) == moments.present(book)
        assert journal.count(book) == before
        await driver.press("B")
        await driver.settle()
        assert "Amount up" not in shown(driver)


async def test_the_summary_is_written_to_a_file(book: Book, week: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "review.md"
    async with driving(book, (80, 24)) as driver:
        await open_review(driver)
        await driver.press("X", *["backspace"] * 30)
        await driver.type(str(path).replace("_", "_"))
        await driver.press("enter")
        await driver.settle()
        assert any(str(path) in text for text in driver.told())
    text = path.read_text("utf-8")
    assert "| Closing | 3 | €350 |" in text
    assert "| Pumps | 12/15/2026 → 1/15/2027, the first time |" in text


async def test_another_moment_and_another_team(book: Book, week: dict[str, str]) -> None:
    tom = make(book, "user", name="Tom Two")
    update(book, "opportunity", week["Motors"], owner=tom)
    async with driving(book, (120, 40)) as driver:
        await open_review(driver)
        await driver.press("o")
        await driver.type("tom")
        await driver.press("enter")
        await driver.settle()
        assert "Handed over" in shown(driver)
        assert "€350" not in shown(driver)
        await driver.press("Y")
        await driver.type("yesterday")
        await driver.press("enter")
        await driver.settle()
        assert "11/25/2026" in shown(driver)
        await driver.press("Y")
        await driver.type("2026-11-18 .. 2026-11-19")
        await driver.press("enter")
        await driver.settle()
        assert "11/18/2026 – 11/19/2026" in shown(driver)
        await driver.press("Y")
        await driver.type("2026-11-20..2026-11-19")
        await driver.press("enter")
        assert isinstance(driver.app.screen, Prompt)  # it says that the one is not after the other


async def test_an_empty_book_says_what_to_do(book: Book) -> None:
    async with driving(book, (60, 18)) as driver:
        await open_review(driver)
        assert "a adds a deal" in shown(driver)
        await driver.press("enter", "escape")
        await driver.settle()
        assert not isinstance(driver.app.screen, ReviewScreen)


async def test_two_reps_of_one_name_are_two(book: Book, week: dict[str, str]) -> None:
    twins = [make(book, "user", name="Tom Two") for _twin in range(2)]
    update(book, "opportunity", week["Motors"], owner=twins[0])
    update(book, "opportunity", week["Pumps"], owner=twins[1])
    async with driving(book, (120, 40)) as driver:
        await open_review(driver)
        screen = driver.app.screen
        assert isinstance(screen, ReviewScreen)
        table = screen.query_one("#body", SectionList)
        tops: list[str | None] = []
        for _twin in range(2):
            screen.top = None
            screen.reload()
            await driver.settle()
            while table.cursor_id not in [f"rep {twin}" for twin in twins if twin not in tops]:
                assert table.cursor < len(table._items) - 1
                await driver.press("j")
            await driver.press("enter")
            await driver.settle()
            tops.append(screen.top)
            table.move_to(0)
        assert sorted(map(str, tops)) == sorted(twins)
