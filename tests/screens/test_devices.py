"""Calendars on other devices, on screen: kept in step beside the keys, seen in S, decided there."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from sfa.exchange.dav.remotes import Remote
from sfa.sales import edit
from sfa.screens.conflict import ConflictScreen
from sfa.screens.reconciliation import ReconciliationScreen
from sfa.store.book import Book
from sfa.sync import inbox
from sfa.widgets.note import Note
from sfa.widgets.sections import SectionList
from sfa.widgets.statusline import StatusLine
from tests.exchange.dav import servers
from tests.exchange.dav.conftest import connected
from tests.exchange.dav.phone import Phone, synced
from tests.exchange.dav.servers import Server
from tests.screens.pilots import Driver, driving
from tests.widgets.hosts import lines

VISIT = {"type": "visit", "subject": "Visit", "start": "2026-11-20T09:00:00Z", "end": "2026-11-20T10:00:00Z"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with servers.radicale(tmp_path_factory.mktemp("radicale") / "server") as running:
        yield running


@pytest.fixture
def remote(book: Book, server: Server) -> Remote:
    return connected(book, server, "caldav")


@pytest.fixture
def visit(book: Book) -> str:
    with book.change("Added") as change:
        return edit.create(change, "activity", VISIT)


async def rounds(driver: Driver, count: int) -> None:
    """Waits until so many rounds of the sync have ended, and the screens know it."""
    for _turn in range(2_000):
        if driver.app.devices and driver.app.devices.state.syncs >= count:
            await driver.settle()
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it does not sync")


def body(driver: Driver) -> list[str]:
    return [line.replace("\u202f", " ").rstrip() for line in lines(driver.app.screen.query_one("#body", SectionList))]


def at(driver: Driver) -> type:
    """What kind of place is in view."""
    return type(driver.app.screen)


def far(driver: Driver) -> str:
    return driver.app.screen.query_one("#status", StatusLine).far


async def test_a_book_without_calendars_starts_nothing(book: Book) -> None:
    async with driving(book) as driver:
        await driver.press("S")
        await driver.settle()
        assert driver.app.devices is None
        assert any("sfa calendar add URL" in line for line in body(driver))


async def test_what_both_changed_is_decided_on_the_screen(
    book: Book, server: Server, remote: Remote, visit: str
) -> None:
    synced(book, remote)
    client = server.client()
    phone = Phone(client, remote)
    phone.rewrite(visit, ("SUMMARY:Visit", "SUMMARY:Phone"))
    with book.change("Renamed") as change:
        edit.edit(change, "activity", visit, {"subject": "Book"})
    async with driving(book) as driver:
        await rounds(driver, 1)
        assert far(driver) == "≠1"
        assert any("both here and on another device" in told for told in driver.told())
        await driver.press("S")
        await driver.settle()
        assert at(driver) is ReconciliationScreen
        assert any("Book" in line and "both changed subject" in line for line in body(driver))
        assert any("Phone · calendar" in line and "1 in step" in line for line in body(driver))
        await driver.press("home", "enter")
        await driver.settle()
        assert at(driver) is ConflictScreen
        what = driver.app.screen.query_one("#what", Note).text
        assert what == "You have changed the same here and in Phone."
        await driver.press("M")
        await driver.settle()
        assert not inbox.conflicts(book)
        assert book.get("activity", visit).values["subject"] == "Phone"
        assert far(driver) == ""
        await driver.press("r")
        await rounds(driver, 2)
    assert "SUMMARY:Phone" in phone.at(visit).text
    client.close()


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_a_server_that_is_away_is_told(book: Book, remote: Remote, size: tuple[int, int]) -> None:
    with book.transaction() as connection:
        connection.execute("UPDATE remote SET url = 'http://127.0.0.1:1/c/'")
    async with driving(book, size) as driver:
        await rounds(driver, 1)
        assert far(driver) == "Phone: not synced"
        await driver.press("S")
        await driver.settle()
        assert driver.app.screen.query_one("#standing", Note).text.startswith("127.0.0.1 is out of reach: ")
        assert any("127.0.0.1 is out of reach" in line for line in body(driver))
