"""Handing customers over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sfa.sales import handover
from sfa.server import people
from sfa.store import journal, undo
from tests.screens.offices import World, world


@pytest.fixture
def office(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


def names(office: World) -> list[str]:
    return [goal.name for goal in handover.goals_for(office.book, "account", [office.account])]


def test_a_goal_is_seen_where_the_laptop_follows_it(office: World) -> None:
    people.add_stream(office.office.database, "West")
    office.sync()
    assert {goal.name: goal.seen for goal in handover.goals(office.book)} == {
        "North": True, "South": True, "West": False,
    }  # fmt: skip


def test_where_a_record_is_it_cannot_go(office: World) -> None:
    assert names(office) == ["South"]
    assert handover.places(office.book, "account", [office.account]) == ["North"]


def test_a_manager_gives_anywhere_and_others_where_they_write(office: World) -> None:
    database = office.office.database
    people.add_stream(database, "West")
    office.sync()
    assert names(office) == ["South", "West"]
    people.set_member(database, "anna", "North", "writer", home=True)
    office.sync()
    assert names(office) == ["South"]
    people.set_member(database, "anna", "South", "reader")
    office.sync()
    assert names(office) == []


def test_it_is_one_action_that_moves_all_that_belongs_to_the_account(office: World) -> None:
    south = handover.goals_for(office.book, "account", [office.account])[0]
    assert handover.hand_over(office.book, "account", [office.account], south.id) == "Handed Acme Tooling over to South"
    assert [action.title for action in journal.actions(office.book, 1)] == ["Handed Acme Tooling over to South"]
    office.sync()
    assert handover.places(office.book, "opportunity", [office.deal]) == ["South"]
    assert office.bob.book.find("opportunity", office.deal) is None
    undo.undo(office.book)
    office.sync()
