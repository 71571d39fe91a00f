"""The sync on screen: beside the keys, in the status line, in its own place; and what leaves with a right."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sfa.errors import UserError
from sfa.sales import edit
from sfa.screens.board import BoardScreen
from sfa.screens.conflict import ConflictScreen
from sfa.screens.correction import CorrectionScreen
from sfa.screens.form import FormScreen
from sfa.screens.listing import ListScreen
from sfa.screens.picker import Picker
from sfa.screens.reconciliation import ReconciliationScreen
from sfa.screens.record import RecordScreen
from sfa.screens.refusal import RefusalScreen
from sfa.screens.today import TodayScreen
from sfa.server import people
from sfa.store import journal
from sfa.store.book import Book
from sfa.sync import inbox, outbox
from sfa.sync.service import State
from sfa.sync.steps import SyncError
from sfa.widgets.note import Note
from sfa.widgets.sections import SectionList
from sfa.widgets.statusline import StatusLine
from tests.screens.offices import World, at_sync, beside, deleted, edited, synced, world
from tests.screens.pilots import Driver, driving
from tests.widgets.hosts import lines


@pytest.fixture
def office(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


def far(driver: Driver) -> str:
    return driver.app.screen.query_one("#status", StatusLine).far.replace("\u202f", " ")


def at(driver: Driver) -> type:
    """What kind of place is in view."""
    return type(driver.app.screen)


def body(driver: Driver) -> list[str]:
    return [line.strip() for line in lines(driver.app.screen.query_one(SectionList)) if line.strip()]


async def opened(driver: Driver, *keys: str) -> None:
    await at_sync(driver)
    for key in keys:
        await driver.press(key)
        await driver.settle()


async def hears(driver: Driver) -> None:
    """A sync now, and all that follows from it."""
    liaison = driver.app.liaison
    assert liaison
    liaison.service.nudge()
    await synced(driver, liaison.state.syncs + 1)


# The status line


async def test_a_book_that_is_alone_says_nothing_of_a_head_office_and_how_to_join_one(book: Book) -> None:
    async with driving(book) as driver:
        assert driver.app.liaison is None
        assert far(driver) == ""
        await opened(driver)
        assert any("sfa login URL  joins it to a head office" in line for line in body(driver))
        await driver.press("r")
        await driver.settle()
        assert "belongs to no head office" in driver.told()[-1]


async def test_the_status_line_counts_what_waits(office: World) -> None:
    office.clash()
    office.refuse()
    async with beside(office) as driver:
        office.line.broken = SyncError("offline", "Head office is out of reach: the line broke.")
        assert far(driver) == "✓ ≠3 ✗1 10:00 AM"
        edited(office.book, "account", office.account, website="https://acme.example")
        driver.app.book_changed()
        assert far(driver) == "✓ ↑1 ≠3 ✗1 10:00 AM"
        await hears(driver)
        assert far(driver) == "↑1 ≠3 ✗1 offline 10:00 AM"


async def test_where_it_is_wide_the_status_line_says_it_in_words(office: World) -> None:
    office.line.broken = SyncError("busy", "Head office is busy.")
    edited(office.book, "account", office.account, website="https://acme.example")
    async with beside(office, (140, 40)) as driver:
        assert far(driver) == "synced 10:00 AM · 1 unsent · Head office is busy"


async def test_every_place_says_how_it_stands(office: World) -> None:
    office.clash()
    async with beside(office) as driver:
        for key, place in (("b", BoardScreen), ("A", ListScreen), ("S", ReconciliationScreen), ("t", TodayScreen)):
            await driver.press(key)
            await driver.settle()
            assert isinstance(driver.app.screen, place)
            assert far(driver).startswith("✓ ≠3")


def test_a_program_on_a_book_that_is_alone_imports_nothing_of_the_sync(book: Book) -> None:
    script = f"""
import asyncio, sys
from pathlib import Path
from sfa.app import SfaApp
from sfa.store.book import Book

