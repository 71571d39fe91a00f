"""The screens in a real terminal: of any size, by mouse, without colour, with an empty book, killed at any moment."""

from __future__ import annotations

import pytest

from tests.acceptance.conftest import Desk


def test_an_empty_book_teaches_and_a_adds_the_first_record(desk: Desk) -> None:
    with desk.screens("--user", "Rita Rep") as terminal:
        terminal.wait_for("Welcome to your book.", "add the first account", "sfa import", "sfa demo")
        terminal.press("a")
        terminal.wait_for("What is to be added?", "Enter adds")
        terminal.type("account Nordlicht")
        terminal.wait_for("+ New account · Nordlicht")
        terminal.press("enter")
        terminal.wait_for_message("Added account Nordlicht · u undo")
        terminal.press("A")
        terminal.wait_for("Accounts", "▌ Nordlicht")
        terminal.press("ctrl+q")
        assert terminal.wait_for_end() == 0
    assert [account["name"] for account in desk.data("list", "accounts")] == ["Nordlicht"]


def test_a_killed_program_has_lost_nothing(busy: Desk) -> None:
    with busy.screens() as terminal:
        terminal.wait_for("No next step")
        terminal.press("ctrl+p")
        terminal.wait_for("Commands")
        terminal.type("claire")
        terminal.wait_for("Claire Dumont")
        terminal.press("enter")
        terminal.wait_for("Claire Dumont · Contact")
        terminal.press("c")
        terminal.wait_for("Log a call")
        terminal.type("Agreed to the price")
        terminal.press("ctrl+s")
        terminal.wait_for_message("Logged call with Claire Dumont · u undo")
        terminal.kill()
        assert terminal.code == -9
    assert "Agreed to the price" in busy.sfa("show", "contact", "Claire Dumont")
    assert "Logged call with Claire Dumont" in busy.sfa("log", "--limit", "1")
    busy.sfa("doctor")
    with busy.screens() as terminal:
        terminal.wait_for("No next step")


@pytest.mark.parametrize("size", [(140, 40), (80, 24), (60, 18)])
def test_every_place_opens_in_any_size(demo_desk: Desk, size: tuple[int, int]) -> None:
    with demo_desk.screens(size=size) as terminal:
        terminal.wait_for("Overdue  10")
        for key, seen in {
            "b": "1 Prospecting", "A": "Accounts", "C": "Contacts", "P": "Leads", "D": "Opportunities",
            "T": "Activities", "I": "Log", "?": "type to narrow the keys",
        }.items():  # fmt: skip
            terminal.press(key)
            terminal.wait_for(seen)
        terminal.press("escape")
        terminal.wait_until_gone("type to narrow the keys")
        terminal.press("ctrl+q")
        assert terminal.wait_for_end() == 0


@pytest.mark.parametrize("size", [(140, 40), (60, 18)])
def test_a_click_on_the_board_selects_the_card(busy: Desk, size: tuple[int, int]) -> None:
    with busy.screens(size=size) as terminal:
        terminal.wait_for("No next step")
        terminal.press("b")
        terminal.wait_for("› 1 Prospecting", "Carton packer")
        terminal.click("Carton packer")
        terminal.wait_for("› 2 Qualification", "▌ Carton packer")
        terminal.press("enter")
        terminal.wait_for("Carton packer · Opportunity")


def test_without_colour_the_cursor_is_still_seen(busy: Desk) -> None:
    busy.settings["NO_COLOR"] = "1"
    with busy.screens() as terminal:
        terminal.wait_for("No next step")
        terminal.press("b")
        terminal.wait_for("▌ Saw blades")
        assert {colour for colour in terminal.colours() if not is_grey(colour)} == set()


def is_grey(colour: str) -> bool:
    return colour == "default" or len({colour[:2], colour[2:4], colour[4:]}) == 1
