"""The first real input: a company's accounts, products, sales team and 8,800 deals, in one action."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sfa import locales
from sfa.exchange.importing import ImportResult, run_import
from sfa.exchange.profile import ImportPlan
from sfa.store import journal
from sfa.store.book import Book
from sfa.store.undo import redo, undo
from tests.books import dump
from tests.conftest import NOW
from tests.exchange.conftest import counted

DEALS = ImportPlan.of_options(values=["product:GTXPro=GTX Pro", "stage:Engaging=Qualification"], match="external_id")
BY_NAME = ImportPlan(match="name")
PLANS = {"user": BY_NAME, "product": BY_NAME, "account": BY_NAME, "opportunity": DEALS}
SUMS = """SELECT stage.type, count(*), sum(amount) FROM opportunity JOIN stage ON stage.id = opportunity.stage
    WHERE opportunity.deleted_at IS NULL GROUP BY stage.type"""


@pytest.fixture(scope="module")
def files(data: Path) -> list[tuple[Path, str]]:
    folder = data / "sales" / "maven_crm"
    kinds = {"sales_teams": "user", "products": "product", "accounts": "account", "sales_pipeline": "deal"}
    return [(folder / f"{name}.csv", kind) for name, kind in kinds.items()]


@pytest.fixture(scope="module")
def imported(files: list[tuple[Path, str]], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ImportResult]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"SFA_NOW": NOW, "SFA_TZ": "Europe/Berlin", "SFA_LANGUAGE": "en"}.items():
            patch.setenv(name, value)
        locales.use("en_US")
        book = Book.create(tmp_path_factory.mktemp("maven") / "maven.sfa", "Rita Rep")
        result = run_import(book, files, PLANS)
        book.close()
    return book.path, result


@pytest.fixture
def maven(imported: tuple[Path, ImportResult], tmp_path: Path) -> Iterator[Book]:
    """The book after the import; a copy of its own for each test."""
    book = Book.open(Path(shutil.copy(imported[0], tmp_path / "maven.sfa")))
    yield book
    book.close()


def test_the_figures_are_exact(maven: Book, imported: tuple[Path, ImportResult]) -> None:
    assert [counted(file) for file in imported[1].files] == [(n, n, 0, 0, 0) for n in (35, 7, 85, 8800)]
    sums = {type_: (count, amount) for type_, count, amount in maven.rows(SUMS)}
    assert sums["Won"] == (4238, 10_005_534_00)
    assert (sums["Lost"][0], sums["Open"][0]) == (2473, 2089)
    assert maven.value("SELECT count(*) FROM opportunity WHERE account IS NULL") == 1425
    assert maven.rows("SELECT DISTINCT currency FROM opportunity WHERE amount IS NOT NULL") == [("USD",)]


def test_a_deal_says_what_its_row_says(maven: Book, imported: tuple[Path, ImportResult]) -> None:
    (deal,) = maven.records("opportunity", "external_id = '1C1I7A6R'")
    stage = maven.get("stage", deal.values["stage"])
    assert (deal.heading, stage.heading) == ("Cancity – GTX Plus Basic", "Closed Won")
    assert maven.get("user", deal.values["owner"]).heading == "Moses Frase"
    assert (deal.values["amount"], deal.values["engaged_on"], deal.values["close_date"]) == (
        1054_00,
        "2016-10-20",
        "2017-03-01",
    )
    assert deal.values["closed_at"] == deal.values["stage_entered_at"] == "2017-02-28T23:00:00Z"  # midnight in Berlin
    assert deal.values["probability"] == 100
    engaged = maven.records("opportunity", "closed_at IS NULL AND engaged_on = '2017-08-20'")[0]
    assert engaged.values["stage_entered_at"] == "2017-08-19T22:00:00Z"


def test_accounts_know_their_parents_in_any_order(maven: Book, imported: tuple[Path, ImportResult]) -> None:
    parents = dict(maven.rows("SELECT a.name, b.name FROM account a JOIN account b ON b.id = a.parent"))
    assert len(parents) == 15
    assert parents["Bluth Company"] == "Acme Corporation"
    assert parents["Cheers"] == "Massive Dynamic"  # which stands further down
    (acme,) = maven.records("account", "name = 'Acme Corporation'")
    assert (acme.values["industry"], acme.values["annual_revenue"]) == ("technolgy", 1100_04)  # as the file says


def test_managers_become_users_once(maven: Book, imported: tuple[Path, ImportResult]) -> None:
    assert imported[1].files[0].added == {"user": 6}
    managers = dict(maven.rows("SELECT a.name, b.name FROM user a JOIN user b ON b.id = a.manager"))
    assert managers["Anna Snelling"] == "Dustin Brinkmann"
    assert maven.value("SELECT count(*) FROM user") == 1 + 35 + 6


def test_names_that_no_record_has_are_told_with_near_ones(book: Book, files: list[tuple[Path, str]]) -> None:
    result = run_import(book, files, dry_run=True)
    missed = {miss.text: miss for miss in result.files[3].unresolved}
    assert set(missed) == {"GTXPro", "Engaging"}
    assert (missed["GTXPro"].rows, missed["GTXPro"].near[0], missed["GTXPro"].policy) == (1480, "GTX Pro", "reject")
    assert missed["Engaging"].rows == 1589
    assert (
        dict(result.files[3].reasons)[
            "Product: There is no Product called “GTXPro”. Did you mean “GTX Pro” or “GTX Plus Pro”?"
        ]
        == 1480
    )


def test_a_dry_run_reports_the_same_and_changes_nothing(book: Book, files: list[tuple[Path, str]]) -> None:
    before = dump(book), journal.actions(book)
    rehearsed = run_import(book, files, PLANS, dry_run=True)
    assert (dump(book), journal.actions(book)) == before
    done = run_import(book, files, PLANS)
    assert rehearsed.action == 0 < done.action
    assert rehearsed.files == done.files


def test_a_second_run_changes_nothing(maven: Book, files: list[tuple[Path, str]]) -> None:
    before = dump(maven), journal.actions(maven)
    again = run_import(maven, files, PLANS)
    assert [counted(file) for file in again.files] == [(n, 0, 0, n, 0) for n in (35, 7, 85, 8800)]
    assert again.action == 0
    assert (dump(maven), journal.actions(maven)) == before


def test_one_undo_takes_all_of_it_back(book: Book, files: list[tuple[Path, str]]) -> None:
    empty = dump(book)
    run_import(book, files, PLANS)
    full = dump(book)
    undo(book)
    assert dump(book) == empty
    redo(book)
    assert dump(book) == full


def test_stages_can_be_created_before_the_closed_ones(book: Book, files: list[tuple[Path, str]]) -> None:
    mapped = ImportPlan.of_options(values=["product:GTXPro=GTX Pro"], unresolved=["stage=create"])
    result = run_import(book, files, {"opportunity": mapped})
    assert result.files[3].added == {"stage": 1}
    assert [(miss.text, miss.rows) for miss in result.files[3].unresolved] == [("Engaging", 1589)]
    stages = [name for (name,) in book.rows("SELECT name FROM stage ORDER BY position")]
    assert stages[4:] == ["Negotiation/Review", "Engaging", "Closed Won", "Closed Lost"]
    assert {type_: count for type_, count, _amount in book.rows(SUMS)} == {"Won": 4238, "Lost": 2473, "Open": 2089}
