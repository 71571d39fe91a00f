"""``python -m tests.sync.simulation SEED``: replays a seed. ``--seeds FROM-TO``, ``--minutes N``: runs many."""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter

from sfa import locales
from tests.sync.simulation.world import LONG, Broken, run


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.sync.simulation", description=__doc__)
    parser.add_argument("seed", nargs="?", type=int)
    parser.add_argument("--shift", type=int, default=0, help="seconds by which all clocks are off")
    parser.add_argument("--seeds", help="FROM-TO: these seeds")
    parser.add_argument("--minutes", type=float, help="as long as told, with new seeds")
    parser.add_argument("--go-on", action="store_true", help="do not stop at the first that fails")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(SFA_HOME=home, SFA_LANGUAGE="en")
        locales.use("en_US")
        return _run(asked)


def _run(asked: argparse.Namespace) -> int:
    if asked.seed is not None:
        return _replay(asked.seed, asked.shift)
    return _many(asked)


def _replay(seed: int, shift: int) -> int:
    try:
        world = run(seed, shift)
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
        seeds = iter(lambda: random.SystemRandom().randrange(LONG, 10**9), -1)
    for seed in seeds:
        if asked.minutes and time.monotonic() - started > 60 * asked.minutes:
            break
        try:
            counts += run(seed).counts
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
