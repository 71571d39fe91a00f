"""Edits and the rules that tie fields together: what follows from a change, and what was given stands."""

from __future__ import annotations

from typing import Any

import pytest

from sfa import locales
from sfa.errors import FieldError, NotFound, UserError
from sfa.sales import edit
from sfa.store.book import Book

NOW = "2026-11-18T09:00:00Z"


def add(book: Book, kind: str, **values: Any) -> str:
    with book.change("Add") as change:
        return edit.create(change, kind, values)


def put(book: Book, kind: str, record_id: str, **values: Any) -> dict[str, Any]:
    with book.change("Edit") as change:
        edit.edit(change, kind, record_id, values)
    return book.get(kind, record_id).values


def stage(book: Book, name: str) -> str:
    return str(book.value("SELECT id FROM stage WHERE name = ?", (name,)))


def facts(values: dict[str, Any], *names: str) -> tuple[Any, ...]:
    return tuple(values.get(name) for name in names)


STATE = ("probability", "forecast_category", "stage_entered_at", "close_date", "closed_at")


def test_a_deal_begins_in_the_first_stage_and_takes_over_what_a_stage_says(book: Book) -> None:
    deal = add(book, "opportunity", name="Big")
    values = book.get("opportunity", deal).values
    assert values["stage"] == values["furthest_stage"] == stage(book, "Prospecting")
    assert facts(values, *STATE) == (10, "Pipeline", NOW, None, None)
    values = put(book, "opportunity", deal, stage=stage(book, "Negotiation/Review"))
    assert facts(values, *STATE) == (80, "Commit", NOW, None, None)
    values = put(book, "opportunity", deal, stage=stage(book, "Qualification"), probability=33)
    assert facts(values, "probability", "forecast_category") == (33, "Pipeline")
    assert values["furthest_stage"] == stage(book, "Negotiation/Review")


def test_a_deal_that_is_won_is_closed_and_one_taken_back_is_open_again(book: Book) -> None:
    deal = add(book, "opportunity", name="Big", close_date="2027-01-31")
    reason = book.value("SELECT id FROM loss_reason LIMIT 1")
    values = put(book, "opportunity", deal, stage=stage(book, "Closed Lost"), loss_reason=reason)
    assert facts(values, *STATE) == (0, "Omitted", NOW, "2026-11-18", NOW)
    assert values["furthest_stage"] == stage(book, "Prospecting")
    values = put(book, "opportunity", deal, stage=stage(book, "Qualification"))
    assert facts(values, "closed_at", "loss_reason") == (None, None)
    values = put(book, "opportunity", deal, stage=stage(book, "Closed Won"), close_date="2026-11-02")
    assert facts(values, *STATE) == (100, "Closed", NOW, "2026-11-02", "2026-11-01T23:00:00Z")


def test_stages_and_pipelines_go_together(book: Book) -> None:
    other = add(book, "pipeline", name="Renewals")
    deal = add(book, "opportunity", name="Big")
    with pytest.raises(UserError, match="There is no pipeline with an open stage"):
        put(book, "opportunity", deal, pipeline=other)
    first = add(book, "stage", name="Due", pipeline=other, position=0, probability=50)
    assert facts(put(book, "opportunity", deal, pipeline=other), "stage", "probability") == (first, 50)
    with pytest.raises(FieldError, match="Stage: belongs to another pipeline"):
        put(book, "opportunity", deal, pipeline=other, stage=stage(book, "Qualification"))
    moved = put(book, "opportunity", deal, stage=stage(book, "Qualification"))
    assert moved["pipeline"] != other


def test_an_amount_always_has_a_currency(book: Book) -> None:
    locales.use("de_DE")
    deal = add(book, "opportunity", name="Big", amount=105_050)
    assert book.get("opportunity", deal).values["currency"] == "EUR"
    blank = add(book, "account", name="Acme", annual_revenue=100, currency=None)
    assert book.get("account", blank).values["currency"] == "EUR"
    with pytest.raises(FieldError, match="Currency: is required, as there is an amount"):
        put(book, "opportunity", deal, currency=None)
    assert "currency" not in put(book, "opportunity", deal, currency=None, amount=None)
    assert "currency" not in book.get("opportunity", add(book, "opportunity", name="None")).values


def test_an_amount_stays_the_same_number_in_another_currency(book: Book) -> None:
    deal = add(book, "opportunity", name="Big", amount=105_000, currency="EUR")
    assert put(book, "opportunity", deal, currency="JPY")["amount"] == 1050
    assert put(book, "opportunity", deal, currency="BHD")["amount"] == 1_050_000
    assert put(book, "opportunity", deal, currency="EUR", amount=150)["amount"] == 150
    with pytest.raises(FieldError, match="Amount: has more decimals than JPY allows"):
        put(book, "opportunity", deal, currency="JPY")


@pytest.mark.parametrize(
    ("given", "status", "completed"),
    [
        ({"type": "task"}, "Not Started", None),
        ({"type": "call"}, "Planned", None),
        ({"type": "note"}, "Completed", NOW),
        ({"type": "call", "status": "Held"}, "Held", NOW),
        ({"type": "visit", "completed_at": "2026-11-17T10:00:00Z"}, "Held", "2026-11-17T10:00:00Z"),
        ({}, "Not Started", None),
    ],
)
def test_an_activity_begins_with_the_status_of_its_type(
    book: Book, given: dict[str, Any], status: str, completed: str | None
) -> None:
    values = book.get("activity", add(book, "activity", subject="x", **given)).values
    assert facts(values, "status", "completed_at") == (status, completed)
    assert values.get("start") == (NOW if completed else None)


