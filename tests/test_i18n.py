"""Every text passes the one door: a made-up language is made of the package's own texts, and nothing else is left.

In it every text stands between ⟦ and ⟧. The book's own words are Greek here, dates and amounts Japanese; so what is
still written in Latin letters outside of brackets never passed through ``_``, or is not marked for translators.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.mofile import write_mo
from textual.screen import Screen

import sfa.screens
from sfa import i18n, locales
from sfa.cli import main, tree
from sfa.cli.texts import template
from sfa.models import KINDS, Choice
from sfa.settings import SCHEMA

WORD = re.compile(r"[A-Za-z]{2,}")
COMMAND_NAMES = sorted((command.name for group in tree.GROUPS for command in group.commands), key=len, reverse=True)
NAMES = [*COMMAND_NAMES, *(setting.name for setting in SCHEMA)]
DEFAULTS = [setting.default for setting in SCHEMA if isinstance(setting.default, str) and setting.default.isalpha()]
# The same in every language: the command line's own grammar, names of commands and settings, of files and other makers.
GRAMMAR = re.compile(
    r"--?[a-z][\w-]*|\b[A-Z][A-Z_]+\b|\bsfa\b[^⟦⟧]*?(?=[⟦⟧\n]|$)|\S*/\S*|[0-9a-f]{8}-[0-9a-f-]{27}|csv|jsonl|ja_JP|Python|SQLite"
    rf"|^ +(?:{'|'.join(NAMES)})\b|^(?:{'|'.join(NAMES)}) |{sys.platform}|\b(?:{'|'.join(DEFAULTS)})\b",
    re.MULTILINE,
)


def untranslated(text: str) -> str:
    """The Latin words of ``text`` that stand outside of all brackets."""
    return " ".join(WORD.findall(GRAMMAR.sub("", inside(text))))


def inside(text: str) -> str:
    """The part of ``text`` that stands outside of all brackets."""
    depth, kept = 0, []
    for char in text:
        depth += (char == "⟦") - (char == "⟧")
        if depth == 0 and char != "⟧":
            kept.append(char)
    return "".join(kept)


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package folder with the made-up language ``qq`` in it."""
    catalog = template()
    for message in catalog:
        message.string = f"⟦{message.id}⟧" if message.id else message.string
    folder = tmp_path_factory.mktemp("package")
    target = folder / "locale" / "qq" / "LC_MESSAGES" / "sfa.mo"
    target.parent.mkdir(parents=True)
    with target.open("wb") as file:
        write_mo(file, catalog)
    return folder


@pytest.fixture
def translated(catalogue: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SFA_LANGUAGE", "qq")
    monkeypatch.setattr(i18n, "__file__", str(catalogue / "i18n.py"))
    i18n._lookup.cache_clear()
    yield
    i18n._lookup.cache_clear()


def test_a_language_is_added_by_its_catalogue(translated: None) -> None:
    assert i18n._("Nothing changed.") == "⟦Nothing changed.⟧"
    assert i18n._("what no catalogue knows") == "what no catalogue knows"
    assert i18n._("") == ""


def test_every_label_and_choice_of_the_models_is_in_the_catalogue(translated: None) -> None:
    labels = {text for record in KINDS.values() for text in (record.label, record.plural)}
    for record in KINDS.values():
        for field in record.fields.values():
            labels |= {field.label, field.help} | (set(field.options) if isinstance(field, Choice) else set())
    assert [label for label in sorted(labels - {""}) if i18n._(label) == label] == []


def test_nothing_that_help_says_is_left_untranslated(translated: None, capsys: pytest.CaptureFixture[str]) -> None:
    for command in [[], *([command.name] for group in tree.GROUPS for command in group.commands)]:
        assert main([*command, "--help"]) == 0
        told = capsys.readouterr().out
        assert untranslated(told.partition("⟦examples:⟧")[0]) == "", command


COMMANDS = (
    "today", "board", "report pipeline", "log", "log 2", "undo", "redo", "redo", "info", "list accounts", "list stages",
    "show account Ακμή", "show account Ακμή --history", "show deal Μεγάλο", "show contact Άννα", "find Ακμή",
    "duplicates account", "move Μεγάλο nowhere", "show account nobody", "list deals --where amount>x", "list nothing",
    "list deals --where close_date<2026-02-30", "list deals --where ?", "set deal Μεγάλο probability=-1", "undo 99",
    "set deal Μεγάλο currency=XXZ", "set deal Μεγάλο close_date=x", "new contact last_name=Ω phones=1", "nothing",
    "set deal Μεγάλο stage=x", "call Άννα --next x", "call Άννα --duration x", "list deals --limit x", "delete account",
    "restore /nowhere", "import /nowhere --as account", "merge account Ακμή Ακμή", "convert x", "delete stage 1",
    "set deal Μεγάλο", "log --since x", "doctor", "config",
)  # fmt: skip


@pytest.fixture
def greek(
    translated: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A book in which nothing is written in Latin letters."""
    locales.use("ja_JP")
    monkeypatch.setenv("SFA_BOOK", str(tmp_path / "1.sfa"))
    for words in (
        ("account", "name=Ακμή", "industry=Media"),
        ("contact", "first_name=Άννα", "last_name=Ω", "account=Ακμή", "phones=+49 30 901820", "do_not_call=1"),
        ("deal", "name=Μεγάλο", "account=Ακμή", "amount=1200", "currency=EUR", "primary_contact=Άννα Ω"),
        ("activity", "subject=Κλήση", "type=call", "start=2026-11-18 09:00", "contact=Άννα Ω", "opportunity=Μεγάλο"),
        ("account", "name=Ακμή ΑΕ", "parent=Ακμή"),
    ):
        assert main(["new", *words, "--user", "Ρίτα"]) == 0
    capsys.readouterr()


@pytest.mark.parametrize("words", COMMANDS)
def test_nothing_that_a_command_tells_is_left_untranslated(
    greek: None, capsys: pytest.CaptureFixture[str], words: str
) -> None:
    main(words.split())
    told = "".join(capsys.readouterr())
    assert told
    assert untranslated(told) == ""


def test_what_the_screens_say_of_themselves_is_in_the_catalogue(translated: None) -> None:
    for module in pkgutil.iter_modules(sfa.screens.__path__, "sfa.screens."):
        importlib.import_module(module.name)
    told = {text for screen in screens(Screen) if (text := vars(screen).get("help"))}
    assert [text for text in sorted(told) if i18n._(text) == text] == []


def test_every_text_is_given_whole_to_the_door() -> None:
    """A choice or a sum between its brackets is another text for those who collect them."""
    given = [
        (node.args[0], f"{path.name}:{node.lineno}")
        for path in Path(sfa.__path__[0]).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "N_")
    ]
    assert len(given) > 1000
    assert [place for text, place in given if isinstance(text, ast.BinOp | ast.JoinedStr)] == []
    choices = [(text, place) for text, place in given if isinstance(text, ast.IfExp)]
    assert [place for text, place in choices if isinstance(text.body, ast.Constant)] == []


def screens(base: type[Screen[Any]]) -> Iterator[type[Screen[Any]]]:
    """All screens of ours that come from ``base``."""
    for screen in base.__subclasses__():
        yield from screens(screen)
        if screen.__module__.startswith("sfa."):
            yield screen
