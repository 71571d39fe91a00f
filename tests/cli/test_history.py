"""Undo, redo, the log, and the history of every field."""

from __future__ import annotations

from tests.cli.conftest import Sfa


def test_undo_and_redo_work_across_runs(sfa: Sfa) -> None:
    sfa("set", "account", "Acme", "industry=Media")
    undone = sfa("undo", "--json")
    assert undone.data["title"] == "Changed account Acme"
    assert undone.err == "Undone: Changed account Acme. sfa redo does it again.\n"
    assert sfa("show", "account", "Acme", "--json").data["industry"] == "Retail"
    assert sfa("redo").code == 0
    assert sfa("show", "account", "Acme", "--json").data["industry"] == "Media"
    assert sfa("redo").err == "sfa: There is nothing to redo.\n"


def test_any_action_of_the_log_can_be_undone_unless_something_hangs_on_it(sfa: Sfa) -> None:
    sfa("set", "account", "Acme", "industry=Media")
    sfa("set", "account", "Acme", "rating=Hot")
    number = sfa("log", "--json").data[1]["number"]
    assert sfa("undo", str(number)).code == 0
    data = sfa("show", "account", "Acme", "--json").data
    assert (data["industry"], data["rating"]) == ("Retail", "Hot")
    refused = sfa("undo", "2")
    assert refused.code == 1
    assert "cannot be undone" in refused.err


def test_undoing_everything_gives_the_first_book(sfa: Sfa) -> None:
    assert [sfa("undo").code for _action in range(4)] == [0, 0, 0, 1]
    for kind in ("account", "contact", "deal"):
        assert sfa("list", kind, "--json").data == []


def test_the_log_tells_who_did_what_newest_first(sfa: Sfa) -> None:
    log = sfa("log", "--json").data
    assert [action["title"] for action in log][:2] == ["Added opportunity Big deal", "Added contact Anna Schmidt"]
    assert log[0]["user"]["name"] == "Rita Rep"
    assert log[0]["origin"] == "command"
    assert len(sfa("log", "--limit", "1", "--json").data) == 1
    assert sfa("log", "--since", "2026-11-19", "--json").data == []
    assert len(sfa("log", "--since", "2026-11-18", "--json").data) == 4
    assert "Added opportunity Big deal" in sfa("log").out


def test_the_log_of_one_action_tells_every_field(sfa: Sfa) -> None:
    sfa("set", "deal", "Big deal", "amount=2000")
    number = str(sfa("log", "--json").data[0]["number"])
    (entry,) = sfa("log", number, "--json").data["entries"]
    assert entry["record"]["name"] == "Big deal"
    assert entry["fields"]["amount"] == ["1200.50", 2000]
    assert "€1,200.50" in sfa("log", number).out


def test_the_history_of_a_record_is_whole_and_each_amount_in_its_currency_then(sfa: Sfa) -> None:
    sfa("set", "deal", "Big deal", "currency=JPY", "amount=5000")
    sfa("set", "deal", "Big deal", "stage=Qualification")
    history = sfa("show", "deal", "Big deal", "--history", "--json").data["history"]
    assert [step["op"] for step in history] == ["update", "update", "insert"]
    assert [name["name"] for name in history[0]["fields"]["stage"]] == ["Prospecting", "Qualification"]
    assert history[1]["fields"]["amount"] == ["1200.50", 5000]
    assert history[2]["fields"]["amount"] == [None, "1200.50"]
    shown = sfa("show", "deal", "Big deal", "--history").out
    assert "€1,200.50" in shown
    assert "¥5,000" in shown


def test_log_pages_through_more_than_it_reads_at_once(sfa: Sfa) -> None:
    for number in range(210):
        sfa("set", "account", "Acme", f"number_of_employees={number}")
    assert len(sfa("log", "--limit", "0", "--json").data) == 214
    assert len(sfa("log", "--limit", "205", "--json").data) == 205


def test_a_day_that_is_none_is_refused_with_the_reason(sfa: Sfa) -> None:
    result = sfa("log", "--since", "2026-02-30")
    assert (result.code, result.err) == (1, "sfa: --since: there is no 30 February 2026\n")


def test_what_a_deleted_record_was_called_stays_known(sfa: Sfa) -> None:
    sfa("delete", "account", "Acme")
    for words in (("show", "contact", "Anna Schmidt"), ("show", "contact", "Anna Schmidt", "--history")):
        assert ["Account", "Acme"] in [line.split()[-2:] for line in sfa(*words).out.splitlines()]
