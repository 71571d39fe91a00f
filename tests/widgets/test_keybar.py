"""The key bar, the status line, bars, and why a refused key does nothing."""

from __future__ import annotations

import gc
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Input

from sfa.actions import bindings
from sfa.widgets.keybar import MOST, KeyBar
from sfa.widgets.lines import LineWidget
from sfa.widgets.pages import ListSource, Row
from sfa.widgets.reasons import Explained, ExplainingApp
from sfa.widgets.statusline import StatusLine
from sfa.widgets.table import Table
from tests.widgets.hosts import drawing, hosted, layouts, lines


class Place(Explained, Screen[None]):
    """A list with some actions, one of them refused."""

    BINDINGS: ClassVar[list[Any]] = [*bindings("list")]

    def __init__(self) -> None:
        super().__init__()
        self.done: list[str] = []

    def compose(self) -> ComposeResult:
        yield Table(source=ListSource([Row("1", ("Anna",))]))
        yield Input()
        yield KeyBar()

    def why_not(self, action_id: str) -> str | None:
        return "This [b]deal[/b] is won already." if action_id == "won" else None

    def action_new(self) -> None:
        self.done.append("new")

    def action_won(self) -> None:
        self.done.append("won")


class App(ExplainingApp):
    BINDINGS: ClassVar[list[Any]] = [*bindings("global")]

    def on_mount(self) -> None:
        self.push_screen(Place())


def _bar(app: App) -> tuple[KeyBar, str]:
    keybar = app.screen.query_one(KeyBar)
    return keybar, lines(keybar)[0]


async def test_shows_what_works_here_and_the_help_last() -> None:
    app = App()
    async with app.run_test(size=(160, 24)) as pilot:
        await pilot.pause()
        keybar, text = _bar(app)
        assert len(keybar.shown) == MOST + 1
        assert " c Log call " in text
        assert text.rstrip().endswith("? Help")
        await pilot.press("tab")
        await pilot.pause()
        assert " c Log call " not in _bar(app)[1]  # letters belong to the input now


async def test_drops_from_the_right_when_narrow_but_never_the_help() -> None:
    app = App()
    async with app.run_test(size=(40, 18)) as pilot:
        await pilot.pause()
        keybar, text = _bar(app)
        assert 1 < len(keybar.shown) < MOST
        assert text.rstrip().endswith("? Help")
        assert len(text) == 40


async def test_drops_what_is_refused_first_when_narrow() -> None:
    app = App()
    async with app.run_test(size=(74, 18)) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, Place)
        app.screen.why_not = lambda action_id: "No." if action_id in ("new", "won") else None  # type: ignore[method-assign]
        app.screen.refresh_bindings()
        await pilot.pause()
        assert "New" not in _bar(app)[1]
        assert " x Lost " in _bar(app)[1]


async def test_click_presses_the_key() -> None:
    app = App()
    async with app.run_test(size=(160, 24)) as pilot:
        await pilot.pause()
        text = _bar(app)[1]
        await pilot.click(KeyBar, offset=(text.index("New"), 0))
        await pilot.pause()
        assert isinstance(app.screen, Place)
        assert app.screen.done == ["new"]


async def test_a_refused_key_says_why_and_stands_in_brackets() -> None:
    app = App()
    async with app.run_test(size=(200, 24)) as pilot:
        await pilot.pause()
        await pilot.press("w")
        assert isinstance(app.screen, Place)
        assert app.screen.done == []
        assert [toast.message for toast in app._notifications] == ["This [b]deal[/b] is won already."]
        assert any(not entry.enabled for entry in app.screen.active_bindings.values() if entry.binding.id == "won")


async def test_moving_the_focus_leaves_nothing_behind() -> None:
    app = App()
    async with app.run_test(size=(160, 24)) as pilot:
        await pilot.pause()
        gc.collect()
        before = sum(isinstance(thing, LineWidget) for thing in gc.get_objects())
        for _ in range(40):
            await pilot.press("tab")
        gc.collect()
        assert sum(isinstance(thing, LineWidget) for thing in gc.get_objects()) == before


async def test_status_line_keeps_its_right_part_and_lays_out_nothing() -> None:
    status = StatusLine("3 of 9 contacts", "saved")
    async with hosted(status, size=(60, 18)) as pilot:
        assert lines(status)[0].rstrip() == " 3 of 9 contacts" + " " * 38 + "saved"
        with drawing(status) as drawn, layouts(status) as done:
            status.update("[b]" + "x" * 100)
            await pilot.pause()
            status.update(right="saved")
            await pilot.pause()
        assert drawn == [0]
        assert not done
        assert lines(status)[0].endswith("…saved ")
        assert "[b]xx" in lines(status)[0]
