"""From key to paint: list and board against an empty Textual app, in a real pseudo-terminal of 120x40.

    python -m bench.keys [--rounds N] [--json FILE] [--realtime]

All apps run at once and get their keys in turn, one app working at a time, so that other load hits all alike. A round
is a fresh set of processes; ratios are medians over the rounds. Beside other load the figures mean little, unless
``--realtime`` keeps that out. Exit code 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

KEYS = 60
"""Keys per app and round: from the top of the list, so that it scrolls towards the end."""
ROWS = 100_000
LANES = 5
CARDS = 2_000
"""Cards per lane."""


@dataclass(frozen=True)
class Case:
    """An app, the key pressed, and what must come into sight after the nth press."""

    name: str
    app: str
    key: bytes
    want: Callable[[int], str]
    most_bytes: int
    """What the paint may take at most; the whole screen is some 10,000."""
    goal: tuple[float, float] | None = None
    """At most so many times the empty app's median and 95th percentile."""
    start: bytes = b""
    """Keys before the first one measured."""


DOWN, PAGE, MOVE = b"\x1b[B", b"\x1b[6~", b"L"

CASES = (
    Case("key in an empty app", "empty", b"x", lambda n: f"key {n:06}", 400),
    Case("list of 100,000: cursor down", "table", DOWN, lambda n: f"Contact {n:06}", 800, (1.1, 2.8)),
    Case("list of 100,000: every key scrolls", "table", DOWN, lambda n: f"Contact {39 + n:06}", 10_000, start=PAGE),
    Case("board of 10,000: next card", "board", DOWN, lambda n: f"Deal 0-{n:04}", 2_000, (2.0, 2.5)),
    Case("board of 10,000: move a card", "board", MOVE, lambda _: "Deal 0-0000", 10_000),
)


def run_app(name: str) -> None:
    """One of the measured apps."""
    from textual.app import App

    widget = {"empty": _empty, "table": _table, "board": _board}[name]()

    class Bench(App[None]):
        ENABLE_COMMAND_PALETTE = False

        def compose(self) -> Any:
            yield widget

        def on_mount(self) -> None:
            widget.focus()
            self.call_after_refresh(self._started)

        def _started(self) -> None:
            gc.collect()
            gc.freeze()
            gc.set_threshold(50_000, 50, 50)

        def on_move_requested(self, message: Any) -> None:
            for card_id in message.card_ids:
                message.widget.move_card(card_id, message.lane_id)

    Bench().run()


def _empty() -> Any:
    from rich.segment import Segment
    from textual.geometry import Region
    from textual.strip import Strip
    from textual.widget import Widget

    class Empty(Widget, can_focus=True):
        """Counts the presses of a bound key on its first line."""

        BINDINGS: ClassVar = [("x", "count", "Count")]
        pressed = 0

        def action_count(self) -> None:
            self.pressed += 1
            self.refresh(Region(0, 0, self.size.width, 1))

        def render_line(self, y: int) -> Strip:
            return Strip([Segment(f"key {self.pressed:06} ready" if y == 0 else "")])

    return Empty()


def _table() -> Any:
    from sfa.widgets.columns import Column
    from sfa.widgets.pages import Row
    from sfa.widgets.table import Table

    class Rows:
        count = ROWS

        def page(self, start: int, stop: int) -> Sequence[Row]:
            return [
                Row(f"{n}", (f"Contact {n:06}", f"Account {n % 997}", f"+49 30 {n:07}", "ready"))
                for n in range(start, stop)
            ]

        def ids(self, start: int, stop: int) -> Sequence[str]:
            return [f"{n}" for n in range(start, stop)]

        def index(self, id: str) -> int | None:
            return int(id)

    columns = [Column(name, name.title(), 20) for name in ("name", "account", "phone", "city")]
    return Table(columns, Rows())


