"""Stages, sums, cards, what rots, and moving deals."""

from __future__ import annotations

import pytest

from sfa.errors import UserError
from sfa.models.times import days_between
from sfa.sales import edit, pipeline
from sfa.sales.pipeline import DealCard, Filter, StageInfo
from sfa.store import journal, undo
from sfa.store.book import Book
from sfa.store.schema import SUM_UP
from tests.sales.makers import deal, done, make, planned, stage, update
from tests.sales.plans import queries, scans

TODAY, NOW = "2026-11-18", "2026-11-18T09:00:00Z"


@pytest.fixture
def sales(book: Book) -> str:
    return pipeline.pipelines(book)[0][0]


def sums(
    book: Book, sales: str, filter: Filter = pipeline.EVERYTHING
) -> dict[str, tuple[int, dict[str, int], dict[str, int]]]:
    found = pipeline.stage_sums(book, sales, filter)
    return {total.stage.name: (total.count, total.sums, total.weighted) for total in found if total.count}


def names(board: dict[str, list[DealCard]]) -> list[str]:
    return [card.name for cards in board.values() for card in cards]


def card_of(book: Book, deal_id: str) -> DealCard:
    return pipeline.deal_cards(book, "deal.id = ?", (deal_id,))[0]


def test_the_default_pipeline_is_the_first_and_those_out_of_use_are_left_out(book: Book, sales: str) -> None:
    make(book, "pipeline", name="Renewals", position=0)
    make(book, "pipeline", name="Old", is_active=0)
    assert [name for _id, name in pipeline.pipelines(book)] == ["Sales", "Renewals"]


def test_stages_come_in_order_with_what_they_mean(book: Book, sales: str) -> None:
    stages = pipeline.stages(book, sales)
    assert [stage.name for stage in stages][:2] == ["Prospecting", "Qualification"]
    assert [stage.is_open for stage in stages] == [True] * 5 + [False] * 2
    assert (stages[3].probability, stages[3].rot_days) == (65, 21)


def test_sums_keep_currencies_apart_and_weigh_each_deal_by_its_own_probability(book: Book, sales: str) -> None:
    deal(book, amount=1001, currency="EUR")
    deal(book, amount=2000, currency="EUR", probability=50)
    deal(book, amount=500, currency="JPY")
    deal(book)
    deal(book, at="Closed Won", amount=700, currency="EUR")
    assert sums(book, sales) == {
        "Prospecting": (4, {"EUR": 3001, "JPY": 500}, {"EUR": 1100, "JPY": 50}),
        "Closed Won": (1, {"EUR": 700}, {"EUR": 700}),
    }


def test_the_weighted_sum_is_rounded_once_for_all(book: Book, sales: str) -> None:
    for _number in range(3):
        deal(book, amount=5, currency="EUR")
    assert sums(book, sales)["Prospecting"][2] == {"EUR": 2}


def test_the_deleted_count_nowhere(book: Book, sales: str) -> None:
    gone = deal(book, amount=1, currency="EUR")
    with book.change("Deleted") as change:
        change.delete("opportunity", gone)
    assert sums(book, sales) == {}
    assert names(pipeline.cards(book, sales)) == []
    assert pipeline.report(book).open.count == 0


def test_filters_narrow_sums_and_cards_alike(book: Book, sales: str) -> None:
    other = make(book, "user", name="Otto Other")
    account = make(book, "account", name="Zürich Pumps")
    deal(book, "Mine", amount=1, currency="EUR", close_date="2026-12-01")
    deal(book, "Theirs", amount=2, currency="EUR", close_date="2026-12-31", owner=other)
    deal(book, "Pumps", amount=4, currency="EUR", account=account)
    for filter, expected in (
        (Filter(owner=other), ["Theirs"]),
        (Filter(closes_before="2026-12-01"), ["Mine"]),
        (Filter(closes_after="2026-12-02"), ["Theirs"]),
        (Filter(text="min"), ["Mine"]),
        (Filter(text="zurich"), ["Pumps"]),
        (Filter(text="!!!"), []),
        (Filter(text="  "), ["Mine", "Theirs", "Pumps"]),
        (Filter(owner=other, text="mine"), []),
    ):
        assert names(pipeline.cards(book, sales, filter)) == expected
        assert sum(total[0] for total in sums(book, sales, filter).values()) == len(expected)


