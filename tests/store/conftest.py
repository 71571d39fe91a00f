"""A book of people, accounts, deals and meetings to ask for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sfa.sales import edit
from sfa.store.book import Book


@pytest.fixture(scope="session")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    """Contacts, accounts and deals to ask for; nobody changes them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SFA_NOW", "2026-11-18T09:00:00Z")
        patch.setenv("SFA_TZ", "Europe/Berlin")
        book = _people(tmp_path_factory.mktemp("people") / "book.sfa")
    yield book
    book.close()


def _people(path: Path) -> Book:
    book = Book.create(path, "Rita Rep")
    with book.change("Fill") as change:
        vip, cold = (edit.create(change, "tag", {"name": name}) for name in ("VIP", "Cold"))
        edit.create(change, "custom_field", {"of_kind": "contact", "name": "shoe", "type": "number"})
        edit.create(
            change, "custom_field", {"of_kind": "contact", "name": "buddy", "type": "link", "options": "contact"}
        )
        edit.create(change, "custom_field", {"of_kind": "contact", "name": "second", "type": "email"})
        acme = edit.create(
            change, "account", {"name": "Acme", "industry": "Retail", "tags": [vip], "billing_city": "Köln"}
        )
        arzte = edit.create(change, "account", {"name": "Ärzte GmbH", "industry": "Healthcare", "parent": acme})
        values = {
            "account": acme,
            "shoe": 41,
            "birthday": "1980-02-29",
            "tags": [vip, cold],
            "phones": [{"value": "+49 30 12345"}],
        }
        emails = [{"value": "anna@acme.de"}, {"label": "home", "value": "joanna@home.de"}]
        anna = edit.create(
            change, "contact", {"first_name": "Anna", "last_name": "Schmidt", "emails": emails, **values}
        )
        edit.create(
            change,
            "contact",
            {
                "first_name": "Émile",
                "last_name": "zola",
                "account": arzte,
                "buddy": anna,
                "do_not_call": 1,
                "tags": [cold],
            },
        )
        edit.create(
            change,
            "contact",
            {"last_name": "Ångström", "shoe": 44.5, "second": [{"value": "second@x.de"}], "do_not_call": 0},
        )
        gone = edit.create(change, "contact", {"last_name": "Gone", "account": acme})
        change.delete("contact", gone)
        for name, amount, currency, stage in (
            ("Big", 1_000_000, "EUR", "Closed Won"),
            ("Yen", 10_000, "JPY", "Prospecting"),
            ("Dinar", 10_000_000, "BHD", "Negotiation/Review"),
        ):
            edit.create(change, "opportunity", {
                "name": name, "amount": amount, "currency": currency, "account": acme,
                "stage": book.value("SELECT id FROM stage WHERE name = ?", (stage,)),
            })  # fmt: skip
        edit.create(change, "opportunity", {"name": "None"})
        for subject, start, priority in (
            ("day", "2026-11-20", "Low"),
            ("early", "2026-11-19T23:30:00Z", "Urgent"),
            ("late", "2026-11-20T22:30:00Z", "High"),
            ("next", "2026-11-20T23:30:00Z", "Normal"),
            ("open", None, "Low"),
        ):
            edit.create(
                change,
                "activity",
                {"subject": subject, "start": start, "priority": priority, "type": "meeting", "duration": 3600},
            )
    return book