def _board() -> Any:
    from sfa.widgets.board import Board
    from sfa.widgets.cards import NEXT_STEPS, Card
    from sfa.widgets.lanes import Lane

    steps = list(NEXT_STEPS)
    cards = {
        f"{lane}": [
            Card(f"{lane}-{n}", f"Deal {lane}-{n:04}", 1000 * n, f"Account {n % 997}", n % 60, steps[n % 4], n % 9 == 0)
            for n in range(CARDS)
        ]
        for lane in range(LANES)
    }
    board = Board(amount=lambda amount: f"{amount:,} €")
    board.show([Lane(f"{lane}", f"Stage {lane}", ("2,000 deals", "1,999,000 € ready")) for lane in range(LANES)], cards)
    return board


def measure(rounds: int) -> list[dict[str, Any]]:
    """A dictionary of figures per case."""
    figures: dict[str, dict[str, list[float]]] = {}
    for _ in range(rounds):
        for name, values in _round().items():
            for measure, value in values.items():
                figures.setdefault(name, {}).setdefault(measure, []).append(value)
    return [_row(case, figures[case.name], figures[CASES[0].name]) for case in CASES]


def _round() -> dict[str, dict[str, float]]:
    from bench.terminal import Terminal, percentile

    terminals = [Terminal([sys.executable, "-m", "bench.keys", "--app", case.app]) for case in CASES]
    for terminal in terminals:
        terminal.wait_for("ready")
        terminal.settle()
    for case, terminal in zip(CASES, terminals, strict=True):
        if case.start:
            terminal.press(case.start, "ready", quiet=0.3)
    keys = [LANES - 1 if case.key == MOVE else KEYS for case in CASES]
    paints: list[list[Any]] = [[] for _ in CASES]
    for n in range(1, KEYS + 1):
        for case, terminal, most, seen in zip(CASES, terminals, keys, paints, strict=True):
            if n <= most:
                seen.append(terminal.press(case.key, case.want(n)))
    result = {}
    for case, terminal, seen in zip(CASES, terminals, paints, strict=True):
        result[case.name] = {
            "p50": percentile([paint.seen for paint in seen], 50),
            "p95": percentile([paint.seen for paint in seen], 95),
            "settled": percentile([paint.settled for paint in seen], 50),
            "repaints": statistics.mean(paint.repaints for paint in seen),
            "bytes": statistics.median(paint.size for paint in seen),
            "memory": terminal.memory(),
        }
        terminal.close()
    return result


def _row(case: Case, figures: dict[str, list[float]], empty: dict[str, list[float]]) -> dict[str, Any]:
    median = {measure: statistics.median(values) for measure, values in figures.items()}
    ratios = [
        statistics.median(mine / unit for mine, unit in zip(figures[measure], empty[measure], strict=True))
        for measure in ("p50", "p95")
    ]
    met = case.goal is None or all(ratio <= goal for ratio, goal in zip(ratios, case.goal, strict=True))
    return {"case": case.name, **median, "ratio": ratios, "goal": case.goal, "met": met}


def table(rows: Sequence[dict[str, Any]]) -> str:
    """The figures as text."""
    titles = f"{'p50 ms':>7} {'p95 ms':>7} {'x p50':>6} {'x p95':>6}  {'goal':9} {'paints':>6} {'bytes':>6} {'MB':>4}"
    lines = [f"{'':36} {titles}"]
    for row in rows:
        goal = "" if row["goal"] is None else "{}/{}".format(*row["goal"]) + ("" if row["met"] else " !")
        lines.append(
            f"{row['case']:36} {row['p50']:7.2f} {row['p95']:7.2f} {row['ratio'][0]:6.2f} {row['ratio'][1]:6.2f}  "
            f"{goal:9} {row['repaints']:6.2f} {row['bytes']:6.0f} {row['memory']:4.0f}"
        )
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", metavar="FILE", help="write the figures there as well")
    parser.add_argument("--realtime", action="store_true", help="go before all other load (Linux, for root)")
    parser.add_argument("--app", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.app:
        run_app(arguments.app)
        return 0
    if arguments.realtime:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))
    rows = measure(arguments.rounds)
    print(table(rows))
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump(rows, file, indent=2)
    return 0 if all(row["met"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
