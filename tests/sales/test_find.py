"""Finding records by a few letters, and those worked on last."""

from __future__ import annotations

from sfa.sales import find
from sfa.store.book import Book
from tests.sales.makers import deal, make, planned, update
from tests.sales.plans import scans


def shown(found: list[find.Found]) -> list[tuple[str, str, str]]:
    return [(thing.kind, thing.title, thing.subtitle) for thing in found]


def test_each_kind_says_what_tells_it_from_others(book: Book) -> None:
    account = make(book, "account", name="Anchor", industry="Machinery", billing_city="Bremen")
    anna = make(book, "contact", first_name="Anna", last_name="Schmidt", title="Buyer", account=account)
    deal(book, "Anvils", account=account)
    make(book, "lead", last_name="Anders", company="Globex")
    planned(book, "2026-11-20T09:00:00Z", contact=anna)
    update(book, "activity", str(book.value("SELECT id FROM activity")), subject="Annual review")
    make(book, "product", name="Anode", code="A-1")
    make(book, "competitor", name="Andor")
    assert shown(find.find(book, "an")) == [
        ("account", "Anchor", "Machinery · Bremen"),
        ("contact", "Anna Schmidt", "Buyer · Anchor"),
        ("opportunity", "Anvils", "Anchor · Prospecting"),
        ("lead", "Anders", "Globex · New"),
        ("activity", "Annual review", "call · 11/20/2026 10:00\u202fAM · Anchor"),
        ("product", "Anode", "A-1"),
        ("competitor", "Andor", ""),
    ]


def test_kinds_and_limit_narrow_and_the_newest_comes_first(book: Book) -> None:
    for number in range(4):
        make(book, "account", name=f"Acme {number}")
    deal(book, "Acme deal")
    assert [thing.title for thing in find.find(book, "acme", limit=2)] == ["Acme 3", "Acme 2", "Acme deal"]
    assert [thing.title for thing in find.find(book, "acme", ("opportunity",))] == ["Acme deal"]
    assert find.find(book, "") == find.find(book, "!?") == find.find(book, "nobody") == []


def test_the_deleted_are_not_found(book: Book) -> None:
    account = make(book, "account", name="Acme")
    with book.change("Deleted", "screen") as change:
        change.delete("account", account)
    assert find.find(book, "acme") == find.recent(book) == []


def test_recent_are_the_records_last_worked_on_by_hand(book: Book) -> None:
    first, second = make(book, "account", name="First"), make(book, "account", name="Second")
    anna = make(book, "contact", last_name="Schmidt")
    with book.change("Imported", "import") as change:
        change.insert("account", {"name": "Imported"})
    make(book, "tag", name="VIP")
    update(book, "account", first, description="Called")
    assert [thing.title for thing in find.recent(book)] == ["First", "Schmidt", "Second"]
    planned(book, "2026-11-20", contact=anna)
    planned(book, "2026-11-20", account=second)
    planned(book, "2026-11-20")
    assert [thing.title for thing in find.recent(book, 3)] == ["call 2026-11-20", "Second", "Schmidt"]


def test_finding_walks_through_no_large_table(book: Book) -> None:
    account = make(book, "account", name="Acme")
    planned(book, "2026-11-20", account=account)
    make(book, "contact", last_name="Acme")
    deal(book, "Acme")
    assert scans(book, find.find, "a") == []
