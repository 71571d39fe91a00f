from __future__ import annotations

import pytest

from sfa.sales.spelling import company_words, same_company, same_first_name, similarity, sound


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("martha", "marhta", 0.961),
        ("dwayne", "duane", 0.84),
        ("dixon", "dicksonx", 0.813),
        ("anna", "anna", 1),
        ("abc", "xyz", 0),
        ("", "", 1),
        ("", "a", 0),
        ("a", "b", 0),
    ],
)
def test_similarity_is_jaro_winklers(one: str, other: str, expected: float) -> None:
    assert similarity(one, other) == pytest.approx(expected, abs=0.001)
    assert similarity(other, one) == pytest.approx(expected, abs=0.001)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("robert", "bob"),
        ("a", "anna"),
        ("anna", "a."),
        ("jon", "jonathan"),
        ("jon", "john"),
        ("katrin", "kathrin"),
        ("hans", "johannes"),
    ],
)
def test_first_names_of_one_person(one: str, other: str) -> None:
    assert same_first_name(one, other)
    assert same_first_name(other, one)


@pytest.mark.parametrize(("one", "other"), [("anna", "bob"), ("b", "anna"), ("bob", "bill"), ("thomas", "stefan")])
def test_first_names_of_two(one: str, other: str) -> None:
    assert not same_first_name(one, other)


def test_names_that_sound_alike() -> None:
    assert sound("maier") == sound("meyer") == sound("mayr")
    assert sound("schmidt") == sound("schmitt")
    assert sound("schmidt") != sound("huber")
    assert sound("李") == ""


def test_a_companys_words_are_without_its_form() -> None:
    assert company_words("Müller & Söhne GmbH & Co. KG") == ("muller", "sohne")
    assert company_words("O'Brien Ltd.") == ("obrien",)
    assert company_words("SE AG") == ("se", "ag")
    assert company_words("") == ()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Hoffmann Pumpen", "Hofmann Pumpen", True),
        ("Art's Deli", "Arts Delicatessen", True),
        ("Pumpen Hoffmann", "Hoffmann Pumpen", True),
        ("Weber Baustoffe", "Becker Baustoffe", False),
        ("Vogel", "Vogel Bauer", False),
    ],
)
def test_companies(one: str, other: str, same: bool) -> None:
    assert same_company(company_words(one), company_words(other)) is same
