"""Reminders and series on several laptops of one rep: told on each, and nothing to decide."""

from __future__ import annotations

import pytest

from sfa.models import KINDS
from sfa.sales import calls, reminders, series
from tests.sync.conftest import Company, add, change, conflicts, held
from tests.sync.test_merge import merged

REMINDER = KINDS["reminder"].fields
SOON, LATER = "2026-11-18T08:45:00Z", "2026-11-18T10:00:00Z"


@pytest.fixture
def both(company: Company) -> Company:
    """Anna works on a second laptop; the first is ``company.anna``, the other the last of all."""
    company.laptop("anna")
    company.meet()
    return company


def test_what_reminds_on_two_laptops_is_no_conflict(both: Company) -> None:
    one, other = both.anna, both.laptops[-1]
    call = add(one, "activity", type="call", subject="Ring", start="2026-11-18T09:00:00Z")
    reminder = add(one, "reminder", activity=call, before=900)
    both.meet()
    assert [len(reminders.claim(laptop.book)) for laptop in (one, other)] == [1, 1]
    both.meet()
    assert [conflicts(laptop.book) for laptop in both.laptops] == [[], [], []]
    for laptop in (one, other):
        assert held(laptop, "reminder", reminder)["fired_at"]
        assert reminders.next_due(laptop.book) is None
        assert len(reminders.fired(laptop.book)) == 1


def test_what_was_put_off_here_reminds_again_though_it_reminded_there(both: Company) -> None:
    one, other = both.anna, both.laptops[-1]
    call = add(one, "activity", type="call", subject="Ring", start="2026-11-18T09:00:00Z")
    reminder = add(one, "reminder", activity=call, before=900)
    both.meet()
    reminders.claim(one.book)
    reminders.snooze(one.book, [reminder], LATER)
    reminders.claim(other.book)
    both.meet()
    assert [conflicts(laptop.book) for laptop in both.laptops] == [[], [], []]
    assert {held(laptop, "reminder", reminder)["remind_at"] for laptop in (one, other)} == {LATER}


def test_what_was_done_here_does_not_remind_there(both: Company) -> None:
    one, other = both.anna, both.laptops[-1]
    call = add(one, "activity", type="call", subject="Ring", start="2026-11-18T09:30:00Z")
    reminder = add(one, "reminder", activity=call, before=900)
    both.meet()
    calls.complete(one.book, [call])
    reminders.snooze(other.book, [reminder], LATER)
    both.meet()
    assert [conflicts(laptop.book) for laptop in both.laptops] == [[], [], []]
    assert reminders.due(other.book, "2026-11-19T00:00:00Z") == []


def test_a_series_goes_on_once_though_it_was_done_on_both(both: Company) -> None:
    one, other = both.anna, both.laptops[-1]
    task = add(one, "activity", type="task", subject="Report", start="2026-11-18", rrule="FREQ=DAILY")
    both.meet()
    calls.complete(one.book, [task])
    calls.complete(other.book, [task])
    both.meet()
    assert [conflicts(laptop.book) for laptop in both.laptops] == [[], [], []]
    assert {held(laptop, "activity", task)["start"] for laptop in (one, other)} == {"2026-11-19"}


def test_a_series_moved_as_a_whole_and_one_of_it_left_out(both: Company) -> None:
    one, other = both.anna, both.laptops[-1]
    call = add(one, "activity", type="call", subject="Weekly", start="2026-11-23T09:00:00Z", rrule="FREQ=WEEKLY")
    both.meet()
    change(one, "activity", call, subject="Weekly call")
    series.skip(other.book, call, "2026-11-30T09:00:00Z")
    both.meet()
    assert [conflicts(laptop.book) for laptop in both.laptops] == [[], [], []]
    for laptop in (one, other):
        values = held(laptop, "activity", call)
        assert (values["subject"], values["exdates"]) == ("Weekly call", ["2026-11-30T09:00:00Z"])


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "kept"),
    [
        (SOON, None, None, None),  # it reminded on both
        (SOON, None, LATER, LATER),  # reminded here, put off there
        (SOON, LATER, None, LATER),
        (SOON, LATER, "2026-11-18T11:00:00Z", "2026-11-18T11:00:00Z"),
        (None, LATER, None, LATER),
    ],
)
def test_the_later_reminder_stands_and_any_before_none(
    base: str | None, mine: str | None, theirs: str | None, kept: str | None
) -> None:
    result = merged(REMINDER, {"remind_at": theirs} if theirs else {}, {"remind_at": [base, mine]})
    assert result.clashes == []
    assert {"remind_at": theirs, **result.values}["remind_at"] == kept


def test_what_is_least_gives_way_to_nothing_only_in_a_conflict() -> None:
    """Reopening what another did at another time is for somebody to decide: an end is no moment less than others."""
    activity = KINDS["activity"].fields
    result = merged(activity, {"completed_at": LATER}, {"completed_at": [SOON, None]})
    assert [clash.theirs for clash in result.clashes] == [{"completed_at": LATER}]
