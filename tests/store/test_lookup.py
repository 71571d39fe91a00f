"""Names to ids and back."""

from __future__ import annotations

import pytest

from sfa.errors import NotFound
from sfa.store.book import Book
from sfa.store.lookup import Lookup
from tests.store.samples import add


@pytest.fixture
def lookup(book: Book) -> Lookup:
    return Lookup(book)


@pytest.mark.parametrize(
    "text", ["Anna Maria Schmidt", "schmidt anna maria", "Schmidt, Anna Maria", "  ANNA  maria   schmidt "]
)
def test_a_person_is_found_by_any_order_of_names(book: Book, lookup: Lookup, text: str) -> None:
    contact = add(book, "contact", first_name="Anna Maria", last_name="Schmidt")
    assert lookup.resolve("contact", text) == contact


def test_an_id_or_its_beginning_is_found(book: Book, lookup: Lookup) -> None:
    account = add(book, "account", name="Acme")
    assert lookup.resolve("account", account) == account
    assert lookup.resolve("account", account[:-2].upper()) == account
    with pytest.raises(NotFound):
        lookup.resolve("account", account[:3])


def test_a_name_goes_before_the_beginning_of_an_id(book: Book, lookup: Lookup) -> None:
    first = add(book, "account", name="Acme")
    second = add(book, "account", name=first[:8])
    assert lookup.resolve("account", first[:8]) == second


def test_two_of_one_name_are_told_apart_by_id(book: Book, lookup: Lookup) -> None:
    twins = {add(book, "account", name="Twin"), add(book, "account", name="TWIN")}
    with pytest.raises(
        NotFound, match=r"2 records of kind Account are called “twin”\. Give the beginning of an id: "
    ) as refusal:
        lookup.resolve("account", "twin")
    assert set(refusal.value.candidates) == twins


def test_near_names_are_offered(book: Book, lookup: Lookup) -> None:
    add(book, "product", name="GTX Pro")
    with pytest.raises(NotFound, match=r"There is no Product called “GTXPro2”\. Did you mean “GTX Pro”") as refusal:
        lookup.resolve("product", "GTXPro2")
    assert refusal.value.candidates == ("GTX Pro",)


def test_the_deleted_are_not_found_by_name(book: Book, lookup: Lookup) -> None:
    account = add(book, "account", name="Gone")
    with book.change("Delete") as change:
        change.delete("account", account)
    with pytest.raises(NotFound):
        lookup.resolve("account", "Gone")
    assert lookup.resolve("account", account) == account
    assert lookup.title("account", account) == "Gone"
    assert lookup.title("account", "unknown") == "unknown"


def test_stages_are_meant_within_their_pipeline_and_by_the_names_of_others(book: Book, lookup: Lookup) -> None:
    other = add(book, "pipeline", name="Renewals")
    won = add(book, "stage", name="Closed Won", pipeline=other, position=1, type="Won")
    shipped = book.value("SELECT id FROM stage WHERE name = 'Closed Won' AND pipeline != ?", (other,))
    assert lookup.resolve("stage", "won") == shipped
    assert lookup.resolve("stage", "Closed won", {"pipeline": other}) == won
    assert lookup.resolve("user", "me") == book.user


def test_what_was_said_to_be_meant_counts(book: Book, lookup: Lookup) -> None:
    stage = book.value("SELECT id FROM stage WHERE name = 'Prospecting'")
    pipeline = book.value("SELECT id FROM pipeline")
    lookup.remember("stage", "Engaging", stage)
    assert lookup.resolve("stage", "Engaging") == stage
    assert lookup.resolve("stage", "Engaging", {"pipeline": pipeline}) == stage


@pytest.mark.parametrize("text", ["\ud800", "x" * 100_000, "a " * 5000, "%", "'", "-" * 36])
def test_odd_names_are_not_found_and_nothing_worse(book: Book, lookup: Lookup, text: str) -> None:
    add(book, "contact", last_name="Schmidt")
    for kind in ("contact", "account", "stage"):
        with pytest.raises(NotFound):
            lookup.resolve(kind, text)


def test_a_stage_of_ones_own_goes_before_the_names_of_others(book: Book, lookup: Lookup) -> None:
    renewals = add(book, "pipeline", name="Renewals")
    own = add(book, "stage", pipeline=renewals, name="Won", position=0)
    assert lookup.resolve("stage", "Won", {"pipeline": renewals}) == own
    assert book.get("stage", Lookup(book).resolve("stage", "won")).heading == "Closed Won"  # of the default pipeline
    with pytest.raises(NotFound) as refusal:
        Lookup(book).resolve("stage", "Qualification", {"pipeline": renewals})
    assert "Did you mean" not in str(refusal.value)


def test_what_has_no_name_is_not_found_by_none(book: Book, lookup: Lookup) -> None:
    account, contact = add(book, "account", name="Acme"), add(book, "contact", last_name="Schmidt")
    add(book, "relation", account=account, contact=contact)
    for text in ("", " ", "Manager"):
        assert lookup.named("relation", text) == []
