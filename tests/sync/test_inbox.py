"""What a sync leaves to be decided: every kind of conflict either way, and refused actions done again or forgotten."""

from __future__ import annotations

from typing import Any

import pytest

from sfa.errors import FieldError, NotFound, UserError
from sfa.sales import merge
from sfa.server import people
from sfa.store import undo
from sfa.sync import inbox, outbox, rebase, traffic
from sfa.sync.inbox import Conflict
from sfa.sync.messages import Login, encode
from tests.sync.conftest import Company, add, change, delete, held
from tests.sync.rig import PASSWORD, Laptop


@pytest.fixture
def deal(company: Company) -> str:
    """A deal that everybody has."""
    deal = add(company.anna, "opportunity", name="Big deal", amount=1000, currency="EUR")
    company.meet()
    return deal


def the_conflict(laptop: Laptop) -> Conflict:
    (found,) = inbox.conflicts(laptop.book)
    return found


def everywhere(company: Company, kind: str, record: str, field: str) -> Any:
    """The value that both laptops hold after they met."""
    company.meet()
    values = {held(laptop, kind, record).get(field) for laptop in company.laptops}
    assert len(values) == 1
    return values.pop()


# Conflicts


def clash(company: Company, deal: str) -> Conflict:
    """Both change the amount; Bob's change comes second."""
    change(company.anna, "opportunity", deal, amount=2000)
    change(company.bob, "opportunity", deal, amount=3000)
    company.meet()
    return the_conflict(company.bob)


def test_a_conflict_tells_both_sides_and_who_did_them(company: Company, deal: str) -> None:
    found = clash(company, deal)
    assert (found.kind, found.title, found.reason) == ("opportunity", "Big deal", "edited")
    assert [side["amount"] for side in (found.base, found.mine, found.theirs)] == [1000, 3000, 2000]
    assert found.differing == ["amount"]
    assert (found.user, found.other) == (company.bob.book.user, company.anna.book.user)
    assert found.other_title == "Changed opportunity"
    assert inbox.conflicts(company.anna.book) == []
    assert [one.id for one in inbox.conflicts(company.anna.book, everybody=True)] == [found.id]


@pytest.mark.parametrize(("how", "kept"), [("mine", 3000), ("theirs", 2000), ("edited", 2500)])
def test_a_decision_is_one_action_for_everybody(company: Company, deal: str, how: str, kept: int) -> None:
    bob, found = company.bob, clash(company, deal)
    actions = bob.book.value("SELECT count(*) FROM action")
    inbox.resolve(bob.book, found.id, how, {"amount": 2500} if how == "edited" else None)
    assert bob.book.value("SELECT count(*) FROM action") == actions + 1
    assert everywhere(company, "opportunity", deal, "amount") == kept
    assert [inbox.conflicts(laptop.book, everybody=True) for laptop in company.laptops] == [[], []]
    with pytest.raises(UserError, match="decided already"):
        inbox.resolve(bob.book, found.id, "mine")
    undo.undo(bob.book)
    assert everywhere(company, "opportunity", deal, "amount") == 2000
    assert the_conflict(bob).id == found.id


def test_a_decision_with_a_bad_value_decides_nothing(company: Company, deal: str) -> None:
    found = clash(company, deal)
    with pytest.raises(FieldError) as raised:
        inbox.resolve(company.bob.book, found.id, "edited", {"amount": "much"})
    assert raised.value.field == "amount"
    assert the_conflict(company.bob).id == found.id


@pytest.mark.parametrize(("how", "amount"), [("mine", 3000), ("theirs", None), ("edited", 2500)])
def test_what_was_deleted_under_an_edit_comes_back_or_not(company: Company, deal: str, how: str, amount: int) -> None:
    delete(company.anna, "opportunity", deal)
    change(company.bob, "opportunity", deal, amount=3000)
    company.meet()
    found = the_conflict(company.bob)
    assert found.reason == "deleted"
    inbox.resolve(company.bob.book, found.id, how, {"amount": 2500})
    gone = everywhere(company, "opportunity", deal, "deleted_at")
    assert bool(gone) == (how == "theirs")
    if amount:
        assert everywhere(company, "opportunity", deal, "amount") == amount


def test_what_was_merged_under_an_edit_comes_back_as_itself(company: Company) -> None:
    winner, loser = (add(company.anna, "account", name=name) for name in ("Acme", "ACME"))
    company.meet()
    merge.merge(company.anna.book, "account", winner, [loser])
    change(company.bob, "account", loser, industry="Retail")
    company.meet()
    inbox.resolve(company.bob.book, the_conflict(company.bob).id, "mine")
    assert everywhere(company, "account", loser, "merged_into") is None
    assert everywhere(company, "account", loser, "industry") == "Retail"


@pytest.mark.parametrize("how", ["mine", "theirs"])
def test_a_delete_that_had_not_seen_an_edit_is_done_after_all_or_not(company: Company, deal: str, how: str) -> None:
    change(company.anna, "opportunity", deal, amount=2000)
    delete(company.bob, "opportunity", deal)
    company.meet()
    found = the_conflict(company.bob)
    assert found.reason == "delete"
    assert not held(company.bob, "opportunity", deal).get("deleted_at")
    inbox.resolve(company.bob.book, found.id, how)
    assert bool(everywhere(company, "opportunity", deal, "deleted_at")) == (how == "mine")


