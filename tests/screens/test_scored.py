"""Scores in lists and on records; learned in the background."""

from __future__ import annotations

from sfa.sales.scoring import scores, words
from sfa.screens.record import RecordScreen
from sfa.store import journal
from sfa.store.book import Book
from sfa.widgets.fieldspane import FieldsPane
from sfa.widgets.table import Table
from tests.sales.makers import deal
from tests.screens.pilots import driving
from tests.widgets.hosts import lines


async def test_a_list_and_a_record_show_the_score_and_why(demo: Book) -> None:
    before = journal.count(demo)
    async with driving(demo, (140, 40)) as driver:
        await driver.press("D")
        await driver.settle()  # learned now, in the background
        await driver.press("D")
        await driver.settle()
        table = driver.app.screen.query_one("#body", Table)
        assert table.cursor_id is not None
        header, first, *_rest = lines(table)
        score = scores.scores(demo, "opportunity", [table.cursor_id])[table.cursor_id]
        assert "Chance" in header
        assert words.percent(score.chance) in first[-8:]
        await driver.press("enter")
        await driver.settle()
        assert isinstance(driver.app.screen, RecordScreen)
        pane = driver.app.screen.query_one("#fields", FieldsPane)
        text = "\n".join(fact.value for fact in pane._facts)
        assert f"{words.percent(score.chance)} by your history" in text
        assert words.reasons(demo, "opportunity", score)[0] in text
    assert journal.count(demo) == before


async def test_a_list_is_not_sorted_by_what_is_no_field(demo: Book) -> None:
    scores.refresh(demo, "opportunity")
    async with driving(demo, (140, 40)) as driver:
        await driver.press("D")
        await driver.settle()
        header = lines(driver.app.screen.query_one("#body", Table))[0]
        await driver.pilot.click("#body", offset=(header.index("Chance") + 2, 0))
        await driver.settle()
        assert any("sfa score" in text for text in driver.told())


async def test_a_book_without_history_has_no_column(book: Book) -> None:
    deal(book, "one")
    async with driving(book, (140, 40)) as driver:
        for _time in range(2):
            await driver.press("D")
            await driver.settle()
        assert "Chance" not in lines(driver.app.screen.query_one("#body", Table))[0]
