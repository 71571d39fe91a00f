"""Import of 100,000 contacts (journal, indexes and search included) against csv and raw sqlite3 into the same table.

    python -m bench.imports BOOK CSV

does our side once. A round is one process of each kind after the other, on copies of one book of 2,000 accounts.
"""

from __future__ import annotations

import csv
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.report import Row, Setup, paired

ROWS = 100_000
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
    """Our side: prints what the limit prints."""
    wall, cpu = time.perf_counter(), time.process_time()
    from sfa.exchange.importing import run_import
    from sfa.store.book import Book

    book = Book.open(Path(book_path))
    result = run_import(book, [(Path(path), "contact")])
    book.close()
    assert result.created == result.rows, result.files[0].samples
    times = {"wall": time.perf_counter() - wall, "CPU": time.process_time() - cpu}
    print(json.dumps({"rows": result.created, **times}))


def measure(setup: Setup) -> list[Row]:
    """Wall and CPU time, from the first import to the commit."""
    pairs = []
    with tempfile.TemporaryDirectory() as folder:
        template, path = Path(folder, "book.sfa"), Path(folder, "contacts.csv")
        write_contacts(path, ROWS)
        make_book(template)
        for _round in range(setup.rounds):
            limit = _run("bench.limits.imports", template, path)
            pairs.append((_run("bench.imports", template, path), limit))
    against = "csv + raw sqlite3 insert into the same table and indexes"
    return [
        paired(f"import of {ROWS:,} contacts, {clock} time", against, "s",
               [((ours[clock],), (limit[clock],)) for ours, limit in pairs], (4.0,))
        for clock in ("wall", "CPU")
    ]  # fmt: skip


def _run(module: str, template: Path, path: Path) -> dict[str, float]:
    """One import in a process and into a book of its own."""
    copy = template.with_name("copy.sfa")
    for left in template.parent.glob("copy.sfa*"):
        left.unlink()
    shutil.copyfile(template, copy)
    done = subprocess.run(
        [sys.executable, "-m", module, str(copy), str(path)], check=True, capture_output=True, text=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    assert found["rows"] == ROWS
    return found


if __name__ == "__main__":
    import_one(*sys.argv[1:3])
