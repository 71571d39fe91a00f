"""Merges of duplicates on several laptops at once: whatever they meet, one of the records stays."""

from __future__ import annotations

import pytest

from sfa.sales import merge
from sfa.store import undo
from sfa.sync import inbox
from tests.sync.conftest import Company, add, delete, held
from tests.sync.rig import Laptop


@pytest.fixture
def pair(company: Company) -> tuple[str, str]:
    """Two records of the same contact, neither of which has anything that the other lacks; each with a call."""
    first, second = (add(company.anna, "contact", last_name="Keller") for _ in range(2))
    for contact in (first, second):
        add(company.anna, "activity", subject="Call", type="call", contact=contact)
    company.meet()
    return first, second


def gone(laptop: Laptop, *contacts: str) -> list[bool]:
    return [bool(held(laptop, "contact", contact).get("deleted_at")) for contact in contacts]


def test_of_two_merges_in_opposite_directions_the_first_stands(company: Company, pair: tuple[str, str]) -> None:
    first, second = pair
    merge.merge(company.anna.book, "contact", first, [second])
    merge.merge(company.bob.book, "contact", second, [first])
    company.meet()
    for laptop in company.laptops:
        assert gone(laptop, first, second) == [False, True]
        assert {one.values["contact"] for one in laptop.book.records("activity")} == {first}
    (conflict,) = inbox.conflicts(company.bob.book)
    assert (conflict.reason, conflict.record and conflict.record.id) == ("delete", first)
    undo.undo(company.anna.book)
    company.meet()
    assert gone(company.bob, first, second) == [False, False]


def test_what_is_merged_into_a_record_that_was_deleted_stays(company: Company, pair: tuple[str, str]) -> None:
    first, second = pair
    delete(company.anna, "contact", first)
    merge.merge(company.bob.book, "contact", first, [second])
    company.meet()
    assert [gone(laptop, first, second) for laptop in company.laptops] == [[True, False]] * 2
    assert inbox.conflicts(company.bob.book)


def test_merges_in_a_row_lead_to_the_last(company: Company, pair: tuple[str, str]) -> None:
    first, second = pair
    third = add(company.anna, "contact", last_name="Keller")
    company.meet()
    merge.merge(company.anna.book, "contact", third, [first])
    merge.merge(company.bob.book, "contact", first, [second])
    company.meet()
    for laptop in company.laptops:
        assert gone(laptop, first, second, third) == [True, True, False]
        assert {one.values["contact"] for one in laptop.book.records("activity")} == {third}
    assert inbox.conflicts(company.bob.book) == []
