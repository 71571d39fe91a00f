"""The program itself on large books, in a real pseudo-terminal, against an empty Textual app in the same run.

    python -m bench.program [--rounds N] [--books FOLDER]

Start to the first paint of Today; then keys, to the last byte painted: cursor in a list, next card and moving a card on
the board, a letter in the search. Exit code 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from bench.books import large_book
from bench.terminal import Terminal, percentile

HELLO = """
from textual.app import App
from textual.widgets import Static
class Hello(App):
    def compose(self):
        yield Static("ready")
Hello().run()
"""
PROGRAM = "import sys; from sfa.cli import main; sys.exit(main([]))"
KEYS = 40
DOWN = b"\x1b[B"


class Row(NamedTuple):
    """One line of the table: ``ratios`` to the unit, of what ``goals`` allow."""

    case: str
    figures: tuple[float, ...]
    ratios: tuple[float, ...]
    goals: tuple[float, ...]

    @property
    def met(self) -> bool:
        return all(ratio <= goal for ratio, goal in zip(self.ratios, self.goals, strict=True))


def hello() -> Terminal:
    return Terminal([sys.executable, "-c", HELLO])


def program(book: Path) -> Terminal:
    return Terminal([sys.executable, "-c", PROGRAM], env={"SFA_BOOK": str(book)})


def start(book: Path, rounds: int) -> list[Row]:
    """From starting the process until Today's first section is out; and the memory then."""
    times: list[tuple[float, float]] = []
    memory: list[tuple[float, float]] = []
    for number in range(rounds + 1):
        unit, mine = hello(), None
        unit_time = unit.wait_for("ready")
        unit.settle()
        unit_memory = unit.memory()
        unit.close()
        mine = program(book)
        mine_time = mine.wait_for("Due today")
        mine.settle(1.0)
        mine.press(DOWN, "")
        if number:  # the first round compiles
            times.append((unit_time, mine_time))
            memory.append((unit_memory, mine.memory()))
        mine.close()
    return [_against("start to first paint of Today", times, 1.3), _against("memory, settled", memory, 2.0)]


def _against(case: str, pairs: list[tuple[float, float]], goal: float) -> Row:
    ratio = statistics.median(mine / unit for unit, mine in pairs)
    return Row(case, tuple(statistics.median(side) for side in zip(*pairs, strict=True)), (ratio,), (goal,))


class Keys(NamedTuple):
    """A case: keys to get there, then the key for the n-th press, and the most of the unit's p50 and p95."""

    case: str
    before: tuple[bytes, ...]
    key: Callable[[int], bytes]
    goals: tuple[float, float]
    want: str = ""
    """What must come into sight after the key."""
    quiet: float = 0.03
    """Seconds without output after which it has settled."""


def keys(book: Path, rounds: int, cases: tuple[Keys, ...]) -> list[Row]:
    """From a key to the last byte that it paints, each app in turn."""
    collected: dict[str, list[tuple[float, float]]] = {}
    for _round in range(rounds):
        unit = Terminal([sys.executable, "-m", "bench.keys", "--app", "empty"])
        unit.wait_for("ready")
        apps = [program(book) for _case in cases]
        for app, case in zip(apps, cases, strict=True):
            app.wait_for("Help")
            app.settle(1.5)  # until what is read ahead is there
            for key in case.before:
                app.press(key, "", quiet=0.7)
        series: list[list[float]] = [[] for _app in (unit, *apps)]
        for number in range(KEYS):
            series[0].append(unit.press(b"x", "").settled)
            for place, (app, case) in enumerate(zip(apps, cases, strict=True), 1):
                series[place].append(app.press(case.key(number), case.want, quiet=case.quiet).settled)
        for app in (unit, *apps):
            app.close()
        names = ["unit", *(case.case for case in cases)]
        for name, values in zip(names, series, strict=True):
            collected.setdefault(name, []).append((percentile(values, 50), percentile(values, 95)))
    return [_keys_row(case, collected) for case in cases]


def _keys_row(case: Keys, collected: dict[str, list[tuple[float, float]]]) -> Row:
    pairs = list(zip(collected["unit"], collected[case.case], strict=True))
    ratios = tuple(statistics.median(mine[place] / unit[place] for unit, mine in pairs) for place in (0, 1))
    figures = tuple(statistics.median(mine[place] for _unit, mine in pairs) for place in (0, 1))
    return Row(case.case, figures, ratios, case.goals)


WORDS = b"anna schmidt0001 berlin works chen novak martin weber olsen"
ON_LIST = Keys("list of contacts: cursor down", (b"C",), lambda _n: DOWN, (1.1, 2.8))
ON_BOARD = Keys("board: next card", (b"b",), lambda _n: DOWN, (2.0, 2.5))
MOVING = Keys(
    "board: move a card, settled and written",
    (b"b",),
    lambda n: b"L" if n % 2 == 0 else b"H",
    (100.0, 12.0),
    "Moved",
    0.15,
)
SEARCHING = Keys("search: a letter", (b"\x10",), lambda n: WORDS[n % len(WORDS) : n % len(WORDS) + 1], (2.6, 5.0))


def table(rows: list[Row]) -> str:
    """The figures as text."""
    lines = [f"{'':44} {'figures':>16} {'ratios':>14} {'at most':>12}"]
    for row in rows:
        figures, ratios, goals = (" / ".join(f"{value:.{digits}f}" for value in values) for values, digits in
                                  ((row.figures, 1), (row.ratios, 2), (row.goals, 1)))  # fmt: skip
        lines.append(f"{row.case:44} {figures:>16} {ratios:>14} {goals:>12}{'' if row.met else ' !'}")
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--books", type=Path, default=Path(tempfile.gettempdir()) / "sfa-bench")
    arguments = parser.parse_args(argv)
    arguments.books.mkdir(parents=True, exist_ok=True)
    usual = large_book(arguments.books, 100_000, 10_000)
    many = large_book(arguments.books, 1_000_000, 1_000)
    rows: list[Any] = start(usual, arguments.rounds)
    rows += keys(usual, arguments.rounds, (ON_LIST, ON_BOARD, MOVING))
    rows += keys(many, arguments.rounds, (SEARCHING,))
    print(table(rows))
    return 0 if all(row.met for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
