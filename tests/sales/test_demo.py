from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from sfa import locales
from sfa.errors import UserError
from sfa.locales import today, zone
from sfa.models import KINDS, Activity, Record, check_values
from sfa.models.times import local_day, shift_day
from sfa.sales import goals
from sfa.sales.demo import make_demo
from sfa.sales.figures import engine, own, period
from sfa.sales.figures.catalogue import REPORTS
from sfa.sales.figures.report import Ask
from sfa.sales.forecast import standing
from sfa.store import journal
from sfa.store.book import Book
from sfa.store.query import Listing, Query, parse_condition
from sfa.store.undo import next_undo, undo
from tests.books import dump


def test_it_is_the_size_of_a_company(demo: Book) -> None:
    counts = {kind: demo.value(f"SELECT count(*) FROM {kind}") for kind in KINDS}
    assert 400 <= counts["account"] <= 410
    assert 900 <= counts["contact"] <= 910
    assert counts["opportunity"] == 600
    assert counts["user"] == 6
    assert counts["activity"] > 4000
    assert counts["lead"] > 100
    assert all(counts[kind] for kind in KINDS if KINDS[kind].by_hand and kind not in ("custom_field", "saved_view"))


def test_every_value_is_one_that_the_book_would_take(demo: Book) -> None:
    for kind in KINDS:
        for record in demo.records(kind):
            values = {name: value for name, value in record.values.items() if name not in ("id", "n")}
            assert check_values(demo.fields(kind), values) == values


def test_every_open_stage_has_deals_and_every_seller_some(demo: Book) -> None:
    for stage in demo.records("stage"):
        assert demo.value("SELECT count(*) FROM opportunity WHERE stage = ?", (stage.id,)) >= 5
    open_deals = "SELECT owner, count(*) FROM opportunity WHERE closed_at IS NULL GROUP BY owner"
    assert len(demo.rows(open_deals)) == 6
    assert sum(count for _owner, count in demo.rows(open_deals)) == 250


def _open(demo: Book, **where: str) -> list[Record]:
    condition = " AND ".join(["completed_at IS NULL", *(f"{name} = ?" for name in where)])
    return demo.records("activity", condition, tuple(where.values()))


def test_the_user_has_a_day_before_him(demo: Book) -> None:
    mine = [activity for activity in _open(demo, owner=demo.user) if isinstance(activity, Activity)]
    days = {activity.id: local_day(activity.start or "") for activity in mine}
    due = Counter(activity.type for activity in mine if days[activity.id] == today())
    assert sum(day < today() for day in days.values()) >= 4
    assert due["call"] >= 3
    assert due["meeting"] >= 1
    assert due["task"] >= 1
    assert sum(day > today() for day in days.values()) >= 20


IDLE = """SELECT opportunity.id, julianday(?) - julianday(stage_entered_at) - rot_days FROM opportunity
    JOIN stage ON stage.id = opportunity.stage WHERE closed_at IS NULL AND opportunity.id NOT IN
    (SELECT opportunity FROM activity WHERE completed_at IS NULL AND opportunity IS NOT NULL)"""


def test_some_deals_lack_a_next_step_and_some_rot(demo: Book) -> None:
    idle = dict(demo.rows(IDLE, (today(),)))
    assert 10 <= len(idle) < 80
    rotting = [deal for deal, days_over in idle.items() if days_over > 1]
    assert 10 <= len(rotting) < len(idle)
    month_ago = shift_day(today(), -30)
    for deal in rotting:
        last = demo.value("SELECT max(start) FROM activity WHERE opportunity = ? AND completed_at NOT NULL", (deal,))
        assert last is None or last < month_ago


def test_nothing_done_lies_in_the_future(demo: Book) -> None:
    now = locales.now()
    for kind in KINDS:
        assert demo.value(f"SELECT count(*) FROM {kind} WHERE created_at > ?", (now,)) == 0
    assert demo.value("SELECT max(completed_at) FROM activity") <= now
    assert demo.value("SELECT max(stage_entered_at) FROM opportunity") <= now
    assert demo.value("SELECT count(*) FROM activity WHERE completed_at IS NULL AND start IS NULL") == 0


