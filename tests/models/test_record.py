"""The record base: names, folding, kinds, ids and what a definition derives."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sfa.errors import FieldError, NotFound
from sfa.models import (
    KINDS,
    Account,
    Contact,
    CustomField,
    Link,
    Links,
    Money,
    find_kind,
    fold,
    is_id,
    new_id,
    new_ids,
    read_values,
)
from sfa.models.record import Record
from tests.models.samples import Names


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Anna   SCHMIDT ", "anna schmidt"),
        ("Ärzte Übersee", "arzte ubersee"),
        ("Straße", "strasse"),
        ("Łódź Ørsted Đorđe", "lodz orsted dorde"),
        ("İstanbul ISPARTA ısı", "istanbul isparta isi"),
        ("cafe\u0301", "cafe"),
        ("ＦＵＬＬ", "full"),
        ("ὈΔΥΣΣΕΎΣ", "οδυσσευσ"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=40))
@settings(max_examples=1000, deadline=None)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(text.upper()) == fold(text.upper().lower()) or not text.isascii()


def test_a_person_is_headed_by_first_name_and_sorted_by_last() -> None:
    values = {"first_name": "Änne", "last_name": "Müller"}
    assert Contact(values).heading == "Änne Müller"
    assert Contact.sort_key_of(values) == "muller anne"
    assert Contact({"last_name": "Solo"}).heading == "Solo"


@pytest.mark.parametrize(
    "name",
    ["account", "Accounts", " ACCOUNT ", "deal", "deals", "Opportunities", "call-outcome", "Loss reason", "people"],
)
def test_find_kind(name: str) -> None:
    if name == "people":
        with pytest.raises(NotFound, match="There is no kind of record called people"):
            find_kind(name)
    else:
        assert find_kind(name).kind in ("account", "opportunity", "call_outcome", "loss_reason")


def test_find_kind_offers_a_near_one() -> None:
    with pytest.raises(NotFound, match=r"Did you mean account\?") as refusal:
        find_kind("acount")
    assert refusal.value.candidates == ("account",)


def test_fields_read_as_attributes_and_as_definitions() -> None:
    account = Account({"id": "x", "name": "Acme"})
    assert (account.name, account.industry, account.id) == ("Acme", None, "x")
    assert Account.name is Account.fields["name"]
    assert Account.billing_city is Account.fields["billing_city"]  # type: ignore[attr-defined]


def test_every_definition_is_whole() -> None:
    """Links lead to kinds, amounts have currencies, indexes and names are of fields, and ranks tell kinds apart."""
    ranks = [record.rank for record in KINDS.values() if record.rank]
    assert len(ranks) == len(set(ranks))
    for kind, record in KINDS.items():
        assert kind == record.kind
        assert record.label
        assert record.plural
        assert {*record.named_by, *record.sorted_by, *(name for names in record.indexes for name in names)} <= set(
            record.fields
        )
        for name, field in record.fields.items():
            assert field.name == name
            assert field.label
            if isinstance(field, (Link, Links)):
                assert field.to in KINDS
            if isinstance(field, Money):
                assert field.currency in record.fields


def test_amounts_are_read_in_the_currency_given_beside_them() -> None:
    fields = KINDS["opportunity"].fields
    values = read_values(
        fields, {"amount": "1.054,5 ".strip().replace(".", "").replace(",", "."), "currency": "bhd"}, {}, Names()
    )
    assert values == {"amount": 1054500, "currency": "BHD"}
    assert list(values) == ["amount", "currency"]
    assert read_values(fields, {"amount": "7"}, {"currency": "JPY"}, Names()) == {"amount": 7}
    with pytest.raises(FieldError, match="JPY has 0 decimals"):
        read_values(fields, {"amount": "7.5"}, {"currency": "JPY"}, Names())


def test_a_kind_that_is_defined_is_known_with_its_system_fields() -> None:
    class Gadget(Record):
        kind, label, plural = "gadget", "Gadget", "Gadgets"

    try:
        assert KINDS["gadget"] is Gadget
        assert set(Gadget.fields) == set(Record.system)
    finally:
        del KINDS["gadget"]


@pytest.mark.parametrize("type_name", CustomField.fields["type"].options)  # type: ignore[attr-defined]
def test_every_type_of_custom_field_makes_a_field(type_name: str) -> None:
    definition = CustomField(
        {"name": "extra", "type": type_name, "caption": "Extra", "options": "account", "is_required": 1}
    )
    field = definition.make()
    assert (field.name, field.title, field.required, field.custom) == ("extra", "Extra", True, True)


def test_ids_are_unique_and_sort_by_birth_in_every_thread() -> None:
    made: list[list[str]] = []
    threads = [threading.Thread(target=lambda: made.append([new_id() for _ in range(2000)])) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(ids == sorted(ids) for ids in made)
    assert len({one for ids in made for one in ids}) == 8000
    assert all(map(is_id, made[0]))
    assert made[0][0][14] == "7"
    many = list(new_ids(3))
    assert many == sorted(many)
    assert not is_id("0192")
