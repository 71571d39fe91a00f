"""The program itself on large books, in a real pseudo-terminal, against bare Textual apps in the same run.

Start to the first paint of Today, and memory; then keys, to the last byte that each paints: cursor in a list, next card
and moving a card on the board, letters in the search. All apps run at once and get their keys in turn, one app working
at a time, so that other load hits all alike.
"""

from __future__ import annotations

import random
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bench.books import large_book
from bench.report import Row, Setup, paired
from bench.terminal import Terminal, percentile
from sfa.store.book import Book

HELLO = """
from textual.app import App
from textual.widgets import Static
class Hello(App):
    def compose(self):
        yield Static("ready")
Hello().run()
"""
PROGRAM = "import sys; from sfa.cli import main; sys.exit(main([]))"
KEYS = 60
"""Keys per app and round."""
DOWN, SEARCH, CLEAR = b"\x1b[B", b"\x10", b"\x15"
BOOK = (100_000, 10_000)
"""Contacts and open deals."""
CROWD = 1_000_000
"""Contacts that are searched."""
EMPTY = "key in an empty Textual app, p50 / p95"


def hello() -> Terminal:
    return Terminal([sys.executable, "-c", HELLO])


def program(book: Path) -> Terminal:
    return Terminal([sys.executable, "-c", PROGRAM], env={"SFA_BOOK": str(book)})


def start(setup: Setup) -> list[Row]:
    """From starting the process until Today's first section is out; and the memory then, and after a look around."""
    book = large_book(setup.books, *BOOK)
    paints, first, later = [], [], []
    for number in range(setup.rounds * 3 + 1):
        unit = hello()
        unit_time = unit.wait_for("ready")
        unit.settle()
        mine = program(book)
        time = mine.wait_for("Due today")
        if number:  # the first round compiles
            paints.append(((time,), (unit_time,)))
        if number % 3 == 1:
            mine.press(DOWN, "")
            mine.settle(1.5)
            first.append(((mine.memory(),), (unit.memory(),)))
            for key in (b"C", b"b", SEARCH, b"a"):
                mine.press(key, "", quiet=0.7)
            later.append(((mine.memory(),), (unit.memory(),)))
        unit.close()
        mine.close()
    against = "bare Textual hello world"
    return [
        paired("start to first interactive paint of Today", against, "ms", paints, (1.3,)),
        paired("memory, Today settled", against, "MB", first, (2.0,)),
        paired("memory, list, board and search opened", against, "MB", later, (2.0,)),
    ]


class Keys(NamedTuple):
    """A case: keys to get there, the keys that are measured, and the most of the unit's p50 and p95."""

    what: str
    before: tuple[bytes, ...]
    keys: tuple[bytes, ...]
    goals: tuple[float | None, ...]
    want: str = ""
    """What must come into sight after the key."""
    quiet: float = 0.03
    """Seconds without output after which it has settled."""


def keys(setup: Setup) -> list[Row]:
    """From a key to the last byte that it paints."""
    usual, crowd = large_book(setup.books, *BOOK), large_book(setup.books, CROWD, 0)
    written = usual.with_name("moving.sfa")  # the other apps would notice every change of their book
    collected: dict[Keys, list[tuple[tuple[float, ...], tuple[float, ...]]]] = {}
    for number in range(setup.rounds):
        for leftover in written.parent.glob(f"{written.name}*"):
            leftover.unlink()
        shutil.copyfile(usual, written)
        cases = {
            Keys("list of 100,000: cursor down", (b"C",), (DOWN,) * KEYS, (1.1, 2.8)): usual,
            Keys("board of 10,000 deals: next card", (b"b",), (DOWN,) * KEYS, (2.0, 2.5)): usual,
            Keys(
                "board: move a card, settled and written", (b"b",), (b"L", b"H") * 10, (None, 12.0), "Moved", 0.15
            ): written,
            Keys("search in 1,000,000 contacts: a letter", (SEARCH,), letters(crowd, number), (2.6, 5.0)): crowd,
        }
        unit, *figures = _round(cases)
        for case, mine in zip(cases, figures, strict=True):
            collected.setdefault(case._replace(keys=()), []).append((mine, unit))
    return [_row(case, pairs) for case, pairs in collected.items()]


def _row(case: Keys, pairs: list[tuple[tuple[float, ...], tuple[float, ...]]]) -> Row:
    return paired(case.what, EMPTY, "ms", pairs, case.goals)


def _round(cases: dict[Keys, Path]) -> Iterator[tuple[float, float]]:
    """Median and 95th percentile of the unit, then of each case, in one set of processes."""
    unit = Terminal([sys.executable, "-m", "bench.keys", "empty"])
    unit.wait_for("ready")
    apps = [program(book) for book in cases.values()]
    for app, case in zip(apps, cases, strict=True):
        app.wait_for("Help")
        app.settle(1.5)  # until what is read ahead is there
        for key in case.before:
            app.press(key, "", quiet=0.7)
    series: list[list[float]] = [[] for _app in (unit, *apps)]
    for number in range(max(len(case.keys) for case in cases)):
        if number < KEYS:
            series[0].append(unit.press(b"x", "").settled)
        for seen, app, case in zip(series[1:], apps, cases, strict=True):
            if number < len(case.keys) and case.keys[number] == CLEAR:
                app.press(CLEAR, "", quiet=0.1)
            elif number < len(case.keys):
                seen.append(app.press(case.keys[number], case.want, quiet=case.quiet).settled)
    for app in (unit, *apps):
        app.close()
    yield from ((percentile(values, 50), percentile(values, 95)) for values in series)


def letters(path: Path, seed: int, words: int = 8) -> tuple[bytes, ...]:
    """What somebody types who looks for contacts of the book: names, companies, phones, e-mails; cleared after each."""
    book, dice = Book.open(path), random.Random(seed)
    typed: list[bytes] = []
    for number in range(words):
        contact = book.records("contact", "n = ?", (dice.randrange(1, CROWD),))[0]
        values = contact.values
        text = [
            contact.heading,
            book.get("account", str(values["account"])).heading,
            values["phones"][0]["e164"],
            values["emails"][0]["value"],
        ][number % 4]
        typed += [char.encode() for char in str(text).lower()] + [CLEAR]
    book.close()
    return tuple(typed)
