"""A week of the calendar: in books of 10,000 and of 100,000 activities, and against a look by hand at the same rows."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.report import Row, Setup, paired
from sfa.clock import to_instant
from sfa.sales import calendar, edit
from sfa.store.book import Book

A_YEAR = 10_000
"""Activities a year."""
SERIES = 20
FIRST, LAST = "2026-11-16", "2026-11-22"
BY_HAND = """SELECT activity.id, activity.subject, activity.start, activity."end", contact.last_name, account.name
    FROM activity LEFT JOIN contact ON contact.id = activity.contact LEFT JOIN account ON account.id = activity.account
    WHERE activity.deleted_at IS NULL AND activity.start >= '2026-11-15' AND activity.start < '2026-11-23T12:00:00Z'
    ORDER BY activity.start"""


def measure(setup: Setup) -> list[Row]:
    small, large = (Book.open(busy_book(setup.books, years)) for years in (1, 10))
    size, hand = [], []
    for number in range(setup.rounds * 3 + 1):
        mine, other = _timed(lambda: _week(large)), _timed(lambda: _week(small))
        bare = _timed(lambda: small.rows(BY_HAND))
        if number:  # the first round fills the caches
            size.append(((mine,), (other,)))
            hand.append(((other,), (bare,)))
    for book in (small, large):
        book.close()
    what = f"a week of about {A_YEAR // 52} activities and {SERIES} series, among {A_YEAR * 10:,}"
    return [
        paired(what, f"among {A_YEAR:,}", "ms", size, (1.25,)),
        paired(f"that week among {A_YEAR:,}", "its rows by hand-written SQL, without the series", "ms", hand),
    ]


def _week(book: Book) -> list[calendar.Entry]:
    return calendar.span(book, FIRST, LAST, book.user)


def _timed(read: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    for _turn in range(5):
        read()
    return (time.perf_counter() - begin) / 5 * 1000


def busy_book(folder: Path, years: int) -> Path:
    """A book with so many years of activities, the last of them 2026; made where it is not there yet."""
    path = folder / f"weeks-{years}.sfa"
    if not path.exists():
        half = path.with_suffix(".half")
        half.unlink(missing_ok=True)
        book = Book.create(half, "Rita Rep")
        with book.change("Years", "demo") as change:
            account = edit.create(change, "account", {"name": "Acme"})
            names = ("type", "subject", "start", "end", "status", "tzid", "account")
            change.insert_rows("activity", names, _activities(years, account))
            for number in range(SERIES):
                start = f"2026-11-16T{6 + number % 10:02}:00:00Z"
                again = {"rrule": "FREQ=WEEKLY", "series_start": start, "tzid": "Europe/Berlin"}
                values = {"type": "meeting", "subject": f"Again {number}", "start": start, **again}
                edit.create(change, "activity", values)
        book.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        book.connection.execute("ANALYZE")
        book.close()
        half.rename(path)
    return path


def _activities(years: int, account: str) -> Iterator[tuple[str, ...]]:
    chance = random.Random(1)
    for year in range(years):
        for number in range(A_YEAR):
            start = datetime(2026 - year, 1, 1, 6, tzinfo=UTC) + timedelta(minutes=15 * chance.randrange(365 * 96))
            end = to_instant(start + timedelta(minutes=45))
            type_ = chance.choice(("call", "meeting", "visit", "task"))
            yield type_, f"Activity {number}", to_instant(start), end, "Planned", "Europe/Berlin", account
