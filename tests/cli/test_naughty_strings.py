"""Strings made to break programs: they come back exactly, or are refused with the field's name."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Sfa, is_harmless
from tests.shared import real

LABELS = {"last_name": "Last name", "description": "Description"}
EXTRA = [
    "a\x00b",
    "\x1b[2J\x1b]0;owned\x07",
    "\u202egnp.exe",
    "\ud800",
    "[bold red]markup[/]",
    " a ",
    "a\tb",
    "a\r\nb",
    "\x85",
    "--json",
]


@pytest.fixture(scope="module")
def naughty() -> list[str]:
    return [*json.loads(real("naughty_strings", "blns.json").read_text("utf-8")), *EXTRA]


@pytest.mark.parametrize("field", LABELS)
def test_they_come_back_exactly_or_are_refused(bare: Sfa, naughty: list[str], field: str) -> None:
    stored = 0
    for text in naughty:
        words = [f"{field}={text}"] if field == "last_name" else ["last_name=x", f"{field}={text}"]
        made = bare("new", "contact", *words)
        if made.code == 0:
            shown = bare("show", "contact", made.out.strip(), "--json")
            assert (shown.data[field] or "") == text
            for face in (made, bare("show", "contact", made.out.strip()), shown):
                assert is_harmless(face.out + face.err)
            stored += 1
        else:
            assert made.code == 1
            assert made.out == ""
            assert made.err.splitlines()[-1].startswith(f"sfa: {LABELS[field]}: ")
            assert is_harmless(made.err)
    assert stored > 0.9 * len(naughty)


def test_they_are_found_listed_and_logged_without_harm(bare: Sfa, naughty: list[str]) -> None:
    for text in naughty:
        bare("new", "account", f"name={text}")
    for words in (
        ["list", "accounts"],
        ["log", "--limit", "0"],
        ["list", "accounts", "--json"],
        ["list", "accounts", "--sort", "name"],
    ):
        face = bare(*words)
        assert face.code == 0
        assert is_harmless(face.out + face.err)
    for text in naughty:
        if text.strip():
            assert bare("find", "--", text).code == 0
            listed = bare("list", "accounts", "--where", f"name~{text}", "--json")
            assert listed.code == 0 or "not valid Unicode" in listed.err
