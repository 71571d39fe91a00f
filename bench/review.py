"""A pipeline review against a scan of the journal between its two moments: same file, one after the other in turn.

A book of 1,000,000 deals, of which 10,000 are open; in the months that are looked at 300,000 entries were written, a
sixth of them of deals (half of these open), the others of activities.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver

from bench.report import Row, Setup, paired
from sfa.sales.review import moments
from sfa.sales.review.summary import review
from sfa.store.book import PRAGMAS, Book
from sfa.store.schema import create_indexes

NUMBERS = "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?)"
ID = "printf('01a40000-0000-7000-8000-%012x', {})"
DEALS = f"""{NUMBERS} INSERT INTO opportunity
    (n, id, name, pipeline, stage, amount, currency, owner, close_date, closed_at, sort_key, created_at)
    SELECT n, {ID.format("n")}, 'Deal ' || n, {{pipeline}},
    (SELECT id FROM stage WHERE position = iif(n % 100, 6, n % 5 + 1)), n * 100, 'EUR', {{user}}, '2026-12-01',
    iif(n % 100, '2026-01-01T00:00:00Z', NULL), 'deal ' || n, '2025-01-01T00:00:00Z' FROM number"""
ACTIONS = f"""{NUMBERS} INSERT INTO action (id, at, user, device, origin, title, mode, root)
    SELECT 'a' || n, strftime('%Y-%m-%dT%H:%M:%SZ', {{start}} + n * {{step}}, 'unixepoch'), {{user}}, 'bench', 'screen',
    'Did', 'do', n FROM number"""
ENTRIES = f"""{NUMBERS} INSERT INTO entry (action, kind, record, op, fields)
    SELECT {{first}} + n / 2, iif(n % 6, 'activity', 'opportunity'),
    iif(n % 6, 'activity-' || n, {ID.format("iif(n % 12, n % 1000000 + 1, (n % 10000) * 100 + 100)")}), 'update',
    iif(n % 6, '{{{{"completed_at":[null,"2026-10-01T09:00:00Z"],"status":["Planned","Held"]}}}}',
    '{{{{"amount":[' || n || ',' || (n * 2) || '],"close_date":["2026-11-01","2026-12-01"]}}}}') FROM number"""
DEALS_COUNT, BEFORE, BETWEEN = 1_000_000, 600_000, 300_000
SCAN = "SELECT n, action, kind, record, op, fields FROM entry WHERE action > ? AND n >= ?"


def made(folder: Path) -> Path:
    """The book to review, made by plain SQL where it is not there yet."""
    path = folder / f"review-{DEALS_COUNT}-{BETWEEN}.sfa"
    if not path.exists():
        half = path.with_suffix(".half")
        half.unlink(missing_ok=True)
        book = Book.create(half, "Rita Rep")
        _fill(book)
        book.close()
        half.rename(path)
    return path


def _fill(book: Book) -> None:
    run = book.connection.execute
    run("PRAGMA synchronous = OFF")
    parts: dict[str, Any] = {"user": f"'{book.user}'", "pipeline": f"'{book.value('SELECT id FROM pipeline')}'"}
    year, quarter = 1_750_000_000, 1_780_000_000
    with book.transaction():
        indexes = create_indexes()
        for name in indexes:
            run(f"DROP INDEX {name}")
        run("UPDATE action SET at = '2025-01-01T00:00:00Z'")
        run(DEALS.format(**parts), (DEALS_COUNT,))
        for start, step, count in ((year, 90, BEFORE), (quarter, 25, BETWEEN)):
            first = book.value("SELECT max(n) FROM action")
            run(ACTIONS.format(start=start, step=step, **parts), (count // 2 + 1,))
            run(ENTRIES.format(first=first), (count,))
        for statement in indexes.values():
            run(statement)
    run("ANALYZE")
    run("PRAGMA wal_checkpoint(TRUNCATE)")


def measure(setup: Setup) -> list[Row]:
    path = made(setup.books)
    book, hand = Book.open(path), driver.connect(str(path), isolation_level=None)
    for pragma in PRAGMAS:
        hand.execute(pragma)
    number = book.value("SELECT n FROM action WHERE at < '2026-05-28' ORDER BY n DESC LIMIT 1")
    since = moments.Moment("2026-05-28T20:26:40Z", number)
    first = book.value("SELECT min(n) FROM entry WHERE action > ?", (number,))
    found = review(book, since)
    total = {line.kind: sum(line.sums.values()) for line in found.bridge.lines}
    assert found.bridge.opening.sums["EUR"] + sum(total.values()) == found.bridge.closing.sums["EUR"]
    rows = []
    for _round in range(-1, setup.rounds):
        times = []
        for side in (lambda: review(book, since), lambda: hand.execute(SCAN, (number, first)).fetchall()):
            began = time.perf_counter()
            kept: Any = side()
            times.append((time.perf_counter() - began) * 1e3)
            del kept
        if _round >= 0:
            rows.append(((times[0],), (times[1],)))
    what = f"review of {BETWEEN:,} entries, {found.bridge.opening.count:,} of {DEALS_COUNT:,} deals open"
    book.close()
    hand.close()
    return [paired(what, "a scan of the journal between the two moments", "ms", rows, (3.0,))]