def test_cards_know_account_next_step_and_last_touch(book: Book) -> None:
    account = make(book, "account", name="Acme")
    found = deal(book, account=account, amount=5, currency="EUR", owner=book.user)
    assert card_of(book, found)[5:] == ("Acme", book.user, NOW, None, None, NOW)
    planned(book, None, opportunity=found)
    assert card_of(book, found).next is None
    planned(book, "2026-11-25", opportunity=found)
    planned(book, "2026-11-20T08:00:00Z", opportunity=found)
    update(book, "opportunity", found, stage_entered_at="2026-10-01T09:00:00Z")
    done(book, "2026-11-02T10:00:00Z", opportunity=found)
    make(book, "activity", subject="Off", type="call", start="2026-11-10", status="Not Held", opportunity=found)
    assert card_of(book, found)[-2:] == ("2026-11-20T08:00:00Z", "2026-11-02T10:00:00Z")


def test_open_cards_come_by_close_date_then_amount_and_the_closed_newest_first(book: Book, sales: str) -> None:
    for name, close_date, amount in (
        ("c", None, 9),
        ("b", "2026-12-02", 1),
        ("a", "2026-12-02", 2),
        ("z", "2026-12-01", 0),
    ):
        deal(book, name, close_date=close_date, amount=amount, currency="EUR")
    for day in (1, 3, 2):
        deal(book, f"won {day}", "Closed Won", close_date=f"2026-10-0{day}")
    board = pipeline.cards(book, sales, closed_limit=2)
    assert [card.name for card in board[stage(book, "Prospecting")]] == ["z", "a", "b", "c"]
    assert [card.name for card in board[stage(book, "Closed Won")]] == ["won 3", "won 2"]


@pytest.mark.parametrize(
    ("next", "state"),
    [
        (None, "none"),
        ("2026-11-17", "overdue"),
        ("2026-11-17T22:30:00Z", "overdue"),
        ("2026-11-17T23:30:00Z", "overdue"),  # today in Berlin, but past
        ("2026-11-18T08:59:59Z", "overdue"),
        ("2026-11-18", "today"),
        ("2026-11-18T22:59:00Z", "today"),
        ("2026-11-18T23:00:00Z", "planned"),
        ("2026-11-19", "planned"),
    ],
)
def test_the_four_states_of_a_next_step(next: str | None, state: str) -> None:
    assert pipeline.next_step_state(next, TODAY, NOW) == state


@pytest.mark.parametrize(
    ("zone", "next", "state"),
    [
        ("America/New_York", "2026-11-18", "today"),
        ("America/New_York", "2026-11-19", "planned"),
        ("America/New_York", "2026-11-19T04:59:00Z", "today"),
        ("America/New_York", "2026-11-19T05:00:00Z", "planned"),
        ("Pacific/Auckland", "2026-11-18", "today"),
        ("Pacific/Auckland", "2026-11-17", "overdue"),
        ("Pacific/Auckland", "2026-11-18T11:00:00Z", "planned"),
    ],
)
def test_days_are_those_of_the_laptop(monkeypatch: pytest.MonkeyPatch, zone: str, next: str, state: str) -> None:
    monkeypatch.setenv("SFA_TZ", zone)
    assert pipeline.next_step_state(next, TODAY, NOW) == state


STAGE = StageInfo("s", "Proposal", "Open", 65, 14, 3, "p")
COLD = DealCard("d", "Deal", "s", None, None, "", None, None, None, None, "2026-11-03T22:59:59Z")


