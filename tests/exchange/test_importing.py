"""What becomes of rows: created, updated, unchanged or rejected, and always one of these."""

from __future__ import annotations

import csv
import threading
from pathlib import Path
from typing import IO, Any

import pytest

from sfa.errors import UserError
from sfa.exchange.importing import ImportCancelled, Progress, run_import
from sfa.sales import edit
from sfa.store import journal
from sfa.store.book import Book
from sfa.store.search import hits
from tests.books import dump
from tests.exchange.conftest import Importer, counted

PEOPLE = "First Name,Last Name,Email,External id\nAnna,Schmidt,anna@example.com,1\nBo,Berg,bo@example.com,2\n"


def test_rows_become_records_that_search_and_journal_know(book: Book, load: Importer) -> None:
    file = load(PEOPLE)
    assert counted(file) == (2, 2, 0, 0, 0)
    (anna,) = book.records("contact", "last_name = 'Schmidt'")
    assert anna.values["emails"] == [{"label": "work", "value": "anna@example.com"}]
    assert anna.values["owner"] == anna.values["created_by"] == book.user
    assert [hit.n for hit in hits(book, "schm anna")] == [anna.values["n"]]
    (action,) = journal.actions(book)[:1]
    assert (action.title, action.origin) == ("Imported file.csv", "import")
    assert [step.op for step in journal.history(book, "contact", anna.id)] == ["insert"]


def test_an_update_changes_what_the_file_says_and_no_more(book: Book, load: Importer) -> None:
    load(PEOPLE)
    changed = "External id,Last Name,Email\n1,Schmitt,anna@example.org\n2,Berg,\n3,New,\n"
    assert counted(load(changed, match="external_id")) == (3, 1, 1, 1, 0)
    anna, berg = (book.records("contact", "external_id = ?", (number,))[0].values for number in "12")
    assert (anna["first_name"], anna["last_name"]) == ("Anna", "Schmitt")
    assert [point["value"] for point in anna["emails"]] == ["anna@example.com", "anna@example.org"]  # lists grow
    assert berg["emails"][0]["value"] == "bo@example.com"  # an empty cell takes nothing away


def test_modes(book: Book, load: Importer) -> None:
    load(PEOPLE)
    more = "External id,Last Name\n1,Schmidt\n2,Other\n3,New\n"
    inserted = load(more, match="external_id", mode="insert", rejects=book.path.parent)
    assert counted(inserted) == (3, 1, 0, 1, 1)
    assert inserted.samples[0] == (3, "The record is in the book already, and differs.")
    updated = load(more.replace("3,New", "4,Newer"), match="external_id", mode="update")
    assert counted(updated) == (3, 0, 1, 1, 1)
    assert updated.reasons == [("There is no such record to update.", 1)]
    with pytest.raises(UserError, match="--match"):
        load(more, mode="update")


def test_a_file_that_names_a_record_twice_creates_it_once(book: Book, load: Importer) -> None:
    twice = "External id,Last Name,Job title\n7,Ek,CEO\n7,Ek,CFO\n7,Ek,CFO\n"
    assert counted(load(twice, match="external_id")) == (3, 1, 1, 1, 0)
    assert book.rows("SELECT title FROM contact") == [("CFO",)]


@pytest.mark.parametrize(
    ("match", "header", "key"),
    [("emails", "Email", "ANNA@example.com"), ("phones", "Phone", "+49 (30) 1234567"), ("name", "First Name", "anna")],
)
def test_rows_find_records_by_any_field(book: Book, load: Importer, match: str, header: str, key: str) -> None:
    load("First Name,Last Name,Email,Phone\nAnna,Schmidt,anna@example.com,+49301234567\n")
    assert counted(load(f"Last Name,{header}\nSchmidt,{key}\n", match=match))[1:4] in {(0, 1, 0), (0, 0, 1)}
    assert book.value("SELECT count(*) FROM contact") == 1


def test_rows_without_the_key_or_with_two_records_are_rejected(load: Importer) -> None:
    load("Last Name,External id\nA,1\nB,1\n")
    file = load("Last Name,External id\nC,1\nD,\n", match="external_id")
    assert counted(file) == (2, 0, 0, 0, 2)
    assert {reason for reason, _rows in file.reasons} == {
        "External id: 2 records have this value",
        "External id: is empty, and rows are matched by it",
    }


def test_rejected_rows_are_kept_and_can_be_imported_once_mended(book: Book, load: Importer, tmp_path: Path) -> None:
    bad = (
        'Last Name,Email,Birthday\nGood,,2000-01-31\nEk,no address,\n,x@example.com,\nDay,,2000-02-31\n"Two\nlines",,\n'
    )
    file = load(bad, rejects=tmp_path)
    assert counted(file) == (5, 1, 0, 0, 4)
    assert file.rejects == tmp_path / "file.rejected.csv"
    with file.rejects.open(encoding="utf-8", newline="") as kept:
        header, *rows = csv.reader(kept)
    assert header == ["Rejected line", "Reason", "Last Name", "Email", "Birthday"]
    assert [(row[0], row[1].partition(":")[0], row[2]) for row in rows] == [
        ("3", "E-mails", "Ek"),
        ("4", "Last name", ""),
        ("5", "Birthday", "Day"),
        ("6", "Last name", "Two\nlines"),
    ]
    mended = file.rejects.read_text("utf-8").replace("no address", "ek@example.com")
    assert counted(load(mended, name="again.csv"))[1] == 1
    assert load(bad, dry_run=True).rejects is None


