"""Many seeds in one test."""

from __future__ import annotations

from collections.abc import Iterator

from tests.sync.simulation.world import Broken, run

EACH = 25
"""Seeds in one test."""
SHARE = 500
"""Seeds in one file: files are spread over the cores."""


def shares(first: int) -> Iterator[int]:
    """Where the tests of the file begin whose seeds start at ``first``."""
    return iter(range(first, first + SHARE, EACH))


def sweep(first: int) -> None:
    """Runs the seeds from ``first`` on; the story of the first that fails is told, with the command that replays it."""
    failed: list[tuple[int, Broken]] = []
    for seed in range(first, first + EACH):
        try:
            run(seed)
        except Broken as broken:
            failed.append((seed, broken))
    if failed:
        seeds = ", ".join(str(seed) for seed, _broken in failed)
        raise AssertionError(f"seeds {seeds} fail; the first:\n{failed[0][1]}")
