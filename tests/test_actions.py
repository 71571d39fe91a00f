"""The table of actions and the keymap."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

import pytest
from textual.keys import _character_to_key

from sfa.actions import (
    ACTIONS,
    BY_ID,
    MOVE,
    PLACES,
    YIELDING,
    bindings,
    keys_of,
)
from sfa.keymap import check_keymap, keys_page, textual_keymap
from sfa.keynames import display, normal
from sfa.widgets.pages import ListSource, Row
from sfa.widgets.table import Table
from tests.widgets.hosts import hosted


def test_no_key_has_two_meanings_in_one_place() -> None:
    assert check_keymap({}) == []


def test_ids_are_unique_and_every_scope_has_a_place() -> None:
    assert len(BY_ID) == len(ACTIONS)
    scopes = {scope for place in PLACES.values() for scope in place}
    assert {scope for action in ACTIONS for scope in action.scopes} <= scopes


def test_a_letter_means_the_same_everywhere() -> None:
    owners: dict[str, set[str]] = {}
    for action in ACTIONS:
        for key in action.keys:
            owners.setdefault(key, set()).add(action.id)
    movement = {action.id for action in ACTIONS if action.group == MOVE}
    assert {key: ids for key, ids in owners.items() if len(ids - YIELDING - movement) > 1} == {}


def test_hjkl_only_move() -> None:
    assert {action.group for action in ACTIONS if set("hjkl") & set(action.keys)} == {MOVE}


def test_no_default_is_a_key_that_terminals_do_not_deliver() -> None:
    for action in ACTIONS:
        for key in action.keys:
            assert normal(key)
        lonely = {"f1", "f5", "f6", "ctrl+e", "ctrl+j", "ctrl+k"}
        assert not set(action.keys) or set(action.keys) - lonely


def test_bindings_carry_the_id_of_their_action() -> None:
    for scopes in PLACES.values():
        for scope in scopes:
            assert {binding.id for binding in bindings(scope)} == {a.id for a in ACTIONS if scope in a.scopes}
    assert [binding.action for binding in bindings("board") if binding.id == "to_stage"][:2] == [
        "to_stage(1)",
        "to_stage(2)",
    ]


def test_keys_page_names_every_action_with_all_its_keys() -> None:
    page = keys_page()
    for action in ACTIONS:
        row = next(line for line in page.splitlines() if f"(`{action.id}`)" in line)
        assert action.help in row
        assert all(f"`{display(key)}`".replace("|", "\\|") in row for key in action.keys)
    assert "`q`" in keys_page({"new": ["q"]})


@pytest.mark.parametrize(
    ("keymap", "problem"),
    [
        ({"edti": ["e"]}, "There is no action “edti”. Did you mean “edit”?"),
        ({"edit": ["banana"]}, "“edit”: there is no key “banana”"),
        ({"edit": ["hyper+e"]}, "“edit”: there is no modifier “hyper”; there are ctrl, alt and shift"),
        ({"edit": ["ctrl+i"]}, "“edit”: terminals send ctrl+i as tab"),
        ({"edit": ["shift+e"]}, "“edit”: write shift+e as “E”"),
        ({"edit": ["ctrl+E"]}, "“edit”: write ctrl+E as “ctrl+shift+e”"),
        ({"edit": [""]}, "“edit”: there is no key “”"),
        ({"edit": "e"}, "The keys of “edit” must be a list."),
        ({"to_stage": ["1"]}, "The keys of “to_stage” cannot be changed."),
        ({"new": ["d"]}, "The key d is wanted by both “new” and “delete”."),
        ({"new": ["?"]}, "The key ? is wanted by both “help” and “new”."),
        ({"new": ["space"]}, "The key Space is wanted by both “new” and “mark”."),
    ],
)
def test_a_bad_keymap_is_refused_with_the_reason(keymap: dict[str, Sequence[str]], problem: str) -> None:
    assert check_keymap(keymap) == [problem]


@pytest.mark.parametrize(
    "keymap",
    [
        {"new": ["e"], "edit": ["n"]},
        {"new": ["Q", "ctrl+n", "f12"], "delete": []},
        {"delete": [], "new": ["d"]},
        {"edit": ["question_mark"], "help": ["f1"]},
        {"edit": ["§", "ü", "ctrl+shift+a", "=", "alt+plus"]},
    ],
)
def test_a_good_keymap_is_accepted(keymap: dict[str, Sequence[str]]) -> None:
    assert check_keymap(keymap) == []


@pytest.mark.parametrize("character", [chr(code) for code in range(33, 127)] + ["ü", "§", "é"])
def test_key_names_are_textuals(character: str) -> None:
    assert normal(character) == _character_to_key(character)
    assert display(normal(character)) == character


def test_keys_are_shown_as_on_the_keyboard() -> None:
    assert [display(key) for key in ("ctrl+p", "pagedown", "shift+left", "f1", "escape", "a", "U")] == [
        "Ctrl+P",
        "PgDn",
        "Shift+←",
        "F1",
        "Esc",
        "a",
        "U",
    ]
    assert keys_of("undo") == ("u", "Ctrl+Z")
    assert keys_of("undo", {"undo": ["z"]}) == ("z",)


async def test_the_keymap_works_in_an_app() -> None:
    table = Table(source=ListSource([Row(f"{n}", ("x",)) for n in range(9)]))
    async with hosted(table) as pilot:
        pilot.app.set_keymap(textual_keymap({"cursor_down": ["n", "ctrl+n"], "mark": []}))
        await pilot.press("n", "ctrl+n", "down", "space")
        assert (table.cursor, table.marked) == (2, 0)


def test_the_table_can_be_read_without_textual() -> None:
    program = "import sys, sfa.keymap; sfa.keymap.keys_page(); sys.exit('textual' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
