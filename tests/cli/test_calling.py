"""Logging calls, finishing and postponing what is planned, and the day."""

from __future__ import annotations

from tests.cli.conftest import Sfa


def test_a_call_is_logged_with_outcome_and_next_step_as_one_action(sfa: Sfa) -> None:
    logged = sfa(
        "call", "anna schmidt", "--outcome", "connected", "--note", "Wants it", "--next", "fri 10:00 call", "--json"
    )
    data = logged.data
    assert (data["call"]["type"], data["call"]["status"], data["call"]["body"]) == ("call", "Held", "Wants it")
    assert data["call"]["outcome"]["name"] == "Connected"
    assert data["call"]["account"]["name"] == "Acme"
    assert data["next"]["start"] == "2026-11-20T09:00:00Z"
    assert "Logged call with Anna Schmidt" in logged.err
    assert len(sfa("list", "activities", "--json").data) == 2
    sfa("undo")
    assert sfa("list", "activities", "--json").data == []


def test_the_outcome_suggests_a_next_step(sfa: Sfa) -> None:
    assert "--next '+1d call'" in sfa("call", "Acme", "--outcome", "No answer").err


def test_the_call_that_was_due_is_done_by_it(sfa: Sfa) -> None:
    sfa("new", "activity", "type=call", "subject=Ring Anna", "start=2026-11-17", "contact=Anna Schmidt")
    assert sfa("call", "Anna Schmidt", "--json").data["call"]["subject"] == "Ring Anna"
    assert [row["status"] for row in sfa("list", "activities", "--json").data] == ["Held"]


def test_who_is_called_must_be_clear(sfa: Sfa) -> None:
    sfa("new", "lead", "last_name=Acme", "company=x")
    refused = sfa("call", "Acme")
    assert refused.code == 1
    assert "“Acme” is lead and account. Say which with --kind." in refused.err
    assert sfa("call", "Acme", "--kind", "account").code == 0
    assert "Did you mean “Anna Schmidt”?" in sfa("call", "Anna Schmid").err
    assert sfa("call", "anna").err == "sfa: There is nobody called “anna”. Did you mean “Anna Schmidt”?\n"
    assert "There is nobody called “Zzz”." in sfa("call", "Zzz").err
    assert sfa("call", "Anna Schmidt", "--next", "someday").code == 1


def test_what_is_done_leaves_the_day_and_what_is_put_off_too(sfa: Sfa) -> None:
    for subject in ("Send offer", "Write minutes"):
        sfa("new", "activity", f"subject={subject}", "start=2026-11-18", "account=Acme")
    assert "Due today (2)" in sfa("today").out
    done = sfa("done", "Send offer", "--next", "tomorrow call", "--json").data
    assert done["done"][0]["completed_at"] == "2026-11-18T09:00:00Z"
    assert done["next"]["start"] == "2026-11-19"
    assert sfa("postpone", "Write minutes", "--to", "+2d", "--json").data[0]["start"] == "2026-11-20"
    (due,) = [part for part in sfa("today", "--json").data if part["section"] == "due"]
    assert due["count"] == 0


def test_of_several_activities_of_a_name_the_open_one_is_meant(sfa: Sfa) -> None:
    sfa("new", "activity", "subject=Call back", "status=Completed")
    sfa("new", "activity", "subject=Call back")
    assert sfa("done", "Call back").code == 0
    assert sfa("done", "Call back").code == 1


def test_today_has_sections_with_counts(sfa: Sfa) -> None:
    sections = sfa("today", "--owner", "me", "--json").data
    assert [part["section"] for part in sections] == ["overdue", "due", "meetings", "no_next_step", "rotting"]
    (loose,) = sections[3]["items"]
    assert (loose["title"], loose["amount"], loose["currency"]) == ("Big deal", "1200.50", "EUR")
    sfa("delete", "deal", "Big deal")
    assert sfa("today").err == "Nothing is due today.\n"


def test_the_day_is_ones_own_unless_asked_for_or_empty(sfa: Sfa) -> None:
    sfa("new", "user", "name=Otto")
    sfa("new", "activity", "subject=His", "start=2026-11-18", "owner=Otto")
    assert "His" not in sfa("today").out
    assert "His" in sfa("today", "--everybody").out
    assert "Big deal" not in sfa("today", "--owner", "Otto").out
    sfa("set", "deal", "Big deal", "owner=Otto")
    assert "His" in sfa("today").out
