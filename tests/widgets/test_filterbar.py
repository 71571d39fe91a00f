"""The line where a list is narrowed."""

from __future__ import annotations

from textual.app import ComposeResult

from sfa.widgets.filterbar import FilterBar
from sfa.widgets.reasons import ExplainingApp
from sfa.widgets.table import Table


class Host(ExplainingApp):
    """A list below a filter line; keeps what the list should be narrowed to."""

    def __init__(self) -> None:
        super().__init__()
        self.narrowed: list[str] = []

    def compose(self) -> ComposeResult:
        yield FilterBar("words")
        yield Table(id="body")

    def on_mount(self) -> None:
        self.query_one(Table).focus()

    def on_filter_bar_narrowed(self, event: FilterBar.Narrowed) -> None:
        self.narrowed.append(event.text)

    @property
    def bar(self) -> FilterBar:
        return self.query_one(FilterBar)


async def test_takes_no_line_until_it_is_opened() -> None:
    app = Host()
    async with app.run_test() as pilot:
        assert not app.bar.display
        app.bar.open()
        await pilot.pause()
        assert app.bar.size.height == 1
        assert app.bar.has_focus


async def test_narrows_with_each_letter_and_enter_keeps_the_text() -> None:
    app = Host()
    async with app.run_test() as pilot:
        app.bar.open()
        await pilot.press("a", "b", "backspace", "enter")
        assert app.narrowed == ["a", "ab", "a"]
        assert app.query_one(Table).has_focus
        assert app.bar.display
        app.bar.open()
        await pilot.press("c", "down")
        assert app.narrowed[-1] == "ac"
        assert app.query_one(Table).has_focus


async def test_escape_clears_and_goes() -> None:
    app = Host()
    async with app.run_test() as pilot:
        app.bar.open()
        await pilot.press("a", "escape")
        assert app.narrowed == ["a", ""]
        assert not app.bar.display
        assert app.query_one(Table).has_focus


async def test_nothing_typed_leaves_no_line_behind() -> None:
    app = Host()
    async with app.run_test() as pilot:
        app.bar.open()
        await pilot.press("enter")
        assert not app.bar.display