@pytest.mark.parametrize("how", ["mine", "theirs"])
def test_a_deleted_parent_comes_back_or_not(company: Company, how: str) -> None:
    account = add(company.anna, "account", name="Acme")
    company.meet()
    delete(company.anna, "account", account)
    contact = add(company.bob, "contact", last_name="Schmidt", account=account)
    company.meet()
    found = the_conflict(company.bob)
    assert (found.reason, found.title) == ("parent", "Acme")
    inbox.resolve(company.bob.book, found.id, how)
    assert bool(everywhere(company, "account", account, "deleted_at")) == (how == "theirs")
    assert everywhere(company, "contact", contact, "last_name") == "Schmidt"


# Refused actions


@pytest.fixture
def refused(company: Company, deal: str) -> int:
    """The number of Bob's action that head office refused, as he may only read there."""
    people.set_member(company.office.database, "bob", "north", "reader")
    change(company.bob, "opportunity", deal, amount=3000, next_step="Call")
    company.bob.sync()
    people.set_member(company.office.database, "bob", "north", "writer")
    (found,) = inbox.rejected(company.bob.book)
    assert (found.code, found.title) == ("forbidden", "Changed opportunity")
    assert inbox.wanted(found.entries[0]) == {"amount": 3000, "next_step": "Call"}
    return found.action


def test_it_is_done_again_on_top_of_what_is_there_now(company: Company, deal: str, refused: int) -> None:
    change(company.anna, "opportunity", deal, amount=2000, close_date="2026-12-31")
    company.meet()
    inbox.correct(company.bob.book, refused, {deal: {"next_step": "Visit"}})
    assert inbox.rejected(company.bob.book) == []
    assert everywhere(company, "opportunity", deal, "amount") == 3000
    assert everywhere(company, "opportunity", deal, "next_step") == "Visit"
    assert everywhere(company, "opportunity", deal, "close_date") == "2026-12-31"


def test_lists_keep_what_others_added(company: Company) -> None:
    old, mine, theirs = (add(company.anna, "tag", name=name) for name in ("old", "mine", "theirs"))
    account = add(company.anna, "account", name="Acme", tags=[old])
    company.meet()
    people.set_member(company.office.database, "bob", "north", "reader")
    change(company.bob, "account", account, tags=sorted([mine, old]))
    company.bob.sync()
    people.set_member(company.office.database, "bob", "north", "writer")
    change(company.anna, "account", account, tags=sorted([old, theirs]))
    company.meet()
    (found,) = inbox.rejected(company.bob.book)
    inbox.correct(company.bob.book, found.action)
    company.meet()
    assert held(company.anna, "account", account)["tags"] == sorted([mine, old, theirs])


def test_what_still_cannot_be_stays_refused(company: Company, deal: str, refused: int) -> None:
    with pytest.raises(FieldError) as raised:
        inbox.correct(company.bob.book, refused, {deal: {"amount": "much"}})
    assert raised.value.field == "amount"
    assert [one.action for one in inbox.rejected(company.bob.book)] == [refused]
    assert held(company.bob, "opportunity", deal)["amount"] == 1000


def test_what_has_left_cannot_be_done_again(company: Company, deal: str, refused: int) -> None:
    people.set_member(company.office.database, "bob", "north", None)
    company.bob.sync()
    with pytest.raises(NotFound):
        inbox.correct(company.bob.book, refused)
    inbox.discard(company.bob.book, refused)
    assert inbox.rejected(company.bob.book) == []
    with pytest.raises(NotFound):
        inbox.discard(company.bob.book, refused)


@pytest.mark.parametrize("how", ["discard", "correct"])
def test_what_was_settled_is_never_sent_again(company: Company, deal: str, refused: int, how: str) -> None:
    """Though a laptop that comes in again sends its last weeks again, and now head office would take it."""
    bob = company.bob
    {"discard": inbox.discard, "correct": inbox.correct}[how](bob.book, refused)
    company.meet()
    change(company.anna, "opportunity", deal, amount=4000)
    company.meet()
    welcome = people.login(company.office.database, Login("bob", PASSWORD, "Again"))
    bob.token = welcome.token
    rebase.become(bob.book, encode(welcome))
    assert everywhere(company, "opportunity", deal, "amount") == 4000
    assert not inbox.rejected(bob.book)
    assert not inbox.conflicts(bob.book)


def test_records_whose_ids_were_taken_get_others_and_stay_together(company: Company) -> None:
    bob = company.bob
    with bob.book.change("Both") as both:
        account = both.insert("account", {"name": "Acme"})
        contact = both.insert("contact", {"last_name": "Schmidt", "account": account})
    with bob.book.transaction() as connection:  # as head office would answer where both ids are somebody else's
        outbox.freeze(bob.book, connection)
        connection.execute("UPDATE outgoing SET outcome = 'rejected', code = 'id_taken', reason = 'Taken.'")
    (found,) = inbox.rejected(bob.book)
    inbox.correct(bob.book, found.action)
    (renamed,) = bob.book.records("contact", "id != ?", (contact,))
    assert renamed.values["account"] not in (account, None)
    assert held(bob, "account", renamed.values["account"])["name"] == "Acme"


# What passes


def test_what_goes_out_and_what_came_is_told_record_by_record(company: Company, deal: str) -> None:
    anna, bob = company.anna, company.bob
    change(bob, "opportunity", deal, amount=3000)
    change(bob, "opportunity", deal, next_step="Call")
    account = add(bob, "account", name="Acme")
    found = traffic.outgoing(bob.book)
    assert [(one.record, one.heading, one.changes) for one in found] == [(account, "Acme", 1), (deal, "Big deal", 2)]
    bob.sync()
    assert traffic.outgoing(bob.book) == []
    anna.sync()
    came = traffic.incoming(anna.book)[:2]
    assert [(one.record, one.heading, one.user) for one in came] == [
        (account, "Acme", "Bob"),
        (deal, "Big deal", "Bob"),
    ]
    assert came[1].changes == 2
