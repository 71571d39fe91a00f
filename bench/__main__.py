"""Everything measured against its limit in one run: tables into bench/results.md.

    python -m bench [SUBJECT ...] [--rounds N] [--books FOLDER] [--json FILE] [--realtime] [--peers]

Ratios are medians over the rounds, each a set of fresh processes in which both sides take turns. Large books are made
in the folder where they are not there yet (some 3 GB). Exit code 1 when a goal is missed. Linux and macOS.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from bench import (
    calendars,
    figures,
    firstsync,
    ical,
    imports,
    program,
    reads,
    reminders,
    review,
    startup,
    sync,
    throughput,
    weeks,
)
from bench.report import Row, Setup, machine, table, versions

SUBJECTS = {
    "start": ("Start and memory: book of 100,000 contacts and 10,000 open deals", program.start),
    "commands": ("Commands and completion", startup.measure),
    "keys": ("Keys: to the last byte painted, in a pseudo-terminal of 120x40", program.keys),
    "import": ("Import", imports.measure),
    "ical": ("Calendars: export of 10,000 follow-ups", ical.measure),
    "reads": ("Reads", reads.measure),
    "review": ("The pipeline review", review.measure),
    "reminders": ("Reminders: 100,000 of them, in a book of 100,000 contacts", reminders.measure),
    "calendar": ("The calendar on the screen", weeks.measure),
    "caldav": ("Calendars: a server of others with 10,000 entries", calendars.measure),
    "reports": ("Reports: 1,000,000 deals and 5,000,000 activities", figures.measure),
    "sync": ("Sync: two laptops and head office on one machine, one connection each", sync.measure),
    "firstsync": ("Sync: a new laptop, and a large territory", firstsync.measure),
    "office": ("Head office: changes of many laptops, all into one territory", throughput.measure),
}
RESULTS = Path(__file__).with_name("results.md")


def main() -> int:
    options = _parser().parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed sfa is compiled
    if options.realtime:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))
    options.books.mkdir(parents=True, exist_ok=True)
    setup = Setup(options.rounds, options.books, options.peers)
    found: dict[str, list[Row]] = {}
    busy = os.getloadavg()[0]
    for name in options.subject or SUBJECTS:
        found[name] = SUBJECTS[name][1](setup)
        print(table(SUBJECTS[name][0], found[name]), flush=True)
    if not options.subject:
        RESULTS.write_text(_results(found, options, busy), "utf-8")
    if options.json:
        rows = {name: [{**row._asdict(), "met": row.met} for row in rows] for name, rows in found.items()}
        options.json.write_text(json.dumps(rows, indent=2) + "\n", "utf-8")
    return int(not all(row.met for rows in found.values() for row in rows))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("subject", nargs="*", choices=[*SUBJECTS, []], help="all, and only then results.md is written")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--books", type=Path, default=Path(tempfile.gettempdir()) / "sfa-bench")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--realtime", action="store_true", help="go before all other load (Linux, for root)")
    parser.add_argument("--peers", action="store_true", help="install PouchDB and Actual from npm and measure them")
    return parser


def _results(found: dict[str, list[Row]], options: argparse.Namespace, busy: float) -> str:
    rows = [row for some in found.values() for row in some if row.goals]
    met = sum(row.met for row in rows)
    lines = [
        "# What `make bench` measured",
        "",
        f"{time.strftime('%Y-%m-%d')}, {options.rounds} rounds. {machine()}. Other load at the start: {busy:.1f}"
        f"{', gone before by --realtime' if options.realtime else ''}.",
        f"{versions()}.",
        "",
        f"{met} of {len(rows)} goals met. Measured: median of the rounds' ratios; ours and limit: medians.",
        "How it is measured, and what was tried: [docs/performance.md](../docs/performance.md).",
        "",
    ]
    return "\n".join([*lines, *(table(SUBJECTS[name][0], some) for name, some in found.items())]).rstrip() + "\n"


if __name__ == "__main__":
    sys.exit(main())
