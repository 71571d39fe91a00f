"""Driving the program from tests: a running app over a book, and typing into it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import cast

from textual import events
from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from sfa.app import SfaApp
from sfa.screens.record import RecordScreen
from sfa.settings import Settings
from sfa.store.book import Book

NAMED = {" ": "space", "\n": "enter"}


class Driver:
    """A running app and the keys to drive it."""

    def __init__(self, pilot: Pilot[None]) -> None:
        self.pilot = pilot
        self.app = cast(SfaApp, pilot.app)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def type(self, text: str) -> None:
        """Types a text letter by letter."""
        await self.pilot.press(*(NAMED.get(letter, letter) for letter in text))

    def rush(self, *keys: str) -> None:
        """Puts keys into the queue of the focused widget at once, as a fast typist does; named ones by their names."""
        focused = self.app.focused
        assert focused is not None
        for key in keys:
            focused.post_message(events.Key(key, key if len(key) == 1 else None))

    @property
    def shown(self) -> tuple[str, str]:
        """Kind and id of the record in view."""
        assert isinstance(self.app.screen, RecordScreen)
        return self.app.screen.kind, self.app.screen.record_id

    async def settle(self) -> None:
        """Waits for writes, reads in the background and what follows from them."""
        for _turn in range(2):
            with suppress(WorkerCancelled):  # one that a newer look at the same has replaced
                await self.app.workers.wait_for_complete()
            await self.pilot.pause()

    def told(self) -> list[str]:
        """What the program said in the corner so far."""
        return [notification.message for notification in self.app._notifications]


@asynccontextmanager
async def driving(
    book: Book, size: tuple[int, int] = (80, 24), *, settings: Settings | None = None, reminds: bool = False
) -> AsyncIterator[Driver]:
    app = SfaApp(book, settings, reminds=reminds)
    async with app.run_test(size=size) as pilot:
        driver = Driver(pilot)
        await driver.settle()
        yield driver
