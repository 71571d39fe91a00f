"""Two laptops of one head office for tests of the screens: at odds about everything that there can be."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from sfa.app import SfaApp
from sfa.sales import edit
from sfa.screens.reconciliation import ReconciliationScreen
from sfa.server import people
from sfa.server.office import Office
from sfa.store.book import Book
from sfa.store.change import Change
from sfa.sync.steps import Reply, Request
from sfa.widgets.sections import SectionList
from tests.screens.pilots import Driver
from tests.sync.rig import Laptop, add_user, answer, make_office

PATIENCE = 20.0  # seconds until a test gives up waiting for a thread


class Line:
    """A line to an office in this process; ``gate`` closed holds requests back, ``broken`` has them fail."""

    def __init__(self, laptop: Laptop) -> None:
        self.laptop = laptop
        self.broken: Exception | None = None
        self.gate, self.waiting, self.ended = threading.Event(), threading.Event(), threading.Event()
        self.gate.set()

    def ask(self, request: Request) -> Reply:
        self.waiting.set()
        assert self.gate.wait(PATIENCE)
        if self.broken:
            raise self.broken
        return answer(self.laptop.office, self.laptop.token, request)

    def listen(self, heard: Callable[[dict[int, int]], None]) -> None:
        self.ended.wait(PATIENCE)

    def close(self) -> None:
        self.gate.set()
        self.ended.set()


class World:
    """Anna, who manages North, and Bob, who works there; an account, two people and a deal that both have."""

    def __init__(self, folder: Path) -> None:
        self.office: Office = make_office(folder)
        database = self.office.database
        add_user(database, "anna")
        for name in ("North", "South"):
            people.add_stream(database, name)
        people.set_member(database, "anna", "North", "manager", home=True)
        people.set_member(database, "anna", "South", "writer")
        add_user(database, "bob", territory="North")
        self.anna = Laptop(self.office, folder / "anna.sfa", "anna", fresh=False)
        self.bob = Laptop(self.office, folder / "bob.sfa", "bob")
        self.line = Line(self.anna)
        with self.anna.book.change("Added account Acme Tooling", "screen") as change:
            self.account = edit.create(change, "account", {"name": "Acme Tooling"})
            values = {"name": "Second line", "account": self.account, "amount": 1000_00, "currency": "EUR"}
            self.deal = edit.create(change, "opportunity", values)
            self.jane = edit.create(
                change, "contact", {"first_name": "Jane", "last_name": "Doe", "account": self.account}
            )
            self.karl = edit.create(
                change, "contact", {"first_name": "Karl", "last_name": "May", "account": self.account}
            )
        self.sync()

    @property
    def book(self) -> Book:
        return self.anna.book

    def sync(self) -> None:
        for laptop in (self.anna, self.bob, self.anna):
            laptop.sync()

    def close(self) -> None:
        self.anna.book.close()
        self.bob.book.close()
        self.office.database.close()

    def clash(self) -> None:
        """Both change the deal; Anna changes whom Bob deleted and deletes whom he changed."""
        edited(self.bob.book, "opportunity", self.deal, amount=2000_00)
        deleted(self.bob.book, "contact", self.jane)
        edited(self.bob.book, "contact", self.karl, title="Buyer")
        self.bob.sync()
        edited(self.book, "opportunity", self.deal, amount=3000_00)
        edited(self.book, "contact", self.jane, title="Head of purchasing")
        deleted(self.book, "contact", self.karl)
        self.anna.sync()

    def refuse(self) -> str:
        """Anna changes an account of a territory that she may only read by now; gives its id."""
        south = self.book.value("SELECT id FROM territory WHERE name = 'South'")
        with self.book.change("Added account Southern Cross", "screen") as change:
            account = edit.create(change, "account", {"name": "Southern Cross", "territory": south})
        self.anna.sync()
        edited(self.book, "account", account, website="https://cross.example")
        people.set_member(self.office.database, "anna", "South", "reader")
        self.anna.sync()
        return account


def changed(book: Book, title: str, work: Callable[[Change], object]) -> None:
    with book.change(title, "screen") as change:
        work(change)


def edited(book: Book, kind: str, record: str, **values: object) -> None:
    title = edit.edited_title(book.get(kind, record))
    changed(book, title, lambda change: edit.edit(change, kind, record, values))


def deleted(book: Book, kind: str, record: str) -> None:
    title = f"Deleted {book.get(kind, record).heading}"
    changed(book, title, lambda change: edit.delete(change, kind, [record]))


@contextmanager
def world(folder: Path) -> Iterator[World]:
    world = World(folder)
    yield world
    world.close()


@asynccontextmanager
async def beside(world: World, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Driver]:
    """Anna's program, in step with head office."""
    app = SfaApp(world.book, make_line=lambda: world.line)
    async with app.run_test(size=size) as pilot:
        driver = Driver(pilot)
        await synced(driver)
        yield driver


async def at_sync(driver: Driver) -> None:
    """Opens the screen of the sync, and waits until it has read everything."""
    await driver.press("S")
    for _turn in range(2000):
        await driver.settle()
        screen = driver.app.screen
        if isinstance(screen, ReconciliationScreen) and screen.query_one(SectionList).empty:
            return
    raise AssertionError("the screen was not shown")


async def synced(driver: Driver, times: int = 1) -> None:
    """Waits until that many syncs have ended, and for what the screens make of them."""
    for _turn in range(2000):
        await driver.settle()
        liaison = driver.app.liaison
        if liaison and liaison.state.syncs >= times:
            return
        await driver.pilot.pause(0.01)
    raise AssertionError("no sync ended")
