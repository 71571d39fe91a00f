"""The program around the places: writing one after the other, telling what failed, keys of one's own, going about."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.worker import WorkerFailed

from sfa.app import SfaApp, check_theme, run
from sfa.errors import UserError
from sfa.sales import edit
from sfa.screens.board import BoardScreen
from sfa.screens.listing import ListScreen
from sfa.screens.today import TodayScreen
from sfa.settings import Settings, config_path
from sfa.store import journal
from sfa.store.book import Book
from tests.sales.makers import make, planned
from tests.screens.pilots import Driver, driving


def adding(book: Book, name: str, after: threading.Event | None = None) -> Callable[[], None]:
    """Work that adds an account, once ``after`` is set."""

    def work() -> None:
        if after:
            assert after.wait(10)
        with book.change(f"Added {name}", "screen") as change:
            edit.create(change, "account", {"name": name})

    return work


def at(driver: Driver) -> type:
    """What kind of place is in view."""
    return type(driver.app.screen)


def done(book: Book) -> list[str]:
    return [action.title for action in reversed(list(journal.actions(book, 10)))][-3:]


async def test_writes_happen_one_after_the_other_in_order(book: Book) -> None:
    async with driving(book) as driver:
        go, finished = threading.Event(), list[str]()
        driver.app.perform(adding(book, "One", go), lambda: finished.append("One"))
        driver.app.perform(adding(book, "Two"), lambda: finished.append("Two"))
        driver.app.perform(adding(book, "Three"), lambda: finished.append("Three"))
        await driver.press("down")  # no key waits for them
        go.set()
        await driver.settle()
        assert finished == ["One", "Two", "Three"]
        assert done(book) == ["Added One", "Added Two", "Added Three"]
        assert driver.told() == ["Added Three · u undo"]


async def test_a_write_that_changed_nothing_does_not_tell_of_the_one_before(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with driving(book) as driver:
        go, told = threading.Event(), list[str]()
        monkeypatch.setattr(driver.app, "tell", told.append)
        driver.app.perform(adding(book, "One", go))
        driver.app.perform(lambda: None)
        await driver.pilot.pause()
        go.set()
        await driver.settle()
        assert told == ["Added One · u undo"]


async def test_what_is_refused_is_told_and_the_next_write_still_happens(book: Book) -> None:
    async with driving(book) as driver:
        heard = list[str]()

        def refuse() -> None:
            raise UserError("Not [b]now[/b].")

        driver.app.perform(refuse, lambda: heard.append("done"), lambda: heard.append("failed"))
        await driver.settle()
        assert heard == ["failed"]
        assert driver.told() == ["Not [b]now[/b]."]
        driver.app.perform(adding(book, "One"))
        await driver.settle()
        assert done(book)[-1] == "Added One"


async def test_what_nobody_foresaw_is_told_in_one_line_and_the_program_goes_on(book: Book) -> None:
    async with driving(book) as driver:
        heard = list[str]()

        def break_down() -> None:
            raise ZeroDivisionError("secret")

        driver.app.perform(break_down, failed=lambda: heard.append("failed"))
        with pytest.raises(WorkerFailed):
            await driver.settle()
        await driver.pilot.pause()
        assert heard == ["failed"]
        assert "Something went wrong inside sfa (ZeroDivisionError)" in driver.told()[0]
        assert "secret" not in driver.told()[0]
        driver.app.perform(adding(book, "One"))
        await driver.settle()
        assert done(book)[-1] == "Added One"


async def test_nothing_to_undo_is_told(book: Book) -> None:
    async with driving(book) as driver:
        await driver.press("u", "u")
        await driver.settle()
        assert len(driver.told()) == 1
        assert isinstance(driver.app.screen, TodayScreen)


async def test_what_is_told_takes_the_place_of_what_was_told(book: Book) -> None:
    async with driving(book) as driver:
        driver.app.tell("One")
        driver.app.tell("Two [b]!")
        await driver.pilot.pause()
        assert driver.told() == ["Two [b]!"]


async def test_what_went_wrong_stays_beside_what_is_told_next(book: Book) -> None:
    async with driving(book) as driver:
        for _time in range(2):
            driver.app.tell_error(UserError("Wrong."))
        driver.app.tell("One")
        await driver.pilot.pause()
        assert driver.told() == ["Wrong.", "One"]


async def test_another_program_is_noticed(book: Book) -> None:
    async with driving(book) as driver:
        other = Book.open(book.path)
        planned(other, "2026-11-17", subject="From the command line", owner=book.user)
        other.close()
        driver.app.watch_book()  # what the timer calls every two seconds
        await driver.settle()
        screen = driver.app.screen
        assert isinstance(screen, TodayScreen)
        assert [item.title for section in screen.sections for item in section.items] == ["From the command line"]


async def test_a_place_out_of_view_reads_anew_when_it_comes_back(book: Book) -> None:
    async with driving(book) as driver:
        await driver.press("A")
        await driver.settle()
        driver.app.perform(lambda: planned(book, "2026-11-17", subject="Late", owner=book.user))
        await driver.settle()
        await driver.press("escape")
        await driver.settle()
        screen = driver.app.screen
        assert isinstance(screen, TodayScreen)
        assert [section.count for section in screen.sections][:1] == [1]


async def test_going_about_leaves_one_place_over_today(book: Book) -> None:
    async with driving(book) as driver:
        for key, kind in {"A": "account", "C": "contact", "P": "lead", "D": "opportunity", "T": "activity"}.items():
            await driver.press(key)
            await driver.settle()
            assert isinstance(driver.app.screen, ListScreen)
            assert driver.app.screen.kind == kind
            assert len(driver.app.screen_stack) == 2
        await driver.press("b")
        await driver.settle()
        assert at(driver) is BoardScreen
        await driver.press("escape")
        assert at(driver) is TodayScreen
        await driver.press("escape")
        assert at(driver) is TodayScreen


async def test_minus_returns_to_the_record_before(book: Book) -> None:
    first, second = make(book, "account", name="Acme"), make(book, "account", name="Bolt")
    async with driving(book) as driver:
        await driver.press("-")
        await driver.settle()
        assert driver.told() == ["No other record was looked at yet."]
        for record_id in (first, second):
            driver.app.open_record("account", record_id)
            await driver.settle()
        await driver.press("-")
        await driver.settle()
        assert driver.shown == ("account", first)
        await driver.press("-")
        await driver.settle()
        assert driver.shown == ("account", second)


async def test_keys_of_ones_own_replace_the_shipped_ones(book: Book) -> None:
    app = SfaApp(book, Settings({"keys": {"board": ["f9"], "redo": []}}))
    async with app.run_test() as pilot:
        driver = Driver(pilot)
        await driver.press("b")
        await driver.settle()
        assert at(driver) is TodayScreen
        await driver.press("f9")
        await driver.settle()
        assert at(driver) is BoardScreen


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('[keys]\nbord = ["f9"]', "board"),
        ('[keys]\nboard = ["A"]', "accounts"),
        ('[keys]\nboard = ["ctrl+shift+hyper"]', "board"),
        ('theme = "solarised"', "solarized-dark"),
    ],
)
def test_a_configuration_that_cannot_be_used_is_told_before_the_book_is_opened(
    book: Book, line: str, told: str
) -> None:
    path = Path(config_path())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(line, encoding="utf-8")
    with pytest.raises(UserError) as caught:
        run(Path(book.path))
    assert str(path) in str(caught.value)
    assert told in f"{caught.value} {caught.value.hint}"


def test_the_standard_theme_needs_no_name() -> None:
    check_theme("")
    check_theme("nord")


async def test_it_ends_where_another_program_replaced_the_book(book: Book) -> None:
    app = SfaApp(book)
    async with app.run_test() as pilot:
        await pilot.pause()
        other = book.path.with_name("other.sfa")
        other.write_bytes(book.path.read_bytes())
        other.replace(book.path)
        app.watch_book()
        await pilot.pause()
    assert app.return_code == 1
