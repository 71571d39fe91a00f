"""What was done, by whom, and taking any of it back."""

from __future__ import annotations

import pytest

from sfa.sales import edit
from sfa.screens import chronicle
from sfa.screens.history import ActionScreen, HistoryScreen, LogScreen
from sfa.store import journal, undo
from sfa.store.book import Book
from sfa.widgets.statusline import StatusLine
from sfa.widgets.table import Table
from sfa.widgets.timeline import Timeline
from tests.screens.pilots import Driver, driving


@pytest.fixture
def contact(book: Book) -> str:
    """A contact that was added, edited and moved to another account."""
    with book.change("Added two accounts", "import") as change:
        accounts = [edit.create(change, "account", {"name": name}) for name in ("Acme", "Beta")]
    with book.change("Added contact Anna", "screen") as change:
        contact = edit.create(change, "contact", {"last_name": "Anna", "account": accounts[0]})
    phones = [{"label": "work", "value": "+49 30 1234567"}, {"label": "mobile", "value": "+49 170 1234567"}]
    with book.change("Changed contact Anna", "command") as change:
        edit.edit(change, "contact", contact, {"phones": phones})
    with book.change("Moved Anna", "screen") as change:
        edit.edit(change, "contact", contact, {"account": accounts[1]})
    return contact


async def shown(driver: Driver, screen: HistoryScreen | LogScreen) -> None:
    driver.app.push_screen(screen)
    await driver.settle()


def test_a_life_tells_every_change_newest_first_with_the_names_of_records(book: Book, contact: str) -> None:
    life = chronicle.Life(book, "contact", contact)
    moved, phoned, added = life.page(0, life.count)
    assert moved.head == "Moved Anna"
    assert moved.body.splitlines() == ["Rita Rep · on screen", "Account: Acme → Beta"]
    assert phoned.body.splitlines()[0] == "Rita Rep · by command"
    assert "mobile: +49 170 1234567" in phoned.body  # not only the first of several
    assert added.body.splitlines()[:3] == ["Rita Rep · on screen", "Last name: Anna", "Account: Acme"]
    assert added.meta.startswith("Wed, Nov 18")


def test_amounts_are_shown_in_the_currency_they_had(book: Book) -> None:
    stage = next(one.id for one in book.records("stage") if one.heading == "Qualification")
    with book.change("Added deal", "screen") as change:
        values = {"name": "Deal", "stage": stage, "amount": 100_00, "currency": "EUR"}
        deal = edit.create(change, "opportunity", values)
    with book.change("Changed deal", "screen") as change:
        edit.edit(change, "opportunity", deal, {"amount": 120_00, "currency": "USD"})
    changed = chronicle.Life(book, "opportunity", deal).page(0, 1)[0]
    assert "Amount: €100.00 → $120.00" in changed.body.splitlines()


def test_a_field_that_the_book_no_longer_knows_is_still_told(book: Book, contact: str) -> None:
    with book.change("Own field", "screen") as change:
        field = edit.create(change, "custom_field", {"of_kind": "contact", "name": "hobby", "type": "text"})
    with book.change("Filled it", "screen") as change:
        edit.edit(change, "contact", contact, {"hobby": "Chess"})
    with book.change("Removed the field", "screen") as change:
        edit.delete(change, "custom_field", [field])
    assert "hobby: — → Chess" in chronicle.Life(book, "contact", contact).page(0, 1)[0].body


async def test_enter_offers_and_takes_back_just_that_action(book: Book, contact: str) -> None:
    async with driving(book) as driver:
        await shown(driver, HistoryScreen("contact", contact))
        await driver.press("down", "enter")
        await driver.settle()
        assert isinstance(driver.app.screen, ActionScreen)
        assert driver.app.screen.action.title == "Changed contact Anna"
        await driver.press("enter")
        await driver.settle()
        assert "phones" not in book.get("contact", contact).values
        assert book.get("account", book.get("contact", contact).values["account"]).heading == "Beta"  # later, and stays
        assert driver.told()[-1] == "Undone: Changed contact Anna · U redo"
        heads = [entry.head for entry in chronicle.Life(book, "contact", contact).page(0, 9)]
        assert heads[0] == "Undone: Changed contact Anna"
        assert "Changed contact Anna (undone since)" in heads


async def test_what_cannot_be_taken_back_says_why(book: Book, contact: str) -> None:
    added = journal.actions(book)[2]
    assert added.title == "Added contact Anna"
    async with driving(book) as driver:
        await shown(driver, HistoryScreen("contact", contact, added.number))
        assert driver.app.screen.query_one(Timeline).cursor_id == str(added.number)
        await driver.press("enter", "u")
        await driver.settle()
        assert book.find("contact", contact)
        assert "was changed since, by Rita Rep" in driver.told()[-1]


async def test_escape_leaves_the_action_as_it_is(book: Book, contact: str) -> None:
    async with driving(book) as driver:
        await shown(driver, HistoryScreen("contact", contact))
        before = len(journal.actions(book))
        await driver.press("enter", "down", "escape")
        await driver.settle()
        assert isinstance(driver.app.screen, HistoryScreen)
        assert len(journal.actions(book)) == before


async def test_the_history_of_a_record_that_is_gone_is_still_there(book: Book) -> None:
    with book.change("Added account Gone", "screen") as change:
        gone = edit.create(change, "account", {"name": "Gone"})
    undo.undo(book)
    async with driving(book) as driver:
        await shown(driver, HistoryScreen("account", gone))
        assert "no longer in the book" in driver.app.screen.query_one(StatusLine).left
        assert driver.app.screen.query_one(Timeline).view.count == 2
        await driver.press("enter")
        await driver.settle()
        assert isinstance(driver.app.screen, ActionScreen)


async def test_the_log_holds_every_action_and_takes_any_back(book: Book, contact: str) -> None:
    async with driving(book) as driver:
        await driver.press("I")
        await driver.settle()
        assert isinstance(driver.app.screen, LogScreen)
        table = driver.app.screen.query_one(Table)
        assert table.count == len(journal.actions(book, 1000))
        await driver.press("down", "enter", "enter")
        await driver.settle()
        assert "phones" not in book.get("contact", contact).values
        assert table.count == len(journal.actions(book, 1000))
        await driver.press("enter", "enter")  # the same row still, which is undone by now
        await driver.settle()
        assert "is undone already" in driver.told()[-1]


def test_the_log_reads_on_page_by_page(demo: Book) -> None:
    log = chronicle.Log(demo)
    assert [row.id for row in log.page(0, 3)] == [str(action.number) for action in journal.actions(demo, 3)]
    last = log.page(log.count - 2, log.count)
    assert [row.id for row in last] == ["2", "1"]
    assert log.index(last[0].id) == log.count - 2


def test_a_large_action_is_told_by_its_first_records(demo: Book) -> None:
    filled = next(action for action in journal.actions(demo, 10_000) if action.title == "Filled the demo book")
    told = chronicle.whole(demo, filled)
    assert told[-1].value.startswith("… and more")
    assert sum(bool(fact.link) for fact in told) == chronicle.RECORDS_TOLD
