"""Large books for the benchmarks, made through the program's own fast lane; kept in a folder, made once a day."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from bench.names import CITIES, FIRST, FORMS, LAST, TITLES, TRADES, Draw
from sfa import locales
from sfa.models import fold
from sfa.models.fields import Value
from sfa.store.book import Book

CONTACT = ("first_name", "last_name", "account", "title", "phones", "emails", "mailing_city")
DEAL = (
    "name", "account", "pipeline", "stage", "amount", "currency", "probability", "close_date", "stage_entered_at"
)  # fmt: skip
STEP = ("type", "subject", "start", "status", "opportunity", "account")
CHUNK = 50_000
PER_ACCOUNT = 10  # contacts


def large_book(folder: Path, contacts: int, deals: int) -> Path:
    """A book of ``contacts`` contacts and ``deals`` open deals in ``folder``, made where it is not there yet.

    What is due depends on the day, so a book with deals is that of a day.
    """
    path = folder / f"book-{contacts}-{deals}{'-' + locales.today() if deals else ''}.sfa"
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
    dice = random.Random(7)
    last, trades, cities = (Draw(names, dice) for names in (LAST, TRADES, CITIES))
    companies = [
        (f"{last.one()} {trades.one()} {dice.choice(FORMS)}", cities.one()) for _n in range(contacts // PER_ACCOUNT)
    ]
    with book.change("Accounts", "demo") as change:
        rows = ((name, city, "Software") for name, city in companies)
        ids = change.insert_rows("account", ("name", "billing_city", "industry"), rows)
    accounts = [(id, _site(name, dice), city) for id, (name, city) in zip(ids, companies, strict=True)]
    people = _contacts(accounts, contacts, dice)
    for start in range(0, contacts, CHUNK):
        with book.change("Contacts", "demo") as change:
            count = min(CHUNK, contacts - start)
            change.insert_rows("contact", CONTACT, (next(people) for _n in range(count)))
    with book.change("Deals", "demo") as change:
        opened = change.insert_rows("opportunity", DEAL, _deals(book, deals, ids))
        change.insert_rows("activity", STEP, _steps(opened, ids))


def _site(company: str, dice: random.Random) -> str:
    return dice.choice(("", "-")).join(fold(company).split()[:2]) + dice.choice((".test", ".de.test", ".co.test"))


def _contacts(accounts: list[tuple[str, str, str]], count: int, dice: random.Random) -> Iterator[tuple[Value, ...]]:
    """Contacts in no order, as they come together over the years."""
    first, last = Draw(FIRST, dice), Draw(LAST, dice)
    for _n in range(count):
        account, site, city = dice.choice(accounts)
        name, family = first.one(), last.one().replace("-", " ")
        phone = f"+49{dice.randrange(30, 99)}{dice.randrange(10**7, 10**8)}"
        email = f"{fold(name)}.{fold(family).replace(' ', '')}@{site}".replace("'", "")
        yield (
            name, family, account, dice.choice(TITLES), [{"label": "work", "value": phone, "e164": phone}],
            [{"label": "work", "value": email}], city,
        )  # fmt: skip


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
            start = (today + timedelta(n % 60 - 1)).isoformat()
            yield "call", f"Call about {n}", start, "Planned", deal, accounts[n % len(accounts)]
