"""Import of 100,000 contacts (journal, indexes and search included) against csv and raw sqlite3 into the same table.

    python -m bench.imports [--rows N] [--rounds N] [--json FILE]

A round is one process of each kind after the other, on copies of one book of 2,000 accounts; ratios are medians over
the rounds. Times are from the first import to the commit. Exit code 1 when the goal is missed.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

GOAL = 4.0
"""At most so many times the limit, in wall time and in CPU time."""
ACCOUNTS = 2000
HEADER = (
    "First Name", "Last Name", "Company", "Job Title", "Department", "E-mail Address", "Business Phone",
    "Business Street", "Business City", "Business Postal Code", "Business Country", "Lead Source",
)  # fmt: skip
CITIES = (("Berlin", "Germany", "+49 30"), ("Leeds", "United Kingdom", "+44 113"), ("Lyon", "France", "+33 4 78"))


def write_contacts(path: Path, rows: int) -> None:
    """A file of made-up contacts, the same for the same number of rows."""
    draw = random.Random(7)
    first = [
        f"{name}{end}"
        for name in ("Ann", "Bo", "Car", "Dor", "Em", "Fre")
        for end in ("a", "en", "ia", "rik", "na", "do")
    ]
    last = [
        f"{name}{end}"
        for name in ("Schmi", "Wal", "Fisch", "Ber", "Lind")
        for end in ("dt", "ker", "er", "mann", "gren")
    ]
    titles = ("Head of Purchasing", "Engineer", "CEO", "Buyer", "Plant Manager", "")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for n in range(rows):
            city, country, code = draw.choice(CITIES)
            name, family = draw.choice(first), f"{draw.choice(last)}{n % 977}"
            writer.writerow([
                name, family, f"Account {draw.randrange(ACCOUNTS):04}", draw.choice(titles),
                draw.choice(("Sales", "IT", "")),
                f"{name}.{family}.{n}@example.com".lower(), f"{code} {draw.randrange(100000, 999999)}",
                f"High Street {draw.randrange(200)}", city, f"{draw.randrange(10000, 99999)}", country,
                draw.choice(("Trade Show", "Web Site", "")),
            ])  # fmt: skip


def make_book(path: Path) -> None:
    """A book with the accounts that the contacts belong to."""
    from sfa.store.book import Book

    book = Book.create(path, "Rita Rep")
    with book.change("Accounts") as change:
        change.insert_rows("account", ("name",), [(f"Account {n:04}",) for n in range(ACCOUNTS)])
    book.close()


def import_one(book_path: str, path: str) -> None:
    """Our side: prints what the limit prints, and the highest memory in MB."""
    wall, cpu = time.perf_counter(), time.process_time()
    from sfa.exchange.importing import run_import
    from sfa.store.book import Book

    book = Book.open(Path(book_path))
    result = run_import(book, [(Path(path), "contact")])
    book.close()
    assert result.created == result.rows, result.files[0].samples
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        json.dumps(
            {
                "rows": result.created,
                "wall": time.perf_counter() - wall,
                "cpu": time.process_time() - cpu,
                "memory": memory,
            }
        )
    )


def measure(module: list[str], template: Path, path: Path) -> dict[str, float]:
    """One run in a process and on a book of its own."""
    copy = template.with_name("copy.sfa")
    for left in template.parent.glob("copy.sfa*"):
        left.unlink()
    shutil.copyfile(template, copy)
    done = subprocess.run(
        [sys.executable, "-m", *module, str(copy), str(path)], check=True, capture_output=True, text=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        import_one(*options.one)
        return 0
    ours: list[dict[str, float]] = []
    limits: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        template, path = Path(folder, "book.sfa"), Path(folder, "contacts.csv")
        write_contacts(path, options.rows)
        make_book(template)
        for _round in range(options.rounds):
            limits.append(measure(["bench.limits.imports"], template, path))
            ours.append(measure(["bench.imports", "--one"], template, path))
    assert all(found["rows"] == options.rows for found in ours + limits)
    report: dict[str, float] = {"rows": options.rows, "rounds": options.rounds, "goal": GOAL}
    report["memory_mb"] = statistics.median(found["memory"] for found in ours)
    for clock in ("wall", "cpu"):
        report[f"{clock}_limit"] = statistics.median(found[clock] for found in limits)
        report[f"{clock}_sfa"] = statistics.median(found[clock] for found in ours)
        report[f"{clock}_ratio"] = statistics.median(
            our[clock] / limit[clock] for our, limit in zip(ours, limits, strict=True)
        )
        limit, sfa, ratio = (report[f"{clock}_{what}"] for what in ("limit", "sfa", "ratio"))
        print(f"{clock:5} limit {limit:.2f} s, sfa {sfa:.2f} s, ratio {ratio:.2f} (at most {GOAL})")
    print(f"memory at most {report['memory_mb']:.0f} MB")
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n", "utf-8")
    return int(max(report["wall_ratio"], report["cpu_ratio"]) > GOAL)


if __name__ == "__main__":
    sys.exit(main())
