"""Help for the place where one is, from which every key can be run."""

from __future__ import annotations

import pytest

from sfa.app import SfaApp, check_theme
from sfa.errors import UserError
from sfa.sales import edit
from sfa.screens.commands import commands
from sfa.screens.form import FormScreen
from sfa.screens.help import HelpScreen
from sfa.screens.listing import ListScreen
from sfa.screens.record import RecordScreen
from sfa.screens.search import SearchScreen
from sfa.screens.today import TodayScreen
from sfa.settings import Settings
from sfa.store.book import Book
from sfa.widgets.note import Note
from sfa.widgets.sections import SectionList
from tests.screens.pilots import Driver, driving


def offered(driver: Driver) -> list[str]:
    """The ids of the rows that are shown, in their order."""
    return [row.id for row in driver.app.screen.query_one("#hits", SectionList)._items]


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (140, 40)])
async def test_help_says_what_a_place_is_for_and_shows_its_keys_first(book: Book, size: tuple[int, int]) -> None:
    async with driving(book, size) as driver:
        await driver.press("question_mark")
        await driver.settle()
        screen = driver.app.screen
        assert isinstance(screen, HelpScreen)
        assert screen.query_one(".purpose", Note).text == TodayScreen.help
        ids = offered(driver)
        assert ids.index("finish") < ids.index("cursor_down") < ids.index("quit")
        assert screen.hits.size.height >= 3
        assert screen.region.contains_region(screen.hits.region)


async def test_every_action_of_the_place_is_there_and_none_of_another(book: Book) -> None:
    async with driving(book) as driver:
        ids = {command.action.id for command in commands(driver.app.screen, {})}
        assert {"log_call", "cursor_down", "open", "search", "copy"} <= ids
        assert not {"columns", "to_stage", "save"} & ids


async def test_typing_narrows_and_enter_runs_where_help_was_called(book: Book) -> None:
    async with driving(book) as driver:
        await driver.press("f1")
        await driver.settle()
        await driver.type("list of accounts")
        assert offered(driver) == ["accounts"]
        await driver.press("enter")
        await driver.settle()
        assert isinstance(driver.app.screen, ListScreen)
        assert driver.app.screen.kind == "account"


async def test_a_key_finds_its_action(book: Book) -> None:
    async with driving(book) as driver:
        await driver.press("f1")
        await driver.settle()
        await driver.type("ctrl+z")
        assert offered(driver) == ["undo"]


async def test_a_refused_action_says_why_instead_of_running(book: Book) -> None:
    async with driving(book) as driver:
        await driver.press("f1")
        await driver.settle()
        await driver.type("mark as done")
        whole = driver.app.screen.query_one("#whole", Note)
        await driver.settle()
        assert whole.text == "Mark as done. Not now: There is no record under the cursor."
        await driver.press("enter")
        await driver.settle()
        assert isinstance(driver.app.screen, TodayScreen)
        assert driver.told() == ["There is no record under the cursor."]


async def test_help_shows_the_keys_of_the_users_keymap(book: Book) -> None:
    app = SfaApp(book, Settings({"keys": {"undo": ["ctrl+u"]}}))
    async with app.run_test() as pilot:
        await pilot.press("f1")
        await pilot.pause()
        row = next(row for row in app.screen.query_one("#hits", SectionList)._items if row.id == "undo")
        assert row.cells[0] == "Ctrl+U"


async def test_help_of_a_record_acts_on_the_pane_in_focus(book: Book) -> None:
    with book.change("Added", "screen") as change:
        account = edit.create(change, "account", {"name": "Acme"})
        edit.create(change, "contact", {"last_name": "Anna", "account": account})
    async with driving(book) as driver:
        driver.app.open_record("account", account)
        await driver.settle()
        await driver.press("tab", "question_mark")
        await driver.settle()
        await driver.type("open what is")
        await driver.press("enter")
        await driver.settle()
        assert isinstance(driver.app.screen, RecordScreen)
        assert driver.app.screen.kind == "contact"


async def test_search_offers_the_same_commands_and_records(book: Book) -> None:
    with book.change("Added", "screen") as change:
        account = edit.create(change, "account", {"name": "Boardwalk Ltd"})
    async with driving(book) as driver:
        await driver.press("ctrl+p")
        await driver.settle()
        assert isinstance(driver.app.screen, SearchScreen)
        await driver.type("board")
        assert offered(driver)[0] == f"account {account}"
        assert "! board" in offered(driver)
        assert "! cursor_down" not in offered(driver)
        await driver.press("enter")
        await driver.settle()
        assert isinstance(driver.app.screen, RecordScreen)


async def test_search_opens_the_list_of_any_kind(book: Book) -> None:
    async with driving(book) as driver:
        await driver.press("ctrl+p")
        await driver.settle()
        await driver.type("account roles\n")
        await driver.settle()
        shown = driver.app.screen
        assert isinstance(shown, ListScreen)
        assert shown.kind == "relation"
        await driver.press("n")
        await driver.settle()
        assert isinstance(driver.app.screen, FormScreen)


def test_an_unknown_theme_is_refused_with_a_near_one() -> None:
    check_theme("")
    check_theme("nord")
    with pytest.raises(UserError, match=r"there is no theme nrod\. Did you mean nord\?"):
        check_theme("nrod")
