"""What a key costs in the program: one repaint in the terminal, and no layout of the screen."""

from __future__ import annotations

import sys

import pytest
from textual.screen import Screen

from bench.terminal import Terminal
from sfa.store.book import Book
from tests.screens.pilots import driving
from tests.store.samples import add

PROGRAM = "import sys; from sfa.cli import main; sys.exit(main([]))"
DOWN = b"\x1b[B"


@pytest.fixture
def peopled(book: Book) -> Book:
    for name in ("Schmidt", "Schneider", "Schumann", "Weber"):
        add(book, "contact", last_name=name)
    return book


@pytest.mark.parametrize(("before", "keys"), [("C", (DOWN, DOWN)), ("\x10", (b"s", b"c", b"h", b"m"))])
def test_a_key_is_one_repaint(peopled: Book, before: str, keys: tuple[bytes, ...]) -> None:
    terminal = Terminal([sys.executable, "-c", PROGRAM], env={"SFA_BOOK": str(peopled.path)})
    try:
        terminal.wait_for("Help")
        terminal.settle(1.5)
        terminal.press(before.encode(), "", quiet=0.4)
        paints = [terminal.press(key, "") for key in keys]
    finally:
        terminal.close()
    assert [paint.repaints for paint in paints] == [1] * len(keys)


@pytest.mark.parametrize(("before", "typed"), [(("ctrl+p",), "schmi"), (("C", "/"), "schmi")])
async def test_a_letter_lays_nothing_out(
    peopled: Book, before: tuple[str, ...], typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid_out: list[str] = []
    lay_out = Screen._refresh_layout

    def count(screen: Screen[None], *args: object, **options: object) -> None:
        laid_out.append(screen.name or type(screen).__name__)
        lay_out(screen, *args, **options)  # type: ignore[arg-type]

    async with driving(peopled) as driver:
        await driver.press(*before)
        await driver.settle()
        monkeypatch.setattr(Screen, "_refresh_layout", count)
        await driver.type(typed)
        await driver.settle()
        assert laid_out == []
