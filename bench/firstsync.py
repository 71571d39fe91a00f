"""A laptop that is new to a large territory: its first sync, ready to use, and syncs with nothing to do afterwards.

The limit moves the bare rows from PostgreSQL into a table without any index: see ``bench.limits.rows``.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.limits import rows
from bench.office import kept
from bench.postgres import server
from bench.proxy import Proxy
from bench.report import Row, Setup, paired
from bench.sides import Running, Step, answer, await_port, free_port, program

RECORDS, FEW, MANY = 100_000, 10_000, 1_000_000
NOTHINGS = 9
NOTHING_BYTES = 400.0
PYTHON = (sys.executable, "-m")


def measure(setup: Setup) -> list[Row]:
    found: list[Row] = []
    with server() as postgres:
        if postgres:
            with postgres.database() as mine, postgres.database() as theirs:
                found.append(_first(setup, mine, theirs))
    return [*found, *_nothing(setup)]


def _first(setup: Setup, mine: str, theirs: str) -> Row:
    """Both from PostgreSQL, in turn."""
    rows.fill(theirs, RECORDS)
    with tempfile.TemporaryDirectory() as folder, office(Path(folder), mine) as port, bare(theirs) as other:
        pairs = [((joined(port),), (loaded(other),)) for _round in range(setup.rounds)]
    what = f"first sync of {RECORDS:,} contacts, ready to use, from PostgreSQL"
    return paired(what, "COPY, HTTP, executemany without indexes", "s", pairs, (1.0,))


def _nothing(setup: Setup) -> list[Row]:
    """Nothing to do, with much at head office and in the book, and with little."""
    with (
        office(kept(setup.books, FEW)) as few,
        office(kept(setup.books, MANY)) as many,
        newcomer(few) as small,
        newcomer(many) as large,
    ):
        for one, count in ((small, FEW), (large, MANY)):
            one.ask("join")
            _require(one, count)
        steps = [(large.step("nothing"), small.step("nothing")) for _number in range(setup.rounds * NOTHINGS)]
    what = f"nothing to do among {MANY:,} contacts"
    return [
        paired(what, f"among {FEW:,}", "ms", [((one.ms,), (other.ms,)) for one, other in steps], (1.25,)),
        paired(f"{what}, both ways", "a fixed size", "bytes", [_sizes(one) for one, _other in steps], (1.0,)),
    ]


def _sizes(step: Step) -> tuple[tuple[float], tuple[float]]:
    return (float(step.bytes),), (NOTHING_BYTES,)


def _require(side: Running, count: int) -> None:
    contacts, hits = side.ask("count")["found"]
    if contacts != count or not hits:
        raise AssertionError(f"{contacts} of {count} contacts came, {hits} are found")


def joined(port: int) -> float:
    """Seconds until a new laptop is ready."""
    with newcomer(port, counted=False) as side:
        seconds = side.ask("join")["ms"] / 1000
        _require(side, RECORDS)
    return float(seconds)


def loaded(port: int) -> float:
    """Seconds that the bare rows take."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        count = rows.load(port, Path(folder, "rows.db"))
        seconds = time.perf_counter() - began
    if count != RECORDS:
        raise AssertionError(f"{count} of {RECORDS} rows came")
    return seconds


@contextmanager
def office(folder: Path, address: str = "") -> Iterator[int]:
    """The port of the head office in ``folder``; with an ``address``, of a new one there that has many contacts."""
    port = free_port()
    place = address or str(folder / "office.db")
    with (
        tempfile.TemporaryDirectory() as messages,
        program((*PYTHON, "bench.office", str(port), place, str(folder), str(RECORDS)), {}, Path(messages)),
    ):
        await_port(port)
        yield port


@contextmanager
def bare(url: str) -> Iterator[int]:
    """The port at which the bare rows are."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        with program((*PYTHON, "bench.limits.rows", str(port), url), {}, Path(folder)):
            await_port(port)
            yield port


@contextmanager
def newcomer(port: int, *, counted: bool = True) -> Iterator[Running]:
    """A laptop that has logged in, through a proxy where its bytes are ``counted``."""
    with tempfile.TemporaryDirectory() as folder, Proxy(port) as proxy:
        command = (*PYTHON, "bench.newcomer", str(proxy.port if counted else port), folder)
        with program(command, {}, Path(folder)) as laptop:
            answer(laptop)
            side = Running(laptop, proxy)
            yield side
            side.ask("leave")
