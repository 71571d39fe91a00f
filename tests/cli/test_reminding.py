"""Reminders, series and plans from the command line."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Sfa


def test_reminders_are_added_listed_put_off_and_dismissed(sfa: Sfa) -> None:
    sfa("new", "activity", "type=call", "subject=Ring Anna", "start=2026-11-20 10:00", "contact=Anna Schmidt")
    added = sfa("remind", "add", "activity", "Ring Anna", "--before", "15m")
    assert "Reminds of Ring Anna: " in added.err
    sfa("remind", "add", "activity", "Ring Anna", "--at", "fri 8am")
    assert "You are reminded then already." in sfa("remind", "add", "activity", "Ring Anna", "--before", "15m").err
    found = sfa("remind", "--json").data
    assert [one["at"] for one in found] == ["2026-11-20T07:00:00Z", "2026-11-20T08:45:00Z"]
    assert found[0]["who"] == "Anna Schmidt"
    assert "Ring Anna" in sfa("remind").out
    put_off = sfa("remind", "snooze", found[0]["id"][-8:], "--to", "tomorrow", "--json").data
    assert (put_off[0]["remind_at"], put_off[0]["snoozes"]) == ("2026-11-19", 1)
    assert len(sfa("remind", "dismiss", "Ring Anna", "--json").data) == 2
    assert (
        sfa("remind").err
        == "Nothing is to be reminded of. “sfa remind add activity NAME --before 15m” adds something.\n"
    )
    assert "Nothing reminds of “zzz”." in sfa("remind", "dismiss", "zzz").err
    assert "Say when: --before 15m" in sfa("remind", "add", "activity", "Ring Anna").err


def test_a_zone_that_is_none_is_said_in_one_line(sfa: Sfa, monkeypatch: pytest.MonkeyPatch) -> None:
    sfa("new", "deal", "name=New line", "close_date=2026-12-18")
    sfa("remind", "add", "deal", "New line", "--before", "5d")
    monkeypatch.setenv("SFA_TZ", "Mars/Olympus")
    for words in (("remind",), ("remind", "status")):
        told = sfa(*words)
        assert told.code
        assert told.err.startswith("sfa: Mars/Olympus is no time zone: ")
        assert told.err.count("\n") == 1


def test_a_deal_reminds_days_before_it_closes(sfa: Sfa) -> None:
    sfa("new", "deal", "name=New line", "close_date=2026-12-18")
    assert sfa("remind", "add", "deal", "New line", "--before", "5d", "--json").data["remind_at"] == "2026-12-13"


def test_a_series_is_looked_at_moved_left_out_and_ended(sfa: Sfa) -> None:
    sfa("new", "activity", "type=call", "subject=Weekly", "start=2026-11-23 10:00", "rrule=every monday")
    (found,) = sfa("series", "--json").data
    assert (found["rule"], found["next"][1]) == ("FREQ=WEEKLY;BYDAY=MO", "2026-11-30T09:00:00Z")
    assert "every week on Monday" in sfa("series").out
    moved = sfa("series", "move", "Weekly", "--on", "2026-11-30", "--to", "2026-12-01", "--json").data
    assert moved["start"] == "2026-12-01T09:00:00Z"  # at its own time of day
    assert sfa("series", "skip", found["id"], "--json").data["start"] == "2026-12-07T09:00:00Z"
    sfa("series", "move", found["id"], "--to", "2026-12-08 11:00", "--scope", "all")
    (found,) = sfa("series", "--json").data
    assert (found["rule"], found["next"][0]) == ("FREQ=WEEKLY;BYDAY=TU", "2026-12-08T10:00:00Z")
    assert "does not come on" in sfa("series", "skip", found["id"], "--on", "2026-12-09").err
    assert sfa("done", found["id"]).code == 0
    assert sfa("series", "end", found["id"]).code == 0
    assert sfa("series", "--json").data == []


def test_a_series_goes_by_its_name_though_times_of_it_were_moved(sfa: Sfa) -> None:
    sfa("new", "activity", "type=call", "subject=Weekly", "start=2026-11-23 10:00", "rrule=every monday")
    sfa("series", "move", "Weekly", "--on", "2026-11-30", "--to", "2026-12-01")
    assert sfa("series", "skip", "Weekly", "--on", "12/7/2026").code == 0
    sfa("series", "move", "Weekly", "--on", "2026-12-14", "--to", "2026-12-15", "--scope", "following")
    assert sfa("series", "skip", "Weekly", "--on", "2026-12-22").code == 0, "the one that comes on that day"
    assert "names no day" in (refused := sfa("series", "skip", "Weekly", "--on", "blah")).err
    assert refused.code == 1
    assert "inside sfa" not in refused.err
    done = [sfa("done", "Weekly", "--json").data["done"][0]["start"] for _time in range(3)]
    assert done == sorted(done), "the next one each time"


def test_a_plan_is_made_applied_shifted_and_stopped(sfa: Sfa) -> None:
    assert "There is no plan." in sfa("plan").err
    assert sfa("plan", "add", "New lead", "0 call First call", "4 10:00 meeting Offer").code == 0
    assert "First call" in sfa("plan").out
    applied = sfa("plan", "apply", "New lead", "Acme", "--first", "mon", "--json").data
    assert [step["start"] for step in applied] == ["2026-11-23", "2026-11-27T09:00:00Z"]
    assert sfa("plan", "shift", "New lead", "Acme", "--to", "2026-11-30", "--json").data == {"shifted": 2}
    assert sfa("plan", "stop", "New lead", "Acme", "--json").data == {"stopped": 2}
    assert "is no step" in sfa("plan", "add", "Odd", "someday call").err
    assert "a plan called “new lead” already" in sfa("plan", "add", "new lead", "0 call Ring").err
