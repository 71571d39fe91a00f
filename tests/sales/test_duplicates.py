"""Duplicates in real files with known truth, and while typing."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import Any

import pytest

from sfa.errors import FieldError
from sfa.models import KINDS, check_values
from sfa.sales import edit
from sfa.sales.duplicates import hints, pairs
from sfa.store.book import Book
from sfa.store.undo import undo
from tests.sales.makers import make
from tests.shared import real

Row = tuple[dict[str, Any], str]  # values, and which rows are the same thing


def phone(number: str) -> list[dict[str, str]]:
    return [{"label": "work", "value": number, "e164": number.replace(" ", "")}]


def email(address: str) -> list[dict[str, str]]:
    return [{"label": "work", "value": address}]


@pytest.fixture
def anna(book: Book) -> str:
    account = make(book, "account", name="Acme GmbH")
    contact = make(
        book, "contact", first_name="Anna", last_name="Schmidt", account=account,
        phones=phone("+49 30 23125001"), emails=email("anna.schmidt@acme.example"),
    )  # fmt: skip
    make(book, "contact", first_name="Berta", last_name="Huber", phones=phone("+49 30 23125002"))
    make(book, "contact", first_name="Anna", last_name="Huber", emails=email("anna@huber.example"))
    return contact


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"emails": email("Anna.Schmidt@ACME.example")}, "same e-mail"),
        ({"emails": email("anna.schmidt@acme.example"), "last_name": "Voss", "first_name": "Otto"}, "same e-mail"),
        ({"phones": phone("+493023125001")}, "same phone"),
        ({"first_name": "anna", "last_name": "SCHMIDT"}, "same name"),
        ({"first_name": "Schmidt", "last_name": "Anna"}, "same name"),
        ({"first_name": "A.", "last_name": "Schmidt"}, "name alike"),
        ({"first_name": "Anna", "last_name": "Schmitt"}, "name alike"),
        ({"first_name": "Ana", "last_name": "Schmidt", "phones": phone("+493023125001")}, "same phone, name alike"),
    ],
)
def test_a_hint_says_who_and_why(book: Book, anna: str, values: dict[str, Any], reason: str) -> None:
    (hint,) = hints(book, "contact", values)
    assert (hint.id, hint.title, hint.reason) == (anna, "Anna Schmidt", reason)
    assert 25 <= hint.score <= 100


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"first_name": "Anna"},
        {"last_name": "Schmidt"},
        {"first_name": "Otto", "last_name": "Schmidt"},
        {"last_name": "?"},
        {"first_name": "Anna", "last_name": "Becker"},
        {"emails": email("anna.schmidt@other.example")},
        {"phones": [{"value": "12"}]},
        {"first_name": '"', "last_name": "* AND ("},
    ],
)
def test_no_hint_without_a_reason(book: Book, anna: str, values: dict[str, Any]) -> None:
    assert hints(book, "contact", values) == []


def test_the_record_itself_and_the_deleted_are_no_hints(book: Book, anna: str) -> None:
    values = book.get("contact", anna).values
    assert hints(book, "contact", values, exclude=anna) == []
    assert [hint.id for hint in hints(book, "contact", values)] == [anna]
    with book.change("Deleted") as change:
        edit.delete(change, "contact", [anna])
    assert hints(book, "contact", values) == []
    undo(book)
    assert [hint.id for hint in hints(book, "contact", values)] == [anna]


def test_the_best_hint_is_first(book: Book, anna: str) -> None:
    other = make(book, "contact", first_name="Anna", last_name="Schmidt")
    same = {"first_name": "Anna", "last_name": "Schmidt", "emails": email("anna.schmidt@acme.example")}
    assert [hint.id for hint in hints(book, "contact", same)] == [anna, other]
    assert len(hints(book, "contact", same, limit=1)) == 1


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"name": "Hoffmann Pumpen AG"}, "same name"),
        ({"name": "hoffmann pumpen"}, "same name"),
        ({"name": "Hoffmann Pump"}, "name alike"),
        ({"name": "Hoffmann"}, "name alike"),
        ({"name": "X", "website": "hoffmann-pumpen.example"}, "same website"),
        ({"name": "X", "phones": phone("+49 40 66969001")}, "same phone"),
    ],
)
def test_hints_for_a_company(book: Book, values: dict[str, Any], reason: str) -> None:
    account = make(
        book, "account", name="Hoffmann Pumpen GmbH & Co. KG", website="https://www.hoffmann-pumpen.example/de",
        phones=phone("+49 40 66969001"),
    )  # fmt: skip
    make(book, "account", name="Weber Pumpen", website="https://www.facebook.com/weber")
    (hint,) = hints(book, "account", values)
    assert (hint.id, hint.reason) == (account, reason)


def test_pages_in_a_shared_house_are_no_reason(book: Book) -> None:
    make(book, "account", name="Weber Pumpen", website="https://www.facebook.com/weber")
    assert hints(book, "account", {"name": "Huber", "website": "https://www.facebook.com/huber"}) == []


def test_kinds_without_search_are_found_by_name(book: Book) -> None:
    tag = make(book, "tag", name="Key account")
    assert [(hint.id, hint.reason) for hint in hints(book, "tag", {"name": "key account"})] == [(tag, "same name")]


def test_the_demo_holds_what_was_entered_twice_and_little_else(demo: Book) -> None:
    doubles = [pair for pair in pairs(demo, "contact") if "same e-mail" in pair.reason]
    assert len(doubles) >= 8
    assert all(pair.first < pair.second for pair in doubles)
    assert len(pairs(demo, "contact")) < 30
    assert sum("same phone" in pair.reason for pair in pairs(demo, "account")) == 5
    assert len(pairs(demo, "account", limit=3)) == 3


def _rows(name: str) -> Iterator[dict[str, str]]:
    with real("dedupe", name).open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file, skipinitialspace=True)


def _splink() -> Iterator[Row]:
    for row in _rows("splink/fake_1000.csv"):
        values: dict[str, Any] = {"first_name": row["first_name"], "last_name": row["surname"] or "?"}
        values |= {"birthday": row["dob"], "mailing_city": row["city"]}
        with suppress(FieldError):
            values |= check_values(KINDS["contact"].fields, {"emails": email(row["email"]) if row["email"] else None})
        yield values, row["cluster"]


def _febrl(name: str) -> Iterator[Row]:
    for row in _rows(f"febrl/{name}.csv"):
        values = {"first_name": row["given_name"], "last_name": row["surname"] or "?", "mailing_city": row["suburb"]}
        values |= {
            "mailing_street": f"{row['street_number']} {row['address_1']}",
            "mailing_postal_code": row["postcode"],
        }
        with suppress(ValueError):
            values["birthday"] = date.fromisoformat(row["date_of_birth"]).isoformat()
        yield values, row["rec_id"].split("-")[1]


def _restaurants() -> Iterator[Row]:
    for row in _rows("restaurant/restaurant-nophone-training.csv"):
        yield {"name": row["name"], "billing_street": row["address"], "billing_city": row["city"]}, row["unique_id"]


@pytest.mark.parametrize(("kind", "rows", "recall", "precision"), [
    ("contact", _splink, 0.55, 0.98),
    ("contact", lambda: _febrl("dataset1"), 0.9, 0.98),
    ("contact", lambda: _febrl("dataset2"), 0.88, 0.97),
    ("account", _restaurants, 0.93, 0.93),
], ids=["splink", "febrl1", "febrl2", "restaurants"])  # fmt: skip
def test_real_doubles_are_found_and_others_left_alone(
    book: Book, kind: str, rows: Any, recall: float, precision: float
) -> None:
    groups: dict[str, list[str]] = {}
    with book.change("Read") as change:
        for values, group in rows():
            groups.setdefault(group, []).append(edit.create(change, kind, values))
    truth = {pair for ids in groups.values() for pair in itertools.combinations(sorted(ids), 2)}
    found = {(pair.first, pair.second) for pair in pairs(book, kind, limit=100_000)}
    assert len(found & truth) / len(truth) >= recall
    assert len(found & truth) / len(found) >= precision
