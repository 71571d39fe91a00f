"""Killed at any moment while it writes, a book opens again, is sound, and holds whole actions only."""

from __future__ import annotations

import random
import time
from pathlib import Path

from sfa.models import KINDS
from sfa.store import search, undo
from sfa.store.backup import check
from sfa.store.book import Book
from tests.store.samples import run_python, search_words

WRITER = """
import sys
from pathlib import Path
from sfa.sales import edit
from sfa.store import undo
from sfa.store.book import Book
book = Book.open(Path(sys.argv[1]))
print("ready", flush=True)
number = book.value("SELECT count(*) FROM action")
while True:
    number += 1
    with book.change(f"{number}") as change:
        rows = [(f"Account {number} {n}", str(number)) for n in range(50)]
        ids = change.insert_rows("account", ("name", "description"), rows)
        contact = edit.create(change, "contact", {"last_name": f"Contact {number}", "account": ids[0]})
        for one in ids[:10]:
            edit.edit(change, "account", one, {"name": f"Renamed {number}"})
    if number % 5 == 0:
        undo.undo(book)
    print(number, flush=True)
"""


def test_killed_while_writing(book: Book) -> None:
    book.close()
    dice, promised = random.Random(3), 0
    for _ in range(12):
        program = run_python(WRITER, book.path)
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
        time.sleep(dice.random() * 0.25)  # the moment is what varies
        program.kill()
        out, _err = program.communicate(timeout=60)
        numbers = [int(line) for line in out.splitlines() if line.strip().isdigit() and out.endswith("\n")]
        promised = max([promised, *numbers])
        again = Book.open(book.path)
        _require_sound(again, promised)
        again.close()


def _require_sound(book: Book, promised: int) -> None:
    check(book.path)
    kept = {row[0] for row in book.rows("SELECT title FROM action WHERE mode = 'do'")}
    assert promised == 0 or str(promised) in kept
    modes = dict(book.rows("SELECT mode, count(*) FROM action WHERE origin != 'setup' GROUP BY mode"))
    done, undone = modes.get("do", 0) + modes.get("redo", 0), modes.get("undo", 0)
    assert book.value("SELECT count(*) FROM account") == 50 * (done - undone)
    assert book.value("SELECT count(*) FROM contact") == done - undone
    assert book.value("SELECT count(*) FROM entry WHERE op = 'insert'") == 51 * done + _setup_entries(book)
    assert not book.rows("SELECT 1 FROM contact WHERE account NOT IN (SELECT id FROM account)")
    said = {
        (kind, word, record.values["n"])
        for kind in ("account", "contact")
        for record in book.records(kind)
        for word in search.words(search.document(book.fields(kind), record.values))
    }
    assert said == set(search_words(book))
    if action := undo.next_undo(book):
        undo.undo(book, action)
        undo.redo(book)


def _setup_entries(book: Book) -> int:
    seeded = sum(book.value(f'SELECT count(*) FROM "{kind}"') for kind in KINDS if kind not in ("account", "contact"))
    return int(seeded)


MAKER = """
import sys
from pathlib import Path
from sfa.store.book import Book
print("ready", flush=True)
Book.create(Path(sys.argv[1]), "Rita Rep").close()
print("made", flush=True)
"""


def test_killed_while_a_book_is_made(tmp_path: Path) -> None:
    dice, made = random.Random(5), 0
    for number in range(10):
        path = tmp_path / f"{number}.sfa"
        program = run_python(MAKER, path)
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
        time.sleep(dice.random() * 0.4)
        program.kill()
        out, _err = program.communicate(timeout=60)
        if not path.exists():
            assert "made" not in out
            Book.create(path, "Rita Rep").close()
        book = Book.open(path)
        assert (book.get("user", book.user).heading, book.value("SELECT count(*) FROM stage")) == ("Rita Rep", 7)
        made += 1
        book.close()
    assert made == 10
