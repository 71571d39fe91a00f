"""Changes that head office takes in a second, and the CPU of each, on SQLite and PostgreSQL, with 1, 16 and 64 laptops.

All go into one territory. The limit is what its counter allows, and nothing else: see ``bench.limits.counter``.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import psutil

from bench.postgres import server
from bench.report import Row, Setup, paired
from bench.sides import await_port, free_port, program

CLIENTS = (1, 16, 64)
SECONDS = 2.0
LIMIT = "commits of the bare counter"


class Trial(NamedTuple):
    """Changes a second, and microseconds of CPU of each, the database's included."""

    rate: float
    cpu: float


def measure(setup: Setup) -> list[Row]:
    found: dict[tuple[str, int], list[tuple[Trial, Trial]]] = {}
    with server() as postgres:
        for _round in range(min(setup.rounds, 3)):
            for clients in CLIENTS:
                with tempfile.TemporaryDirectory() as folder:
                    pair = ours(f"{folder}/office.db", clients), limit(f"{folder}/counter.db", clients)
                    found.setdefault(("SQLite", clients), []).append(pair)
                if postgres:
                    family = [postgres.process]
                    with postgres.database() as mine, postgres.database() as other:
                        pair = ours(mine, clients, family), limit(other, clients, family)
                        found.setdefault(("PostgreSQL", clients), []).append(pair)
    return [row for (name, clients), pairs in sorted(found.items()) for row in _rows(name, clients, pairs)]


def _rows(name: str, clients: int, pairs: Sequence[tuple[Trial, Trial]]) -> Iterator[Row]:
    who = f"{name}, {clients} laptop{'s' if clients > 1 else ''}"
    yield paired(f"{who}: changes", LIMIT, "a second", [((ours.rate,), (least.rate,)) for ours, least in pairs])
    yield paired(f"{who}: CPU of a change", LIMIT, "µs", [((ours.cpu,), (least.cpu,)) for ours, least in pairs])


def ours(address: str, clients: int, family: Sequence[psutil.Process] = ()) -> Trial:
    """Head office on the database at ``address``; what ``family`` works is counted too."""
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        python = (sys.executable, "-m")
        with program((*python, "bench.office", str(port), address, name), {}, folder) as office:
            await_port(port)
            return _trial((*python, "bench.load", str(port), str(clients), str(SECONDS)), [office.pid], family, folder)


def limit(address: str, clients: int, family: Sequence[psutil.Process] = ()) -> Trial:
    with tempfile.TemporaryDirectory() as name:
        command = (sys.executable, "-m", "bench.limits.counter", address, str(clients), str(SECONDS))
        return _trial(command, [], family, Path(name))


def _trial(command: Sequence[str], pids: Sequence[int], family: Sequence[psutil.Process], folder: Path) -> Trial:
    """One load; counted is the CPU of ``pids`` or, where there are none, of what makes the load."""
    with program(command, {}, folder) as load:
        assert load.stdin
        assert load.stdout
        watched = [*map(psutil.Process, pids or [load.pid]), *family]
        if not load.stdout.readline():
            raise RuntimeError("the load did not begin")
        before = sum(map(cpu, watched))
        load.stdin.write("\n")
        load.stdin.flush()
        found = json.loads(load.stdout.readline())
        used = sum(map(cpu, watched)) - before
    return Trial(found["changes"] / found["seconds"], used / found["changes"] * 1e6)


def cpu(process: psutil.Process) -> float:
    """Seconds of CPU of a process and of those that it started, ended ones included where the system tells (Linux)."""
    total = 0.0
    for one in [process, *process.children(recursive=True)]:
        times = one.cpu_times()
        total += times.user + times.system
    ended = process.cpu_times()
    return total + getattr(ended, "children_user", 0.0) + getattr(ended, "children_system", 0.0)