@pytest.mark.parametrize(
    ("card", "stage", "rotten"),
    [
        (COLD, STAGE, True),
        (COLD._replace(last_touch="2026-11-03T23:00:00Z"), STAGE, False),  # fourteen days are allowed
        (COLD._replace(next="2026-11-18"), STAGE, False),
        (COLD._replace(next="2026-12-24"), STAGE, False),
        (COLD._replace(next="2026-11-17"), STAGE, True),
        (COLD, STAGE._replace(rot_days=0), False),
        (COLD, STAGE._replace(type="Won"), False),
        (COLD, STAGE._replace(type="On Hold"), True),
    ],
)
def test_a_deal_rots_when_nothing_happened_for_too_long_and_nothing_is_planned(
    card: DealCard, stage: StageInfo, rotten: bool
) -> None:
    assert pipeline.is_rotten(card, stage, TODAY) is rotten


def test_an_edit_does_not_make_a_rotten_deal_fresh(book: Book, sales: str) -> None:
    found = deal(book, stage_entered_at="2026-09-01T09:00:00Z")
    update(book, "opportunity", found, description="Looked at it")
    first = pipeline.stages(book, sales)[0]
    assert pipeline.is_rotten(card_of(book, found), first, TODAY)
    pipeline.move(book, [found], stage(book, "Qualification"), "screen")
    assert not pipeline.is_rotten(card_of(book, found), pipeline.stages(book, sales)[1], TODAY)


def test_what_is_put_down_late_counts_from_when_it_happened(book: Book, sales: str) -> None:
    found = deal(book, stage_entered_at="2026-09-01T09:00:00Z")
    done(book, "2026-09-15", opportunity=found)
    touched = card_of(book, found).last_touch
    assert touched is not None
    assert days_between(touched, TODAY) == 64
    assert pipeline.is_rotten(card_of(book, found), pipeline.stages(book, sales)[0], TODAY)


def test_moving_is_one_action_that_undo_takes_back(book: Book) -> None:
    deals = [deal(book, "One"), deal(book, "Two"), deal(book, "Three", "Qualification")]
    before = [book.get("opportunity", id).values for id in deals]
    assert pipeline.move(book, deals, stage(book, "Qualification"), "screen") == 2
    assert journal.actions(book, 1)[0].title == "Moved 3 deals to Qualification"
    assert {card_of(book, id).stage for id in deals} == {stage(book, "Qualification")}
    assert book.get("opportunity", deals[0]).values["probability"] == 20
    undo.undo(book)
    assert [book.get("opportunity", id).values for id in deals] == before


def test_moving_one_deal_says_which(book: Book) -> None:
    pipeline.move(book, [deal(book, "One")], stage(book, "Needs Analysis"), "screen")
    action = journal.actions(book, 1)[0]
    assert (action.title, action.origin) == ("Moved One to Needs Analysis", "screen")


def test_a_deal_is_not_moved_to_lost_without_a_reason(book: Book) -> None:
    found = deal(book)
    with pytest.raises(UserError, match="needs a reason"):
        pipeline.move(book, [found], stage(book, "Closed Lost"))
    with pytest.raises(UserError, match="needs a reason"):
        pipeline.close_lost(book, [found], "")
    assert card_of(book, found).stage == stage(book, "Prospecting")


def test_winning_closes_the_deal_with_what_was_agreed(book: Book) -> None:
    found = deal(book, amount=100, currency="EUR")
    pipeline.close_won(book, found, "2026-11-16", 90, "screen")
    values = book.get("opportunity", found).values
    assert (values["amount"], values["close_date"], values["probability"]) == (90, "2026-11-16", 100)
    assert values["closed_at"] == "2026-11-15T23:00:00Z"
    assert values["stage"] == stage(book, "Closed Won")
    assert journal.actions(book, 1)[0].title == "Won Big deal"


