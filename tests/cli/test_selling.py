"""Moving, winning and losing deals, converting leads, the board and the report."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Sfa


def test_deals_move_to_a_stage_together(sfa: Sfa) -> None:
    sfa("new", "deal", "name=Small deal")
    moved = sfa("move", "Big deal", "Small deal", "Negotiation", "--json")
    assert [deal["stage"]["name"] for deal in moved.data] == ["Negotiation/Review"] * 2
    assert moved.err == "Moved 2 deals to Negotiation/Review.\n"
    sfa("undo")
    assert sfa("show", "deal", "Small deal", "--json").data["stage"]["name"] == "Prospecting"
    assert sfa("move", "Big deal", "Nowhere").code == 1
    assert sfa("move", "Big deal").code == 2


def test_a_deal_is_won_for_what_was_agreed(sfa: Sfa) -> None:
    won = sfa("won", "Big deal", "--amount", "1100", "--date", "2026-11-17", "--json").data
    assert (won["stage"]["name"], won["amount"], won["close_date"]) == ("Closed Won", 1100, "2026-11-17")


def test_a_lost_deal_has_a_reason(sfa: Sfa) -> None:
    sfa("new", "competitor", "name=Globex")
    assert sfa("lost", "Big deal").code == 2
    lost = sfa(
        "lost", "Big deal", "--reason", "Competition", "--competitor", "Globex", "--note", "cheaper", "--json"
    ).data
    assert (lost["stage"]["name"], lost["loss_reason"]["name"]) == ("Closed Lost", "Competition")
    assert (lost["winning_competitor"]["name"], lost["loss_notes"]) == ("Globex", "cheaper")


def test_a_lead_becomes_account_contact_and_deal(sfa: Sfa) -> None:
    sfa("new", "lead", "first_name=Max", "last_name=Muster", "company=Newco")
    made = sfa("convert", "Max Muster", "--deal", "Pilot", "--amount", "5000", "--json").data
    assert (made["account"]["name"], made["contact"]["last_name"], made["opportunity"]["amount"]) == (
        "Newco",
        "Muster",
        5000,
    )
    assert sfa("convert", "Max Muster").code == 1
    sfa("undo")
    assert sfa("convert", "Max Muster", "--account", "Acme", "--json").data["opportunity"] is None
    assert "Max Muster" in sfa("show", "account", "Acme").out


def test_the_report_counts_every_deal_once(sfa: Sfa) -> None:
    sfa("new", "deal", "name=Lonely", "amount=100", "currency=EUR", "stage=Negotiation")
    sfa("won", "Big deal")
    report = sfa("report", "pipeline", "--json").data
    stages = {entry["stage"]["name"]: entry for entry in report["stages"]}
    assert len(stages) == 7
    assert stages["Negotiation/Review"]["weighted"] == {"EUR": 80}
    assert report["won"] == {"count": 1, "sum": {"EUR": "1200.50"}, "weighted": {"EUR": "1200.50"}}
    assert report["open"]["count"] == 1
    assert report["lost"]["count"] == 0
    assert report["without_account"] == 1
    assert "Negotiation/Review" in sfa("report", "pipeline").out
    assert sfa("report", "nothing").code == 2


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ((), 1),
        (("--owner", "me"), 1),
        (("--search", "acme"), 1),
        (("--search", "other"), 0),
        (("--before", "2026-12-01"), 0),
    ],
)
def test_the_board_is_filtered(sfa: Sfa, words: tuple[str, ...], count: int) -> None:
    sfa("set", "deal", "Big deal", "close_date=2026-12-31")
    board = sfa("board", *words, "--cards", "3", "--json").data
    assert sum(column["count"] for column in board) == count
    assert [card["amount"] for column in board for card in column["deals"]] == ["1200.50"] * count


def test_the_board_shows_cards(sfa: Sfa) -> None:
    shown = sfa("board", "--cards", "1").out
    assert shown.startswith("Stage")
    assert "Big deal  Acme" in shown


def test_a_book_without_a_pipeline_says_so(sfa: Sfa) -> None:
    sfa("delete", "deal", "Big deal")
    sfa("delete", "pipeline", "Sales")
    assert "There is no pipeline" in sfa("board").err