async def main():
    async with SfaApp(Book.open(Path({str(book.path)!r}))).run_test() as pilot:
        await pilot.app.workers.wait_for_complete()
        await pilot.press("b", "A", "t")
        await pilot.app.workers.wait_for_complete()

asyncio.run(main())
print([name for name in sys.modules if name.startswith(("sfa.sync", "msgspec", "urllib3"))])
"""
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


# Beside the keys


async def test_keys_are_answered_and_changes_written_while_a_sync_waits(office: World) -> None:
    async with beside(office) as driver:
        liaison = driver.app.liaison
        assert liaison
        office.line.gate.clear()
        office.line.waiting.clear()
        liaison.service.nudge()
        assert office.line.waiting.wait(20)
        await driver.press("A")
        await driver.settle()
        await driver.press("d")
        await driver.settle()
        assert isinstance(driver.app.screen, ListScreen)
        assert office.book.get("account", office.account).deleted_at
        assert liaison.service.state.running
        assert "u undo" in driver.told()[-1]
        office.line.gate.set()
        await synced(driver, liaison.state.syncs + 1)


async def test_what_comes_in_shows_by_itself_and_is_not_taken_for_ones_own(office: World) -> None:
    async with beside(office) as driver:
        await driver.press("A")
        await driver.settle()
        with office.bob.book.change("Added account Beta", "screen") as change:
            edit.create(change, "account", {"name": "Beta"})
        office.bob.sync()
        await hears(driver)
        screen = driver.app.screen
        assert isinstance(screen, ListScreen)
        assert screen.table.count == 2
        await driver.press("d")
        await driver.settle()
        assert driver.told()[-1].startswith("Deleted Acme Tooling")


async def test_a_conflict_and_a_refusal_are_told_when_they_arise(office: World) -> None:
    async with beside(office) as driver:
        edited(office.bob.book, "opportunity", office.deal, amount=2000_00)
        office.bob.sync()
        edited(office.book, "opportunity", office.deal, amount=3000_00)
        await hears(driver)
        assert "Somebody else changed the same as you · S shows it" in driver.told()


async def test_a_conflict_with_a_calendar_is_told_as_that(office: World) -> None:
    values = {
        "title": "Visit", "of_kind": "opportunity", "record": office.deal, "reason": "edited", "place": "Phone",
        "base": "{}", "mine": "{}", "theirs": "{}", "made_at": "2026-11-18T08:00:00Z", "user": office.book.user,
    }  # fmt: skip
    async with beside(office) as driver:
        with office.book.change("Changed here and in Phone", "caldav") as change:
            change.insert("conflict", values)
        await hears(driver)
        assert any("both here and on another device" in told for told in driver.told())


# The place


async def test_it_lists_conflicts_refusals_and_what_passes(office: World) -> None:
    office.clash()
    office.refuse()
    office.line.broken = SyncError("offline", "Head office is out of reach.")
    edited(office.book, "account", office.account, website="https://acme.example")
    async with beside(office) as driver:
        await opened(driver)
        told = body(driver)
        assert "Conflicts  3" in told
        assert any(line.startswith("▌ Second line") and "both changed amount" in line for line in told)
        assert any(line.startswith("Jane Doe") and "you changed it, it is deleted" in line for line in told)
        assert any(line.startswith("Karl May") and "you deleted it, it was changed" in line for line in told)
        assert "Refused by head office  1" in told
        assert "To be sent  1" in told
        assert any(line.startswith("Acme Tooling · Account") for line in told)
        assert any("Bob: Changed contact Karl May" in line for line in told)
        standing = driver.app.screen.query_one("#standing", Note)
        assert "Head office is out of reach." in standing.text
        assert standing.tone == "bad"


async def test_mine_and_theirs_are_taken_from_the_list_and_undone(office: World) -> None:
    office.clash()
    async with beside(office) as driver:
        await opened(driver, "M")
        assert office.book.get("opportunity", office.deal).values["amount"] == 3000_00
        assert len(inbox.conflicts(office.book)) == 2
        await driver.press("u")
        await driver.settle()
        assert office.book.get("opportunity", office.deal).values["amount"] == 2000_00
        assert len(inbox.conflicts(office.book)) == 3
        await driver.press("home", "K")
        await driver.settle()
        assert office.book.get("opportunity", office.deal).values["amount"] == 2000_00
        assert len(inbox.conflicts(office.book)) == 2


async def test_a_decision_reaches_the_others(office: World) -> None:
    office.clash()
    async with beside(office) as driver:
        await opened(driver, "M")
        await hears(driver)
        office.bob.sync()
        assert office.bob.book.get("opportunity", office.deal).values["amount"] == 3000_00
        assert [one.title for one in inbox.conflicts(office.bob.book, everybody=True)] == ["Jane Doe", "Karl May"]


async def test_enter_opens_the_conflict_what_was_refused_and_records(office: World) -> None:
    office.clash()
    office.refuse()
    async with beside(office) as driver:
        await opened(driver, "enter")
        assert isinstance(driver.app.screen, ConflictScreen)
        await driver.press("escape", "down", "down", "down", "enter")
        await driver.settle()
        assert isinstance(driver.app.screen, RefusalScreen)
        await driver.press("escape", "down", "enter")
        await driver.settle()
        assert driver.shown == ("contact", office.karl)


async def test_what_was_refused_is_set_right_and_sent_again(office: World) -> None:
    account = office.refuse()
    async with beside(office) as driver:
        assert "website" not in office.book.get("account", account).values
        people.set_member(office.office.database, "anna", "South", "writer")
        await opened(driver, "e")
        screen = driver.app.screen
        assert isinstance(screen, CorrectionScreen)
        assert screen.draft.text("website") == "https://cross.example"
        await driver.press("ctrl+s")
        await driver.settle()
        assert isinstance(driver.app.screen, ReconciliationScreen)
        assert office.book.get("account", account).values["website"] == "https://cross.example"
        assert inbox.rejected(office.book) == []
        await hears(driver)
        assert outbox.waiting(office.book) == 0
        assert inbox.rejected(office.book) == []


async def test_leaving_the_correction_leaves_the_refusal_as_it_is(office: World) -> None:
    office.refuse()
    async with beside(office) as driver:
        await opened(driver, "e", "escape")
        assert isinstance(driver.app.screen, ReconciliationScreen)
        assert driver.app.drafts == {}
        assert len(inbox.rejected(office.book)) == 1


async def test_what_was_refused_is_discarded_after_asking(office: World) -> None:
    office.refuse()
    async with beside(office) as driver:
        await opened(driver, "d")
        assert isinstance(driver.app.screen, Picker)
        await driver.press("enter")  # keep it
        await driver.settle()
        assert len(inbox.rejected(office.book)) == 1
        await driver.press("d", "down", "enter")
        await driver.settle()
        assert inbox.rejected(office.book) == []
        assert "Refused by head office" not in " ".join(body(driver))


async def test_r_syncs_at_once(office: World) -> None:
    async with beside(office) as driver:
        await opened(driver)
        edited(office.book, "account", office.account, website="https://acme.example")
        assert driver.app.liaison
        before = driver.app.liaison.state.syncs
        await driver.press("r")
        await synced(driver, before + 1)
        assert outbox.waiting(office.book) == 0


async def test_a_long_sync_shows_how_far_it_is(office: World) -> None:
    async with beside(office, (140, 40)) as driver:
        await opened(driver)
        liaison = driver.app.liaison
        assert liaison
        note = driver.app.screen.query_one("#standing", Note)
        for state, told in (
            (State(running=True), "syncing …"),
            (State(running=True, step="pull", done=450, total=1800), f"{'█' * 6}{'░' * 18} fetching 450 of 1,800"),
            (State(running=True, step="snapshot", done=3 << 20, total=4 << 20), f"{'█' * 18}{'░' * 6} fetching 75%"),
        ):
            liaison._state = state
            liaison._show()
            assert note.text == told
        assert far(driver).endswith("fetching 75%")


# Handing over, and what leaves


async def test_an_account_is_handed_over_and_it_says_who_will_not_see_it(office: World) -> None:
    people.set_member(office.office.database, "anna", "South", None)
    office.sync()
    async with beside(office) as driver:
        await driver.press("A")
        await driver.settle()
        await driver.press("O")
        await driver.settle()
        picker = driver.app.screen
        assert isinstance(picker, Picker)
        assert "Who sees North" in picker.heading
        assert [(option.label, option.hint) for option in picker.options] == [("South", "it leaves you")]
        await driver.press("enter")
        await driver.settle()
        assert driver.told()[-1] == "Handed Acme Tooling over to South · u undo"
        await hears(driver)
        assert office.book.find("account", office.account) is None
        assert office.book.find("opportunity", office.deal) is None


async def test_only_a_manager_gives_to_where_he_does_not_work(office: World) -> None:
    database = office.office.database
    people.set_member(database, "anna", "South", None)
    people.set_member(database, "anna", "North", "writer", home=True)
    office.sync()
    async with beside(office) as driver:
        await driver.press("A")
        await driver.settle()
        await driver.press("O")
        await driver.settle()
        assert "no other territory that you may give to" in driver.told()[-1]


async def test_without_a_head_office_there_is_nobody_to_hand_over_to(book: Book) -> None:
    with book.change("Added", "screen") as change:
        edit.create(change, "account", {"name": "Acme"})
    async with driving(book) as driver:
        await driver.press("A")
        await driver.settle()
        await driver.press("O")
        await driver.settle()
        assert "nobody to hand over to" in driver.told()[-1]


async def test_records_that_leave_are_closed_with_their_forms_and_drafts(office: World) -> None:
    async with beside(office) as driver:
        driver.app.open_record("account", office.account)
        await driver.settle()
        await driver.press("e")
        await driver.settle()
        await driver.type("Acme Inc")
        await driver.press("escape")
        await driver.settle()
        assert driver.app.drafts
        await driver.press("e")
        await driver.settle()
        assert at(driver) is FormScreen
        people.set_member(office.office.database, "anna", "North", None)
        await hears(driver)
        assert at(driver) is TodayScreen
        assert driver.app.drafts == {}
        assert driver.app.visited == []
        told = driver.told()
        assert "You no longer see North: what was in it has left your laptop." in told
        assert "Acme" not in " ".join(action.title for action in journal.actions(office.book, 100))


async def test_a_record_that_is_handed_over_by_another_closes_with_one_line(office: World) -> None:
    people.set_member(office.office.database, "anna", "South", None)
    people.set_member(office.office.database, "bob", "South", "writer")
    office.sync()
    south = office.book.value("SELECT id FROM territory WHERE name = 'South'")
    async with beside(office) as driver:
        driver.app.open_record("opportunity", office.deal)
        await driver.settle()
        assert isinstance(driver.app.screen, RecordScreen)
        edited(office.bob.book, "account", office.account, territory=south)
        office.bob.sync()
        await hears(driver)
        assert isinstance(driver.app.screen, TodayScreen)
        assert driver.told()[-1].startswith("This deal has left your laptop") or driver.told()[-1].startswith(
            "This opportunity has left your laptop"
        )


async def test_a_record_that_was_only_deleted_stays_in_view(office: World) -> None:
    async with beside(office) as driver:
        driver.app.open_record("contact", office.jane)
        await driver.settle()
        deleted(office.bob.book, "contact", office.jane)
        office.bob.sync()
        await hears(driver)
        assert driver.shown == ("contact", office.jane)


async def test_a_laptop_that_is_locked_out_ends_and_its_book_is_closed(office: World) -> None:
    async with beside(office) as driver:
        device = office.book.device
        people.revoke_device(office.office.database, device)
        liaison = driver.app.liaison
        assert liaison
        liaison.service.nudge()
        for _turn in range(500):
            await driver.pilot.pause(0.01)
            if driver.app.return_code is not None:
                break
        assert driver.app.return_code == 1
    with pytest.raises(UserError, match="locked this laptop out"):
        liaison.close_book()
    with pytest.raises(Exception, match="locked"):
        Book.open(office.book.path)
