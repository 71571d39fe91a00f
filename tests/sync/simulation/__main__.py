"""``python -m tests.sync.simulation SEED``: replays a seed. ``--seeds FROM-TO``, ``--minutes N``: runs many."""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter

from tests.sync.simulation.world import STEPS, Broken, run


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.sync.simulation", description=__doc__)
    parser.add_argument("seed", nargs="?", type=int)
    parser.add_argument("--clocks", type=int, default=0, help="which wrong clocks")
    parser.add_argument("--seeds", help="FROM-TO: these seeds")
    parser.add_argument("--minutes", type=float, help="as long as told, with new seeds")
    parser.add_argument("--steps", type=int, default=STEPS, help="how long each run is")
    parser.add_argument("--go-on", action="store_true", help="do not stop at the first that fails")
    asked = parser.parse_args()
    if asked.seed is not None:
        return _replay(asked.seed, asked.clocks, asked.steps)
    return _many(asked)


def _replay(seed: int, clocks: int, steps: int) -> int:
    try:
        world = run(seed, clocks, steps=steps)
    except Broken as broken:
        print(broken)
        if broken.__cause__ is not None and type(broken.__cause__) is not Broken:
            import traceback

            traceback.print_exception(broken.__cause__)
        return 1
    print("\n".join(world.story))
    print(dict(world.counts))
    return 0


def _many(asked: argparse.Namespace) -> int:
    counts: Counter[str] = Counter()
    failed, done, started = [], 0, time.monotonic()
    if asked.seeds:
        first, last = asked.seeds.split("-")
        seeds = iter(range(int(first), int(last)))
    else:
        seeds = iter(lambda: random.SystemRandom().randrange(10**9), -1)
    for seed in seeds:
        if asked.minutes and time.monotonic() - started > 60 * asked.minutes:
            break
        try:
            counts += run(seed, steps=asked.steps).counts
        except Broken as broken:
            failed.append(seed)
            print(f"seed {seed}: {broken.what.splitlines()[0] if asked.go_on else broken.what}", flush=True)
            if not asked.go_on:
                break
        done += 1
    seconds = time.monotonic() - started
    print(f"{done} seeds in {seconds:.0f} s ({seconds / max(1, done) * 1000:.0f} ms each); failed: {failed}")
    print(", ".join(f"{name} {count}" for name, count in sorted(counts.items())))
    return 1 if failed else 0


sys.exit(main())
