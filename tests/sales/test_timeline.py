"""Everything that happened around a record, and who and what belongs to it."""

from __future__ import annotations

import pytest

from sfa.sales import edit, pipeline, timeline
from sfa.sales.timeline import Entry, Feed
from sfa.store import undo
from sfa.store.book import Book
from tests.sales.makers import deal, done, make, planned, stage, update
from tests.sales.plans import plan, queries, scans


def told(entries: list[Entry]) -> list[str]:
    return [entry.title for entry in entries]


def at(monkeypatch: pytest.MonkeyPatch, day: int) -> None:
    monkeypatch.setenv("SFA_NOW", f"2026-11-{day:02}T09:00:00Z")


def paged(book: Book, kind: str, record_id: str, size: int) -> list[Entry]:
    """The whole timeline, read ``size`` entries at a time."""
    found: list[Entry] = []
    while page := timeline.timeline(book, kind, record_id, size, found[-1] if found else None):
        assert len(page) <= size
        assert not {entry.place for entry in page} & {entry.place for entry in found}, "it does not get on"
        found += page
    return found


def test_activities_and_changes_stand_in_one_line_newest_first(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, 1)
    found = deal(book, amount=100_00, currency="EUR")
    at(monkeypatch, 5)
    done(book, "2026-11-05T08:00:00Z", opportunity=found, body="They like it")
    pipeline.move(book, [found], stage(book, "Qualification"), "screen")
    at(monkeypatch, 9)
    update(book, "opportunity", found, amount=250_00, close_date="2026-12-24")
    planned(book, "2026-11-30", opportunity=found)
    planned(book, None, "task", opportunity=found)
    entries = timeline.timeline(book, "opportunity", found)
    assert [(entry.source, entry.when, entry.title, entry.is_open) for entry in entries] == [
        ("activity", None, "task None", True),
        ("activity", "2026-11-30", "call 2026-11-30", True),
        ("change", "2026-11-09T09:00:00Z", "Amount: €100.00 → €250.00", False),
        ("change", "2026-11-05T09:00:00Z", "Stage: Prospecting → Qualification", False),
        ("activity", "2026-11-05T08:00:00Z", "call 2026-11-05T08:00:00Z", False),
        ("change", "2026-11-01T09:00:00Z", "Made one", False),
    ]
    assert [entry.body for entry in entries[2:4]] == ["Close date: — → 12/24/2026", "Probability: 10% → 20%"]
    assert (entries[4].body, entries[4].by, entries[4].type) == ("They like it", "Rita Rep", "call")


def test_an_account_shows_all_that_happened_under_it(book: Book) -> None:
    account, other = make(book, "account", name="Acme"), make(book, "account", name="Globex")
    anna = make(book, "contact", last_name="Schmidt", account=account)
    pumps = deal(book, "Pumps", account=account)
    done(book, "2026-11-03", contact=anna)
    done(book, "2026-11-04", opportunity=pumps, outcome=book.records("call_outcome")[0].id)
    done(book, "2026-11-05", account=account)
    done(book, "2026-11-06", account=other)
    pipeline.move(book, [pumps], stage(book, "Proposal/Price Quote"))
    entries = timeline.timeline(book, "account", account)
    assert [(entry.title, entry.about) for entry in entries] == [
        ("Stage: Prospecting → Proposal/Price Quote", "Pumps"),
        ("Made one", ""),
        ("call 2026-11-05", ""),
        ("call 2026-11-04", "Pumps"),
        ("call 2026-11-03", "Schmidt"),
    ]
    assert entries[3].outcome == book.records("call_outcome")[0].heading


def test_a_contact_shows_what_it_attended_too(book: Book) -> None:
    anna, bert = make(book, "contact", last_name="Anna"), make(book, "contact", last_name="Bert")
    done(book, "2026-11-03", contact=anna, attendees=[bert])
    done(book, "2026-11-04", contact=bert, attendees=[anna, bert])
    both = done(book, "2026-11-05", contact=anna)
    assert told(timeline.timeline(book, "contact", bert))[1:] == ["call 2026-11-04", "call 2026-11-03"]
    assert told(timeline.timeline(book, "contact", anna))[1:] == [
        "call 2026-11-05",
        "call 2026-11-04",
        "call 2026-11-03",
    ]
    update(book, "activity", both, attendees=[bert])
    assert told(timeline.timeline(book, "contact", bert))[1] == "call 2026-11-05"
    undo.undo(book)
    assert told(timeline.timeline(book, "contact", bert))[1] == "call 2026-11-04"


def test_changes_name_what_links_point_to_and_leave_out_what_no_form_has(book: Book) -> None:
    account = make(book, "account", name="Acme")
    contact = make(book, "contact", last_name="Schmidt")
    tag = make(book, "tag", name="VIP")
    long = "many words " * 40
    update(book, "contact", contact, account=account, tags=[tag], description=long, do_not_call=1)
    entry = timeline.timeline(book, "contact", contact)[0]
    assert [entry.title, *entry.body.splitlines()][:3] == ["Account: — → Acme", "Do not call: — → yes", "Tags: — → VIP"]
    assert entry.body.endswith("…")
    update(book, "contact", contact, "Matched it", external_source="SF")
    assert timeline.timeline(book, "contact", contact)[0][4:6] == ("Matched it", "")


