"""What is exported is read back into the same values."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest

from sfa import locales
from sfa.errors import UserError
from sfa.exchange.exporting import export_csv, export_jsonl
from sfa.exchange.importing import run_import
from sfa.exchange.profile import ImportPlan
from sfa.models import KINDS
from sfa.sales import edit
from sfa.store.book import Book
from sfa.store.query import Query, parse_condition
from tests.books import dump
from tests.exchange.conftest import counted

Export = Callable[[Book, Query, IO[str]], int]
BY_ID = ImportPlan(match="id")


@pytest.mark.parametrize("locale", ["en_US", "de_DE", "fr_CH"])
@pytest.mark.parametrize(("export", "suffix"), [(export_csv, "csv"), (export_jsonl, "jsonl")])
def test_a_whole_book_comes_back_as_it_was(
    demo: Book, tmp_path: Path, export: Export, suffix: str, locale: str
) -> None:
    with demo.change("Odd amounts") as change:
        edit.create(change, "product", {"name": "Dinar; odd", "list_price": 1_054, "currency": "JOD"})
        edit.create(change, "contact", {"last_name": " naïve \n".strip("\n"), "description": 'a "quote",\n\ttab'})
    locales.use(locale)
    before, files, counts = dump(demo), [], []
    for kind in KINDS:
        path = tmp_path / f"{kind}.{suffix}"
        with path.open("w", encoding="utf-8", newline="") as stream:
            counts.append(export(demo, Query(kind), stream))
        if counts[-1]:
            files.append((path, kind))
    result = run_import(demo, files, dict.fromkeys(KINDS, BY_ID), rejects=tmp_path)
    assert [(file.kind, file.samples) for file in result.files if file.rejected] == []
    assert [counted(file) for file in result.files] == [(count, 0, 0, count, 0) for count in counts if count]
    assert dump(demo) == before


@pytest.mark.parametrize(("export", "suffix"), [(export_csv, "csv"), (export_jsonl, "jsonl")])
def test_records_move_to_another_book_with_their_ids(
    book: Book, demo: Book, tmp_path: Path, export: Export, suffix: str
) -> None:
    kinds = ("user", "tag", "account", "contact")
    files = [(tmp_path / f"{kind}.{suffix}", kind) for kind in kinds]
    for path, kind in files:
        with path.open("w", encoding="utf-8", newline="") as stream:
            export(demo, Query(kind), stream)
    result = run_import(book, files, dict.fromkeys(kinds, BY_ID), rejects=tmp_path)
    assert [(file.kind, file.samples) for file in result.files if file.rejected] == []
    sql = """SELECT contact.id, contact.last_name, account.name, contact.phones FROM contact
        LEFT JOIN account ON account.id = contact.account"""
    assert sorted(book.rows(sql)) == sorted(demo.rows(sql))


def test_a_query_chooses_records_columns_and_order(demo: Book) -> None:
    industry = demo.value("SELECT industry FROM account WHERE industry IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC")
    query = Query("account", ("name", "industry"), (parse_condition(f"industry={industry}"),), ("-name",))
    stream = io.StringIO(newline="")
    count = export_csv(demo, query, stream)
    header, *rows = stream.getvalue().split("\r\n")[:-1]
    assert (header, len(rows)) == ("id,name,industry", count)
    assert count == demo.value("SELECT count(*) FROM account WHERE industry = ?", (industry,)) > 1
    names = [row.split(",")[1].casefold() for row in rows]
    assert names == sorted(names, reverse=True)
    with pytest.raises(UserError, match="no field nix"):
        export_csv(demo, Query("account", ("nix",)), stream)
