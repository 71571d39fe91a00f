"""Small apps for a pseudo-terminal: an empty one, which is the unit of all keys, and list and board by themselves.

python -m bench.keys empty|table|board
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

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
    start: bytes = b""
    """Keys before the first one."""


DOWN, PAGE, MOVE = b"\x1b[B", b"\x1b[6~", b"L"

CASES = (
    Case("key in an empty app", "empty", b"x", lambda n: f"key {n:06}", 400),
    Case("list of 100,000: cursor down", "table", DOWN, lambda n: f"Contact {n:06}", 800),
    Case("list of 100,000: every key scrolls", "table", DOWN, lambda n: f"Contact {39 + n:06}", 10_000, PAGE),
    Case("board of 10,000: next card", "board", DOWN, lambda n: f"Deal 0-{n:04}", 2_000),
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


if __name__ == "__main__":
    run_app(sys.argv[1])
