"""Broken files and broken runs: no row is lost, and the book is never left half done."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sfa.errors import UserError
from sfa.exchange.importing import run_import
from sfa.exchange.profile import ImportPlan
from sfa.store.book import Book
from tests.books import dump
from tests.exchange.conftest import Importer

KILLED = """
import sys, time
from pathlib import Path
from sfa.exchange.importing import run_import
from sfa.store.book import Book
def told(progress):
    print(progress.rows, flush=True)
    time.sleep(0.2)
run_import(Book.open(Path(sys.argv[1])), [(Path(sys.argv[2]), "contact")], progress=told)
"""


def test_a_killed_import_leaves_the_book_as_it_was(book: Book, tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    path.write_text("Last Name\n" + "".join(f"Name {n}\n" for n in range(60_000)), "utf-8")
    before = dump(book)
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(book.path), str(path)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _chunk in range(3)]
        process.kill()
    assert int(lines[-1]) == 6000 - 1  # it was in the middle of it
    assert dump(book) == before
    assert book.value("PRAGMA integrity_check") == "ok"
    assert run_import(book, [(path, "contact")]).created == 60_000


def held(path: Path) -> int:
    """Rows of a file as the csv module counts them, without its header; no quote is broken in it."""
    with path.open(encoding="latin-1", newline="") as file:
        return sum(bool(row) for row in csv.reader(file)) - 1


def test_no_broken_file_loses_a_row(book: Book, data: Path) -> None:
    seen = 0
    for path in sorted((data / "csv").rglob("*.[ct]sv")):
        try:
            with path.open("rb") as file:
                header = file.readline().decode("latin-1").split(",")[0].strip().strip('"')
            plan = ImportPlan(columns={header: "last_name"}, unresolved={"": "empty"})
            (file_,) = run_import(book, [(path, "contact")], {"contact": plan}, dry_run=True).files
        except UserError:
            continue
        seen += 1
        assert file_.rows == file_.created + file_.rejected
        if "utf16" not in path.name and "mac" not in path.name:
            assert file_.rows == held(path), path.name
    assert seen > 40


cells = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=12) | st.sampled_from(
    ['"', '"x', "a@b.de", "+49301234567", "2000-02-30", "1,5", "\x00", "Acme", " "]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(cells, max_size=6), max_size=12),
    quoted=st.booleans(),
    match=st.sampled_from(["", "external_id"]),
)
def test_rows_in_are_rows_out(load: Importer, rows: list[list[str]], quoted: bool, match: str) -> None:
    header = ["Last Name", "Email", "Phone", "Birthday", "Company", "External id"]
    lines = [",".join(f'"{cell}"' if quoted else cell for cell in row) for row in [header, *rows]]
    file = load("\n".join(lines) + "\n", match=match, unresolved={"account": "create"}, dry_run=True)
    assert file.rows == file.created + file.updated + file.unchanged + file.rejected
    assert file.rows <= len(rows)