def test_what_changes_no_field_that_users_know_goes_by_its_action(book: Book) -> None:
    contact = make(book, "contact", last_name="Schmidt")
    with book.change("Deleted Schmidt", "screen") as change:
        edit.delete(change, "contact", [contact])
    undo.undo(book)
    assert told(timeline.timeline(book, "contact", contact)) == [
        "Undone: Deleted Schmidt",
        "Deleted Schmidt",
        "Made one",
    ]


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_pages_of_any_size_give_each_entry_once_in_the_same_order(
    book: Book, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    at(monkeypatch, 1)
    account = make(book, "account", name="Acme")
    anna = make(book, "contact", last_name="Anna", account=account)
    for day in (2, 4, 4, 6):
        at(monkeypatch, day)
        done(book, f"2026-11-{day:02}", contact=anna)
        done(book, f"2026-11-{day:02}T10:00:00Z", account=account, attendees=[anna])
        update(book, "contact", anna, title=f"Title {day}")
        update(book, "account", account, description=f"Seen on {day}")
    for start in (None, None, None, "2026-12-24"):
        planned(book, start, contact=anna)
    for kind, record_id in (("account", account), ("contact", anna)):
        whole = timeline.timeline(book, kind, record_id, 1000)
        assert len(whole) == 16
        assert paged(book, kind, record_id, size) == whole
        assert len({(entry.source, entry.id) for entry in whole}) == len(whole)


def test_a_feed_gives_any_stretch_and_knows_how_many_there_are(demo: Book) -> None:
    busiest = "SELECT {0} FROM activity WHERE {0} IS NOT NULL GROUP BY {0} ORDER BY count(*) DESC LIMIT 1"
    for kind in ("account", "contact", "opportunity", "lead"):
        record_id = demo.value(busiest.format(kind))
        feed = Feed(demo, kind, record_id)
        whole = timeline.timeline(demo, kind, record_id, 100_000)
        assert feed.count == len(whole) > 1
        assert feed.page(0, 2) == whole[:2]
        assert feed.page(feed.count - 1, feed.count + 5) == whole[-1:]
        assert feed.page(1, feed.count) == whole[1:]
    assert Feed(demo, "product", demo.records("product")[0].id).count == 1


def test_people_of_an_account_a_deal_and_a_contact(book: Book) -> None:
    account = make(book, "account", name="Acme")
    anna = make(
        book,
        "contact",
        last_name="Anna",
        account=account,
        title="Buyer",
        emails=[{"label": "work", "value": "a@acme.example"}],
    )
    bert = make(book, "contact", last_name="Bert", account=account)
    carla = make(book, "contact", last_name="Carla")
    make(book, "relation", contact=carla, account=account, role="Consultant", is_active=0)
    make(book, "relation", contact=bert, account=account, role="Manager")
    found = [(person.name, person.role, person.is_active) for person in timeline.people(book, "account", account)]
    assert found == [("Bert", "Manager", True), ("Anna", "", True), ("Carla", "Consultant", False)]
    pumps = deal(book, "Pumps", account=account, primary_contact=anna)
    make(book, "contact_role", opportunity=pumps, contact=bert, role="Decision Maker")
    found = [(person.name, person.role, person.is_active) for person in timeline.people(book, "opportunity", pumps)]
    assert found == [("Bert", "Decision Maker", True), ("Anna", "", True)]
    assert [person.id for person in timeline.people(book, "contact", bert)] == [anna]
    assert timeline.people(book, "contact", bert)[0][2:6] == ("Buyer", "", "", "a@acme.example")
    assert timeline.people(book, "lead", "x") == []


def test_deals_of_an_account_and_a_contact_open_ones_first(book: Book) -> None:
    account = make(book, "account", name="Acme")
    anna = make(book, "contact", last_name="Anna", account=account)
    deal(book, "Won", "Closed Won", account=account, primary_contact=anna)
    later = deal(book, "Later", account=account, close_date="2026-12-24")
    deal(book, "Sooner", account=account, close_date="2026-12-01")
    make(book, "contact_role", opportunity=later, contact=anna)
    assert [card.name for card in timeline.deals(book, "account", account)] == ["Sooner", "Later", "Won"]
    assert [card.name for card in timeline.deals(book, "contact", anna)] == ["Later", "Won"]
    assert timeline.deals(book, "product", "x") == []


def test_no_timeline_walks_through_all_activities(book: Book) -> None:
    for kind in ("account", "contact", "lead", "opportunity"):
        assert scans(book, timeline.timeline, kind, "x") == []
        for read in (Feed, timeline.people, timeline.deals):
            if (kind, read) not in {("lead", timeline.people), ("opportunity", timeline.deals)}:
                assert scans(book, read, kind, "x") == []
    with queries(book) as asked:
        timeline.timeline(book, "account", "x")
    steps = [step for sql, parameters in asked if "FROM activity" in sql for step in plan(book, sql, parameters)]
    assert not [step for step in steps if "TEMP B-TREE" in step], "the index gives the order"
