"""A softphone rings, and a number is dialled: the installed command beside the screens in a real terminal."""

from __future__ import annotations

import os

from tests.acceptance.conftest import Desk


def with_anna(desk: Desk) -> None:
    desk.settings["SFA_LOCALE"] = "de_DE"
    desk.sfa("new", "contact", "first_name=Anna", "last_name=Schmidt", "phones=+49 30 1234567", "--user", "Rita Rep")


def test_a_softphone_opens_the_callers_record_and_its_call_is_timed(desk: Desk) -> None:
    with_anna(desk)
    with desk.screens() as terminal:
        terminal.wait_for("Help")
        rang = desk.run("call", "--incoming", "sip:0301234567@pbx.example.com;user=phone")
        assert (rang.returncode, rang.stdout, rang.stderr) == (0, "", "The screens show it.\n")
        terminal.wait_for("Anna Schmidt · Contact")
        desk.sfa("call", "--answered", "+49301234567")
        terminal.wait_for("Log a call", "Ctrl+T stops")
        desk.sfa("call", "--ended", "+49301234567")
        terminal.wait_for("Ctrl+T goes on")
        terminal.type("She wants an offer")
        terminal.press("ctrl+s")
        terminal.wait_for_message("Logged call with Anna Schmidt")
    (call,) = desk.data("list", "activities")
    assert desk.data("show", "activity", call["id"])["direction"] == "Inbound"


def test_the_screens_hand_a_number_to_the_system(desk: Desk) -> None:
    with_anna(desk)
    opened, folder = desk.home / "opened", desk.home / "bin"
    folder.mkdir()
    for name in ("xdg-open", "open"):
        (folder / name).write_text(f'#!/bin/sh\nprintf %s "$1" > "{opened}"\n')
        (folder / name).chmod(0o755)
    desk.settings["PATH"] = f"{folder}{os.pathsep}{os.environ['PATH']}"
    with desk.screens() as terminal:
        terminal.wait_for("Help")
        terminal.press("C")
        terminal.wait_for("Schmidt")
        terminal.press("+")
        terminal.wait_for("Log a call", "Ctrl+T stops")
        terminal.wait_until(lambda _screen: opened.exists() and bool(opened.read_text()), "the dialled number")
    assert opened.read_text() == "tel:+49301234567"
