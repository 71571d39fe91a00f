"""Today: what waits, most pressing first; done, put off and called with one key each."""

from __future__ import annotations

import pytest

from sfa.sales import edit
from sfa.screens.prompt import Prompt
from sfa.screens.today import TodayScreen
from sfa.store.book import Book
from sfa.widgets.sections import SectionList
from sfa.widgets.statusline import StatusLine
from tests.sales.makers import deal, make, planned
from tests.screens.pilots import Driver, driving
from tests.widgets.hosts import lines

YESTERDAY, TODAY, TOMORROW = "2026-11-17", "2026-11-18", "2026-11-19"


def body(driver: Driver) -> SectionList:
    assert isinstance(driver.app.screen, TodayScreen)
    return driver.app.screen.query_one("#body", SectionList)


def shown(driver: Driver) -> str:
    return "\n".join(line.rstrip() for line in lines(body(driver))).replace("\u202f", " ")


def status(driver: Driver) -> str:
    return lines(driver.app.screen.query_one("#status", StatusLine))[0]


@pytest.fixture
def day(book: Book) -> dict[str, str]:
    """A late call, a task and a call for today, a meeting, and a deal that nobody takes care of."""
    account = make(book, "account", name="Acme", phones=[{"label": "work", "value": "+49 30 1234567"}])
    return {
        "late": planned(book, YESTERDAY, subject="Ring about saws", account=account, owner=book.user),
        "task": planned(book, TODAY, "task", subject="Send offer", owner=book.user),
        "call": planned(book, "2026-11-18T13:00:00Z", subject="Ask for the order", account=account, owner=book.user),
        "met": planned(book, "2026-11-18T14:00:00Z", "meeting", subject="Plant visit", owner=book.user),
        "later": planned(book, TOMORROW, subject="Not yet", owner=book.user),
        "deal": deal(book, "Oven line", account=account, owner=book.user),
    }


async def test_sections_most_pressing_first(book: Book, day: dict[str, str]) -> None:
    async with driving(book, (140, 40)) as driver:
        text = shown(driver)
        titles = ["Overdue  1", "Ring about saws", "Due today  2", "Meetings today  1", "No next step  1", "Oven line"]
        places = [text.index(title) for title in titles]
        assert places == sorted(places)
        assert "1 d late" in text
        assert "□ today" in text
        assert "☎ 2:00 PM" in text
        assert "+49 30 1234567" in text
        assert "Not yet" not in text
        assert "1 overdue · 2 due today · 1 meetings today · 1 no next step" in status(driver)


async def test_f_finishes_and_undo_brings_it_back(book: Book, day: dict[str, str]) -> None:
    async with driving(book) as driver:
        await driver.press("f")
        await driver.settle()
        assert book.get("activity", day["late"]).values["completed_at"]
        assert "Overdue" not in shown(driver)
        assert body(driver).cursor_id == f"activity {day['task']}"
        assert driver.told() == ["Finished Ring about saws · u undo"]
        await driver.press("u")
        await driver.settle()
        assert "completed_at" not in book.get("activity", day["late"]).values
        assert "Overdue  1" in shown(driver)
        assert driver.told() == ["Undone: Finished Ring about saws · U redo"]


async def test_z_puts_off_and_echoes_the_day(book: Book, day: dict[str, str]) -> None:
    async with driving(book) as driver:
        await driver.press("z")
        await driver.type("fri 10")
        assert isinstance(driver.app.screen, Prompt)
        echo = str(driver.app.screen.query_one("#echo").render()).replace("\u202f", " ")
        assert echo == "Friday, November 20, 2026, 10:00 AM"
        await driver.press("enter")
        await driver.settle()
        assert book.get("activity", day["late"]).values["start"] == "2026-11-20T09:00:00Z"
        assert "Overdue" not in shown(driver)


async def test_a_day_that_is_none_is_not_taken(book: Book, day: dict[str, str]) -> None:
    async with driving(book) as driver:
        await driver.press("z")
        await driver.type("blursday")
        await driver.press("enter")
        assert isinstance(driver.app.screen, Prompt)
        assert str(driver.app.screen.query_one("#echo").render()).startswith("! ")
        await driver.press("escape")
        assert book.get("activity", day["late"]).values["start"] == YESTERDAY


async def test_c_works_the_list_call_by_call(book: Book, day: dict[str, str]) -> None:
    async with driving(book) as driver:
        await driver.press("c", *"spoke", "ctrl+s")
        await driver.settle()
        assert book.get("activity", day["late"]).values["completed_at"]
        assert body(driver).cursor_id == f"activity {day['call']}"


async def test_o_shows_everybodys_and_mine_again(book: Book, day: dict[str, str]) -> None:
    planned(book, YESTERDAY, subject="Hers", owner=make(book, "user", name="Uma"))
    async with driving(book) as driver:
        assert "Hers" not in shown(driver)
        await driver.press("o")
        await driver.settle()
        assert "Hers" in shown(driver)
        assert "everybody" in status(driver)
        await driver.press("o")
        await driver.settle()
        assert "Hers" not in shown(driver)
        assert "mine" in status(driver)


async def test_who_has_nothing_of_their_own_sees_everybodys(book: Book) -> None:
    planned(book, YESTERDAY, subject="Hers", owner=make(book, "user", name="Uma"))
    async with driving(book) as driver:
        assert "Hers" in shown(driver)
        assert "everybody" in status(driver)


async def test_enter_opens_and_escape_returns_to_the_same_line(book: Book, day: dict[str, str]) -> None:
    async with driving(book) as driver:
        await driver.press("end", "enter")
        await driver.settle()
        assert driver.shown == ("opportunity", day["deal"])
        await driver.press("escape")
        assert body(driver).cursor_id == f"opportunity {day['deal']}"


async def test_a_deal_cannot_be_finished_and_says_so(book: Book, day: dict[str, str]) -> None:
    async with driving(book) as driver:
        await driver.press("end", "f")
        await driver.settle()
        assert driver.told() == ["This cannot be done with opportunities."]


async def test_an_empty_book_teaches_the_keys(book: Book) -> None:
    async with driving(book, (60, 18)) as driver:
        text = shown(driver)
        for taught in ("Welcome", "a       add", "Ctrl+P  find", "?       explains", "sfa demo"):
            assert taught in text


async def test_a_day_with_nothing_left_says_so(book: Book) -> None:
    make(book, "account", name="Acme")
    async with driving(book) as driver:
        assert "Nothing is due today, and every deal has a next step." in shown(driver)


async def test_counts_all_where_only_the_first_are_shown(book: Book) -> None:
    with book.change("test") as change:
        for number in range(60):
            edit.create(change, "activity", {"type": "task", "subject": f"Task {number}", "start": YESTERDAY})
    async with driving(book) as driver:
        assert "Overdue  60" in shown(driver)
        assert "50 of 60" in shown(driver)
