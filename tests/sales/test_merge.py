from __future__ import annotations

from typing import Any

import pytest

from sfa.errors import FieldError, UserError
from sfa.models import KINDS, Choice, Date, Field, Link, Links, Money, Number
from sfa.models.quantities import Currency
from sfa.sales import edit
from sfa.sales.merge import merge
from sfa.store import journal
from sfa.store.book import Book
from sfa.store.search import hits
from sfa.store.undo import redo, undo
from tests.books import dump
from tests.sales.makers import make


def values(book: Book, kind: str, record_id: str) -> dict[str, Any]:
    return book.get(kind, record_id).values


def phones(*numbers: str) -> list[dict[str, str]]:
    return [{"label": "work", "value": number} for number in numbers]


@pytest.fixture
def twins(book: Book) -> tuple[str, str]:
    """The same company twice: the one that is to stay, and the other."""
    winner = make(
        book, "account", name="Acme GmbH", industry="Energy", billing_city="Ulm", phones=phones("+49 30 23125001")
    )
    loser = make(
        book,
        "account",
        name="ACME",
        industry="Retail",
        billing_city="Ulm",
        billing_street="Hafenweg 1",
        shipping_city="Ulm",
        phones=phones("+493023125001", "+49 30 23125002"),
        tags=[make(book, "tag", name="fair")],
    )
    return winner, loser


def test_gaps_are_filled_and_lists_joined(book: Book, twins: tuple[str, str]) -> None:
    winner, loser = twins
    before = dump(book)
    merge(book, "account", winner, [loser])
    merged = values(book, "account", winner)
    assert (merged["name"], merged["industry"], merged["shipping_city"]) == ("Acme GmbH", "Energy", "Ulm")
    assert merged["billing_street"] == "Hafenweg 1"  # of an address that says nothing else
    assert [point["value"] for point in merged["phones"]] == ["+49 30 23125001", "+49 30 23125002"]
    assert merged["tags"] == values(book, "account", loser)["tags"]
    assert "deleted_at" in values(book, "account", loser)
    assert journal.actions(book, 1)[0].title == "Merged ACME into Acme GmbH"
    assert [hit.kind for hit in hits(book, "30 23125002")] == ["account"]
    done = dump(book)
    undo(book)
    assert dump(book) == before
    redo(book)
    assert dump(book) == done


def test_what_belongs_together_is_not_mixed(book: Book) -> None:
    winner = make(book, "account", name="Acme", billing_city="Ulm", currency="EUR", external_id="7")
    loser = make(
        book,
        "account",
        name="Acme",
        billing_city="Bonn",
        billing_street="Hafenweg 1",
        currency="CHF",
        annual_revenue=100,
        external_source="old",
        external_id="8",
    )
    merge(book, "account", winner, [loser])
    merged = values(book, "account", winner)
    assert (merged["billing_city"], merged["currency"], merged["external_id"]) == ("Ulm", "EUR", "7")
    assert not {"billing_street", "annual_revenue", "external_source"} & merged.keys()


def test_the_reps_choice_stands(book: Book, twins: tuple[str, str]) -> None:
    winner, loser = twins
    merge(book, "account", winner, [loser], {"name": "ACME AG", "industry": "Retail"})
    merged = values(book, "account", winner)
    assert (merged["name"], merged["industry"]) == ("ACME AG", "Retail")


def test_a_bad_choice_changes_nothing(book: Book, twins: tuple[str, str]) -> None:
    before = dump(book)
    with pytest.raises(FieldError):
        merge(book, "account", twins[0], [twins[1]], {"name": ""})
    assert dump(book) == before


def _pointing() -> list[tuple[str, str, str]]:
    """Every link that any model has: kind, field, and the kind that it points to."""
    return [
        (kind, name, field.to)
        for kind, record in KINDS.items()
        for name, field in record.fields.items()
        if isinstance(field, (Link, Links)) and field.to not in ("pipeline", "stage")
    ]


