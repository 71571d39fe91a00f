"""Reports on the screen: found, read by something else, of another period, kept, pinned, and led to their records."""

from __future__ import annotations

from pathlib import Path

import pytest

from sfa.errors import UserError
from sfa.sales import edit, pipeline
from sfa.sales.figures import own
from sfa.screens.listing import ListScreen
from sfa.screens.report import ReportScreen
from sfa.screens.reportdeeds import conditions, typed
from sfa.screens.reports import ReportsScreen
from sfa.store.book import Book
from sfa.widgets.plot import PlotView
from sfa.widgets.statusline import StatusLine
from sfa.widgets.table import Table
from tests.sales.makers import deal, make
from tests.screens.pilots import Driver, driving
from tests.widgets.hosts import lines


@pytest.fixture
def closed(book: Book) -> Book:
    """Two deals won and one lost, of two products."""
    ovens, saws = (make(book, "product", name=name) for name in ("Oven", "Saw"))
    for name, product, amount in (("A", ovens, 1000_00), ("B", saws, 500_00)):
        pipeline.close_won(book, deal(book, name, product=product, amount=amount, currency="EUR", owner=book.user))
    reason = book.value("SELECT id FROM loss_reason ORDER BY position LIMIT 1")
    pipeline.close_lost(book, [deal(book, "C", product=saws, amount=700_00, currency="EUR")], reason)
    return book


def table(driver: Driver) -> list[str]:
    return [line.rstrip() for line in lines(driver.app.screen.query_one("#body", Table))]


def status(driver: Driver) -> str:
    return lines(driver.app.screen.query_one("#status", StatusLine))[0]


async def opened(driver: Driver, words: str) -> None:
    await driver.press("R", "slash")
    await driver.type(words)
    await driver.press("enter")
    await driver.settle()
    await driver.press("enter")
    await driver.settle()


async def test_the_list_is_searched_and_enter_shows_one(closed: Book) -> None:
    async with driving(closed) as driver:
        await driver.press("R")
        assert isinstance(driver.app.screen, ReportsScreen)
        assert len(table(driver)) > 10
        await opened(driver, "win rate")
        assert isinstance(driver.app.screen, ReportScreen)
        assert "by product" in status(driver)
        assert any("Oven" in line and "100.00%" in line for line in table(driver))
        plot = lines(driver.app.screen.query_one("#plot", PlotView))
        assert "█" in plot[1]


async def test_enter_lists_the_records_and_escape_leads_back(closed: Book) -> None:
    async with driving(closed) as driver:
        await opened(driver, "win rate")
        await driver.press("j", "enter")
        await driver.settle()
        listed = driver.app.screen
        assert isinstance(listed, ListScreen)
        assert listed.count == 2  # of saws one was won and one lost
        await driver.press("escape")
        shown = driver.app.screen
        assert isinstance(shown, ReportScreen)


async def test_a_row_without_a_list_says_why(closed: Book) -> None:
    async with driving(closed) as driver:
        await opened(driver, "win rate")
        await driver.press("=")
        await driver.type("cycle")
        await driver.press("enter")
        await driver.settle()
        await driver.press("enter")
        assert isinstance(driver.app.screen, ReportScreen)
        assert driver.told()[-1] == "There is no list: lists have no condition for this row of Sales cycle."


async def test_by_period_and_filter(closed: Book) -> None:
    async with driving(closed) as driver:
        await opened(driver, "win rate")
        screen = driver.app.screen
        assert isinstance(screen, ReportScreen)
        await driver.press("=")
        await driver.type("rep")
        await driver.press("enter")
        await driver.settle()
        assert screen.figures
        assert screen.figures.by.name == "rep"
        await driver.press("Y", *["backspace"] * 10)
        await driver.type("2001")
        await driver.press("enter")
        await driver.settle()
        assert "nothing to report yet" in "\n".join(table(driver))
        assert "2001" in status(driver)
        await driver.press("]")
        await driver.settle()
        assert screen.ask.period.code == "2002"
        await driver.press("Y", *["backspace"] * 10)
        await driver.type("all time")
        await driver.press("enter", "/", "backspace")
        await driver.type("amount>600")
        await driver.press("enter")
        await driver.settle()
        assert screen.figures.total
        assert screen.figures.total[1:3] == (1, 1)


async def test_what_is_shown_is_kept_pinned_and_on_today(closed: Book) -> None:
    async with driving(closed) as driver:
        await opened(driver, "why deals are lost")
        await driver.press("E")
        await driver.type("Our losses")
        await driver.press("enter")
        await driver.settle()
        (kept,) = own.saved(closed)
        assert (kept.heading, kept.values["shipped"], kept.values["group_by"]) == ("Our losses", "losses", "reason")
        await driver.press("R", "!")
        await driver.settle()
        assert own.saved(closed, pinned=True)
        await driver.press("enter")
        await driver.settle()
        assert isinstance(driver.app.screen, ReportScreen)
        assert "Our losses" in status(driver)


