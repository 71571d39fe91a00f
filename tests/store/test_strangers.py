"""What head office sent of kinds that a book's version did not know is there once a newer version opens it."""

from __future__ import annotations

from sfa.models import new_id
from sfa.store import journal
from sfa.store.book import Book
from sfa.store.columns import dumps
from sfa.store.search import hits


def test_they_come_into_the_book_with_the_version_that_knows_them(book: Book) -> None:
    known, unknown = new_id(), new_id()
    with book.transaction() as connection:
        connection.executemany(
            "INSERT INTO stranger VALUES (?, ?, 4, ?)",
            [(known, "competitor", dumps({"name": "Rivals Ltd"})), (unknown, "quote", dumps({"name": "Q-1"}))],
        )
        connection.execute("UPDATE meta SET value = 'older' WHERE key = 'schema'")
    book.close()
    again = Book.open(book.path)
    try:
        assert again.get("competitor", known).heading == "Rivals Ltd"
        assert again.value("SELECT stream FROM competitor WHERE id = ?", (known,)) == 4
        assert [hit.kind for hit in hits(again, "rivals")] == ["competitor"]
        assert journal.actions(again, 1)[0].origin == "sync"
        assert again.rows("SELECT record FROM stranger") == [(unknown,)]
    finally:
        again.close()
