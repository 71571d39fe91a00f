"""One conflict on screen: all values beside each other, and the decision."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sfa.sales import edit
from sfa.screens.conflict import ConflictScreen
from sfa.screens.correction import CorrectionScreen
from sfa.screens.history import HistoryScreen
from sfa.screens.reconciliation import ReconciliationScreen
from sfa.sync import inbox
from sfa.widgets.comparison import Comparison
from sfa.widgets.note import Note
from tests.screens.offices import World, at_sync, beside, changed, deleted, world
from tests.screens.pilots import Driver
from tests.widgets.hosts import lines


@pytest.fixture
def office(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        made.clash()
        yield made


def table(driver: Driver) -> list[list[str]]:
    """The lines that compare, word by word."""
    found = [line.strip() for line in lines(driver.app.screen.query_one(Comparison))]
    return [[cell for cell in line.split("  ") if cell.strip()] for line in found if line]


def words(driver: Driver, id: str) -> str:
    return driver.app.screen.query_one(f"#{id}", Note).text.replace("\u202f", " ")


async def show(driver: Driver, *keys: str) -> ConflictScreen:
    await at_sync(driver)
    for key in ("enter", *keys):
        await driver.press(key)
        await driver.settle()
    assert isinstance(driver.app.screen, ConflictScreen)
    return driver.app.screen


async def test_base_mine_and_theirs_stand_beside_each_other_with_who_and_when(office: World) -> None:
    async with beside(office) as driver:
        await show(driver)
        heading, amount = table(driver)
        assert [cell.strip() for cell in heading] == ["Before", "Mine", "Stands (Bob)"]
        assert [cell.strip() for cell in amount] == ["▌ ≠ Amount", "€1,000.00", "€3,000.00", "€2,000.00"]
        assert words(driver, "what") == "You and Bob have changed the same."
        assert words(driver, "who").splitlines() == [
            "You: Changed opportunity Second line · Wed, Nov 18 10:00 AM",
            "Bob: Changed opportunity Second line · Wed, Nov 18 10:00 AM",
        ]
        assert words(driver, "choice") == "M takes yours, K keeps what stands, e sets both right."


async def test_where_it_is_narrow_they_stand_below_each_other(office: World) -> None:
    async with beside(office, (60, 18)) as driver:
        await show(driver)
        assert [" ".join(line).split() for line in table(driver)] == [
            ["▌", "≠", "Amount"],
            ["Before", "€1,000.00"],
            ["Mine", "€3,000.00"],
            ["Stands", "(Bob)", "€2,000.00"],
        ]


async def test_mine_is_taken_then_the_next_conflict_comes_and_undo_brings_the_first_back(office: World) -> None:
    async with beside(office) as driver:
        screen = await show(driver)
        first = screen.conflict_id
        await driver.press("M")
        await driver.settle()
        assert office.book.get("opportunity", office.deal).values["amount"] == 3000_00
        assert driver.app.screen is screen
        assert screen.conflict_id != first
        await driver.press("u")
        await driver.settle()
        assert office.book.get("opportunity", office.deal).values["amount"] == 2000_00
        assert first in [one.id for one in inbox.conflicts(office.book)]


async def test_theirs_is_kept(office: World) -> None:
    async with beside(office) as driver:
        screen = await show(driver)
        decided = screen.conflict_id
        await driver.press("K")
        await driver.settle()
        assert office.book.get("opportunity", office.deal).values["amount"] == 2000_00
        assert office.book.get("conflict", decided).values["resolution"] == "theirs"


async def test_edit_opens_the_form_with_mine_and_saving_decides(office: World) -> None:
    async with beside(office) as driver:
        screen = await show(driver)
        decided = screen.conflict_id
        await driver.press("e")
        await driver.settle()
        form = driver.app.screen
        assert isinstance(form, CorrectionScreen)
        assert form.draft.text("amount") == "3,000.00"
        form.draft.type("amount", "2500")
        await driver.press("ctrl+s")
        await driver.settle()
        assert office.book.get("opportunity", office.deal).values["amount"] == 2500_00
        assert office.book.get("conflict", decided).values["resolution"] == "edited"
        assert driver.app.screen is screen
        assert screen.conflict_id != decided


async def test_tab_goes_round_the_conflicts_and_enter_opens_the_record(office: World) -> None:
    async with beside(office) as driver:
        screen = await show(driver)
        seen = [screen.conflict_id]
        for _turn in range(3):
            await driver.press("tab")
            await driver.settle()
            seen.append(screen.conflict_id)
        assert len({*seen}) == 3
        assert seen[0] == seen[3]
        await driver.press("shift+tab", "enter")
        await driver.settle()
        assert driver.shown == ("contact", office.karl)
        await driver.press("escape", "i")
        await driver.settle()
        assert isinstance(driver.app.screen, HistoryScreen)


async def test_what_i_changed_and_another_deleted_comes_back_with_my_changes(office: World) -> None:
    async with beside(office) as driver:
        await show(driver, "tab")
        told = [[cell.strip() for cell in line] for line in table(driver)]
        assert told[1] == ["▌ ≠ Contact", "there", "changed", "deleted"]
        assert told[2] == ["≠ Job title", "–", "Head of purchasing"]
        assert words(driver, "what") == "You have changed what Bob had deleted."
        await driver.press("M")
        await driver.settle()
        jane = office.book.get("contact", office.jane)
        assert jane.deleted_at is None
        assert jane.values["title"] == "Head of purchasing"


async def test_what_i_deleted_and_another_changed_stays_until_i_delete_it_all_the_same(office: World) -> None:
    async with beside(office) as driver:
        await show(driver, "tab", "tab")
        assert [cell.strip() for cell in table(driver)[1]] == ["▌ ≠ Contact", "there", "deleted", "changed"]
        assert office.book.get("contact", office.karl).deleted_at is None
        await driver.press("e")
        await driver.settle()
        assert "nothing to edit" in driver.told()[-1]
        await driver.press("M")
        await driver.settle()
        assert office.book.get("contact", office.karl).deleted_at


async def test_what_i_added_to_brings_its_parent_back(office: World) -> None:
    for found in inbox.conflicts(office.book):
        inbox.resolve(office.book, found.id, "theirs")
    office.sync()
    deleted(office.bob.book, "account", office.account)
    office.bob.sync()
    values = {"last_name": "New", "account": office.account}
    changed(office.book, "Added contact New", lambda change: edit.create(change, "contact", values))
    office.anna.sync()
    async with beside(office) as driver:
        await show(driver)
        assert words(driver, "what") == "You have added something to what Bob had deleted."
        await driver.press("M")
        await driver.settle()
        assert office.book.get("account", office.account).deleted_at is None


async def test_after_the_last_one_it_returns(office: World) -> None:
    async with beside(office) as driver:
        await show(driver)
        await driver.press("K")
        await driver.settle()
        await driver.press("K")
        await driver.settle()
        await driver.press("K")
        await driver.settle()
        assert isinstance(driver.app.screen, ReconciliationScreen)
        assert inbox.conflicts(office.book) == []


async def test_what_was_decided_elsewhere_is_not_decided_again(office: World) -> None:
    async with beside(office) as driver:
        screen = await show(driver)
        decided = screen.conflict_id
        inbox.resolve(office.book, decided, "mine")
        await driver.press("K")
        await driver.settle()
        assert office.book.get("conflict", decided).values["resolution"] == "mine"
        assert "decided already" in driver.told()[-1]
