"""A closed file can be read by nobody, loses nothing, and opens with its key alone; whenever it is interrupted."""

from __future__ import annotations

import os
import sqlite3

import pytest

from sfa.errors import BookError, UserError
from sfa.store import cipher, undo
from sfa.store.backup import check
from sfa.store.book import Book
from tests.store.samples import add, run_python, whole

KEY = "0123456789abcdef" * 4


@pytest.fixture
def filled(book: Book) -> Book:
    with book.change("Fill") as change:
        change.insert_rows("account", ("name", "description"), [(f"Acme {n}", "x" * 300) for n in range(300)])
    return book


def test_a_closed_file_holds_nothing_to_read_and_opens_with_its_key(filled: Book) -> None:
    path, before = filled.path, whole(filled)
    shape = filled.rows("SELECT type, name, sql FROM sqlite_master ORDER BY name")
    filled.close()
    cipher.close(path, KEY)
    assert cipher.is_closed(path)
    assert [file.name for file in path.parent.glob("*book.sfa*")] == ["book.sfa"]
    assert b"Acme" not in path.read_bytes()
    assert path.stat().st_mode & 0o77 == 0 or os.name == "nt"
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(path).execute("SELECT * FROM account")
    with pytest.raises(BookError, match=r"was locked by head office\. .*sfa unlock"):
        Book.open(path)
    cipher.reopen(path, KEY)
    check(path)
    again = Book.open(path)
    assert whole(again) == before
    assert again.rows("SELECT type, name, sql FROM sqlite_master ORDER BY name") == shape
    add(again, "account", name="New")
    undo.undo(again)
    again.close()


@pytest.mark.parametrize("key", ["", "0" * 64, KEY[:-1], KEY.upper() + "'", "x'00", "g" * 64])
def test_no_other_key_opens_it(filled: Book, key: str, capfd: pytest.CaptureFixture[str]) -> None:
    filled.close()
    cipher.close(filled.path, KEY)
    content = filled.path.read_bytes()
    with pytest.raises(UserError, match="does not open"):
        cipher.reopen(filled.path, key)
    assert filled.path.read_bytes() == content
    assert capfd.readouterr() == ("", "")


def test_a_book_that_says_it_is_locked_is_not_opened(filled: Book) -> None:
    with filled.transaction() as connection:
        connection.execute("INSERT INTO meta VALUES ('locked', 'device_revoked')")
    filled.close()
    with pytest.raises(BookError, match="was locked by head office"):
        Book.open(filled.path)
    Book.open(filled.path, even_locked=True).close()


def test_what_another_program_writes_meanwhile_is_in_it_or_refused(filled: Book) -> None:
    other = Book.open(filled.path)
    filled.close()
    add(other, "account", name="From the other")
    cipher.close(filled.path, KEY)
    other.close()
    cipher.reopen(filled.path, KEY)
    again = Book.open(filled.path)
    assert again.value("SELECT count(*) FROM account WHERE name = 'From the other'") == 1
    again.close()


def test_a_book_in_the_midst_of_a_change_elsewhere_is_left_alone(filled: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cipher, "WAIT", 0.05)
    other = Book.open(filled.path)
    filled.close()
    with other.transaction() as connection:
        connection.execute("INSERT INTO meta VALUES ('half', '1')")
        with pytest.raises(BookError, match="another program"):
            cipher.close(filled.path, KEY)
    assert other.meta("half") == "1"
    other.close()
    assert not cipher.is_closed(filled.path)


KILLED = """
import os, signal, sys
from pathlib import Path
from sfa.store import cipher
path, step, key = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
place = 0
def killed_at(last):
    left = last
    def trace(frame, event, argument):
        nonlocal left
        if frame.f_code.co_filename != cipher.__file__:
            return None
        if event == "line":
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace
    return trace
while True:
    place += 1
    child = os.fork()
    if not child:
        sys.settrace(killed_at(place))
        getattr(cipher, step)(path, key)
        os._exit(0)
    ended = os.waitpid(child, 0)[1]
    print(place, "ended" if ended == 0 else "killed", flush=True)
    sys.stdin.readline()
    if ended == 0:
        break
"""


@pytest.mark.parametrize("step", ["close", "reopen"])
def test_killed_at_any_line_the_file_is_open_or_closed_and_whole(filled: Book, step: str) -> None:
    path, before = filled.path, whole(filled)
    filled.close()
    if step == "reopen":
        cipher.close(path, KEY)
    program = run_python(KILLED, path, step, KEY, talks=True)
    assert program.stdout is not None
    assert program.stdin is not None
    states = set()
    for _line in program.stdout:
        closed = cipher.is_closed(path)
        states.add(closed)
        if closed:
            cipher.reopen(path, KEY)
        again = Book.open(path)
        assert whole(again) == before
        again.close()
        if step == "reopen":
            cipher.close(path, KEY)
        program.stdin.write("\n")
        program.stdin.flush()
    assert program.wait(60) == 0
    assert program.stderr is not None
    assert program.stderr.read() == ""
    assert states == {True, False}
    program.stdout.close()
    program.stderr.close()
    program.stdin.close()
