"""Files that are no book, or no longer, and disks that fail: one clear line, and nothing is lost or half done."""

from __future__ import annotations

import random
import sqlite3
import sys
from pathlib import Path

import pytest

from sfa.errors import BookError, UserError
from sfa.models import KINDS
from sfa.sales import edit
from sfa.store import undo
from sfa.store.book import Book
from sfa.store.query import Listing, Query
from tests.store.samples import add, journal_size, run_python, whole


@pytest.fixture
def closed(book: Book) -> Path:
    """A book with some hundred accounts, closed."""
    with book.change("Fill") as change:
        change.insert_rows("account", ("name", "description"), [(f"Account {n}", "x" * 500) for n in range(400)])
    book.close()
    return book.path


def use(path: Path) -> None:
    """Opens a book, reads all of it and writes to it."""
    book = Book.open(path)
    try:
        for kind in KINDS:
            Listing(book, Query(kind)).page(0, 1000)
            book.records(kind)
        add(book, "account", name="New")
        undo.undo(book)
    finally:
        book.close()


def is_clear(error: UserError | BookError, path: Path) -> bool:
    text = str(error)
    return "\n" not in text and str(path) in text and text[0] in "T/" and text.endswith((".", "”."))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"x",
        b"not a book at all\n" * 100,
        random.Random(1).randbytes(100_000),
        b"SQLite format 3\x00" + b"\xff" * 5000,
    ],
)
def test_a_file_that_is_no_book_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "book.sfa"
    path.write_bytes(content)
    with pytest.raises(BookError) as error:
        Book.open(path)
    assert is_clear(error.value, path)
    assert path.read_bytes() == content
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["book.sfa"]


def test_a_database_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE meta (key, value)")
    other.close()
    content = path.read_bytes()
    with pytest.raises(BookError, match=r"other\.db is no book of sfa\. Name another file\."):
        Book.open(path)
    assert path.read_bytes() == content


@pytest.mark.parametrize("part", [0.02, 0.2, 0.5, 0.9])
def test_a_book_cut_short_is_said_to_be_damaged(closed: Path, part: float) -> None:
    content = closed.read_bytes()
    closed.write_bytes(content[: int(len(content) * part)])
    with pytest.raises(BookError) as error:
        use(closed)
    assert is_clear(error.value, closed)


def test_random_damage_never_gives_more_than_one_clear_line(closed: Path) -> None:
    content, dice, clear = closed.read_bytes(), random.Random(7), 0
    for _ in range(100):
        damaged = bytearray(content)
        for _ in range(dice.choice([1, 5, 50])):
            start = dice.randrange(len(damaged))
            damaged[start : start + 64] = dice.randbytes(len(damaged[start : start + 64]))
        closed.write_bytes(damaged)
        for suffix in ("-wal", "-shm"):
            Path(f"{closed}{suffix}").unlink(missing_ok=True)
        try:
            use(closed)
        except (BookError, UserError) as error:
            clear += "\n" not in str(error)
        else:
            clear += 1  # what was hit was free, or nobody can tell
    assert clear == 100


def test_a_book_of_a_newer_version_is_refused(book: Book) -> None:
    book.connection.execute("PRAGMA user_version = 99")
    book.close()
    with pytest.raises(BookError, match=r"was written by a newer version of sfa\. Install that version to open it\."):
        Book.open(book.path)


@pytest.mark.parametrize(
    "statement", ["ALTER TABLE contact ADD COLUMN shoe TEXT", "CREATE TABLE quote (n INTEGER PRIMARY KEY, id TEXT)"]
)
def test_a_book_with_more_than_we_know_is_refused_not_stripped(book: Book, statement: str) -> None:
    book.connection.execute(statement)
    book.connection.execute("UPDATE meta SET value = 'newer' WHERE key = 'schema'")
    book.close()
    with pytest.raises(BookError, match="was written by a newer version"):
        Book.open(book.path)
    assert len(list(book.path.parent.glob("*.sfa"))) == 1


def test_a_read_only_connection_says_so_on_writing(book: Book) -> None:
    """As a file that may only be read, which root (who may run the tests) would write all the same."""
    before = whole(book)
    book.connection.execute("PRAGMA query_only = ON")
    with pytest.raises(BookError, match=r"cannot be written: it may only be read\. Nothing was changed\."):
        add(book, "account", name="New")
    book.connection.execute("PRAGMA query_only = OFF")
    assert whole(book) == before


def test_a_full_disk_changes_nothing(book: Book) -> None:
    add(book, "account", name="Before")
    before, size = whole(book), journal_size(book)
    pages = book.value("PRAGMA page_count")
    book.connection.execute(f"PRAGMA max_page_count = {pages + 3}")
    with pytest.raises(
        BookError, match=r"cannot be written: the disk is full\. Nothing was changed\. Make room and try again\."
    ):
        _fill(book)
    assert (whole(book), journal_size(book)) == (before, size)
    book.connection.execute(f"PRAGMA max_page_count = {pages + 10_000}")
    _fill(book)
    assert book.value("SELECT count(*) FROM account") == 1001


def _fill(book: Book) -> None:
    with book.change("Fill") as change:
        for n in range(1000):
            edit.create(change, "account", {"name": f"Account {n}", "description": "x" * 1000})


LIMITED = """
import resource, sys
from pathlib import Path
from sfa.errors import BookError
from sfa.sales import edit
from sfa.store.book import Book
book = Book.open(Path(sys.argv[1]))
size = Path(sys.argv[1]).stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 50_000, size + 50_000))
try:
    for number in range(1000):
        with book.change(f"Add {number}") as change:
            edit.create(change, "account", {"name": f"Account {number}", "description": "x" * 5000})
        print(number, flush=True)
except BookError as error:
    print(error, file=sys.stderr)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_file_that_may_not_grow_keeps_what_was_said_to_be_done(closed: Path) -> None:
    out, err = run_python(LIMITED, closed).communicate(timeout=120)
    done = len(out.split())
    assert err.count("\n") == 1
    assert f"{closed} cannot be written: " in err
    book = Book.open(closed)
    assert book.value("SELECT count(*) FROM account") == 400 + done
    assert book.value("SELECT count(*) FROM action WHERE title LIKE 'Add %'") == done
    assert book.value("PRAGMA integrity_check") == "ok"
    book.close()


def test_a_book_that_somebody_else_writes_to_says_so_at_last(book: Book) -> None:
    other = Book.open(book.path)
    other.connection.execute("PRAGMA busy_timeout = 10")
    with book.change("Long") as change:
        edit.create(change, "account", {"name": "Mine"})
        with pytest.raises(
            BookError, match=r"written: another program is writing to it\. Nothing was changed\. Try again"
        ):
            add(other, "account", name="Theirs")
    assert [record.heading for record in other.records("account")] == ["Mine"]
    other.close()
