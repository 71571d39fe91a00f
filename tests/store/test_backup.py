"""Backup and restore: a whole, checked copy; a restore that never loses the book it replaces."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from sfa.errors import BookError, UserError
from sfa.store.backup import backup, check, restore
from sfa.store.book import Book
from tests.store.samples import add, whole


def test_a_backup_is_the_whole_book(book: Book, tmp_path: Path) -> None:
    add(book, "account", name="Acme")
    backup(book, tmp_path / "copy.sfa")
    copy = Book.open(tmp_path / "copy.sfa")
    assert whole(copy) == whole(book)
    assert copy.rows("SELECT * FROM entry") == book.rows("SELECT * FROM entry")
    copy.close()
    if os.name == "posix":
        assert (tmp_path / "copy.sfa").stat().st_mode & 0o777 == 0o600
    assert not list(tmp_path.glob("*.partial"))


def test_a_backup_is_taken_while_others_write(book: Book, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            with book.change("Two") as change:
                change.insert_rows("account", ("name",), [("One",), ("Two",)])

    thread = threading.Thread(target=write)
    thread.start()
    for number in range(5):
        backup(book, tmp_path / f"{number}.sfa")
    stop.set()
    thread.join()
    for number in range(5):
        copy = Book.open(tmp_path / f"{number}.sfa")
        assert copy.value("SELECT count(*) FROM account") == 2 * (copy.value("SELECT count(*) FROM action") - 1)
        copy.close()


def test_a_backup_replaces_nothing(book: Book, tmp_path: Path) -> None:
    (tmp_path / "copy.sfa").write_text("precious")
    with pytest.raises(UserError, match=r"copy\.sfa exists already\. Name a new file\."):
        backup(book, tmp_path / "copy.sfa")
    with pytest.raises(BookError, match=r"The backup .* cannot be written"):
        backup(book, tmp_path / "nowhere" / "copy.sfa")
    assert (tmp_path / "copy.sfa").read_text() == "precious"


def test_a_backup_of_a_damaged_book_is_refused(book: Book, tmp_path: Path) -> None:
    with book.change("Fill") as change:
        change.insert_rows("account", ("name",), [(f"Account {n}",) for n in range(2000)])
    book.close()
    content = bytearray(book.path.read_bytes())
    content[40_000:60_000] = b"\xff" * 20_000
    book.path.write_bytes(content)
    with pytest.raises(BookError, match="is damaged"):
        check(book.path)
    damaged = Book(book.path)
    with pytest.raises(BookError):
        backup(damaged, tmp_path / "copy.sfa")
    damaged.close()
    assert not (tmp_path / "copy.sfa").exists()


def test_restore_puts_the_backup_in_place_and_keeps_the_book(book: Book, tmp_path: Path) -> None:
    add(book, "account", name="Old")
    backup(book, tmp_path / "copy.sfa")
    old = whole(book)
    add(book, "account", name="New")
    new = whole(book)
    book.close()
    kept = restore(tmp_path / "copy.sfa", book.path)
    assert kept is not None
    for path, state in ((book.path, old), (kept, new)):
        again = Book.open(path)
        assert whole(again) == state
        assert again.value("PRAGMA journal_mode") == "wal"
        again.close()
    assert (tmp_path / "copy.sfa").exists()


def test_restore_where_there_is_no_book_yet(book: Book, tmp_path: Path) -> None:
    backup(book, tmp_path / "copy.sfa")
    assert restore(tmp_path / "copy.sfa", tmp_path / "new" / "book.sfa") is None
    Book.open(tmp_path / "new" / "book.sfa").close()


def test_a_damaged_book_can_be_replaced_and_is_kept_as_it_is(book: Book, tmp_path: Path) -> None:
    backup(book, tmp_path / "copy.sfa")
    book.close()
    book.path.write_bytes(b"damaged beyond repair" * 500)
    kept = restore(tmp_path / "copy.sfa", book.path)
    assert kept is not None
    assert kept.read_bytes() == b"damaged beyond repair" * 500
    Book.open(book.path).close()


def test_a_book_in_use_is_not_replaced(book: Book, tmp_path: Path) -> None:
    backup(book, tmp_path / "copy.sfa")
    add(book, "account", name="New")
    before = whole(book)
    with pytest.raises(BookError, match="is open in another program"):
        restore(tmp_path / "copy.sfa", book.path)
    assert whole(book) == before
    add(book, "account", name="Newer")
    assert not list(tmp_path.glob("*before-restore*"))


@pytest.mark.parametrize("content", [b"no book", b""])
def test_what_is_no_book_is_not_restored(book: Book, tmp_path: Path, content: bytes) -> None:
    before = whole(book)
    book.close()
    bad = tmp_path / "bad.sfa"
    bad.write_bytes(content)
    with pytest.raises(BookError, match=r"bad\.sfa"):
        restore(bad, book.path)
    with pytest.raises(UserError, match="There is no file"):
        restore(tmp_path / "none.sfa", book.path)
    again = Book.open(book.path)
    assert whole(again) == before
    again.close()
    assert not list(tmp_path.glob(".*partial*"))


def test_much_damage_is_told_in_a_short_line(book: Book, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sfa"
    backup(book, copy)
    content = bytearray(copy.read_bytes())
    content[40_000:60_000] = b"\xff" * 20_000
    copy.write_bytes(content)
    with pytest.raises(BookError, match="is damaged") as refusal:
        restore(copy, tmp_path / "other.sfa")
    assert len(str(refusal.value)) < 300
    assert "\n" not in str(refusal.value)
