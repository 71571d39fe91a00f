"""Exit codes, errors and options."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from sfa import __version__
from sfa.cli import tree
from sfa.cli.command import Answer, Command, Group
from sfa.cli.session import Session
from tests.cli.conftest import Sfa

SCRIPT = Path(sys.executable).with_name("sfa.exe" if sys.platform == "win32" else "sfa")


def test_version_and_help_go_to_stdout(bare: Sfa) -> None:
    assert bare("--version") == (0, f"sfa {__version__}\n", "")
    assert bare("--version", "--json").out == f"sfa {__version__}\n"
    assert "sfa COMMAND --help" in bare("--help").out
    assert "sfa set deal 'Big deal'" in bare("set", "--help").out


@pytest.mark.parametrize(
    "words",
    [
        ["bogus"],
        ["list"],
        ["list", "contacts", "--bogus"],
        ["list", "contacts", "--limit", "-1"],
        ["list", "contacts", "--limit"],
        ["new", "account", "no assignment"],
        ["new", "account", "name=a", "name=b"],
        ["set", "account", "Acme"],
        ["set", "account", "name=x"],
        ["delete", "account"],
        ["completion", "cobol"],
        ["import", "a.csv", "b.csv", "c.csv", "--as", "account", "--as", "contact"],
        ["import", "a.csv"],
    ],
)
def test_wrong_usage_is_two_and_says_why_on_stderr(sfa: Sfa, words: list[str]) -> None:
    result = sfa(*words)
    assert result.code == 2
    assert result.out == ""
    assert result.err.splitlines()[-1].startswith("sfa")


def test_an_unknown_command_gets_a_near_match(bare: Sfa) -> None:
    assert "Did you mean list?" in bare("lits").err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["show", "account", "Acne"], "Did you mean “Acme”?"),
        (["show", "acount", "Acme"], "Did you mean account?"),
        (["new", "account", "nmae=x"], "nmae"),
        (["new", "deal", "name=x", "close_date=2026-02-30"], "Close date: "),
        (["new", "deal", "name=x", "currency=XXZ"], "Currency: "),
        (["new", "deal", "name=x", "probability=-5"], "Probability: "),
        (["new", "contact", "last_name=x", "phones=12"], "Phones: "),
        (["new", "account", "name=" + "x" * 256], "Name: "),
        (["new", "account", "name=a\x1bb"], "Name: holds the control character U+001B"),
        (["list", "accounts", "--where", "nonsense"], "is not a condition"),
        (["new", "contact", "last_name=x", "phones=abc"], "Phones: abc is not a phone number: write it"),
        (["log", "--since", "soon"], "--since: soon is not a date"),
        (["undo", "9999"], "There is no action 9999"),
    ],
)
def test_what_is_refused_is_one_line_with_the_reason(sfa: Sfa, words: list[str], said: str) -> None:
    result = sfa(*words)
    assert result.code == 1
    assert result.out == ""
    assert said in result.err
    assert result.err.startswith("sfa: ")
    assert result.err.count("\n") == 1


def test_options_may_stand_anywhere(sfa: Sfa) -> None:
    expected = sfa("list", "accounts", "--json", "--sort", "-name", "--columns", "name").data
    assert sfa("--json", "list", "--sort", "-name", "accounts", "--columns=name").data == expected
    assert sfa("set", "--json", "account", "Acme", "--user", "x", "industry=Media").data["industry"] == "Media"


def test_words_after_two_dashes_are_no_options(sfa: Sfa) -> None:
    assert sfa("new", "account", "name=--json").code == 0
    assert sfa("show", "account", "--", "--json").out.startswith("Account --json\n")


def test_the_book_that_is_named_is_used(bare: Sfa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = tmp_path / "folder" / "named.sfa"
    assert bare("--book", str(named), "new", "account", "name=Acme").err.startswith("Made a new book for ")
    assert bare("list", "accounts", "--book", str(named), "--json").data[0]["name"] == "Acme"
    assert "There is no book at" in bare("list", "accounts").err
    monkeypatch.setenv("SFA_BOOK", str(named))
    assert bare("info", "--json").data["records"]["account"] == 1


def test_the_first_book_belongs_to_whom_the_settings_name(bare: Sfa, home: Path) -> None:
    settings = home / "config" / "sfa.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('user = "Rita Rep"\n', encoding="utf-8")
    assert "for Rita Rep: " in bare("new", "account", "name=Acme").err
    assert bare("info", "--json").data["user"]["name"] == "Rita Rep"


def test_bad_settings_are_refused_with_the_reason(bare: Sfa, home: Path) -> None:
    settings = home / "config" / "sfa.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("curency = 'EUR'\n", encoding="utf-8")
    assert "Did you mean currency?" in bare("list", "accounts").err


def test_what_nobody_foresaw_is_one_line_and_a_log_without_the_users_data(
    sfa: Sfa, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(session: Session) -> NoReturn:
        raise ZeroDivisionError("Anna Schmidt owes us")

    broken = Group("Broken", (Command("fail", "Fails", fail),))
    monkeypatch.setattr(tree, "GROUPS", (broken,))
    result = sfa("fail")
    assert result.code == 1
    assert result.err.count("\n") == 1
    assert "ZeroDivisionError" in result.err
    log = home / "log" / "errors.log"
    assert str(log) in result.err
    assert "Anna" not in log.read_text("utf-8")
    assert "test_program.py" in log.read_text("utf-8")


def test_an_interrupt_is_130(sfa: Sfa, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(session: Session) -> Answer:
        raise KeyboardInterrupt

    monkeypatch.setattr(tree, "GROUPS", (Group("", (Command("stop", "Stops", stop),)),))
    result = sfa("stop")
    assert (result.code, result.out, result.err) == (130, "", "Interrupted.\n")


def test_a_file_that_is_no_book_is_refused(bare: Sfa, tmp_path: Path) -> None:
    path = tmp_path / "no.sfa"
    path.write_text("This is a letter.\n" * 1000, encoding="utf-8")
    result = bare("list", "accounts", "--book", str(path))
    assert result.code == 1
    assert result.err.count("\n") == 1
    assert str(path) in result.err


def test_a_missing_folder_is_one_line(sfa: Sfa, tmp_path: Path) -> None:
    result = sfa("backup", str(tmp_path / "missing" / "x.sfa"))
    assert (result.code, result.err.count("\n")) == (1, 1)
    assert "partial" not in result.err


def test_the_installed_command_runs_and_a_closed_pipe_is_no_error(sfa: Sfa) -> None:
    done = subprocess.run(
        [SCRIPT, "show", "account", "Acme", "--json"], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    assert '"name": "Acme"' in done.stdout
    for number in range(30):
        sfa("new", "account", f"name=Account {number}", f"description={'long ' * 1000}")
    with subprocess.Popen(
        [SCRIPT, "list", "accounts", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.read(1)
        child.stdout.close()
        assert child.stderr.read() == b""
        assert child.wait() == 0


class Full(io.StringIO):
    """A stdout on a disk that is full."""

    def write(self, text: str) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("words", [["--version"], ["list", "accounts"], ["show", "account", "Acme", "--json"]])
def test_output_that_cannot_be_written_is_one_line(sfa: Sfa, monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    monkeypatch.setattr(sys, "stdout", Full())
    result = sfa(*words)
    assert result.code == 1
    assert result.err.startswith("sfa: ")
    assert os.strerror(errno.ENOSPC) in result.err
    assert result.err.count("\n") == 1


def test_a_missing_stdout_is_no_error(sfa: Sfa, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert sfa("list", "accounts").code == 0
    sys.stdout.close()
