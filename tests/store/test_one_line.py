"""Adding a field is one line: written into a copy of the package, it is everywhere, also in books made before.

And a company's own field, which is one record, is in the same places.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from sfa.sales import edit
from sfa.store import undo
from sfa.store.book import Book
from tests.store.samples import add, run_python, whole

ROOT = Path(__file__).parents[2]
BEFORE = '    department = Text("Department"'
LINE = '    shoe_size = Integer("Shoe size", least=10, searched=True, listed=7, aliases=("EU size",))\n'
FORM = """
import json, sys
from pathlib import Path
from sfa.screens.formfields import form_fields, ordered
from sfa.store.book import Book
book = Book.open(Path(sys.argv[1]))
fields = form_fields(book, "contact")
print(json.dumps([fields["shoe_size"].title, "shoe_size" in ordered(fields, {})]))
"""
SFA = "import sys; from sfa.cli import main; sys.exit(main(sys.argv[1:]))"


class Program:
    """``sfa`` run from the package in ``root`` on one book."""

    def __init__(self, root: Path, book: Path) -> None:
        self.book = book
        self.environment = {**os.environ, "PYTHONPATH": str(root), "SFA_BOOK": str(book), "SFA_LOCALE": "en_US"}
        self.root = root

    def __call__(self, *words: str) -> str:
        return self._run(SFA, *words)

    def json(self, *words: str) -> Any:
        return json.loads(self(*words, "--json"))

    def form(self) -> Any:
        return json.loads(self._run(FORM, str(self.book)))

    def _run(self, script: str, *words: str) -> str:
        program = run_python(script, *words, env=self.environment, where=self.root)
        out, err = program.communicate(timeout=120)
        assert program.returncode == 0, err
        return out


@pytest.fixture
def patched(tmp_path: Path) -> Path:
    """A copy of the package with one line more."""
    root = tmp_path / "checkout"
    shutil.copytree(ROOT / "sfa", root / "sfa", ignore=shutil.ignore_patterns("__pycache__"))
    parties = root / "sfa" / "models" / "parties.py"
    text = parties.read_text("utf-8")
    assert text.count(BEFORE) == 1
    parties.write_text(text.replace(BEFORE, LINE + BEFORE), "utf-8")
    return root


def _require_everywhere(sfa: Program, tmp_path: Path, contact: str, header: str) -> None:
    """The field is in form, list, filter, sort, JSON, import and search, and refuses what it may not hold."""
    sfa("set", "contact", contact, "shoe_size=43")
    assert sfa.form() == ["Shoe size", True]
    assert "Shoe size" in sfa("list", "contacts").splitlines()[0]
    assert sfa.json("show", "contact", contact)["shoe_size"] == 43
    file = tmp_path / "people.csv"
    file.write_text(f"Last name,{header}\nSmall,36\nTall,48\n", "utf-8")
    assert sfa.json("import", str(file), "--as", "contact")["created"] == 2
    assert [hit["id"] for hit in sfa.json("find", "43")] == [contact]
    rows = sfa.json(
        "list", "contacts", "--where", "shoe_size>40", "--sort", "-shoe_size", "--columns", "last_name,shoe_size"
    )
    assert [(row["last_name"], row["shoe_size"]) for row in rows] == [("Tall", 48), ("Old", 43)]
    assert [row["last_name"] for row in sfa.json("list", "contacts", "--where", "shoe_size=")] == ["Plain"]


def test_a_field_is_one_line(book: Book, patched: Path, tmp_path: Path) -> None:
    add(book, "contact", last_name="Plain", department="Sales")
    contact = add(book, "contact", last_name="Old", first_name="Anna", account=add(book, "account", name="Acme"))
    before = {kind: rows for kind, rows in whole(book).items() if kind != "contact"}
    values = book.get("contact", contact).values
    book.close()
    sfa = Program(patched, book.path)
    shown = sfa.json("show", "contact", contact)
    assert (shown["shoe_size"], shown["first_name"], shown["account"]["name"]) == (None, "Anna", "Acme")
    (saved,) = tmp_path.glob("book-before-upgrade-*.sfa")
    old = Book.open(saved)
    assert {kind: rows for kind, rows in whole(old).items() if kind != "contact"} == before
    assert old.get("contact", contact).values == values
    old.close()
    _require_everywhere(sfa, tmp_path, contact, "EU size")
    assert len(list(tmp_path.glob("book-before-upgrade-*.sfa"))) == 1


def test_a_companys_own_field_is_one_record(book: Book, tmp_path: Path) -> None:
    add(book, "contact", last_name="Plain")
    contact = add(book, "contact", last_name="Old", first_name="Anna")
    book.close()
    sfa = Program(ROOT, book.path)
    definition = ("of_kind=contact", "name=shoe_size", "caption=Shoe size", "type=integer", "list_position=7")
    sfa("new", "custom_field", *definition)
    _require_everywhere(sfa, tmp_path, contact, "Shoe size")
    assert not list(tmp_path.glob("book-before-upgrade-*.sfa"))


def test_an_own_field_that_becomes_everybodys_keeps_its_values(book: Book, patched: Path) -> None:
    add(book, "custom_field", of_kind="contact", name="shoe_size", type="integer")
    contact = add(book, "contact", last_name="Old", shoe_size=43)
    other = add(book, "contact", last_name="Other")
    book.close()
    sfa = Program(patched, book.path)
    assert sfa.json("show", "contact", contact)["shoe_size"] == 43
    assert sfa.json("show", "contact", other)["shoe_size"] is None
    assert [row["id"] for row in sfa.json("list", "contacts", "--where", "shoe_size=43")] == [contact]
    assert [found["id"] for found in sfa.json("find", "43")] == [contact]
    sfa("undo")
    sfa("undo")
    sfa("redo")
    assert sfa.json("show", "contact", contact)["shoe_size"] == 43


def test_searching_a_field_that_was_there_before_finds_old_records(book: Book, tmp_path: Path) -> None:
    contact = add(book, "contact", last_name="Old", department="Laboratory")
    book.close()
    root = tmp_path / "checkout"
    shutil.copytree(ROOT / "sfa", root / "sfa", ignore=shutil.ignore_patterns("__pycache__"))
    parties = root / "sfa" / "models" / "parties.py"
    parties.write_text(parties.read_text("utf-8").replace(BEFORE, f"{BEFORE}, searched=True"), "utf-8")
    assert [found["id"] for found in Program(root, book.path).json("find", "laborat")] == [contact]


def test_two_programs_that_bring_a_book_up_to_date_at_once(book: Book, patched: Path, tmp_path: Path) -> None:
    contact = add(book, "contact", last_name="Old")
    book.close()
    environment = Program(patched, book.path).environment
    programs = [run_python(SFA, "show", "contact", contact, "--json", env=environment, where=patched) for _ in range(3)]
    for program in programs:
        out, err = program.communicate(timeout=120)
        assert program.returncode == 0, err
        assert json.loads(out)["shoe_size"] is None
    assert list(tmp_path.glob("*.sfa"))


def test_a_book_brought_up_to_date_is_not_spoilt_by_the_version_before(book: Book, patched: Path) -> None:
    contact = add(book, "contact", last_name="Old")
    book.close()
    Program(patched, book.path)("set", "contact", contact, "shoe_size=43")
    with pytest.raises(Exception, match="was written by a newer version of sfa"):
        Book.open(book.path)
    assert Program(patched, book.path).json("show", "contact", contact)["shoe_size"] == 43


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ({"name": "Shoe Size"}, "Name: “Shoe Size” cannot be a field's name"),
        ({"name": "last_name"}, "Name: Contact already has a field called “last_name”"),
        ({"name": "sort_key"}, "Name: Contact already has a field called “sort_key”"),
        ({"name": "known"}, "Name: Contact already has a field called “known”"),
        ({"of_kind": "Contact", "name": "x"}, "Kind: write it as contact"),
        ({"of_kind": "people", "name": "x"}, "There is no kind of record called people"),
        ({"name": "x", "type": "choice"}, "Options: name what can be chosen"),
        ({"name": "x", "type": "link", "options": "people"}, "Options: name the kind that is linked to"),
        ({"name": "x", "type": "money"}, "Type: Contact has no currency; use a number"),
        ({"name": "x", "type": "colour"}, "Type: must be one of text, "),
        ({"name": "gone", "type": "date"}, "Name: belonged to a field of another type before"),
    ],
)
def test_own_fields_that_cannot_be_are_refused(book: Book, values: dict[str, Any], line: str) -> None:
    add(book, "custom_field", of_kind="contact", name="known")
    gone = add(book, "custom_field", of_kind="contact", name="gone", type="number")
    with book.change("Delete") as change:
        change.delete("custom_field", gone)
    before = whole(book)
    with pytest.raises(Exception, match=r"\w") as refusal:
        add(book, "custom_field", **{"of_kind": "contact", **values})
    assert str(refusal.value).startswith(line)
    assert whole(book) == before


def test_an_own_field_that_is_deleted_and_restored(book: Book) -> None:
    definition = add(book, "custom_field", of_kind="contact", name="shoe_size", type="integer")
    contact = add(book, "contact", last_name="Old", shoe_size=43)
    with book.change("Delete") as change:
        change.delete("custom_field", definition)
    assert "shoe_size" not in book.fields("contact")
    with pytest.raises(Exception, match="shoe_size: there is no such field"):
        add(book, "contact", last_name="New", shoe_size=1)
    undo.undo(book)
    assert (book.fields("contact")["shoe_size"].title, book.get("contact", contact).values["shoe_size"]) == (
        "Shoe size",
        43,
    )


def test_what_an_own_field_means_cannot_change(book: Book) -> None:
    definition = add(book, "custom_field", of_kind="contact", name="level", type="choice", options="gold\nsilver")
    contact = add(book, "contact", last_name="Old", level="gold")
    with book.change("More") as change:
        edit.edit(change, "custom_field", definition, {"options": "gold\nsilver\nbronze", "caption": "Level"})
    assert book.fields("contact")["level"].title == "Level"
    for values in ({"type": "text"}, {"name": "rank"}, {"of_kind": "lead"}):
        with pytest.raises(Exception, match="cannot change"), book.change("Other") as change:
            edit.edit(change, "custom_field", definition, values)
    assert book.get("contact", contact).values["level"] == "gold"
