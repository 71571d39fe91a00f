"""What every run starts with: a head office with users, territories and records, and laptops that follow it.

Made once per process, the same each time; a run copies the files.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from sfa.models.ids import repeatable
from sfa.sales import edit
from sfa.server import passwords, people
from sfa.server.database import Database, connect
from sfa.server.office import Office
from sfa.server.people.enrolment import _enrol
from sfa.store.book import Book
from sfa.sync.client import sync
from sfa.sync.enrolment import join
from sfa.sync.messages import Welcome
from sfa.sync.steps import Reply, Request
from tests.sync.rig import answer
from tests.sync.simulation.clock import START, at
from tests.sync.simulation.versions import older

MILLISECONDS = 1_790_000_000_000
TERRITORIES = ("north", "south")
MEMBERS = {"anna": ("north", "manager"), "bob": ("north", "writer"), "carl": ("south", "writer"), "dora": ("", "")}
"""Login → home and role there."""
LAPTOPS = {"anna": "anna", "bob": "bob", "bob2": "bob", "carl": "carl", "dora": "dora", "older": "bob"}
"""Laptop → its user's login."""
TABLES = ("meta", "login", "device", "stream", "member", "record", "log", "receipt", "upload")
Dump = dict[str, list[tuple[Any, ...]]]


class Template(NamedTuple):
    """The files' bytes, and the tokens of the laptops."""

    office: bytes
    dump: Dump
    books: dict[str, bytes]
    tokens: dict[str, str]
    empty: bytes


def shared_memory() -> Path | None:
    """Where files are fast, if there is such a place."""
    path = Path("/dev/shm")
    return path if path.is_dir() else None


def folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="sfa-simulation-", dir=shared_memory()))


@contextmanager
def ids(seed: int) -> Iterator[None]:
    """Ids that follow from the seed."""
    with repeatable(Random(seed).getrandbits, MILLISECONDS):
        yield


def enrol(database: Database, login: str) -> Welcome:
    """A new laptop for a user, without the time that a password takes."""
    (user,) = database.read(lambda session: session.rows("SELECT id FROM login WHERE name = ?", (login,)))[0]
    return database.write(lambda session: _enrol(session, user, "laptop", None))


def drive(office: Office, token: str, steps: Generator[Request, Any, Any], is_older: bool = False) -> None:
    """Goes through a sync with nothing going wrong, on a laptop with an older version where ``is_older``."""
    reply: Reply | None = None
    while True:
        try:
            with older(is_older):
                request = steps.send(reply)
        except StopIteration:
            return
        reply = answer(office, token, request)


def saved(database: Database) -> Dump:
    """Everything that head office holds."""
    return database.read(lambda session: {name: session.rows(f"SELECT * FROM {name}") for name in TABLES})


def put_back(database: Database, dump: Dump) -> None:
    """Head office as it was when it was ``saved``."""

    def work(session: Any) -> None:
        for name, rows in dump.items():
            session.execute(f"DELETE FROM {name}")
            if rows:
                session.many(f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", rows)

    database.write(work)


@cache
def template() -> Template:
    place = folder()
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    with ids(0), at(START):
        return _make(place)


def _make(place: Path) -> Template:
    database = connect(str(place / "office.db"))
    people.initialise(database)
    office = Office(database, place / "snapshots")
    for name in TERRITORIES:
        people.add_stream(database, name)
    hashed, passwords.hashed = passwords.hashed, lambda password: "none"
    try:
        for name in MEMBERS:
            people.add_user(database, name, name.title(), "none", email="")
    finally:
        passwords.hashed = hashed
    for name, (home, role) in MEMBERS.items():
        if home:
            people.set_member(database, name, home, role, home=True)
    people.set_member(database, "anna", "south", "manager")
    empty = place / "empty.sfa"
    Book.create(empty, None).close()
    books, tokens = {}, {}
    for name, login in LAPTOPS.items():
        welcome = enrol(database, login)
        tokens[name] = welcome.token
        with older(name == "older"):
            books[name] = Book.create(place / f"{name}.sfa", None)
        steps = join(books[name], "https://office.example", welcome)
        drive(office, welcome.token, steps, name == "older")
    _fill(books["bob"], "North")
    _fill(books["carl"], "South")
    for _round in range(2):
        for name, book in books.items():
            drive(office, tokens[name], sync(book), name == "older")
    dump = saved(database)
    database.close()
    for book in books.values():
        book.connection.execute("DELETE FROM meta WHERE key = 'verify_at'")  # a week begins when a run begins
        book.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        book.close()
    files = {name: book.path.read_bytes() for name, book in books.items()}
    return Template((place / "office.db").read_bytes(), dump, files, tokens, empty.read_bytes())


def _fill(book: Book, name: str) -> None:
    """Two customers with people, deals and something to do."""
    with book.change(f"Customers of {name}", "command") as change:
        tags = [edit.create(change, "tag", {"name": f"{name} {word}"}) for word in ("hot", "cold")]
        for number in (1, 2):
            values = {"name": f"{name} {number}", "tags": tags[:1], "description": "first line"}
            account = edit.create(change, "account", values)
            contact = edit.create(change, "contact", {"last_name": f"{name} person {number}", "account": account})
            edit.create(change, "contact", {"last_name": f"{name} other {number}", "account": account})
            links = {"account": account, "primary_contact": contact}
            money = {"amount": 1000, "currency": "EUR"}
            deal = edit.create(change, "opportunity", {"name": f"{name} deal {number}", **money, **links})
            done = {"type": "note", "subject": "met", "body": "first line"}
            edit.create(change, "activity", {**done, "opportunity": deal})
            edit.create(change, "relation", {"contact": contact, "account": account, "role": "Partner"})
        edit.create(change, "lead", {"last_name": f"{name} lead", "company": f"{name} maybe"})