async def test_a_report_is_written_to_a_file(closed: Book, tmp_path: Path) -> None:
    async with driving(closed) as driver:
        await opened(driver, "win rate")
        target = tmp_path / "wins.csv"
        await driver.press("X", *["backspace"] * 60)
        await driver.type(str(target))
        await driver.press("enter")
        await driver.settle()
        assert target.read_text("utf-8").splitlines()[1].startswith("Oven,1,0,100")


async def test_why_no_file_was_written_is_said_as_an_error(closed: Book, tmp_path: Path) -> None:
    async with driving(closed) as driver:
        await opened(driver, "win rate")
        for form in ("csv", "svg"):
            target = tmp_path / "nowhere" / f"wins.{form}"
            await driver.press("X", *["backspace"] * 60)
            await driver.type(str(target))
            await driver.press("enter")
            await driver.settle()
            assert driver.told()[-1] == f"{target} cannot be written: No such file or directory."
            assert [told.severity for told in driver.app._notifications][-1] == "error"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("-", ()),
        ("name~O'Brien account.name~D'Arcy", ("name~O'Brien", "account.name~D'Arcy")),
        ("""name="O'Brien & Sons" amount>5""", ("name=O'Brien & Sons", "amount>5")),
        ("'account.name=Ace Tools' name~x", ("account.name=Ace Tools", "name~x")),
        (r"name=a\|b|c", (r"name=a\|b|c",)),
        ('name="', ('name="',)),
    ],
)
def test_conditions_in_a_line(text: str, parts: tuple[str, ...]) -> None:
    assert conditions(text) == parts
    assert conditions(typed(parts)) == parts


def test_what_is_no_condition_is_refused() -> None:
    with pytest.raises(UserError, match="is not a condition"):
        conditions("name~'Ace Tools")


async def test_reading_can_be_stopped(closed: Book) -> None:
    async with driving(closed) as driver:
        await opened(driver, "win rate")
        screen = driver.app.screen
        assert isinstance(screen, ReportScreen)
        slow = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
        screen._figures = lambda: closed.rows(slow)  # type: ignore[method-assign, assignment, return-value]
        screen.reload()
        while screen._reading is None:
            await driver.pilot.pause()
        await driver.pilot.pause()
        await driver.press("escape")
        await driver.settle()
        assert driver.app.screen is screen
        assert "Stopped" in status(driver)
        await driver.press("escape")
        assert driver.app.screen is not screen


async def test_an_own_report_is_made_in_a_form(closed: Book) -> None:
    async with driving(closed, (100, 30)) as driver:
        await driver.press("R", "n")
        await driver.settle()
        for text in ("By product", "deal"):
            await driver.type(text)
            await driver.press("tab")
        await driver.press("ctrl+s")
        await driver.settle()
        assert own.saved(closed) == []  # it says that it needs something to group by
        await driver.press("escape")
        await driver.settle()
    own.save(closed, {"name": "By product", "of_kind": "deal", "group_by": "product", "measure": "count, sum amount"})
    async with driving(closed) as driver:
        await opened(driver, "by product")
        screen = driver.app.screen
        assert isinstance(screen, ReportScreen)
        assert screen.figures
        assert screen.figures.total == ("Total", 3, 2200_00)
        await driver.press("enter")
        await driver.settle()
        assert isinstance(driver.app.screen, ListScreen)


def test_a_report_without_sense_is_refused(book: Book) -> None:
    deals = {"of_kind": "deal", "group_by": "stage"}
    wrong: tuple[dict[str, str], ...] = (
        {"of_kind": "deal"}, {"group_by": "stage"}, {**deals, "group_by": "colour"}, {**deals, "measure": "most x"},
        {**deals, "period": "someday"}, {**deals, "of_kind": "ghost"}, {"shipped": "winz"},
    )  # fmt: skip
    for values in wrong:
        with pytest.raises(UserError), book.change("Made") as change:
            edit.create(change, "report", {"name": "Odd", **values})


@pytest.mark.parametrize("size", [(60, 18), (140, 40)])
async def test_every_report_shows_on_every_screen(closed: Book, size: tuple[int, int]) -> None:
    async with driving(closed, size) as driver:
        from sfa.sales.figures.catalogue import REPORTS

        for name in REPORTS:
            driver.app.push_screen(ReportScreen(name))
            await driver.settle()
            assert isinstance(driver.app.screen, ReportScreen)
            assert driver.app.screen.figures, name
            await driver.press("escape")


async def test_a_report_of_a_team_is_kept_as_that(closed: Book) -> None:
    other = make(closed, "user", name="Max")
    pipeline.close_won(closed, deal(closed, "D", amount=9_000_00, currency="EUR", owner=other))
    async with driving(closed) as driver:
        await opened(driver, "win rate")
        await driver.press("o", "down", "enter")
        await driver.settle()
        shown = driver.app.screen
        assert isinstance(shown, ReportScreen)
        assert shown.team
        await driver.press("E")
        await driver.type("Of mine")
        await driver.press("enter")
        await driver.settle()
    (kept,) = own.saved(closed)
    assert kept.values["where"] == f"owner={shown.team}"
