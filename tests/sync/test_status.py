"""How a book stands with its head office, in one line."""

from __future__ import annotations

import pytest

from sfa.store.book import Book
from sfa.sync import outbox
from sfa.sync.status import Status, status
from tests.sync.conftest import Company, add, change


def plain(text: str) -> str:
    """``text`` with common spaces."""
    return text.replace("\u202f", " ")


def test_a_book_that_is_alone_stands_with_nobody(book: Book) -> None:
    assert status(book) == Status()


def test_it_counts_what_waits_and_says_what_is_wrong(company: Company) -> None:
    anna, bob = company.anna, company.bob
    deal = add(anna, "opportunity", name="Big deal", amount=1000, currency="EUR")
    company.meet()
    assert plain(status(bob.book).text()) == "synced 10:00 AM"
    change(anna, "opportunity", deal, amount=2000)
    change(bob, "opportunity", deal, amount=3000)
    company.meet()
    add(bob, "account", name="Acme")
    with bob.book.transaction() as connection:
        outbox.set_meta(connection, problem="offline: no route to host")
    assert plain(status(bob.book).text()) == "synced 10:00 AM · 1 unsent · 1 conflict · offline: no route to host"
    assert (status(bob.book).waits, status(anna.book).waits) == (True, False)  # it is Bob's to decide


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Status("x"), "not synced yet"),
        (Status("x", "2026-11-17T09:42:00Z"), "synced Tue, Nov 17 10:42 AM"),
        (Status("x", "2026-11-18T09:42:00Z", 1234, 2, 3), "synced 10:42 AM · 1,234 unsent · 2 conflicts · 3 refused"),
    ],
)
def test_the_line_tells_all_of_it(found: Status, said: str) -> None:
    assert plain(found.line()) == said
