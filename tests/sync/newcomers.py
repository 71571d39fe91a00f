"""Laptops that are new to a large stream, made by hand; and what head office has for them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from sfa.models import KINDS
from sfa.sales import edit
from sfa.server import people
from sfa.server.office import Office
from sfa.server.snapshots import pack
from sfa.store import journal
from sfa.store.book import Book
from sfa.sync import bootstrap, download, snapshot
from sfa.sync.client import sync
from sfa.sync.download import Tag
from sfa.sync.enrolment import join
from sfa.sync.messages import Login, Welcome
from sfa.sync.steps import Reply, Request
from sfa.sync.unpacking import Unpacking, digest_of
from tests.sync.conftest import Company
from tests.sync.rig import PASSWORD, answer

NORTH = 3
"""The number of the stream that everything is in."""


def make_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on everything is large, and goes in small steps."""
    monkeypatch.setattr(bootstrap, "LARGE", 41)
    monkeypatch.setattr(download, "PIECE", 4_000)
    monkeypatch.setattr(snapshot, "PAGE", 7)


def fill(company: Company) -> None:
    """Gives the territory North forty contacts and some history; head office gets a snapshot, and more since then."""
    book = company.anna.book
    with book.change("Import", "import") as change:
        account = edit.create(change, "account", {"name": "Acme"})
        change.insert_rows(
            "contact", ("last_name", "account", "emails"),
            [(f"Bo {n}", account, [{"label": "work", "value": f"bo{n}@acme.test"}]) for n in range(40)],
        )  # fmt: skip
    contacts = [record.id for record in book.records("contact")]
    for number, record in enumerate(contacts[:5]):
        with book.change(f"Change {number}") as change:
            edit.edit(change, "contact", record, {"first_name": f"Ann {number}", "description": 'It\'s "so"\nhere'})
    with book.change("Delete") as change:
        edit.delete(change, "contact", [contacts[39]])
    company.anna.sync()
    company.office.snapshots.make(NORTH)
    with book.change("Later") as change:
        edit.edit(change, "contact", contacts[7], {"first_name": "Later"})
    company.anna.sync()


def content(book: Book) -> dict[str, Any]:
    """All that matters of a book: records with the stream that each is in, and the history of each."""
    found: dict[str, Any] = {}
    for kind in KINDS:
        for (record,) in book.rows(f'SELECT id FROM "{kind}"'):
            values = {name: value for name, value in book.get(kind, record).values.items() if name != "n"}
            steps = [(s.op, s.fields, s.action._replace(number=0, root=0)) for s in journal.history(book, kind, record)]
            where = book.value(f'SELECT stream FROM "{kind}" WHERE id = ?', (record,))
            found[record] = (kind, values, where, steps)
    return found


def by_log(company: Company, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What a laptop holds that read the log."""
    with monkeypatch.context() as patch:
        patch.setattr(bootstrap, "LARGE", 1_000_000)
        return content(company.laptop("bob").book)


class Line:
    """A laptop that is made by hand: each of its requests can fail."""

    def __init__(
        self, office: Office, path: Path, user: str = "bob", name: str | None = None, *, book: Book | None = None
    ) -> None:
        self.office = office
        self.book = book or Book.create(path, name)
        self.welcome: Welcome = people.login(office.database, Login(user, PASSWORD, path.stem))
        self.asked: list[Request] = []

    def drive(self, steps: Generator[Request, Any, Any], last: int | None = None) -> bool:
        """Does ``steps``, or only the first ``last`` requests of them; whether they came to their end."""
        reply: Reply | None = None
        for count in range(1_000):
            try:
                request = steps.send(reply)
            except StopIteration:
                return True
            if count == last:
                break
            self.asked.append(request)
            reply = answer(self.office, self.welcome.token, request)
        steps.close()
        return False

    def join(self, last: int | None = None) -> bool:
        return self.drive(join(self.book, "https://office.example", self.welcome), last)

    def sync(self, last: int | None = None) -> bool:
        return self.drive(sync(self.book), last)

    def pieces(self) -> list[str]:
        """What was asked for of snapshots."""
        return [request.headers["Range"] for request in self.asked if "snapshot" in request.path]

    def beside(self) -> list[str]:
        """Files beside the book that are none of SQLite's."""
        return [path.name for path in self.book.path.parent.glob(f".{self.book.path.name}*") if "snapshot" in path.name]


def forged(company: Company, forge: Callable[[sqlite3.Connection], object]) -> None:
    """Puts a snapshot in the place of head office's with which somebody has tampered, so that its digest is right."""
    (path,) = company.office.snapshots.folder.glob("*.zst")
    _stream, seq, mark, digest = path.stem.split("-")
    plain = path.with_suffix(".plain")
    with Unpacking(plain, 1 << 30) as unpacking:
        unpacking.feed_file(path)
        unpacking.finish(digest)
    with closing(sqlite3.connect(plain, isolation_level=None)) as connection:
        forge(connection)
    packed = pack(plain, path.with_suffix(".packed"))
    path.unlink()
    packed.rename(path.with_name(f"{NORTH}-{Tag(int(seq), mark, digest_of(packed))}.zst"))
