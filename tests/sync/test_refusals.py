"""What head office refuses, as the laptop takes it."""

from __future__ import annotations

from tests.sync.conftest import Company, add, held


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
