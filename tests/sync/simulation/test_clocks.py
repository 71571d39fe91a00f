"""No clock decides anything: with all of them elsewhere, everything comes out the same."""

from __future__ import annotations

from itertools import count, islice

from tests.sync.simulation.world import World, run

YEARS = 3 * 365 * 86_400
SENDS_AGAIN = frozenset({"clone", "old copy", "office old copy"})
"""Faults after which own actions of the last weeks go up once more: there the clock has its say, as is meant."""


def plain(world: World) -> bool:
    return not world.faults & SENDS_AGAIN


def test_clocks_years_ahead_or_behind_change_nothing() -> None:
    for world in islice(filter(plain, map(run, count(5_000))), 16):
        for shift in (-YEARS, YEARS):
            shifted = run(world.seed, shift)
            assert shifted.outcome == world.outcome, f"seed {world.seed} with all clocks off by {shift} s"
