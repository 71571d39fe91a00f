"""Our two laptops, of one user, for the benchmark of sync.

    python -m bench.laptops PORT FOLDER

does the steps that ``bench.sides`` asks for.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from bench.office import NAME, PASSWORD
from bench.people import contacts
from bench.sides import COUNT, FEW, Side, serve
from sfa.store.book import Book
from sfa.sync.client import sync
from sfa.sync.enrolment import join
from sfa.sync.messages import Login, Welcome, decode, encode
from sfa.sync.steps import Request
from sfa.sync.transport import Line, drive


class Laptop:
    """A book, and its line to head office, which knows it already."""

    def __init__(self, name: str, port: int, folder: Path) -> None:
        self.book = Book.create(folder / f"{name}.sfa", None)  # as “sfa login” does
        self.line = Line(f"http://127.0.0.1:{port}")
        asked = self.line.ask(Request("POST", "/v1/login", encode(Login(NAME, PASSWORD, name))))
        self.welcome = decode(asked.body, Welcome)
        self.line.token = self.welcome.token

    def join(self) -> None:
        drive(self.line, join(self.book, self.line.url, self.welcome))

    def sync(self) -> None:
        drive(self.line, sync(self.book))


class Laptops(Side):
    def __init__(self, port: int, folder: Path) -> None:
        self.first, self.second = (Laptop(name, port, folder) for name in ("first", "second"))
        self.first.join()
        self.second.join()
        self.contacts = list(contacts(COUNT))

    def write(self) -> None:
        with self.first.book.change("Contacts", "import") as change:
            rows: list[tuple[Any, ...]] = [tuple(contact.values()) for contact in self.contacts]
            change.insert_rows("contact", tuple(self.contacts[0]), rows)

    def edit(self, value: str) -> None:
        with self.first.book.change("Changed some contacts") as change:
            for contact in self.contacts[:FEW]:
                change.put("contact", contact["id"], {"department": value})

    def edit_each(self, value: str) -> None:
        for contact in self.contacts[:FEW]:
            with self.first.book.change("Changed a contact") as change:
                change.put("contact", contact["id"], {"department": value})

    def push(self) -> None:
        self.first.sync()

    def pull(self) -> None:
        self.second.sync()

    def nothing(self) -> None:
        self.first.sync()

    def count(self, value: str) -> tuple[int, int]:
        sql = "SELECT count(*), count(*) FILTER (WHERE department = ?) FROM contact"
        found, changed = self.second.book.rows(sql, (value,))[0]
        return found, changed


if __name__ == "__main__":
    serve(Laptops(int(sys.argv[1]), Path(sys.argv[2])))
