"""Whose number it is, in whatever notation the telephone says so."""

from __future__ import annotations

import pytest

from sfa import locales
from sfa.errors import UserError
from sfa.sales import callers, edit
from sfa.store.book import Book


def phones(*numbers: str) -> list[dict[str, str]]:
    return [{"label": "work", "value": number} for number in numbers]


@pytest.fixture
def ids(book: Book) -> dict[str, str]:
    locales.use("de_DE")
    with book.change("Set up") as change:
        acme = edit.create(change, "account", {"name": "Acme", "phones": phones("+49 30 90182-0")})
        anna = {"first_name": "Anna", "last_name": "Schmidt", "account": acme, "phones": phones("030 / 123 456-7")}
        return {
            "acme": acme,
            "anna": edit.create(change, "contact", anna),
            "bert": edit.create(change, "contact", {"last_name": "Bert", "phones": phones("+44 20 7946 0018")}),
            "lena": edit.create(
                change, "lead", {"last_name": "Lena", "company": "L", "phones": phones("0170 5550123")}
            ),
        }


@pytest.mark.parametrize(
    "told",
    [
        "+49301234567",
        "0301234567",
        "0049 30 1234567",
        "493012345 67",
        "(030) 1234-567",
        "tel:+49-30-1234567",
        "sip:+49301234567@pbx.example.com;user=phone",
        '"Schmidt, Anna" <sip:0301234567@10.0.0.1>',
        "callto:%2B49301234567",
        "sip:00493012345 67@host".replace(" ", ""),
    ],
)
def test_a_caller_is_known_in_any_notation(book: Book, ids: dict[str, str], told: str) -> None:
    call = callers.incoming(book, told)
    assert [(one.kind, one.id, one.name, one.detail) for one in call.callers] == [
        ("contact", ids["anna"], "Anna Schmidt", "Acme")
    ]
    assert call.phone == "+49301234567"
    assert call.shown == "030 1234567"


def test_who_calls_from_abroad(book: Book, ids: dict[str, str]) -> None:
    call = callers.incoming(book, "00442079460018")
    assert [one.id for one in call.callers] == [ids["bert"]]
    assert call.shown == "+44 20 7946 0018"


def test_a_number_without_its_country_is_known_wherever_the_rep_is(book: Book, ids: dict[str, str]) -> None:
    locales.use("en_US")
    call = callers.incoming(book, "030 1234567")
    assert ([one.id for one in call.callers], call.phone) == ([ids["anna"]], "+49301234567")


def test_an_extension_of_a_companys_number(book: Book, ids: dict[str, str]) -> None:
    call = callers.incoming(book, "+493090182123")
    assert [(one.id, one.is_exact) for one in call.callers] == [(ids["acme"], False)]
    assert callers.incoming(book, "+49309999999").callers == []


def test_several_with_one_number_are_all_named(book: Book, ids: dict[str, str]) -> None:
    with book.change("More") as change:
        shared = phones("+49 30 90182-0")
        one = edit.create(change, "contact", {"last_name": "One", "account": ids["acme"], "phones": shared})
    assert [caller.id for caller in callers.incoming(book, "03090182 0").callers] == [one]  # more than her company
    with book.change("More") as change:
        two = edit.create(change, "contact", {"last_name": "Two", "account": ids["acme"], "phones": shared})
    assert [caller.id for caller in callers.incoming(book, "03090182 0").callers] == [one, two, ids["acme"]]


def test_the_deleted_call_no_more(book: Book, ids: dict[str, str]) -> None:
    with book.change("Gone") as change:
        edit.delete(change, "lead", [ids["lena"]])
    assert callers.incoming(book, "0170 5550123").callers == []


@pytest.mark.parametrize("told", ["anonymous", "", "sip:anonymous@anonymous.invalid", "102", "unknown' OR 1"])
def test_withheld_and_internal_numbers_are_nobodys(book: Book, ids: dict[str, str], told: str) -> None:
    assert callers.incoming(book, told).callers == []


def test_numbers_to_dial_are_of_the_person_then_of_the_company(book: Book, ids: dict[str, str]) -> None:
    with book.change("Fax") as change:
        fax = [*phones("030 123 456-7"), {"label": "fax", "value": "030 123 456-8"}]
        edit.edit(change, "contact", ids["anna"], {"phones": fax})
    found = callers.numbers(book, "contact", ids["anna"])
    assert [(one.e164, one.whose) for one in found] == [("+49301234567", "Anna Schmidt"), ("+4930901820", "Acme")]


def test_who_asked_not_to_be_called(book: Book, ids: dict[str, str]) -> None:
    callers.require_callable(book, "contact", ids["anna"])
    with book.change("No") as change:
        edit.edit(change, "contact", ids["anna"], {"do_not_call": 1})
    with pytest.raises(UserError, match="Anna Schmidt asked not to be called"):
        callers.require_callable(book, "contact", ids["anna"])
