"""Headers of real exports find their fields, and no field that they are not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sfa.exchange.headers import HeaderNames, Matched
from sfa.models import KINDS
from sfa.sales import edit
from sfa.store.book import Book
from tests.exchange.real_headers import EXPECTED


def match(kind: str, *headers: str, **given: str) -> Matched:
    return HeaderNames(KINDS[kind], KINDS[kind].fields, given).match(headers)


def found(kind: str, *headers: str) -> dict[str, list[str]]:
    return {name: [headers[place] for place in column.places] for name, column in match(kind, *headers).columns.items()}


@pytest.mark.parametrize("export", EXPECTED)
def test_every_column_of_a_real_export_is_its_field(export: str, data: Path) -> None:
    facts = json.loads((data / "exports" / "header_facts.json").read_text("utf-8"))
    headers, (kind, expected) = facts[export]["header"], EXPECTED[export]
    matched = match(kind, *headers)
    shown: dict[str, list[str]] = {}
    for name, column in matched.columns.items():
        labels = column.labels or ("",) * len(column.places)
        for number, (place, label) in enumerate(zip(column.places, labels, strict=True)):
            holder = column.label_places[number] if column.label_places else None
            at = f" @ {headers[holder]}" if holder is not None else ""
            shown.setdefault(name, []).append(headers[place] + (f" = {label}" if label else "") + at)
    assert shown == expected
    used = {place for column in matched.columns.values() for place in (*column.places, *column.label_places)}
    assert list(matched.ignored) == [header for place, header in enumerate(headers) if place not in used]


def test_all_exports_are_covered(data: Path) -> None:
    facts = json.loads((data / "exports" / "header_facts.json").read_text("utf-8"))
    assert {name for name, export in facts.items() if export["header"]} == set(EXPECTED)


def test_name_label_and_alias_find_the_field_in_this_order() -> None:
    assert found("account", "annual_revenue") == {"annual_revenue": ["annual_revenue"]}
    assert found("account", "Annual revenue") == {"annual_revenue": ["Annual revenue"]}
    assert found("account", "revenue") == {"annual_revenue": ["revenue"]}
    assert found("account", "revenue", "ANNUAL REVENUE") == {"annual_revenue": ["ANNUAL REVENUE"]}


def test_a_label_in_the_users_language_finds_the_field(monkeypatch: pytest.MonkeyPatch) -> None:
    german = {"Annual revenue": "Jahresumsatz", "Last name": "Nachname"}
    monkeypatch.setattr("sfa.models.fields._", lambda text: german.get(text, text))
    assert found("account", "Jahresumsatz") == {"annual_revenue": ["Jahresumsatz"]}
    assert found("contact", "NACHNAME") == {"last_name": ["NACHNAME"]}


def test_a_title_is_the_salutation_only_beside_a_job_title() -> None:
    assert found("contact", "Title", "Job Title") == {"title": ["Job Title"], "salutation": ["Title"]}
    assert found("contact", "Title") == {"title": ["Title"]}


def test_a_day_of_birth_is_no_birthday() -> None:
    assert found("contact", "Birth Day", "Birth Month") == {}


def test_given_columns_stand_and_an_empty_field_leaves_one_out() -> None:
    names = HeaderNames(KINDS["contact"], KINDS["contact"].fields, {"nachname": "last_name", "Notes": ""})
    matched = names.match(["Nachname", "Last Name", "Notes"])
    assert matched.columns["last_name"].places == (0,)
    assert set(matched.ignored) == {"Last Name", "Notes"}


def test_a_deleted_mark_is_never_imported() -> None:
    assert match("contact", "deleted_at", "Last Name").ignored == ("deleted_at",)


def test_a_field_that_the_company_added_is_found(book: Book) -> None:
    with book.change("Field") as change:
        edit.create(change, "custom_field", {"of_kind": "contact", "name": "shoe_size", "caption": "Shoe size"})
    matched = HeaderNames(KINDS["contact"], book.fields("contact"), {}).match(["Shoe Size"])
    assert list(matched.columns) == ["shoe_size"]
