"""What head office refuses, as the laptop takes it."""

from __future__ import annotations

from sfa.server import people
from tests.sync.conftest import Company, add, held
from tests.sync.simulation.template import put_back, saved


def test_what_was_refused_is_taken_off_the_book_and_delays_nothing_else(company: Company) -> None:
    deal = add(company.bob, "opportunity", name="Deal", type="New Business")
    company.meet()
    with company.bob.book.change("Poison") as change:
        change.put("opportunity", deal, {"type": "No such type", "next_step": "Call"})
    later = add(company.bob, "account", name="Acme")

    result = company.bob.sync()

    assert result.sent == {"rejected": 1, "applied": 1}
    assert held(company.bob, "opportunity", deal)["type"] == "New Business"
    assert "next_step" not in held(company.bob, "opportunity", deal)
    rows = company.bob.book.rows("SELECT title, outcome, code, field FROM outgoing")
    assert rows == [("Poison", "rejected", "invalid_value", "type")]
    company.meet()
    assert held(company.anna, "account", later)["name"] == "Acme"


def test_what_a_restored_head_office_puts_elsewhere_lives_there(company: Company) -> None:
    """A record goes up once more after the right to its old place was taken: it is not taken away with that place."""
    office = company.office.database
    people.set_member(office, "bob", "south", "writer")
    company.bob.sync()
    before = saved(office)
    account = add(company.bob, "account", name="Acme")
    company.bob.sync()
    put_back(office, before)
    people.set_member(office, "bob", "north", "reader", home=False)
    people.set_member(office, "bob", "south", "writer", home=True)
    add(company.bob, "account", name="Later")  # head office is found out by what it does not know
    company.bob.sync()
    people.set_member(office, "bob", "north", None)
    company.bob.sync()
    assert held(company.bob, "account", account)["name"] == "Acme"
