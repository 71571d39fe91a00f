"""A picture of every screen, of the demo at a fixed moment, compared with the one that a person looked at.

``make snapshots`` takes them anew.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from sfa.app import SfaApp
from sfa.store.book import Book
from sfa.sync.service import MakeLine
from sfa.sync.steps import SyncError
from tests.screens.offices import World, at_sync, edited, synced, world
from tests.screens.pilots import Driver

Scene = Callable[[Driver], Awaitable[None]]
Compare = Callable[..., bool]


def pressed(*keys: str, typed: str = "") -> Scene:
    """What is seen after some keys, and text typed then."""

    async def scene(driver: Driver) -> None:
        for key in keys:
            await driver.press(key)
            await driver.settle()
        await driver.type(typed)

    return scene


def opened(kind: str, heading: str, *keys: str, typed: str = "") -> Scene:
    """The screen of the record with that name, and what is seen after some keys there."""

    async def scene(driver: Driver) -> None:
        names = {"contact": "first_name || ' ' || last_name", "lead": "first_name || ' ' || last_name"}
        name = names.get(kind, "subject" if kind == "activity" else "name")
        id = driver.app.book.value(f"SELECT id FROM {kind} WHERE {name} LIKE ? ORDER BY n LIMIT 1", (heading,))
        driver.app.open_record(kind, id)
        await driver.settle()
        await pressed(*keys, typed=typed)(driver)

    return scene


ACCOUNT, CONTACT, DEAL = "Lambert Biscuits SAS", "Manon Chevalier", "Lambert Biscuits: Mainten%"
SCENES: dict[str, Scene] = {
    "today": pressed(),
    "board": pressed("b", "right", "down"),
    "board marked": pressed("b", "space", "space"),
    "accounts": pressed("A"),
    "contacts": pressed("C", "space", "space"),
    "leads": pressed("P"),
    "deals": pressed("D"),
    "deals filtered": pressed("D", "/", typed="lambert"),
    "activities": pressed("T"),
    "account": opened("account", ACCOUNT),
    "contact": opened("contact", CONTACT),
    "lead": opened("lead", "%"),
    "deal": opened("opportunity", DEAL),
    "activity": opened("activity", "Prepare the layout"),
    "history of a deal": opened("opportunity", DEAL, "i"),
    "new contact": pressed("C", "n", typed="Anna"),
    "form of an account": opened("account", ACCOUNT, "e"),
    "form of a deal, all fields": opened("opportunity", DEAL, "e", "ctrl+l"),
    "call": opened("contact", CONTACT, "c", typed="Wants a second line by spring"),
    "quick add": pressed("a"),
    "quick add, understood": pressed("a", typed="deal Retrofit lambert 45k"),
    "which kind": pressed("a", "tab"),
    "convert a lead": opened("lead", "%", "w"),
    "won": pressed("b", "w"),
    "why lost": pressed("b", "x"),
    "lost": pressed("b", "x", "down", "enter"),
    "to which stage": pressed("b", "m"),
    "put off": pressed("z", typed="fri 10"),
    "search": pressed("ctrl+p", typed="lambert"),
    "commands": pressed("ctrl+p"),
    "help": pressed("b", "?"),
    "menu": pressed("b", "."),
    "log": pressed("I"),
    "calendar": pressed("W"),
    "calendar of a day": pressed("W", "1", "tab"),
    "calendar of a month": pressed("W", "3", "tab"),
    "agenda": pressed("W", "4"),
    "whose calendar": pressed("W", "o"),
    "go to a date": pressed("W", "ctrl+g", typed="in 3 weeks"),
    "columns": pressed("D", "|"),
    "views": pressed("D", "V"),
}
EMPTY: dict[str, Scene] = {
    "welcome": pressed(),
    "empty board": pressed("b"),
    "empty list": pressed("A"),
    "empty calendar": pressed("W"),
}
NARROW = ("today", "board", "deals", "account", "form of an account", "call", "search", "help", "calendar", "agenda")


def in_step(*keys: str) -> Scene:
    """What is seen after some keys on the screen of the sync."""

    async def scene(driver: Driver) -> None:
        await at_sync(driver)
        await pressed(*keys)(driver)

    return scene


OFFICE: dict[str, Scene] = {
    "sync": in_step(),
    "conflict": in_step("enter"),
    "conflict over a deleted record": in_step("enter", "tab"),
    "conflict set right": in_step("enter", "e"),
    "refused": in_step("down", "down", "down", "enter"),
    "refused, set right": in_step("down", "down", "down", "e"),
    "hand over": pressed("A", "O"),
    "help on sync": in_step("?"),
}


class Camera:
    """Takes the picture of a scene on a book, without what moves or passes."""

    def __init__(self, compare: Compare) -> None:
        self._compare = compare

    def matches(self, book: Book, scene: Scene, size: tuple[int, int], make_line: MakeLine | None = None) -> bool:
        async def arrange(pilot: Pilot[Any]) -> None:
            driver = Driver(pilot)
            await driver.settle()
            if make_line:
                await synced(driver)
            await scene(driver)
            await driver.settle()
            driver.app.clear_notifications()
            for editor in driver.app.screen.query("Input, TextArea"):
                assert isinstance(editor, Input | TextArea)
                editor.cursor_blink = False
            await driver.settle()

        app = SfaApp(book, make_line=make_line)
        app.animation_level = "none"
        return self._compare(app, terminal_size=size, run_before=arrange)


@pytest.fixture
def camera(snap_compare: Compare) -> Camera:
    return Camera(snap_compare)


@pytest.mark.parametrize("size", [(120, 36), (80, 24)], ids=["120x36", "80x24"])
@pytest.mark.parametrize("scene", SCENES)
def test_of_the_demo(camera: Camera, demo: Book, scene: str, size: tuple[int, int]) -> None:
    assert camera.matches(demo, SCENES[scene], size)


@pytest.mark.parametrize("size", [(120, 36), (80, 24)], ids=["120x36", "80x24"])
@pytest.mark.parametrize("scene", EMPTY)
def test_of_an_empty_book(camera: Camera, book: Book, scene: str, size: tuple[int, int]) -> None:
    assert camera.matches(book, EMPTY[scene], size)


@pytest.mark.parametrize("scene", NARROW)
def test_of_a_small_terminal(camera: Camera, demo: Book, scene: str) -> None:
    assert camera.matches(demo, SCENES[scene], (60, 18))


@pytest.mark.parametrize("scene", ["calendar", "calendar of a month", "agenda"])
def test_of_the_calendar_in_a_large_terminal(camera: Camera, demo: Book, scene: str) -> None:
    assert camera.matches(demo, SCENES[scene], (140, 40))


@pytest.mark.parametrize("scene", ["today", "board marked", "call", "calendar", "calendar of a month"])
def test_without_colour(camera: Camera, demo: Book, scene: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert camera.matches(demo, SCENES[scene], (80, 24))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


@pytest.mark.parametrize("size", [(140, 40), (80, 24)], ids=["140x40", "80x24"])
@pytest.mark.parametrize("scene", OFFICE)
def test_of_head_office(camera: Camera, office: World, scene: str, size: tuple[int, int]) -> None:
    office.clash()
    office.refuse()
    assert camera.matches(office.book, OFFICE[scene], size, lambda: office.line)


@pytest.mark.parametrize("scene", ["sync", "conflict"])
def test_of_head_office_in_a_small_terminal(camera: Camera, office: World, scene: str) -> None:
    office.clash()
    assert camera.matches(office.book, OFFICE[scene], (60, 18), lambda: office.line)


def test_of_a_conflict_without_colour(camera: Camera, office: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    office.clash()
    assert camera.matches(office.book, OFFICE["conflict"], (80, 24), lambda: office.line)


@pytest.mark.parametrize("size", [(140, 40), (80, 24)], ids=["140x40", "80x24"])
def test_out_of_reach_of_head_office(camera: Camera, office: World, size: tuple[int, int]) -> None:
    edited(office.book, "account", office.account, website="https://acme.example")
    office.line.broken = SyncError("offline", "Head office is out of reach: the line broke.")
    assert camera.matches(office.book, OFFICE["sync"], size, lambda: office.line)


def test_of_the_sync_of_a_book_that_is_alone(camera: Camera, book: Book) -> None:
    assert camera.matches(book, OFFICE["sync"], (80, 24))
