"""Deciding conflicts, and looking after what was refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sfa.errors import FieldError, NotFound, UserError
from sfa.sales import edit
from sfa.server import people
from sfa.store import journal, undo
from sfa.sync import inbox
from sfa.sync.status import Status, status
from tests.screens.offices import World, changed, deleted, edited, world


@pytest.fixture
def office(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


def test_a_conflict_holds_all_three_values_and_who_did_what(office: World) -> None:
    office.clash()
    found = inbox.conflicts(office.book)[0]
    assert (found.kind, found.title, found.reason) == ("opportunity", "Second line", "edited")
    assert found.differing == ["amount"]
    assert [side["amount"] for side in (found.base, found.mine, found.theirs)] == [1000_00, 3000_00, 2000_00]
    assert found.user == office.book.user
    assert found.other == office.bob.book.user
    assert found.other_title == "Changed opportunity Second line"


def test_conflicts_are_for_whom_they_concern_and_managers_may_see_all(office: World) -> None:
    office.clash()
    office.bob.sync()
    assert inbox.conflicts(office.bob.book) == []
    assert len(inbox.conflicts(office.bob.book, everybody=True)) == 3


def test_a_decision_is_one_action_that_undo_takes_back(office: World) -> None:
    office.clash()
    found = inbox.conflicts(office.book)[0]
    assert inbox.resolve(office.book, found.id, "mine") == "Took mine for Second line"
    assert office.book.get("opportunity", office.deal).values["amount"] == 3000_00
    assert found.id not in [one.id for one in inbox.conflicts(office.book)]
    undo.undo(office.book)
    assert office.book.get("opportunity", office.deal).values["amount"] == 2000_00
    assert found.id in [one.id for one in inbox.conflicts(office.book)]


def test_a_decision_goes_to_head_office_and_to_the_others(office: World) -> None:
    office.clash()
    for found in inbox.conflicts(office.book):
        inbox.resolve(office.book, found.id, "mine")
    office.sync()
    for book in (office.book, office.bob.book):
        assert book.get("opportunity", office.deal).values["amount"] == 3000_00
        assert book.get("contact", office.jane).values["title"] == "Head of purchasing"
        assert book.get("contact", office.jane).deleted_at is None
        assert book.get("contact", office.karl).deleted_at
        assert inbox.conflicts(book, everybody=True) == []


def test_with_theirs_kept_everything_is_as_it_stands(office: World) -> None:
    office.clash()
    before = len(journal.actions(office.book, 1000))
    for found in inbox.conflicts(office.book):
        inbox.resolve(office.book, found.id, "theirs")
    assert len(journal.actions(office.book, 1000)) == before + 3
    assert office.book.get("opportunity", office.deal).values["amount"] == 2000_00
    assert office.book.get("contact", office.jane).deleted_at
    assert office.book.get("contact", office.karl).deleted_at is None


def test_edited_values_are_judged_as_ever_and_a_deleted_record_comes_back(office: World) -> None:
    office.clash()
    deal, jane, _karl = inbox.conflicts(office.book)
    with pytest.raises(FieldError):
        inbox.resolve(office.book, deal.id, "edited", {"amount": "much"})
    assert deal.id in [one.id for one in inbox.conflicts(office.book)]
    inbox.resolve(office.book, jane.id, "edited", {"title": "Buyer"})
    assert office.book.get("contact", office.jane).deleted_at is None
    assert office.book.get("contact", office.jane).values["title"] == "Buyer"


def test_what_is_decided_is_not_decided_again(office: World) -> None:
    office.clash()
    found = inbox.conflicts(office.book)[0]
    inbox.resolve(office.book, found.id, "theirs")
    with pytest.raises(UserError, match="decided already"):
        inbox.resolve(office.book, found.id, "mine")
    assert office.book.get("opportunity", office.deal).values["amount"] == 2000_00


# Refused actions


def test_a_refused_action_keeps_what_it_wanted_and_why_not(office: World) -> None:
    account = office.refuse()
    (refused,) = inbox.rejected(office.book)
    assert refused.title == "Changed account Southern Cross"
    assert refused.reason
    assert refused.faulty
    assert inbox.wanted(refused.faulty) == {"website": "https://cross.example"}
    assert "website" not in office.book.get("account", account).values


def test_it_is_done_again_with_corrections_as_a_new_action(office: World) -> None:
    account = office.refuse()
    (refused,) = inbox.rejected(office.book)
    people.set_member(office.office.database, "anna", "South", "writer")
    inbox.correct(office.book, refused.action, {account: {"website": "https://south.example"}})
    assert inbox.rejected(office.book) == []
    office.sync()
    assert office.book.get("account", account).values["website"] == "https://south.example"
    assert status(office.book) == Status(office.book.meta("server"), office.book.meta("synced_at"), 0, 0, 0)


def test_a_correction_that_cannot_be_leaves_it_refused(office: World) -> None:
    account = office.refuse()
    (refused,) = inbox.rejected(office.book)
    with pytest.raises(FieldError):
        inbox.correct(office.book, refused.action, {account: {"employees": "many"}})
    assert len(inbox.rejected(office.book)) == 1


def test_what_was_added_where_it_must_not_be_is_added_elsewhere(office: World) -> None:
    south = office.book.value("SELECT id FROM territory WHERE name = 'South'")
    people.set_member(office.office.database, "anna", "South", "reader")
    values = {"name": "Refused Ltd", "territory": south}
    changed(office.book, "Added account Refused Ltd", lambda change: edit.create(change, "account", values))
    office.anna.sync()
    (refused,) = inbox.rejected(office.book)
    entry = refused.faulty
    assert entry
    assert office.book.find("account", entry.record) is None
    north = office.book.value("SELECT id FROM territory WHERE name = 'North'")
    inbox.correct(office.book, refused.action, {entry.record: {"territory": north}})
    office.sync()
    for book in (office.book, office.bob.book):
        assert book.get("account", entry.record).heading == "Refused Ltd"


def test_what_is_discarded_is_gone_but_for_the_log(office: World) -> None:
    office.refuse()
    (refused,) = inbox.rejected(office.book)
    assert inbox.discard(office.book, refused.action) == refused.title
    assert inbox.rejected(office.book) == []
    assert refused.title in [action.title for action in journal.actions(office.book, 100)]
    with pytest.raises(NotFound):
        inbox.refusal(office.book, refused.action)


# What passes


def test_what_waits_and_what_came_is_told_per_record(office: World) -> None:
    edited(office.bob.book, "account", office.account, website="https://acme.example")
    office.bob.sync()
    office.anna.sync()
    came = inbox.incoming(office.book)[0]
    assert (came.kind, came.record, came.heading, came.user) == ("account", office.account, "Acme Tooling", "Bob")
    edited(office.book, "contact", office.jane, title="Buyer")
    edited(office.book, "contact", office.jane, title="Head of purchasing")
    deleted(office.book, "contact", office.karl)
    assert [(one.heading, one.changes) for one in inbox.outgoing(office.book)] == [("Karl May", 1), ("Jane Doe", 2)]
    assert status(office.book).unsent == 3
    office.anna.sync()
    assert inbox.outgoing(office.book) == []


def test_the_standing_in_one_line(office: World) -> None:
    line = Status("https://office.example", "2026-11-18T08:00:00Z", 1200, 1, 2).line()
    assert line.replace("\u202f", " ") == "synced 9:00 AM · 1,200 unsent · 1 conflict · 2 refused"
    assert Status("https://office.example").line() == "not synced yet"