def test_losing_keeps_reason_competitor_and_notes(book: Book) -> None:
    found, rival = deal(book), make(book, "competitor", name="Globex")
    reason = book.records("loss_reason")[0].id
    pipeline.close_lost(book, [found], reason, rival, "Cheaper", origin="screen")
    values = book.get("opportunity", found).values
    assert (values["loss_reason"], values["winning_competitor"], values["loss_notes"]) == (reason, rival, "Cheaper")
    assert (values["close_date"], values["furthest_stage"]) == (TODAY, stage(book, "Prospecting"))
    pipeline.move(book, [found], stage(book, "Qualification"))
    assert "loss_reason" not in book.get("opportunity", found).values


def test_the_report_adds_up(book: Book) -> None:
    account = make(book, "account", name="Acme")
    deal(book, amount=1000, currency="EUR", account=account)
    deal(book, at="Negotiation/Review", amount=1000, currency="USD")
    deal(book, at="Closed Won", amount=300, currency="EUR", account=account)
    deal(book, at="Closed Lost", amount=50, currency="EUR")
    report = pipeline.report(book)
    assert report.open == (2, {"EUR": 1000, "USD": 1000}, {"EUR": 100, "USD": 800})
    assert report.won == (1, {"EUR": 300}, {"EUR": 300})
    assert report.lost == (1, {"EUR": 50}, {"EUR": 0})
    assert report.without_account == 2
    assert sum(total.count for total in report.stages) == 4


def test_the_report_takes_all_pipelines_or_one(book: Book, sales: str) -> None:
    other = make(book, "pipeline", name="Renewals")
    first = make(book, "stage", pipeline=other, name="Due", position=0, probability=40)
    make(book, "opportunity", name="Renewal", stage=first, amount=10, currency="EUR")
    deal(book)
    assert pipeline.report(book).open.count == 2
    only = pipeline.report(book, other)
    assert (only.open, only.without_account) == ((1, {"EUR": 10}, {"EUR": 4}), 1)
    assert [total.stage.name for total in only.stages] == ["Due"]


def test_sums_of_stages_read_no_deal(book: Book, sales: str) -> None:
    for filter in (Filter(), Filter(owner=book.user)):
        with queries(book) as asked:
            pipeline.stage_sums(book, sales, filter)
        sql, _parameters = asked[0]
        assert "FROM deal_sum" in sql
        assert "opportunity" not in sql


def test_the_sums_that_are_kept_are_those_of_the_deals(book: Book, sales: str) -> None:
    """Whatever is done with deals, by the screens, an undo or in bulk."""

    def held() -> bool:
        summed = book.rows("SELECT * FROM deal_sum ORDER BY 1, 2, 3, 4, 5")
        return summed == book.rows(SUM_UP.removeprefix("INSERT INTO deal_sum ") + " ORDER BY 1, 2, 3, 4, 5")

    ids = [deal(book, str(number), amount=number * 100 or None, currency="EUR") for number in range(5)]
    assert held()
    pipeline.move(book, ids[:3], stage(book, "Negotiation/Review"))
    pipeline.close_won(book, ids[0], amount=777)
    update(book, "opportunity", ids[1], owner=None, probability=33)
    assert held()
    with book.change("Deleted") as change:
        edit.delete(change, "opportunity", [ids[2]])
    assert held()
    for _step in range(4):
        undo.undo(book)
        assert held()
    assert book.value("SELECT sum(deals) FROM deal_sum") == 5


def test_no_reading_of_the_pipeline_walks_through_all_deals_or_activities(book: Book, sales: str) -> None:
    for filter in (Filter(), Filter(owner=book.user), Filter(closes_before=TODAY)):
        assert scans(book, pipeline.cards, sales, filter) == []
        assert scans(book, pipeline.stage_sums, sales, filter) == []
    assert scans(book, pipeline.report) == []


def test_several_deals_are_lost_in_one_action(book: Book) -> None:
    deals = [deal(book, "One"), deal(book, "Two")]
    pipeline.close_lost(book, deals, book.records("loss_reason")[0].id)
    assert journal.actions(book, 1)[0].title == "Lost 2 deals"
    assert {card_of(book, id).stage for id in deals} == {stage(book, "Closed Lost")}
    undo.undo(book)
    assert {card_of(book, id).stage for id in deals} == {stage(book, "Prospecting")}
