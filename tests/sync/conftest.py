"""A small company: Anna, who manages the territory North, and Bob, who works there; each with a laptop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from sfa.models import Record
from sfa.sales import edit
from sfa.server import passwords, people
from sfa.store.book import Book
from tests.sync.rig import Laptop, add_user, make_office


class Company:
    """Head office with the territories North and South, and the laptops ``anna`` and ``bob``."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.office = folder, make_office(folder)
        database = self.office.database
        add_user(database, "anna")
        self.north, self.south = (people.add_stream(database, name) for name in ("north", "south"))
        people.set_member(database, "anna", "north", "manager", home=True)
        add_user(database, "bob", "north")
        self.laptops: list[Laptop] = []
        self.anna, self.bob = self.laptop("anna"), self.laptop("bob")

    def laptop(self, user: str) -> Laptop:
        """One more laptop of ``user``."""
        one = Laptop(self.office, self.folder / f"{user}-{len(self.laptops)}.sfa", user)
        self.laptops.append(one)
        return one

    def meet(self) -> None:
        """Everybody syncs until everybody has what everybody did."""
        for _round in range(2):
            for laptop in self.laptops:
                laptop.sync()

    def close(self) -> None:
        for laptop in self.laptops:
            laptop.book.close()
        self.office.database.close()


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed as everywhere, but with hardly any work."""
    monkeypatch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    company = Company(tmp_path)
    yield company
    company.close()


def add(laptop: Laptop, kind: str, **values: Any) -> str:
    """A new record; its id."""
    with laptop.book.change(f"Added {kind}") as change:
        return edit.create(change, kind, values)


def change(laptop: Laptop, kind: str, record: str, **values: Any) -> None:
    with laptop.book.change(f"Changed {kind}") as change:
        edit.edit(change, kind, record, values)


def delete(laptop: Laptop, kind: str, *records: str) -> None:
    with laptop.book.change(f"Deleted {kind}") as change:
        edit.delete(change, kind, records)


def restore(laptop: Laptop, kind: str, record: str) -> None:
    with laptop.book.change(f"Restored {kind}") as change:
        change.restore(kind, record)


def held(laptop: Laptop, kind: str, record: str) -> dict[str, Any]:
    """What a laptop holds of a record; nothing where it has none."""
    found = laptop.book.find(kind, record)
    return dict(found.values) if found else {}


def conflicts(book: Book) -> list[Record]:
    """The open conflicts."""
    return [one for one in book.records("conflict") if not one.values.get("resolved_at")]
