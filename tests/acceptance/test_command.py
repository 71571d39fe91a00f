"""The command in a pipe, and what it says to mistakes."""

from __future__ import annotations

import pytest

from tests.acceptance.conftest import ROOT, Desk


def test_the_demo_in_a_pipe_is_a_text(desk: Desk) -> None:
    done = desk.run("demo")
    assert (done.returncode, done.stderr) == (0, "")
    assert all(text in done.stdout for text in ("Overdue", "Due today", "Board", "Prospecting", "Weighted"))
    assert "\x1b" not in done.stdout
    assert not (desk.home / "sfa" / "data").exists()


def test_a_broken_pipe_is_no_news(desk: Desk) -> None:
    import subprocess

    from tests.acceptance.conftest import COMMAND

    with subprocess.Popen(
        [str(COMMAND), "demo"], env=desk.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=desk.home
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        assert running.stderr.read() == b""


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["nonsense"], 2, "There is no command nonsense."),
        (["list", "unicorns"], 1, "unicorns"),
        (["show", "contact", "Nobody"], 1, "There is no"),
        (["set", "deal", "Saw blades", "close_date=2026-02-30"], 1, "Close date"),
        (["set", "deal", "Saw blades", "probability=-5"], 1, "Probability"),
        (["undo", "999"], 1, "999"),
        (["import", "nowhere.csv", "--as", "deal"], 1, "nowhere.csv"),
        (["call", "Nobody"], 1, "Nobody"),
    ],
)
def test_a_mistake_gets_one_clear_line_and_its_exit_code(busy: Desk, words: list[str], code: int, said: str) -> None:
    before = busy.sfa("log")
    done = busy.run(*words)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith("sfa: ")
    assert said in done.stderr.splitlines()[0]
    assert len(done.stderr.splitlines()) <= 2  # the second one is a hint
    assert busy.sfa("log") == before


def test_wrong_usage_shows_how_it_is_used(desk: Desk) -> None:
    done = desk.run("list")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("usage: sfa list")
    assert done.stderr.splitlines()[-1] == "sfa list: the following arguments are required: KIND"


@pytest.mark.parametrize("content", [b"", b"name,industry\nAcme,Retail\n", b"SQLite format 3\x00" + bytes(5000)])
def test_a_file_that_is_no_book_is_refused_and_left_alone(desk: Desk, content: bytes) -> None:
    path = desk.home / "notes.csv"
    path.write_bytes(content)
    desk.settings["SFA_BOOK"] = str(path)
    for words in ([], ["today"], ["new", "account", "name=Acme"]):
        done = desk.run(*words)
        assert done.returncode == 1
        assert done.stderr.startswith("sfa: ")
        assert str(path) in done.stderr
        assert "Traceback" not in done.stderr
    assert path.read_bytes() == content


def test_a_wrong_book_is_told_before_the_screens_open(desk: Desk) -> None:
    path = desk.home / "notes.csv"
    path.write_text("Acme\n")
    with desk.screens("--book", str(path)) as terminal:
        terminal.wait_for("is no book of sfa")
        assert terminal.wait_for_end() == 1


def test_the_version_is_that_of_the_package(desk: Desk) -> None:
    assert desk.sfa("--version").strip() == f"sfa {version()}"


def version() -> str:
    line = next(
        line for line in (ROOT / "sfa" / "__init__.py").read_text("utf-8").splitlines() if "__version__" in line
    )
    return line.split('"')[1]
