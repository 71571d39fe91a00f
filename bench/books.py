"""Large books for the benchmarks, made through the program's own fast lane; kept in a folder, made once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from sfa import locales
from sfa.models.fields import Value
from sfa.store.book import Book

FIRST = (
    "Anna",
    "Bela",
    "Chen",
    "Dora",
    "Emil",
    "Fatma",
    "Goran",
    "Hanna",
    "Ivan",
    "Jana",
    "Karl",
    "Lena",
    "Mira",
    "Nils",
)
LAST = ("Schmidt", "Novak", "Olsen", "Martin", "Rossi", "Kowalski", "Silva", "Weber", "Dubois", "Nagy", "Haas", "Lind")
CITIES = ("Berlin", "Lyon", "Oslo", "Porto", "Graz", "Brno", "Turin", "Malmö", "Ghent", "Cork")
CONTACT = ("first_name", "last_name", "account", "title", "phones", "emails", "mailing_city")
DEAL = (
    "name", "account", "pipeline", "stage", "amount", "currency", "probability", "close_date", "stage_entered_at"
)  # fmt: skip
STEP = ("type", "subject", "start", "status", "opportunity", "account")
CHUNK = 50_000


def large_book(folder: Path, contacts: int, deals: int) -> Path:
    """A book of ``contacts`` contacts and ``deals`` open deals in ``folder``, made where it is not there yet."""
    path = folder / f"book-{contacts}-{deals}.sfa"
    if not path.exists():
        half = path.with_suffix(".half")
        for leftover in folder.glob(f"{half.name}*"):
            leftover.unlink()
        book = Book.create(half, "Rita Rep")
        _fill(book, contacts, deals)
        book.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        book.connection.execute("ANALYZE")
        book.close()
        half.rename(path)
    return path


def _fill(book: Book, contacts: int, deals: int) -> None:
    with book.change("Accounts", "demo") as change:
        cities = [(n, CITIES[n % 10]) for n in range(max(deals // 4, 10))]
        rows = ((f"{city} Works {n:05}", city, "Software") for n, city in cities)
        accounts = change.insert_rows("account", ("name", "billing_city", "industry"), rows)
    for start in range(0, contacts, CHUNK):
        with book.change("Contacts", "demo") as change:
            stop = min(start + CHUNK, contacts)
            change.insert_rows("contact", CONTACT, (_contact(n, accounts) for n in range(start, stop)))
    with book.change("Deals", "demo") as change:
        ids = change.insert_rows("opportunity", DEAL, _deals(book, deals, accounts))
        change.insert_rows("activity", STEP, _steps(ids, accounts))


def _contact(n: int, accounts: list[str]) -> tuple[Value, ...]:
    first, last = FIRST[n % len(FIRST)], f"{LAST[n // 7 % len(LAST)]}{n:07}"
    phone = f"+4930{n:08}"
    phones = [{"label": "work", "value": phone, "e164": phone}]
    emails = [{"label": "work", "value": f"{first}.{n}@example.com".lower()}]
    return first, last, accounts[n % len(accounts)], "Buyer", phones, emails, CITIES[n % 10]


def _deals(book: Book, deals: int, accounts: list[str]) -> Iterator[tuple[Value, ...]]:
    stages = book.rows("SELECT id, pipeline, probability FROM stage WHERE type = 'Open' ORDER BY position")
    today = date.fromisoformat(locales.today())
    for n in range(deals):
        stage, pipeline, probability = stages[n % len(stages)]
        entered = f"{(today - timedelta(n % 40)).isoformat()}T08:00:00Z"
        close = (today + timedelta(n % 180)).isoformat()
        yield f"Deal {n:06}", accounts[n % len(accounts)], pipeline, stage, 1000 * n, "EUR", probability, close, entered


def _steps(deals: list[str], accounts: list[str]) -> Iterator[tuple[Value, ...]]:
    """A next step for four deals of five, a few of them late."""
    today = date.fromisoformat(locales.today())
    for n, deal in enumerate(deals):
        if n % 5:
            yield (
                "call",
                f"Call about {n}",
                (today + timedelta(n % 60 - 1)).isoformat(),
                "Planned",
                deal,
                accounts[n % len(accounts)],
            )
