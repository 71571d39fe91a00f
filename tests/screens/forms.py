"""Looking at forms, and moving about in them, from tests."""

from __future__ import annotations

from sfa.sales import edit
from sfa.screens.form import FormScreen
from sfa.store.book import Book
from tests.screens.pilots import Driver


def added(book: Book, kind: str, **values: object) -> str:
    with book.change("test") as change:
        return edit.create(change, kind, values)


def form_of(driver: Driver) -> FormScreen:
    assert isinstance(driver.app.screen, FormScreen)
    return driver.app.screen


async def go_to(driver: Driver, name: str) -> None:
    """Puts the cursor on a field by the keys, wherever it is."""
    await driver.press(*["pageup"] * 3)
    for _turn in range(60):
        if form_of(driver).lines.current.id == name:
            return
        await driver.press("down")
    raise AssertionError(f"no line {name}")


def shown(driver: Driver) -> str:
    lines = form_of(driver).lines
    return "\n".join(lines.render_line(y).text for y in range(lines.size.height))
