"""The hot reads against hand-written SQL on the bare driver: same file, same run, one after the other in turn.

A page of a list of 1,000,000 contacts, the timeline of an account among 5,000,000 activities, the stage sums of
1,000,000 deals.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from bench.limits.reads import Hand
from bench.report import Row, Setup, paired
from sfa.sales.pipeline import stage_sums
from sfa.sales.timeline import timeline
from sfa.store.book import Book
from sfa.store.query import Listing, Query
from sfa.store.schema import create_indexes

COLUMNS = ("last_name", "first_name", "account", "title", "mailing_city")
NUMBERS = "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?)"
ACCOUNTS = f"""{NUMBERS} INSERT INTO account (n, id, name, sort_key, created_at)
    SELECT n, {{id}}, 'Company ' || n, 'company ' || n, '2026-01-01T00:00:00Z' FROM number"""
CONTACTS = f"""{NUMBERS} INSERT INTO contact
    (n, id, first_name, last_name, account, title, mailing_city, owner, created_at, sort_key)
    SELECT n, {{id}}, 'Anna', 'Schmidt' || ((n * 7919) % 1000003), {{account}}, 'Buyer', 'Berlin', {{user}},
    '2026-01-01T00:00:00Z', 'schmidt' || ((n * 7919) % 1000003) || ' anna' FROM number"""
DEALS = f"""{NUMBERS} INSERT INTO opportunity
    (n, id, name, account, pipeline, stage, amount, currency, probability, owner, close_date, sort_key, created_at)
    SELECT n, {{id}}, 'Deal ' || n, {{account}}, {{pipeline}}, (SELECT id FROM stage WHERE position = number.n % 7),
    n * 100, iif(n % 10, 'EUR', 'USD'), (n % 5) * 20, {{user}}, '2026-12-01', 'deal ' || n, '2026-01-01T00:00:00Z'
    FROM number"""
ACTIVITIES = f"""{NUMBERS} INSERT INTO activity
    (n, id, type, subject, start, status, account, contact, body, completed_at, owner, sort_key, created_at)
    SELECT n, {{id}}, 'call', 'Call ' || n, {{when}}, 'Held', {{account}}, {{contact}}, 'said yes', {{when}}, {{user}},
    'call ' || n, '2026-01-01T00:00:00Z' FROM number"""


Pair = tuple[Callable[[], Any], Callable[[], Any]]  # ours, by hand


class Sizes(NamedTuple):
    contacts: int = 1_000_000
    deals: int = 1_000_000
    activities: int = 5_000_000
    accounts: int = 100_000


def read_book(folder: Path, sizes: Sizes) -> Path:
    """The book to read, made by plain SQL where it is not there yet: reads neither need its journal nor its search."""
    path = folder / f"reads-{'-'.join(map(str, sizes))}.sfa"
    if not path.exists():
        half = path.with_suffix(".half")
        half.unlink(missing_ok=True)
        book = Book.create(half, "Rita Rep")
        _fill(book, sizes)
        book.close()
        half.rename(path)
    return path


def _fill(book: Book, sizes: Sizes) -> None:
    connection = book.connection
    connection.execute("PRAGMA synchronous = OFF")
    parts = {
        "user": f"'{book.user}'",
        "pipeline": f"'{book.value('SELECT id FROM pipeline')}'",
        "account": _id("account", f"(n * 31) % {sizes.accounts} + 1"),
        "contact": _id("contact", f"(n * 17) % {sizes.contacts} + 1"),
        "when": "strftime('%Y-%m-%dT%H:%M:%SZ', 1700000000 + (n * 7907) % 90000000, 'unixepoch')",
    }
    with book.transaction():
        indexes = create_indexes()
        for name in indexes:
            connection.execute(f"DROP INDEX {name}")
        kinds = ("account", "contact", "opportunity", "activity")
        counts = (sizes.accounts, sizes.contacts, sizes.deals, sizes.activities)
        for kind, count, sql in zip(kinds, counts, (ACCOUNTS, CONTACTS, DEALS, ACTIVITIES), strict=True):
            connection.execute(sql.format(id=_id(kind, "n"), **parts), (count,))
        for statement in indexes.values():
            connection.execute(statement)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _id(kind: str, number: str) -> str:
    return f"printf('01a20000-0000-7000-{kind[:2].encode().hex()}-%012x', {number})"


def _pairs(rounds: int, sides: Callable[[int], Pair]) -> list[tuple[tuple[float], tuple[float]]]:
    """Microseconds of ours and by hand, in turn; which is first changes."""
    found = []
    for number in range(-5, rounds):
        both, times = sides(number), [0.0, 0.0]
        for side in (0, 1) if number % 2 else (1, 0):
            began = time.perf_counter()
            both[side]()
            times[side] = (time.perf_counter() - began) * 1e6
        if number >= 0:  # what comes before fills the caches
            found.append(((times[0],), (times[1],)))
    return found


def measure(setup: Setup) -> list[Row]:
    sizes = Sizes()
    path = read_book(setup.books, sizes)
    book, hand, dice = Book.open(path), Hand(path), random.Random(1)
    listing = Listing(book, Query("contact", COLUMNS))
    pipeline = book.value("SELECT id FROM pipeline")
    accounts = [row[0] for row in book.rows("SELECT id FROM account WHERE n % 97 = 0")]
    _require_same(book, hand, listing, pipeline, accounts[0])

    def page(start: int) -> Pair:
        return lambda: listing.page(start, start + 40), lambda: hand.page(start, 40)

    def opened(_number: int) -> Pair:
        return lambda: Listing(book, Query("contact", COLUMNS)).page(0, 40), lambda: hand.page(0, 40)

    def around(_number: int) -> Pair:
        account = dice.choice(accounts)
        return lambda: timeline(book, "account", account, 50), lambda: hand.timeline(account, 50)

    def sums(_number: int) -> Pair:
        return lambda: stage_sums(book, pipeline), lambda: hand.sums(pipeline)

    def count(_number: int) -> Pair:
        return lambda: listing.count, hand.count

    many, few = setup.rounds * 30, setup.rounds * 3
    contacts = sizes.contacts
    cases: tuple[tuple[str, int, Callable[[int], Pair], tuple[float, ...]], ...] = (
        (f"list of {contacts:,} contacts: first page", many, lambda _number: page(0), (2.0,)),
        ("… near the top", many, lambda _number: page(dice.randrange(contacts // 99)), (2.0,)),
        ("… anywhere", few, lambda _number: page(dice.randrange(contacts)), (2.0,)),
        ("… count", few, count, (2.0,)),
        ("… opened (query built; no goal)", many, opened, ()),
        (f"timeline of an account among {sizes.activities:,} activities: first 50", many, around, (2.0,)),
        (f"stage sums of {sizes.deals:,} deals", few, sums, (2.0,)),
    )
    rows = [
        paired(what, "hand-written SQL on the bare driver", "µs", _pairs(rounds, sides), goals)
        for what, rounds, sides, goals in cases
    ]
    book.close()
    return rows


def _require_same(book: Book, hand: Hand, listing: Listing, pipeline: str, account: str) -> None:
    """Both sides read the same, else the ratio says nothing."""
    assert listing.page(100, 140) == hand.page(100, 40)
    assert listing.count == hand.count()
    assert [entry.id for entry in timeline(book, "account", account, 50)] == [
        row[1] for row in hand.timeline(account, 50)
    ]
    sums: dict[str, dict[str, int]] = {}
    for stage, currency, _count, amount, _share in hand.sums(pipeline):
        sums.setdefault(stage, {})[currency] = amount
    assert {one.stage.id: dict(one.sums) for one in stage_sums(book, pipeline)} == sums
