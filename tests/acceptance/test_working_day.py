"""A working day at the terminal: call a customer, move deals, come back the next morning."""

from __future__ import annotations

from tests.acceptance.conftest import Desk

FRIDAY = "2026-11-20T07:30:00Z"


def test_a_call_is_logged_and_its_next_step_comes_up_on_friday(busy: Desk) -> None:
    with busy.screens() as terminal:
        terminal.wait_for("Wed, Nov 18", "No next step  4")
        terminal.press("ctrl+p")
        terminal.wait_for("Commands")
        terminal.type("anna schm")
        terminal.wait_for("Contacts", "Anna Schmidt")
        terminal.press("enter")
        terminal.wait_for("Anna Schmidt · Contact", "What happened")

        terminal.press("c")
        terminal.wait_for("Log a call", "What was said?", "+49 171 2345678")
        terminal.type("Wants a second oven line by spring")
        terminal.press("tab", "1", "tab")
        terminal.wait_for("● 1 Connected")
        terminal.type("fri 10")
        terminal.wait_for("→ call · Friday, November 20, 2026, 10:00 AM")
        terminal.press("enter")
        terminal.wait_for_message("Logged call with Anna Schmidt · next: Fri, Nov 20 10:00 AM · u undo")
        terminal.wait_for("Wants a second oven line by spring", "● planned: Call with Anna Schmidt")
        terminal.press("ctrl+q")
        assert terminal.wait_for_end() == 0

    assert "Logged call with Anna Schmidt" in busy.sfa("log")
    busy.settings["SFA_NOW"] = FRIDAY
    with busy.screens() as terminal:
        terminal.wait_for("Fri, Nov 20", "Due today  1")
        assert "Anna Schmidt" in terminal.line("10:00 AM")


def test_deals_are_moved_won_and_lost_on_the_board(busy: Desk) -> None:
    with busy.screens() as terminal:
        terminal.wait_for("No next step")
        terminal.press("b")
        terminal.wait_for("› 1 Prospecting", "4 open")
        terminal.press("L")
        terminal.wait_for_message("Moved Saw blades to Qualification · u undo")
        terminal.wait_for("› 2 Qualification", "▌ Saw blades")
        terminal.press("u")
        terminal.wait_for_message("Undone: Moved Saw blades to Qualification · U redo")
        terminal.wait_for("› 1 Prospecting", "▌ Saw blades")

        terminal.press("w")
        terminal.wait_for("Won: Saw blades", "€12,500.00")
        terminal.press("ctrl+s")
        terminal.wait_for_message("Won Saw blades · u undo")
        terminal.wait_for("› 1 Prospecting", "▌ Oven line", "3 open")

        terminal.press("right")
        terminal.wait_for("› 2 Qualification", "▌ Carton packer")
        terminal.press("x")
        terminal.wait_for("Why was Carton packer lost?", "Competition")
        terminal.press("down", "enter")
        terminal.wait_for("Lost: Carton packer", "Competition")
        terminal.press("ctrl+s")
        terminal.wait_for_message("Lost Carton packer · u undo")
        terminal.wait_for("› 2 Qualification", "2 open")
        terminal.press("ctrl+q")
        assert terminal.wait_for_end() == 0

    log = busy.sfa("log")
    done = ("Lost Carton packer", "Won Saw blades", "Moved Saw blades to Qualification", "Imported accounts.csv")
    assert sorted(done, key=log.index) == list(done)
    with busy.screens() as terminal:
        terminal.wait_for("No next step")
        terminal.press("b")
        terminal.wait_for("1 Prospecting", "2 open")
    assert busy.data("report", "pipeline")["won"] == {"count": 1, "sum": {"EUR": 12500}, "weighted": {"EUR": 12500}}
    assert "Competition" in busy.sfa("show", "deal", "Carton packer")
