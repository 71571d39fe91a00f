"""What a sync costs, as far as it can be counted: requests, bytes, and rows that are looked at."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from sfa.sync.client import sync
from sfa.sync.steps import Reply, Request, Result
from tests.sync.conftest import Company, add, held
from tests.sync.rig import Laptop, answer


def asked(laptop: Laptop) -> list[str]:
    """What a sync asks for: method and path of each request, without the query."""
    requests: list[str] = []

    def watched(steps: Generator[Request, Reply, Result]) -> Generator[Request, Any, Result]:
        reply: Any = None
        while True:
            try:
                request = steps.send(reply)
            except StopIteration as stop:
                return stop.value  # type: ignore[no-any-return]
            requests.append(f"{request.method} {request.path.partition('?')[0]}")
            reply = yield request

    laptop.drive(watched(sync(laptop.book)))
    return requests


def test_nothing_to_do_is_one_question_with_an_empty_answer(company: Company) -> None:
    company.meet()
    places = "1:0:.2:0:"
    cursors = ".".join(f"{n}:{s}:{m}" for n, s, m in company.bob.book.rows("SELECT number, seq, mark FROM stream"))
    query = f"/v1/pull?at={cursors}&acl={company.bob.book.meta('acl')}"

    assert asked(company.bob) == ["GET /v1/pull"]
    assert answer(company.office, company.bob.token, Request("GET", query)) == Reply(204)
    assert answer(company.office, company.bob.token, Request("GET", f"/v1/pull?at={places}")).status == 200


def test_who_has_everything_asks_for_nothing_after_a_push(company: Company) -> None:
    company.meet()
    add(company.bob, "account", name="Acme")

    with company.bob.book.transaction() as connection:
        connection.execute("UPDATE meta SET value = '' WHERE key = 'synced_at'")

    assert asked(company.bob) == ["POST /v1/push"]
    assert company.bob.book.meta("synced_at")
    assert asked(company.bob) == ["GET /v1/pull"]


def test_what_others_did_meanwhile_is_fetched_after_a_push(company: Company) -> None:
    company.meet()
    theirs = add(company.anna, "account", name="Beta")
    company.anna.sync()
    add(company.bob, "account", name="Acme")

    assert asked(company.bob) == ["POST /v1/push", "GET /v1/pull"]
    assert held(company.bob, "account", theirs)["name"] == "Beta"


def test_what_was_merged_is_fetched_after_a_push(company: Company) -> None:
    deal = add(company.bob, "opportunity", name="Deal")
    company.meet()
    for laptop, step in ((company.anna, "Call"), (company.bob, "Write")):
        with laptop.book.change("Next step") as change:
            change.put("opportunity", deal, {"next_step": step})
    company.anna.sync()

    assert asked(company.bob) == ["POST /v1/push", "GET /v1/pull"]
    assert held(company.bob, "opportunity", deal)["next_step"] == "Call"


def test_changed_rights_are_noticed_by_a_push(company: Company) -> None:
    from sfa.server import people

    company.meet()
    people.set_member(company.office.database, "bob", "south", "writer")
    add(company.bob, "account", name="Acme")

    assert asked(company.bob)[:2] == ["POST /v1/push", "GET /v1/pull"]
    assert company.bob.book.value("SELECT count(*) FROM stream WHERE name = 'south'") == 1


def test_a_push_costs_the_same_whatever_the_book_holds(company: Company) -> None:
    company.meet()
    few = _instructions(company.bob)
    with company.bob.book.change("Many") as change:
        change.insert_rows("account", ("name",), [(f"Account {n}",) for n in range(1000)])
    company.meet()

    assert _instructions(company.bob) < 2 * few


def _instructions(laptop: Laptop) -> int:
    """How much SQLite does to push one new account, in tens of its instructions."""
    add(laptop, "account", name="Acme")
    count = 0

    def counted() -> int:
        nonlocal count
        count += 1
        return 0

    connection = laptop.book.connection
    connection.set_progress_handler(counted, 10)
    try:
        laptop.sync()
    finally:
        connection.set_progress_handler(None, 0)
    return count
