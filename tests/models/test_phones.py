"""Phone numbers: the fast way gives what the library gives, and numbers keep their meaning in other countries."""

from __future__ import annotations

from typing import Any

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sfa import locales
from sfa.models.lists import Phones, e164, phone_spellings
from tests.models.samples import FIELDS, Names, read_json

CODES = sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)


def by_library(text: str, region: str) -> str | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def ours(text: str, region: str) -> str | None:
    try:
        return e164(text, region)
    except ValueError:
        return None


def test_the_examples_of_all_countries() -> None:
    examples: dict[str, list[dict[str, Any]]] = read_json("phones", "phonenumbers_examples.json")
    assert len(examples["valid"]) > 800
    for example in examples["valid"]:
        assert e164(example["e164"]) == example["e164"]
        assert e164(example["international"]) == example["e164"]
        for spelling in ("international", "national", "rfc3966"):
            text, region = example[spelling], example["region"]
            assert ours(text, region) == by_library(text, region)
    for example in examples["invalid"]:
        for text in filter(None, map(str, example.values())):
            assert ours(text, "US") == by_library(text, "US")


@given(
    st.sampled_from(CODES),
    st.text("0123456789", min_size=2, max_size=14),
    st.sampled_from(["+{}{}", "+{} {}", "(+{}) {}", "+{}-0{}"]),
)
@settings(max_examples=3000, deadline=None)
def test_international_numbers_as_the_library_reads_them(code: int, rest: str, form: str) -> None:
    text = form.format(code, rest)
    assert ours(text, "DE") == by_library(text, "DE")


@given(
    st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS)),
    st.text("0123456789", min_size=2, max_size=13),
    st.sampled_from(["{}", "0{}", "1{}", "8{}", "06{}", "({0:.3}) {0}", "00{}"]),
)
@settings(max_examples=5000, deadline=None)
def test_national_numbers_as_the_library_reads_them(region: str, rest: str, form: str) -> None:
    text = form.format(rest)
    assert ours(text, region) == by_library(text, region)


def test_national_numbers_take_the_fast_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phonenumbers, "parse", None)
    assert e164("(201) 555-0123", "US") == "+12015550123"
    assert e164("030 123456", "DE") == "+4930123456"
    assert e164("06 1234 5678", "IT") == "+390612345678"


@given(st.text("0123456789+-./() \u00a0\u2011x", max_size=22))
@settings(max_examples=2000, deadline=None)
def test_anything_that_looks_like_a_number_as_the_library_reads_it(text: str) -> None:
    assert ours(text, "US") == by_library(text, "US")


def test_a_number_without_country_is_dialled_where_the_rep_is() -> None:
    field = FIELDS["phones"]
    locales.use("de_DE")
    stored = field.read("030 123456", {}, Names())
    assert stored == [{"label": "work", "value": "030 123456", "e164": "+4930123456"}]
    locales.use("en_US")
    assert field.check(stored) == stored
    assert field.edit(stored, {}, locales.current(), Names()) == "work: +4930123456"
    locales.use("de_DE")
    assert field.edit(stored, {}, locales.current(), Names()) == "work: 030 123456"


def test_a_false_e164_is_not_believed() -> None:
    checked = Phones("P").check([{"label": "work", "value": "+49 30 123456", "e164": "nonsense"}])
    assert checked[0]["e164"] == "+4930123456"


@pytest.mark.parametrize(
    ("number", "spellings"),
    [
        ("+4930123456", ("4930123456", "030123456", "30123456")),
        ("+16502530000", ("16502530000", "06502530000", "6502530000")),
        ("+35312345678", ("35312345678", "012345678", "12345678")),
    ],
)
def test_the_ways_people_type_a_number(number: str, spellings: tuple[str, ...]) -> None:
    assert phone_spellings(number) == spellings
