"""In a real terminal: one repaint per key, and of what changed only."""

from __future__ import annotations

import sys

import pytest

from bench.keys import CASES, Case
from bench.terminal import Terminal


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_key_is_one_repaint(case: Case) -> None:
    terminal = Terminal([sys.executable, "-m", "bench.keys", case.app])
    try:
        terminal.wait_for("ready")
        terminal.settle()
        if case.start:
            terminal.press(case.start, "ready", quiet=0.3)
        paints = [terminal.press(case.key, case.want(n)) for n in range(1, 4)]
    finally:
        terminal.close()
    assert [paint.repaints for paint in paints] == [1, 1, 1]
    assert case.most_bytes > max(paint.size for paint in paints)