def test_status_type_and_completion_follow_each_other(book: Book) -> None:
    call = add(book, "activity", subject="Ring", type="call", start="2026-11-20T09:00:00Z")
    assert book.get("activity", call).values["tzid"] == "Europe/Berlin"
    steps: list[tuple[dict[str, Any], tuple[str, str | None]]] = [
        ({"completed_at": NOW}, ("Held", NOW)),
        ({"completed_at": None}, ("Planned", None)),
        ({"status": "Not Held"}, ("Not Held", NOW)),
        ({"status": "Planned"}, ("Planned", None)),
        ({"type": "task"}, ("Not Started", None)),
        ({"status": "In Progress"}, ("In Progress", None)),
        ({"type": "email"}, ("In Progress", None)),
        ({"status": "Completed"}, ("Completed", NOW)),
        ({"type": "meeting"}, ("Held", NOW)),
    ]
    for change, (status, completed) in steps:
        assert facts(put(book, "activity", call, **change), "status", "completed_at") == (status, completed), change


def test_an_activity_belongs_to_the_account_of_its_people(book: Book) -> None:
    acme, beta = add(book, "account", name="Acme"), add(book, "account", name="Beta")
    anna = add(book, "contact", last_name="Anna", account=acme)
    deal = add(book, "opportunity", name="Big", account=beta)
    for links, account in (
        ({"contact": anna}, acme),
        ({"contact": anna, "opportunity": deal}, beta),
        ({"contact": anna, "account": beta}, beta),
    ):
        assert book.get("activity", add(book, "activity", subject="x", **links)).values["account"] == account


def test_a_reminder_before_an_activity_knows_its_moment(book: Book) -> None:
    call = add(book, "activity", subject="Ring", type="call", start="2026-11-20T09:00:00Z")
    reminder = book.get("reminder", add(book, "reminder", activity=call, before=900)).values
    assert facts(reminder, "remind_at", "user") == ("2026-11-20T08:45:00Z", book.user)
    put(book, "reminder", str(reminder["id"]), dismissed_at=NOW)
    put(book, "activity", call, start="2026-11-21T09:00:00Z")
    moved = book.get("reminder", str(reminder["id"])).values
    assert facts(moved, "remind_at", "dismissed_at") == ("2026-11-21T08:45:00Z", None)
    day = add(book, "activity", subject="Day", start="2026-11-20")
    moments = [book.get("reminder", add(book, "reminder", activity=day, before=before)) for before in (0, 172_800, 900)]
    assert [moment.values["remind_at"] for moment in moments] == ["2026-11-20", "2026-11-18", "2026-11-20T07:45:00Z"]
    with pytest.raises(FieldError, match="Before the start: the activity has no time"):
        add(book, "reminder", activity=add(book, "activity", subject="x"), before=900)


def test_bulk_edits_are_one_action_and_all_or_nothing(book: Book) -> None:
    ids = [add(book, "account", name=f"Account {n}") for n in range(3)]
    put(book, "account", ids[0], industry="Retail")
    assert edit.bulk(book, "account", ids, {"industry": "Retail"}, "Set industry", "screen") == 2
    with pytest.raises(NotFound):
        edit.bulk(book, "account", [*ids, "nowhere"], {"industry": "Software"}, "Set industry", "screen")
    assert {record.values["industry"] for record in book.records("account")} == {"Retail"}


def test_titles_say_what_was_done(book: Book) -> None:
    assert edit.created_title("contact", {"first_name": "Anna", "last_name": "Schmidt"}) == "Added contact Anna Schmidt"
    account = book.get("account", add(book, "account", name="Acme"))
    assert edit.edited_title(account) == "Changed account Acme"


def test_read_turns_typed_text_into_values(book: Book) -> None:
    account = add(book, "account", name="Acme")
    values = edit.read(book, "contact", {"last_name": "Schmidt", "account": "acme", "phones": "+49 30 12345"})
    assert facts(values, "last_name", "account") == ("Schmidt", account)
    assert edit.read(book, "opportunity", {"amount": "1,050"}, {"currency": "JPY"}) == {"amount": 1050}


def test_what_deals_and_the_user_stand_on_cannot_be_deleted(book: Book) -> None:
    deal = add(book, "opportunity", name="Big")
    values = book.get("opportunity", deal).values
    for kind, record in (("stage", values["stage"]), ("pipeline", values["pipeline"]), ("user", book.user)):
        with pytest.raises(UserError, match="cannot be deleted"), book.change("Delete") as change:
            edit.delete(change, kind, [record])
        assert book.get(kind, record).deleted_at is None
    with book.change("Delete") as change:
        assert edit.delete(change, "stage", [stage(book, "Needs Analysis")]) == 1
        assert edit.delete(change, "opportunity", [deal]) == 1
        assert edit.delete(change, "stage", [values["stage"]]) == 1