@pytest.mark.parametrize(("kind", "name", "to"), _pointing(), ids=str)
def test_every_link_of_every_model_follows(book: Book, kind: str, name: str, to: str) -> None:
    scope = KINDS[to].scoped_by
    within = KINDS[to].fields.get(scope)
    shared = {scope: _made(book, within.to)} if isinstance(within, Link) else {}
    winner, loser, other = (_made(book, to, **shared) for _number in range(3))
    field = KINDS[kind].fields[name]
    several = isinstance(field, Links)
    pointing = _made(book, kind, **{name: [loser, other] if several else loser})
    leaving = _made(book, kind, **{name: [other] if several else other})
    before = dump(book)
    merge(book, to, winner, [loser])
    assert values(book, kind, pointing)[name] == (sorted([winner, other]) if several else winner)
    assert values(book, kind, leaving)[name] == ([other] if several else other)
    undo(book)
    assert dump(book) == before


def _made(book: Book, kind: str, **given: Any) -> str:
    """A record of ``kind`` with what it must have."""
    for name, field in KINDS[kind].fields.items():
        if not field.required or field.default is not None or name in given:
            continue
        if not isinstance(field, Link):
            given[name] = _sample(name, field)
        elif kind != "opportunity":  # which finds its first stage by itself
            given[name] = _made(book, field.to)
    if kind == "report":
        given.update(of_kind="opportunity", group_by="stage")
    if kind == "custom_field":
        given["name"] = f"f{book.value('SELECT count(*) FROM custom_field')}"
    return make(book, kind, **given)


def test_a_companys_own_links_follow(book: Book, twins: tuple[str, str]) -> None:
    winner, loser = twins
    make(book, "custom_field", of_kind="lead", name="sold_by", type="link", options="account")
    lead = make(book, "lead", last_name="Voss", company="Voss", sold_by=loser)
    before = dump(book)
    merge(book, "account", winner, [loser])
    assert values(book, "lead", lead)["sold_by"] == winner
    undo(book)
    assert dump(book) == before


def test_links_between_the_merged_end(book: Book) -> None:
    winner = make(book, "account", name="Acme")
    loser = make(book, "account", name="Acme Germany", parent=winner)
    third = make(book, "account", name="Acme France", parent=loser)
    with book.change("Turned") as change:
        edit.edit(change, "account", winner, {"parent": third})
    merge(book, "account", winner, [loser, third])
    assert "parent" not in values(book, "account", winner)
    assert values(book, "account", third)["parent"] == loser  # what is gone keeps what it had


def test_several_become_one(book: Book) -> None:
    winner, *losers = (make(book, "contact", last_name="Huber", first_name=name) for name in ("A", "B", "C"))
    deals = [make(book, "opportunity", name=f"Deal {loser}", primary_contact=loser) for loser in losers]
    merge(book, "contact", winner, [*losers, losers[0]])
    assert {values(book, "opportunity", deal)["primary_contact"] for deal in deals} == {winner}
    assert values(book, "contact", winner)["first_name"] == "A"
    assert journal.actions(book, 1)[0].title == "Merged 2 contacts into A Huber"


def test_deleted_records_follow_too(book: Book, twins: tuple[str, str]) -> None:
    winner, loser = twins
    task = make(book, "activity", subject="Old", account=loser)
    with book.change("Deleted") as change:
        edit.delete(change, "activity", [task])
    merge(book, "account", winner, [loser])
    assert values(book, "activity", task)["account"] == winner


def test_refusals(book: Book, twins: tuple[str, str]) -> None:
    winner, loser = twins
    before = dump(book)
    for losers in ([], [winner], [loser, winner]):
        with pytest.raises(UserError, match="Name one record that stays"):
            merge(book, "account", winner, losers)
    with pytest.raises(UserError, match="you are the one that stays"):
        merge(book, "user", make(book, "user", name="Uwe"), [book.user])
    undo(book)
    assert dump(book) == before
    merge(book, "account", winner, [loser])
    with pytest.raises(UserError, match="is deleted"):
        merge(book, "account", winner, [loser])


def test_stages_of_two_pipelines_stay_apart(book: Book) -> None:
    here = book.records("stage")[0].id
    there = make(book, "stage", name="There", position=0, pipeline=make(book, "pipeline", name="Other"))
    with pytest.raises(UserError, match="of the same pipeline"):
        merge(book, "stage", here, [there])


def _sample(name: str, field: Field[Any]) -> Any:
    """A good value for a required field."""
    if isinstance(field, Choice):
        return field.options[0]
    if isinstance(field, Date):
        return "2026-11-27"
    if isinstance(field, (Number, Money)):
        return 1
    return "EUR" if isinstance(field, Currency) else {"of_kind": "lead", "reason": "edited"}.get(name, "x")
