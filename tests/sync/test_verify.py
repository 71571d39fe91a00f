"""The self-check: what a book holds is compared with head office, and put right where it differs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sfa.locales import now, to_instant, to_local
from sfa.sales import edit
from sfa.server.office import Office
from sfa.store import journal
from sfa.store.search import hits
from sfa.sync import verify
from sfa.sync.cursors import PERIOD, compare
from sfa.sync.messages import Digest, decode, encode
from sfa.sync.steps import Reply, Request, Result, Steps, SyncError
from tests.sync import rig
from tests.sync.conftest import Company, add, change
from tests.sync.rig import Laptop

NORTH = 3
FETCHED = "Fetched anew from head office"


@pytest.fixture
def bob(company: Company) -> Laptop:
    """Bob's laptop, which holds all that Anna has done, and is to be compared now."""
    account = add(company.anna, "account", name="Acme", website="acme.example")
    for number in range(3):
        add(company.anna, "contact", last_name=f"Bo {number}", account=account)
    company.meet()
    due(company.bob)
    return company.bob


def due(laptop: Laptop) -> None:
    with laptop.book.transaction() as connection:
        compare(connection, timedelta(0))


def run(laptop: Laptop, sql: str) -> None:
    """What no program does, but a bad disk."""
    with laptop.book.transaction() as connection:
        connection.execute(sql)


def agrees(company: Company, laptop: Laptop) -> bool:
    return verify.total(laptop.book, NORTH) == verify.total(company.anna.book, NORTH)


def actions(laptop: Laptop) -> list[str]:
    return [action.title for action in journal.actions(laptop.book)]


def test_a_book_that_agrees_is_compared_again_in_a_week(company: Company, bob: Laptop) -> None:
    assert verify.is_due(bob.book)
    bob.sync()
    assert not verify.is_due(bob.book)
    assert FETCHED not in actions(bob)
    assert bob.book.meta("verify_at")[:10] == to_instant(to_local(now(), "UTC") + PERIOD)[:10]


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE contact SET last_name = 'Damaged', sort_key = 'damaged' WHERE last_name = 'Bo 1'",
        "UPDATE contact SET account = NULL WHERE last_name = 'Bo 1'",
        "DELETE FROM contact WHERE last_name = 'Bo 1'",
        "INSERT INTO contact (id, last_name, sort_key, stream) VALUES ('ghost', 'Ghost', 'ghost', 3)",
        "UPDATE contact SET custom = '{\"x\":1}' WHERE last_name = 'Bo 1'",
        "INSERT INTO stranger VALUES ('ghost', 'gadget', 3, '{}')",
    ],
)
def test_what_was_damaged_is_fetched_anew_and_the_journal_tells(company: Company, bob: Laptop, damage: str) -> None:
    run(bob, damage)
    assert not agrees(company, bob)

    bob.sync()

    assert agrees(company, bob)
    assert bob.book.rows("SELECT last_name FROM contact ORDER BY last_name") == [("Bo 0",), ("Bo 1",), ("Bo 2",)]
    assert FETCHED in actions(bob) or "stranger" in damage
    fetched = bob.book.value("SELECT n FROM contact WHERE last_name = 'Bo 1'")
    assert fetched in [hit.n for hit in hits(bob.book, "bo 1", ("contact",))]


def test_damage_goes_unseen_until_it_is_time(company: Company, bob: Laptop) -> None:
    bob.sync()
    run(bob, "DELETE FROM contact WHERE last_name = 'Bo 1'")
    bob.sync()
    assert not agrees(company, bob)
    due(bob)
    bob.sync()
    assert agrees(company, bob)


def test_nothing_is_compared_while_own_actions_wait(company: Company, bob: Laptop) -> None:
    run(bob, "DELETE FROM contact WHERE last_name = 'Bo 1'")
    account = bob.book.records("account")[0].id
    change(bob, "account", account, website="mine.example")

    bob.drive(_verify(bob))

    assert not agrees(company, bob)
    assert verify.is_due(bob.book)
    bob.sync()
    company.anna.sync()
    assert agrees(company, bob)
    assert bob.book.get("account", account).values["website"] == "mine.example"


def _verify(laptop: Laptop) -> Steps:
    yield from verify.verify(laptop.book)
    return Result()


def test_who_is_behind_is_not_compared(company: Company, bob: Laptop) -> None:
    add(company.anna, "account", name="Newer")
    company.anna.sync()
    before = actions(bob)
    bob.drive(_verify(bob))
    assert actions(bob) == before
    assert verify.is_due(bob.book)


def test_where_fetching_anew_does_not_help_it_is_told_once(
    company: Company, bob: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    true = rig.answer

    def lying(office: Office, token: str, request: Request) -> Reply:
        reply = true(office, token, request)
        if not request.path.endswith(f"/digest/{NORTH}"):
            return reply
        told = decode(reply.body, Digest)
        return Reply(200, encode(Digest(told.seq, told.records + 1, told.digest)))

    monkeypatch.setattr(rig, "answer", lying)
    with pytest.raises(SyncError, match="does not agree"):
        bob.sync()
    assert bob.book.meta("synced_at")
    bob.sync()
    assert agrees(company, bob)


def test_what_fields_of_a_newer_version_hold_counts(company: Company) -> None:
    account = add(company.anna, "account", name="Acme")
    with company.anna.book.change("Newer") as change_:
        change_.put("account", account, {"mood": {"sunny": [1, 2]}, "stars": 5})
    company.meet()
    due(company.bob)
    company.bob.sync()
    assert FETCHED not in actions(company.bob)
    assert company.bob.book.get("account", account).values["mood"] == {"sunny": [1, 2]}


def test_a_deleted_record_counts_too(company: Company, bob: Laptop) -> None:
    record = company.anna.book.records("contact")[0].id
    with company.anna.book.change("Delete") as change_:
        edit.delete(change_, "contact", [record])
    company.meet()
    due(bob)
    bob.sync()
    assert FETCHED not in actions(bob)
    run(bob, f"UPDATE contact SET deleted_at = NULL WHERE id = '{record}'")
    due(bob)
    bob.sync()
    assert agrees(company, bob)
