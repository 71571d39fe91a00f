"""Two laptops and head office: the first sends 10,000 contacts, the second gets them; then small changes, then nothing.

The limit and the peers take turns with us in every round, each with a fresh office, through a proxy that counts bytes.
"""

from __future__ import annotations

import sys

from bench import peers
from bench.report import Row, Setup, paired
from bench.sides import COUNT, FEW, Peer, Step, play

MEGABYTE = 1_000_000.0
STEPS = {
    "initial push": f"initial push of {COUNT:,} contacts",
    "initial pull": "initial pull to a second laptop",
    "push": f"push {FEW} changes",
    "pull": f"pull {FEW} changes",
    "push_each": f"push {FEW} changes, each an action of its own",
    "pull_each": f"pull {FEW} changes, each an action of its own",
    "nothing": "nothing to do",
}
LIMIT, INDEXED = "stdlib HTTP, gzip, sqlite3", "the same, with an index"
GOALS: dict[str, dict[str, float | None]] = {
    LIMIT: {
        "initial push": 1.5,
        "initial pull": 1.5,
        "push": 4,
        "pull": 4,
        "push_each": 4,
        "pull_each": 4,
        "nothing": 2,
    },
    INDEXED: {"initial push": None, "pull": None, "nothing": None},
    "PouchDB": {"initial push": 0.66, "initial pull": 0.5, "push": 0.5, "pull": 0.5, "nothing": None},
    "Actual": {"initial push": None, "initial pull": None, "push": 0.5, "pull": 0.5, "nothing": 1},
}
"""How many times the time of each side a step of ours may take at most; None says only how many it is."""
BYTES = {"initial push": MEGABYTE, "initial pull": MEGABYTE, "nothing": 400.0}
Rounds = list[dict[str, Step]]


def side(name: str, office: tuple[str, ...], laptops: str) -> Peer:
    """A side whose programs are modules of Python."""
    python = (sys.executable, "-m")
    return Peer(name, (*python, *office), (*python, laptops, "{port}", "{folder}"), edits=("edit", "edit_each"))


OURS = side("sfa", ("bench.office", "{port}", "{folder}/office.db", "{folder}"), "bench.laptops")
OFFICE = ("bench.limits.office", "{port}", "{folder}/office.db")
LIMITS = (side(LIMIT, OFFICE, "bench.limits.laptop"), side(INDEXED, (*OFFICE, "indexed"), "bench.limits.laptop"))


def measure(setup: Setup) -> list[Row]:
    others = [*LIMITS, *(peers.installed(setup.books / "peers") if setup.peers else [])]
    if not setup.peers:
        print("PouchDB and Actual are not measured: --peers installs them from npm.", flush=True)
    found: dict[str, Rounds] = {}
    for _round in range(setup.rounds):
        for one in (OURS, *others):
            found.setdefault(one.name, []).append(play(one))
    mine = found.pop("sfa")
    rows = [
        _times(step, mine, name, rounds, goal) for name, rounds in found.items() for step, goal in GOALS[name].items()
    ]
    return [*rows, *(_bytes(step, mine, most) for step, most in BYTES.items())]


def _times(step: str, mine: Rounds, name: str, theirs: Rounds, goal: float | None) -> Row:
    pairs = [((ours[step].ms,), (other[step].ms,)) for ours, other in zip(mine, theirs, strict=True)]
    return paired(STEPS[step], name, "ms", pairs, () if goal is None else (goal,))


def _bytes(step: str, mine: Rounds, most: float) -> Row:
    pairs = [((float(ours[step].bytes),), (most,)) for ours in mine]
    return paired(f"{STEPS[step]}, both ways", "a fixed size", "bytes", pairs, (1.0,))
