"""``sfa`` alone, the demo, completion, and the pages of documentation."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sfa.cli import demo, docs
from sfa.cli.command import COMMON, Command
from sfa.cli.parser import tree
from sfa.cli.tree import GROUPS, HOME
from tests.cli.conftest import Sfa

COMMANDS = [HOME, *(command for group in GROUPS for command in group.commands)]


def test_in_a_pipe_it_prints_the_agenda_and_makes_the_first_book(bare: Sfa, home: Path) -> None:
    first = bare("--user", "Rita Rep")
    assert first.code == 0
    assert first.out == "Wednesday, November 18, 2026 · everybody\n"
    assert str(home / "book.sfa") in first.err
    bare("new", "activity", "subject=Ring Acme", "type=call", "start=2026-11-17")
    assert "Ring Acme" in bare().out
    assert bare("--json").data[0]["items"][0]["title"] == "Ring Acme"


def test_on_a_terminal_it_opens_the_screens_on_the_book(sfa: Sfa, monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    opened: list[Path] = []

    def open_screens(path: Path) -> int:
        opened.append(path)
        return 0

    monkeypatch.setattr("sfa.cli.screens.on_terminal", lambda: True)
    monkeypatch.setattr("sfa.cli.screens.open_screens", open_screens)
    assert sfa() == (0, "", "")
    assert opened == [home / "book.sfa"]


def test_the_screens_are_there_under_the_name_they_are_looked_for() -> None:
    from sfa import app

    assert app.run.__annotations__["path"] == "Path"


def test_the_demo_prints_day_and_board_and_leaves_nothing(
    bare: Sfa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    shown = bare("demo")
    assert shown.code == 0
    for part in ("Overdue (", "Meetings today (", "Rotting (", "Board", "Negotiation/Review"):
        assert part in shown.out
    assert list(tmp_path.glob("sfa-demo-*")) == []
    assert not (home / "book.sfa").exists()


def test_the_demo_is_kept_where_that_is_wanted(bare: Sfa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    kept = bare("demo", "--keep", "--json")
    assert set(kept.data) == {"today", "board"}
    (path,) = tmp_path.glob("sfa-demo-*/demo.sfa")
    assert str(path) in kept.err
    assert bare("info", "--book", str(path), "--json").data["records"]["account"] > 300


def test_the_demo_is_gone_also_after_an_error(bare: Sfa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*words: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(demo, "pictured", stop)
    assert bare("demo").code == 130
    assert list(tmp_path.iterdir()) == [tmp_path / "home"] or list(tmp_path.glob("sfa-demo-*")) == []


def texts() -> Iterator[tuple[str, str]]:
    for command in COMMANDS:
        yield f"sfa {command.name}", command.help
        for argument in (*command.arguments, *COMMON):
            yield f"sfa {command.name} {argument.name}", argument.help


def test_every_command_and_option_explains_itself() -> None:
    for where, help in texts():
        assert help[0].isupper() or help.split()[0].rstrip(":,") in {"insert", "pipeline", "csv"}, where
        assert not help.endswith("."), where


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_has_examples_that_parse(command: Command) -> None:
    import shlex

    from sfa.cli.parser import arranged, for_command

    assert command.examples
    for example in command.examples:
        words = shlex.split(example.partition(" | ")[0].partition(" > ")[0].replace("=$'", "='"))
        assert words[0] == "sfa"
        name = command.name.split()
        rest = words[1 + len(name) :] if command is not HOME else []
        assert words[1 : 1 + len(name)] == name
        for_command(command).parse_args(arranged(rest, command))


def test_the_page_of_commands_is_fresh() -> None:
    page = Path(__file__).parents[2] / "docs" / "commands.md"
    assert page.read_text("utf-8") == docs.page(), "run: python -m sfa.cli.docs > docs/commands.md"


def test_all_commands_are_in_the_tree_that_completion_is_made_from() -> None:
    parser = tree(GROUPS)
    assert all(command.name.partition(" ")[0] in parser.format_help() for command in COMMANDS)
    assert parser.parse_args(["admin", "stream", "member", "rita", "North", "writer"]).stream == "North"


def test_a_command_of_several_words_may_have_options_between_them(bare: Sfa) -> None:
    assert "admin user add" in bare("help", "admin", "user", "add").out
    refused = bare("--json", "admin", "user", "list")
    assert (refused.code, "no head office" in refused.err) == (1, True)
    unfinished = bare("admin", "user")
    assert unfinished.code == 2
    assert "admin user add" in unfinished.err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "tcsh", "powershell"])
def test_every_shell_gets_a_script(bare: Sfa, shell: str) -> None:
    made = bare("completion", shell)
    assert made.code == 0
    assert "opportunity" in made.out
    assert bare("completion", shell, "--json").data["script"].strip() == made.out.strip()


def test_tab_in_bash_completes_commands_kinds_and_options(bare: Sfa, tmp_path: Path) -> None:
    bash = shutil.which("bash")
    if bash is None:
        assert sys.platform == "win32", "bash is needed to try the completion: install it"
        return
    script = tmp_path / "sfa.bash"
    script.write_text(bare("completion", "bash").out, encoding="utf-8")
    for words, expected in (("sfa und", "undo"), ("sfa list acc", "account"), ("sfa list account --wh", "--where")):
        parts = words.split()
        line = f"""source {script}; COMP_WORDS=({words}); COMP_CWORD={len(parts) - 1}
        _shtab_sfa sfa "{parts[-1]}" "{parts[-2]}"; echo "${{COMPREPLY[@]}}" """
        done = subprocess.run([bash, "-c", line], capture_output=True, text=True, check=True, encoding="utf-8")
        assert expected in done.stdout.split()
