"""The book: making, opening and closing it, its threads, its listeners, and two programs at once."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest

from sfa.errors import BookError, NotFound
from sfa.models import KINDS, defaults
from sfa.sales import edit
from sfa.store import journal, search
from sfa.store.book import Book
from tests.store.samples import add, put, run_python, whole

ADD = """
import sys
from pathlib import Path
from sfa.sales import edit
from sfa.store.book import Book
book = Book.open(Path(sys.argv[1]))
for number in range(int(sys.argv[3])):
    with book.change(f"{sys.argv[2]} {number}") as change:
        edit.create(change, "account", {"name": f"{sys.argv[2]} {number}"})
book.close()
"""


def test_a_new_book_has_what_the_rep_needs(book: Book, tmp_path: Path) -> None:
    assert book.get("user", book.user).heading == "Rita Rep"
    stages = book.rows("SELECT name, type, probability, forecast_category, rot_days FROM stage ORDER BY position")
    assert stages == [tuple(stage) for stage in defaults.STAGES]
    assert book.value("SELECT count(*) FROM call_outcome") == 14
    assert [action.origin for action in journal.actions(book)] == ["setup"]
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == [
        "book.sfa",
        "book.sfa-shm",
        "book.sfa-wal",
    ]
    if os.name == "posix":
        assert book.path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_there_is_not_replaced(book: Book) -> None:
    add(book, "account", name="Acme")
    with pytest.raises(BookError, match=r"There is a file at .* already"):
        Book.create(book.path, "Somebody else")
    assert book.value("SELECT count(*) FROM account") == 1


def test_a_book_that_could_not_be_made_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="Name: is required"):
        Book.create(tmp_path / "new" / "book.sfa", " ")
    assert list((tmp_path / "new").iterdir()) == []
    (tmp_path / "file").write_text("x")
    with pytest.raises(BookError, match=r"^(No book can be made|There is a file)"):
        Book.create(tmp_path / "file" / "book.sfa", "Rita")


def test_two_books_at_once_at_one_place_are_one(tmp_path: Path) -> None:
    made: list[object] = []

    def make() -> None:
        try:
            Book.create(tmp_path / "book.sfa", "Rita").close()
            made.append("made")
        except BookError as error:
            made.append(str(error))

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made.count("made") == 1
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".sfa"] == ["book.sfa"]


def test_what_is_not_there_is_said(book: Book, tmp_path: Path) -> None:
    with pytest.raises(BookError, match="There is no book at"):
        Book.open(tmp_path / "none.sfa")
    with pytest.raises(BookError, match="There is no book at"):
        Book.open(tmp_path)
    with pytest.raises(NotFound, match="There is no Account with the id none"):
        book.get("account", "none")


def test_a_closed_book_stays_closed(book: Book) -> None:
    book.close()
    book.close()
    with pytest.raises(BookError, match="is closed"):
        book.rows("SELECT 1")


def test_every_thread_reads_for_itself_and_ended_threads_leave_no_connection(book: Book) -> None:
    add(book, "account", name="Acme")
    seen: list[str] = []
    for _ in range(5):
        thread = threading.Thread(target=lambda: seen.extend(record.heading for record in book.records("account")))
        thread.start()
        thread.join()
    assert seen == ["Acme"] * 5
    assert len(book._connections) == 2


def test_changes_of_many_threads_all_get_in(book: Book) -> None:
    account = add(book, "account", name="Acme", number_of_employees=0)

    def count() -> None:
        for _ in range(20):
            with book.change("Count") as change:
                present = book.get("account", account).values["number_of_employees"]
                edit.edit(change, "account", account, {"number_of_employees": present + 1})

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert book.get("account", account).values["number_of_employees"] == 80


def test_listeners_hear_of_every_change_after_it_is_written(book: Book) -> None:
    heard: list[tuple[frozenset[str], int]] = []

    def listen(kinds: frozenset[str]) -> None:
        heard.append((kinds, book.value("SELECT count(*) FROM account")))
        book.listeners.remove(listen)

    book.listeners += [listen, lambda kinds: heard.append((kinds, -1))]
    add(book, "account", name="Acme")
    assert heard == [(frozenset({"account"}), 1), (frozenset({"account"}), -1)]


def test_a_change_within_a_change_is_a_mistake_that_changes_nothing(book: Book) -> None:
    before = whole(book)
    with pytest.raises(RuntimeError, match="a change within a change"), book.change("Outer") as change:
        edit.create(change, "account", {"name": add(book, "account", name="Inner")})
    assert whole(book) == before


def test_own_fields_are_known_to_all_threads_and_programs_at_once(book: Book) -> None:
    other = Book.open(book.path)
    assert "shoe" not in other.fields("contact")
    add(book, "custom_field", of_kind="contact", name="shoe", type="number")
    assert "shoe" in book.fields("contact")
    assert "shoe" in other.fields("contact")
    other.close()


def test_two_programs_that_write_at_once_both_succeed(book: Book) -> None:
    programs = [run_python(ADD, book.path, name, 40) for name in ("A", "B")]
    for number in range(20):
        add(book, "account", name=f"C {number}")
    for program in programs:
        _out, err = program.communicate(timeout=120)
        assert (program.returncode, err) == (0, "")
    assert book.value("SELECT count(*) FROM account") == 100
    assert book.value("SELECT count(DISTINCT n) FROM account") == 100
    assert len(search.hits(book, "a", ("account",), limit=100)) == 40


def test_a_mistake_in_a_statement_stays_a_mistake(book: Book) -> None:
    with pytest.raises(Exception, match="no such column: bogus") as mistake:
        book.rows("SELECT bogus FROM account")
    assert not isinstance(mistake.value, BookError)


def test_opening_a_book_needs_no_sqlalchemy(book: Book) -> None:
    script = (
        "import sys; from pathlib import Path; from sfa.store.book import Book; book = Book.open(Path(sys.argv[1]));"
    )
    script += "book.records('account'); book.close(); print('sqlalchemy' in sys.modules or 'textual' in sys.modules)"
    out, err = run_python(script, book.path).communicate(timeout=60)
    assert (out, err) == ("False\n", "")


def test_keywords_of_sql_are_names_like_others(book: Book) -> None:
    """``end`` is a field of activities."""
    activity = add(
        book, "activity", subject="Call", type="call", start="2026-11-20T09:00:00Z", end="2026-11-20T10:00:00Z"
    )
    put(book, "activity", activity, end=None)
    assert book.get("activity", activity).values.get("end") is None
    assert {"end", "where"} <= {name for record in KINDS.values() for name in record.fields}


@pytest.mark.skipif(sys.platform == "win32", reason="rights work otherwise there")
def test_a_book_in_a_folder_of_its_own_name_with_signs(tmp_path: Path) -> None:
    folder = tmp_path / "Büro & Söhne's #1? 100%"
    book = Book.create(folder / "mein buch.sfa", "Rita")
    add(book, "account", name="Acme")
    book.close()
    assert Book.open(folder / "mein buch.sfa").value("SELECT count(*) FROM account") == 1
