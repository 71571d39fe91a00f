"""The least that an import can be: csv and sqlite3's executemany into the book's own table, with its indexes.

    python -m bench.limits.imports BOOK CSV

No checks, no journal, no search, no phone numbers read; the values are put together as the table holds them. Prints
wall and CPU seconds.
"""

from __future__ import annotations

import csv
import json
import sqlite3
import sys
import time

NOW = "2026-11-18T09:00:00Z"
COLUMNS = (
    "n, id, first_name, last_name, account, title, department, emails, phones, mailing_street, mailing_city,"
    " mailing_postal_code, mailing_country, lead_source, owner, created_at, created_by, sort_key"
)


def load(book: str, path: str) -> int:
    """Inserts every row of the file at ``path``; gives their number."""
    connection = sqlite3.connect(book, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "cache_size = -16000", "mmap_size = 1073741824"):
        connection.execute(f"PRAGMA {pragma}")
    accounts = dict(connection.execute("SELECT name, id FROM account"))
    user = connection.execute("SELECT value FROM meta WHERE key = 'user'").fetchone()[0]
    with open(path, encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            f"INSERT INTO contact ({COLUMNS}) VALUES ({', '.join('?' * (COLUMNS.count(',') + 1))})",
            (
                (
                    n, f"01a20000-0000-7000-8000-{n:012x}", first, last, accounts.get(company), title, department,
                    f'[{{"label":"work","value":"{email}"}}]', f'[{{"label":"work","value":"{phone}"}}]',
                    street, city, code, country, source, user, NOW, user, f"{last} {first}".lower(),
                )
                for n, (first, last, company, title, department, email, phone, street, city, code, country, source)
                in enumerate(rows, 1)
            ),
        )  # fmt: skip
        connection.execute("COMMIT")
    count = int(connection.execute("SELECT count(*) FROM contact").fetchone()[0])
    connection.close()
    return count


if __name__ == "__main__":
    wall, cpu = time.perf_counter(), time.process_time()
    found = load(*sys.argv[1:3])
    print(json.dumps({"rows": found, "wall": time.perf_counter() - wall, "CPU": time.process_time() - cpu}))
