"""Lists: narrowed while one types, sorted, with chosen columns, kept as views; many records changed at once."""

from __future__ import annotations

import pytest

from sfa.screens.bulk import BulkScreen
from sfa.screens.form import FormScreen
from sfa.screens.listing import ListScreen
from sfa.screens.picker import Picker
from sfa.store import journal
from sfa.store.book import Book
from sfa.widgets.filterbar import FilterBar
from sfa.widgets.statusline import StatusLine
from sfa.widgets.table import Table
from tests.sales.makers import deal, make, update
from tests.screens.pilots import Driver, driving
from tests.widgets.hosts import lines


@pytest.fixture
def accounts(book: Book) -> list[str]:
    """Four accounts by name: Acme, Bolt, Cog, Dyno."""
    cities = {"Acme": "Berlin", "Bolt": "Bremen", "Cog": "Berlin", "Dyno": "Bonn"}
    return [
        make(book, "account", name=name, billing_city=city, number_of_employees=10 * place)
        for place, (name, city) in enumerate(cities.items(), 1)
    ]


def place(driver: Driver) -> ListScreen:
    assert isinstance(driver.app.screen, ListScreen)
    return driver.app.screen


def names(driver: Driver) -> list[str]:
    """The first column of the rows in view."""
    _header, *rows = lines(place(driver).query_one("#body", Table))
    return [row[2:].split("  ")[0].strip().removeprefix("○ ") for row in rows if row.strip()]


def header(driver: Driver) -> str:
    return lines(place(driver).query_one("#body", Table))[0]


def status(driver: Driver) -> str:
    return lines(driver.app.screen.query_one("#status", StatusLine))[0]


def actions(book: Book) -> list[str]:
    return [action.title for action in journal.actions(book, 50)]


async def show(driver: Driver, key: str) -> None:
    await driver.press(key)
    await driver.settle()


async def narrow(driver: Driver, text: str) -> None:
    """Types into the filter line, in place of what stands there."""
    bar = place(driver).query_one(FilterBar)
    await driver.press(*[] if bar.has_focus else ["/"], "end", *["backspace"] * len(bar.value))
    await driver.type(text)
    await driver.settle()


async def test_shows_all_by_name_with_their_number(book: Book, accounts: list[str]) -> None:
    async with driving(book) as driver:
        await show(driver, "A")
        assert names(driver) == ["Acme", "Bolt", "Cog", "Dyno"]
        assert "Accounts  4" in status(driver)
        assert "Name▲" in header(driver)


async def test_words_and_conditions_narrow_as_one_types(book: Book, accounts: list[str]) -> None:
    async with driving(book) as driver:
        await show(driver, "A")
        await narrow(driver, "bol")
        assert names(driver) == ["Bolt"]
        await narrow(driver, "billing_city=Berlin")
        assert names(driver) == ["Acme", "Cog"]
        await narrow(driver, "billing_city~b number_of_employees>20 cog")
        assert names(driver) == ["Cog"]
        await driver.press("enter")
        assert place(driver).query_one("#body").has_focus
        assert place(driver).query_one(FilterBar).has_class("open")
        await driver.press("/", "escape")
        await driver.settle()
        assert len(names(driver)) == 4
        assert not place(driver).query_one(FilterBar).has_class("open")


async def test_a_condition_that_cannot_be_read_is_told_and_the_list_stays(book: Book, accounts: list[str]) -> None:
    async with driving(book) as driver:
        await show(driver, "A")
        await narrow(driver, "number_of_employees>2")
        assert len(names(driver)) == 4
        await driver.type("x")
        await driver.settle()
        assert "! Employees: 2x is not a number" in status(driver)
        assert len(names(driver)) == 4
        await driver.press("backspace", "0")
        await driver.settle()
        assert "! " not in status(driver)
        assert names(driver) == ["Cog", "Dyno"]


async def test_a_quote_that_is_not_closed_yet_means_what_it_says(book: Book, accounts: list[str]) -> None:
    make(book, "account", name="Acme North", billing_city="New York")
    async with driving(book) as driver:
        await show(driver, "A")
        await narrow(driver, 'acme billing_city="New')
        assert "! " not in status(driver)
        await driver.type(' York"')
        await driver.settle()
        assert names(driver) == ["Acme North"]


