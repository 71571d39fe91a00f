"""Two laptops of one head office, in conflict about everything there can be, for tests of the screens."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from textual.widgets import Static

from sfa.app import SfaApp
from sfa.sales import edit
from sfa.server import people
from sfa.store.book import Book
from sfa.sync.steps import Reply, Request
from tests.screens.pilots import Driver
from tests.sync.rig import Laptop, add_user, answer, make_office

PATIENCE = 20.0


class Line:
    """A line to an office in this process; ``gate`` closed holds requests back, ``broken`` has them fail."""

    def __init__(self, laptop: Laptop) -> None:
        self.laptop = laptop
        self.broken: Exception | None = None
        self.gate, self.waiting, self.ended = threading.Event(), threading.Event(), threading.Event()
        self.gate.set()
        self.heard: Callable[[dict[int, int]], None] | None = None

    def ask(self, request: Request) -> Reply:
        self.waiting.set()
        assert self.gate.wait(PATIENCE)
        if self.broken:
            raise self.broken
        return answer(self.laptop.office, self.laptop.token, request)

    def listen(self, heard: Callable[[dict[int, int]], None]) -> None:
        self.heard = heard
        self.ended.wait(PATIENCE)

    def close(self) -> None:
        self.gate.set()
        self.ended.set()