def test_rejected_rows_find_a_place_beside_the_book(
    book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Path.open

    def refusing(path: Path, mode: str = "r", **options: Any) -> IO[Any]:
        if "w" in mode and path.parent.name == "readonly":
            raise PermissionError(13, "Permission denied")
        return opened(path, mode, **options)

    files = [(tmp_path / folder / "people.csv", "contact") for folder in ("readonly", "other")]
    for path, _kind in files:
        path.parent.mkdir()
        path.write_text("Last Name,Email\nA,b\n", "utf-8")
    monkeypatch.setattr(Path, "open", refusing)
    result = run_import(book, files)
    assert [file.rejects for file in result.files] == [
        book.path.parent / "people.rejected.csv",
        tmp_path / "other" / "people-2.rejected.csv",
    ]
    with pytest.raises(UserError, match="cannot be written"):
        run_import(book, files, rejects=tmp_path / "readonly")


def test_a_row_that_is_none_is_kept_as_it_stands(load: Importer, tmp_path: Path) -> None:
    file = load('Last Name,Job title\nA,B\n"broken,x\nC,D,E\n', rejects=tmp_path)
    assert counted(file) == (3, 1, 0, 0, 2)
    assert file.rejects is not None
    assert '"""broken,x\n"' in file.rejects.read_text("utf-8")
    assert '4,"the row has 3 cells, but there are 2 columns",C,D,E' in file.rejects.read_text("utf-8")


def test_links_are_found_by_name_id_and_foreign_id(book: Book, load: Importer) -> None:
    load("Name,ID,PARENTID\nAcme,001,002\nHolding,002,\n", "account", unresolved={})
    acme = book.records("account", "name = 'Acme'")[0]
    file = load(f"Last Name,Company\nA,acmé\nB,{acme.id}\nC,001\nD,Acne\n")
    assert counted(file) == (4, 3, 0, 0, 1)
    assert book.value("SELECT count(*) FROM contact WHERE account = ?", (acme.id,)) == 3
    assert [(miss.text, miss.near, miss.policy) for miss in file.unresolved] == [("Acne", ("Acme",), "reject")]
    assert book.get("account", acme.values["parent"]).heading == "Holding"


def test_what_becomes_of_unknown_names_is_the_users_choice(book: Book, load: Importer) -> None:
    rows = "Last Name,Company,Owner\nA,New Ltd,\nB,New Ltd,Nobody\n"
    assert counted(load(rows, dry_run=True)) == (2, 0, 0, 0, 2)
    file = load(rows, unresolved={"account": "create", "": "empty"})
    assert (counted(file), file.added) == ((2, 2, 0, 0, 0), {"account": 1})
    assert book.rows(
        "SELECT account.name, contact.owner FROM contact JOIN account ON account.id = contact.account"
    ) == [
        ("New Ltd", None),
        ("New Ltd", None),
    ]
    assert sorted((miss.field, miss.rows, miss.policy) for miss in file.unresolved) == [
        ("account", 2, "create"),
        ("owner", 1, "empty"),
    ]


def test_tags_are_made_as_they_come(book: Book, load: Importer) -> None:
    file = load("Last Name,Labels\nA,* myContacts ::: VIP\nB,VIP\n")
    assert file.added == {"tag": 2}
    assert {name for (name,) in book.rows("SELECT name FROM tag")} == {"myContacts", "VIP"}


def test_chains_and_circles_within_a_file_are_followed(book: Book, load: Importer) -> None:
    chain = "".join(f"C{n},C{n + 1}\n" for n in range(20))
    file = load(f"Name,Parent account\n{chain}C20,\nX,Y\nY,X\nZ,Z\nA,B\nB,Gone\n", "account")
    assert counted(file) == (26, 24, 0, 0, 2)
    foreign = load("ID,Name,PARENTID\n1,P,2\n2,Q,3\n3,R,4\n4,S,\n5,T,5\n", "account")
    assert counted(foreign) == (5, 5, 0, 0, 0)
    parents = dict(book.rows("SELECT a.name, b.name FROM account a JOIN account b ON b.id = a.parent"))
    assert (parents["P"], parents["R"], parents["T"]) == ("Q", "S", "T")
    assert {name: parents[name] for name in ("C0", "C19", "X", "Y", "Z")} == {
        "C0": "C1",
        "C19": "C20",
        "X": "Y",
        "Y": "X",
        "Z": "Z",
    }


def test_values_can_be_mapped_and_given_for_all_rows(book: Book, load: Importer) -> None:
    file = load(
        "Nachname,Status,Umsatz\nA,Heiss,1.5\n",
        "lead",
        columns={"Nachname": "last_name", "Umsatz": "annual_revenue", "Status": "rating"},
        values={"Status": {"Heiss": "Hot"}},
        constants={"company": "Acme", "currency": "JOD"},
    )
    assert counted(file) == (1, 1, 0, 0, 0)
    assert book.rows("SELECT rating, company, annual_revenue, currency FROM lead") == [("Hot", "Acme", 1500, "JOD")]


@pytest.mark.parametrize(
    "options",
    [
        {"columns": {"Nix": "title"}},
        {"values": {"nix": {"a": "b"}}},
        {"constants": {"nix": "a"}},
        {"unresolved": {"nix": "create"}},
    ],
)
def test_an_option_that_fits_nothing_is_refused(load: Importer, options: dict[str, object]) -> None:
    with pytest.raises(UserError, match=r"(?i)nix"):
        load(PEOPLE, **options)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "no column"),
        ("x,y\n1,2\n", "Found: x, y"),
        ("First Name\nAnna\n", "no column for Last name"),
        ("\x00\n", "no column"),
    ],
)
def test_a_file_that_cannot_be_of_this_kind_is_refused_as_a_whole(load: Importer, content: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        load(content)


def test_whole_names_and_several_phones(book: Book, load: Importer) -> None:
    load(
        "Contact,Fax,Mobile Phone,Phone,Address 1,Address 2\n"
        '"Ek, Anna Maria",+493099999,+4917012345678,+49301234567,Hof,c/o X\n'
    )
    (anna,) = book.records("contact")
    assert (anna.values["first_name"], anna.values["last_name"]) == ("Anna Maria", "Ek")
    assert [point["label"] for point in anna.values["phones"]] == ["mobile", "work", "fax"]
    assert anna.values["mailing_street"] == "Hof\nc/o X"


def test_a_phone_number_is_dialled_in_the_country_of_its_row(book: Book, load: Importer) -> None:
    rows = "030-0074321,Germany\n(171) 555-7788,UK\n030-0074321,DE\n(212) 555-0123,\n+49 30 0074321,France\n"
    lines = "".join(f"{number},{row}\n" for number, row in enumerate(rows.splitlines()))
    assert counted(load(f"Name,Phone,Country\n{lines}", "account")) == (5, 5, 0, 0, 0)
    numbers = [record.values["phones"][0]["e164"] for record in book.records("account")]
    assert numbers == ["+49300074321", "+441715557788", "+49300074321", "+12125550123", "+49300074321"]
    assert book.records("account")[0].values["phones"][0]["value"] == "030-0074321"


def test_amounts_in_scientific_notation_are_read(book: Book, load: Importer) -> None:
    load("Name,Annual revenue,Employees\nAcme,8.48E10,1.2E3\n", "account")
    assert book.rows("SELECT annual_revenue, number_of_employees FROM account") == [(8_480_000_000_000, 1200)]


def test_labels_beside_the_values_count(book: Book, load: Importer) -> None:
    load(
        "Family Name,Phone 1 - Type,Phone 1 - Value,E-mail 1 - Type,E-mail 1 - Value\n"
        "A,Mobile,+493012345 ::: +493054321,* Home,a@b.de\n"
    )
    (contact,) = book.records("contact")
    assert [(point["label"], point["value"]) for point in contact.values["phones"]] == [
        ("mobile", "+493012345"),
        ("mobile", "+493054321"),
    ]
    assert contact.values["emails"][0]["label"] == "home"


def test_a_field_that_the_company_added_is_imported(book: Book, load: Importer) -> None:
    with book.change("Field") as change:
        edit.create(change, "custom_field", {"of_kind": "contact", "name": "shoe_size", "type": "integer"})
    assert counted(load("Last Name,Shoe size\nA,46\nB,big\n")) == (2, 1, 0, 0, 1)
    assert book.records("contact")[0].values["shoe_size"] == 46
    assert counted(load("Last Name,Shoe size\nA,46\n", match="shoe_size")) == (1, 0, 0, 1, 0)


def test_progress_is_told_and_stopping_leaves_nothing(book: Book, load: Importer, tmp_path: Path) -> None:
    stop, seen = threading.Event(), list[Progress]()
    before = dump(book)

    def told(progress: Progress) -> None:
        seen.append(progress)
        stop.set()

    rows = "Last Name\n" + "\n" + "".join(f"Name {n}\n" for n in range(5000)) + "\x00bad\n"
    with pytest.raises(ImportCancelled):
        load(rows, progress=told, stop=stop, rejects=tmp_path)
    assert dump(book) == before
    assert (len(seen), 0 < seen[0].done < seen[0].total) == (1, True)
    stop.clear()
    load(rows, progress=seen.append, rejects=tmp_path)
    assert (seen[-1].rows, seen[-1].done) == (5001, seen[-1].total)