async def test_sorting_by_the_same_column_again_turns_round(book: Book, accounts: list[str]) -> None:
    async with driving(book, (140, 40)) as driver:
        await show(driver, "A")
        await driver.press("s", *"empl", "enter")
        await driver.settle()
        assert names(driver) == ["Acme", "Bolt", "Cog", "Dyno"]
        assert "Employees▲" in header(driver)
        await driver.press("s", "enter")
        await driver.settle()
        assert names(driver) == ["Dyno", "Cog", "Bolt", "Acme"]
        assert "Employees▼" in header(driver)
        await driver.pilot.click("#body", offset=(3, 0))
        await driver.settle()
        assert names(driver)[0] == "Acme"
        await driver.pilot.click("#body", offset=(3, 0))
        await driver.settle()
        assert names(driver)[0] == "Dyno"


async def test_columns_are_chosen_and_remembered_while_the_program_runs(book: Book, accounts: list[str]) -> None:
    async with driving(book, (140, 40)) as driver:
        await show(driver, "A")
        await driver.press("|", *"website", "space", "enter")
        await driver.settle()
        assert place(driver).shown()[-1] == "website"
        assert "Website" in header(driver)
        await show(driver, "b")
        await show(driver, "A")
        assert "Website" in header(driver)


async def test_what_is_shown_is_kept_used_replaced_and_deleted(book: Book, accounts: list[str]) -> None:
    async with driving(book) as driver:
        await show(driver, "A")
        await driver.press("s", *"empl", "enter")
        await narrow(driver, "billing_city=Berlin acme")
        await driver.press("enter", "V", *"keep", "enter")
        await driver.type("Ours")
        await driver.press("enter")
        await driver.settle()
        assert driver.told() == ["Kept the view Ours · u undo"]
        assert names(driver) == ["Acme"]
        assert "Ours" in status(driver)
        assert place(driver).query_one(FilterBar).value == ""
        kept = book.records("saved_view", "of_kind = 'account'")[0].values
        assert kept | {"where": "billing_city=Berlin", "text": "acme", "sort": "number_of_employees"} == kept

        await driver.press("V", *"all", "enter")
        await driver.settle()
        assert len(names(driver)) == 4
        await driver.press("V", *"ours", "enter")
        await driver.settle()
        assert names(driver) == ["Acme"]

        await driver.press("V", *"keep", "enter", "ctrl+u")
        await driver.type("OURS")
        await driver.press("enter")
        await driver.settle()
        assert [view.heading for view in book.records("saved_view", "of_kind = 'account'")] == ["OURS"]

        await driver.press("V", *"delete", "enter", "enter")
        await driver.settle()
        assert not book.records("saved_view", "of_kind = 'account'")
        await driver.press("u")
        await driver.settle()
        assert len(book.records("saved_view", "of_kind = 'account'")) == 1


async def test_lists_start_with_what_is_open(book: Book) -> None:
    deal(book, "Running")
    deal(book, "Gone", at="Closed Won")
    async with driving(book) as driver:
        await show(driver, "D")
        assert names(driver) == ["Running"]
        assert "Opportunities  1 · open" in status(driver)
        await driver.press("V", *"all", "enter")
        await driver.settle()
        assert len(names(driver)) == 2
        await driver.press("V", *"as at", "enter")
        await driver.settle()
        assert names(driver) == ["Running"]


async def test_all_marked_are_edited_in_one_action(book: Book, accounts: list[str]) -> None:
    before = len(actions(book))
    async with driving(book) as driver:
        await show(driver, "A")
        await driver.press("down", "*")
        assert "4 marked" in status(driver)
        await driver.press("e", *"billing city", "enter")
        await driver.settle()
        assert isinstance(driver.app.screen, BulkScreen)
        await driver.press(*"Ulm", "enter")
        await driver.settle()
        assert {book.get("account", id).values["billing_city"] for id in accounts} == {"Ulm"}
        assert len(actions(book)) == before + 1
        assert "Billing city of 4 accounts to Ulm" in driver.told()[0]
        assert "4 marked" in status(driver)
        assert place(driver).table.cursor_id == accounts[1]
        await driver.press("u")
        await driver.settle()
        assert [book.get("account", id).values["billing_city"] for id in accounts] == [
            "Berlin",
            "Bremen",
            "Berlin",
            "Bonn",
        ]