def test_stage_history_is_told_by_the_journal(demo: Book) -> None:
    moved = demo.value(
        "SELECT record FROM entry WHERE op = 'update' AND kind = 'opportunity' GROUP BY 1 HAVING count(*) > 2"
    )
    steps = list(journal.history(demo, "opportunity", moved))
    moments = [step.action.at for step in steps]
    assert moments == sorted(moments, reverse=True)
    assert all("stage" in step.fields for step in steps)


def test_a_closed_deal_says_when_and_a_lost_one_why(demo: Book) -> None:
    for type_ in ("Won", "Lost", "Open"):
        deals = demo.records("opportunity", "stage IN (SELECT id FROM stage WHERE type = ?)", (type_,))
        assert len(deals) > 100
        assert all(("closed_at" in deal.values) == (type_ != "Open") for deal in deals)
        assert all(("loss_reason" in deal.values) == (type_ == "Lost") for deal in deals)


def test_phones_and_mails_are_nobodys(demo: Book) -> None:
    numbers = [point["e164"] for kind in ("account", "contact") for record in demo.records(kind)
               for point in record.values.get("phones", ())]  # fmt: skip
    mails = [
        point["value"].lower() for contact in demo.records("contact") for point in contact.values.get("emails", ())
    ]
    assert len(numbers) > 1500
    assert all(mail.endswith(".example") for mail in mails)
    assert len(numbers) - len(set(numbers)) <= 15  # those that were entered twice
    assert 8 <= len(mails) - len(set(mails)) <= 12


def test_its_views_are_lists(demo: Book) -> None:
    for view in demo.records("saved_view"):
        where = tuple(parse_condition(line) for line in view.values["where"].splitlines())
        assert Listing(demo, Query(view.values["of_kind"], ("owner",), where, (view.values["sort"],))).count > 5


def test_same_seed_and_day_same_book(demo: Book, tmp_path: Path) -> None:
    again = make_demo(tmp_path / "again.sfa")
    other = make_demo(tmp_path / "other.sfa", seed=8)
    assert dump(again) == dump(demo)
    assert dump(other)["account"] != dump(demo)["account"]
    again.close()
    other.close()


def test_on_another_day_it_has_moved_along(demo: Book, tmp_path: Path) -> None:
    later = make_demo(tmp_path / "later.sfa", today="2026-12-02")  # two weeks later, a Wednesday too
    for account, moved in zip(demo.records("account"), later.records("account"), strict=True):
        assert (account.id, account.heading) == (moved.id, moved.heading)
    shift = {row[0]: shift_day(row[1][:10], 14) for row in demo.rows("SELECT id, start FROM activity")}
    assert shift == {row[0]: row[1][:10] for row in later.rows("SELECT id, start FROM activity")}
    later.close()


def test_undo_leaves_it_alone(demo: Book) -> None:
    assert next_undo(demo) is None
    with pytest.raises(UserError, match="cannot be undone"):
        undo(demo, journal.actions(demo, 1)[0])


def test_its_times_are_the_laptops(demo: Book) -> None:
    assert {activity.values.get("tzid") for activity in demo.records("activity")} <= {zone(), None}


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_shows_something(demo: Book, name: str) -> None:
    found = engine.read(demo, REPORTS[name], Ask())
    assert len(found.rows) > 1
    assert not [note for note in found.notes if "no rate" in note]
    if found.total:
        assert any(found.total[1:])


def test_goals_run_and_a_report_is_pinned(demo: Book) -> None:
    running = goals.progress(demo, demo.user)
    assert {one.measure for one in running} == {"won amount", "calls"}
    everybody = goals.progress(demo)
    assert any(one.reached for one in everybody)
    assert all(one.share < 500 for one in everybody)
    assert len(own.saved(demo, pinned=True)) == 1
    assert all(own.read(demo, record).rows for record in own.saved(demo))


def test_nobody_hands_in_less_than_he_has_won(demo: Book) -> None:
    rows = standing.forecast(demo, period.read("this quarter")).rows
    assert sum(row.submitted is not None for row in rows) > 3
    assert all(row.call >= row.team.closed for row in rows if row.submitted)
