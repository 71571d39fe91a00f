"""A book of 100,000 reminders: what it costs to wait for them, and what opening Today costs with them. Linux only."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.books import large_book
from bench.program import BOOK, hello, program
from bench.report import Row, Setup, paired
from sfa.clock import to_instant
from sfa.store.book import Book

COUNT = 100_000
AHEAD = timedelta(days=2)
"""From when on they are due, so that none is while it is measured."""
SPAN = 10.0
"""Seconds in which a program is watched doing nothing."""
QUIET = 2.0
"""Seconds after the start in which it may still settle."""
WATCH = "from sfa.cli import main; main(['remind', '--watch'])"
PAUSE = "import signal; signal.pause()"


def measure(setup: Setup) -> list[Row]:
    book = reminded_book(setup.books)
    waits, paints = [_idle(book) for _number in range(min(setup.rounds, 3))], []
    for number in range(setup.rounds * 3 + 1):
        unit = hello()
        unit_time = unit.wait_for("ready")
        unit.settle()
        mine = program(book)
        mine_time = mine.wait_for("Due today")
        if number:  # the first round compiles
            paints.append(((mine_time,), (unit_time,)))
        unit.close()
        mine.close()
    return [
        paired(
            f"sfa remind --watch, {COUNT:,} reminders to come: wake-ups in {SPAN:.0f} s, and 1",
            "a Python that only pauses, and 1",
            "",
            waits,
            (1.0,),
        ),
        paired(
            f"start to first interactive paint of Today, {COUNT:,} reminders",
            "bare Textual hello world",
            "ms",
            paints,
            (1.3,),
        ),
    ]


def reminded_book(folder: Path) -> Path:
    """The usual large book with reminders of its activities, made where it is not there yet."""
    usual = large_book(folder, *BOOK)
    path = usual.with_name(f"{usual.stem}-reminders-{COUNT}.sfa")
    if not path.exists():
        half = path.with_suffix(".half")
        shutil.copyfile(usual, half)
        book = Book.open(half)
        steps = [row[0] for row in book.rows("SELECT id FROM activity")]
        first = datetime.now(UTC) + AHEAD
        rows = (
            (steps[number % len(steps)], to_instant(first + timedelta(minutes=number)), book.user)
            for number in range(COUNT)
        )
        with book.change("Reminders", "demo") as change:
            change.insert_rows("reminder", ("activity", "remind_at", "user"), rows)
        book.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        book.connection.execute("ANALYZE")
        book.close()
        half.rename(path)
    return path


def _idle(book: Path) -> tuple[tuple[float], tuple[float]]:
    """How often, and once, the watch and a program that only pauses gave up the processor by themselves."""
    environment = {**os.environ, "SFA_BOOK": str(book)}
    sides = [
        subprocess.Popen([sys.executable, "-c", code], env=environment, stderr=subprocess.PIPE, text=True)
        for code in (WATCH, PAUSE)
    ]
    assert sides[0].stderr
    sides[0].stderr.readline()  # it reminds
    time.sleep(QUIET)
    before = [_switches(side.pid) for side in sides]
    time.sleep(SPAN)
    mine, limit = (_switches(side.pid) - known + 1 for side, known in zip(sides, before, strict=True))
    for side in sides:
        side.kill()
        side.wait()
        if side.stderr:
            side.stderr.close()
    return (mine,), (limit,)


def _switches(pid: int) -> float:
    """The voluntary context switches of all threads of a process so far."""
    return sum(
        int(line.split()[1])
        for task in Path(f"/proc/{pid}/task").iterdir()
        for line in (task / "status").read_text().splitlines()
        if line.startswith("voluntary_ctxt_switches")
    )