async def test_marked_ones_are_deleted_in_one_action(book: Book, accounts: list[str]) -> None:
    async with driving(book) as driver:
        await show(driver, "A")
        await driver.press("down", "space", "space", "d")
        await driver.settle()
        assert names(driver) == ["Acme", "Dyno"]
        assert driver.told() == ["Deleted 2 accounts · u undo"]
        await driver.press("u")
        await driver.settle()
        assert names(driver) == ["Acme", "Bolt", "Cog", "Dyno"]


async def test_cursor_and_marks_survive_changes_by_others(book: Book, accounts: list[str]) -> None:
    async with driving(book) as driver:
        await show(driver, "A")
        await driver.press("down", "space")
        update(book, "account", accounts[0], name="Zenith")
        driver.app.book_changed()
        await driver.settle()
        assert names(driver) == ["Bolt", "Cog", "Dyno", "Zenith"]
        assert place(driver).table.cursor_id == accounts[2]
        assert place(driver).table.targets() == [accounts[1]]


async def test_e_edits_the_one_under_the_cursor_and_comes_back_to_it(book: Book, accounts: list[str]) -> None:
    async with driving(book) as driver:
        await show(driver, "A")
        await driver.press("down", "down", "e")
        await driver.settle()
        assert isinstance(driver.app.screen, FormScreen)
        await driver.press("end", *"wheel", "ctrl+s")
        await driver.settle()
        assert book.get("account", accounts[2]).heading == "Cogwheel"
        assert place(driver).table.cursor_id == accounts[2]
        assert "Cogwheel" in names(driver)


async def test_narrows_to_an_owner(book: Book, accounts: list[str]) -> None:
    update(book, "account", accounts[3], owner=make(book, "user", name="Uma"))
    async with driving(book) as driver:
        await show(driver, "A")
        await driver.press("o", *"uma", "enter")
        await driver.settle()
        assert names(driver) == ["Dyno"]
        assert "Uma" in status(driver)


async def test_narrows_deals_to_a_pipeline_and_nothing_else_has_one(book: Book) -> None:
    other = make(book, "pipeline", name="Service")
    first = make(book, "stage", name="Asked", pipeline=other, position=1)
    make(book, "opportunity", name="Contract", pipeline=other, stage=first)
    deal(book, "Saws")
    async with driving(book) as driver:
        await show(driver, "D")
        await driver.press("p", *"serv", "enter")
        await driver.settle()
        assert names(driver) == ["Contract"]
        await driver.press("p", *"all", "enter")
        await driver.settle()
        assert len(names(driver)) == 2
        await show(driver, "A")
        await driver.press("p")
        assert not isinstance(driver.app.screen, Picker)
        assert driver.told() == ["Only deals are in a pipeline."]


async def test_empty_lists_teach(book: Book) -> None:
    async with driving(book) as driver:
        await show(driver, "C")
        assert "There is no contact yet." in place(driver).table.empty
        assert "n  adds one" in place(driver).table.empty
        await narrow(driver, "anna")
        assert "/ Esc clears the filter" in place(driver).table.empty


async def test_enter_opens_the_record(book: Book, accounts: list[str]) -> None:
    async with driving(book) as driver:
        await show(driver, "A")
        await driver.press("down", "enter")
        await driver.settle()
        assert driver.shown == ("account", accounts[1])


async def test_names_and_amounts_are_readable_in_a_narrow_terminal(book: Book) -> None:
    big = deal(book, "Palletiser for the bakery", amount=123_456_789, currency="EUR")
    make(book, "activity", subject="Ring", start="2026-11-20", opportunity=big)
    async with driving(book, (60, 18)) as driver:
        await show(driver, "D")
        row = lines(place(driver).table)[1]
        assert "Palletiser for the bakery" in row
        assert "€1,234,567.89" in row
