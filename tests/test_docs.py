"""The documentation is true: its commands run, its links lead somewhere, its picture is the board."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from docs.picture import picture
from sfa.keymap import keys_page
from tests.acceptance.conftest import ROOT, Desk

DOCS = ROOT / "docs"
PAGES = tuple(f"docs/{page.name}" for page in sorted(DOCS.glob("*.md")))
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)


def commands(path: Path) -> list[list[str]]:
    """The command lines of a page, in words."""
    blocks = BLOCK.findall(path.read_text("utf-8"))
    return [shlex.split(line, comments=True) for block in blocks for line in block.splitlines() if line]


def test_the_readme_s_commands_do_what_it_says(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    shutil.copytree(DOCS / "sample", tmp_path / "docs" / "sample")
    lines = [words for words in commands(ROOT / "README.md") if words[0] == "sfa"]
    printed = {" ".join(words[1:]): desk.sfa(*words[1:]) for words in lines}
    assert len(lines) > 12
    assert "Wants a second line" in printed["show contact Anna Schmidt"]
    assert "Moved Oven line" in printed["log"]
    assert "Oven line" in (tmp_path / "deals.csv").read_text("utf-8")
    assert (tmp_path / "book-backup.sfa").stat().st_size > 0


def test_the_readme_s_make_targets_exist() -> None:
    targets = [words[1] for words in commands(ROOT / "README.md") if words[0] == "make"]
    assert targets == ["demo", "test"]
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert all(f"\n{target}: " in makefile for target in targets)


@pytest.mark.parametrize("name", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", *PAGES])
def test_links_lead_somewhere(name: str) -> None:
    page = ROOT / name
    for link in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")):
        assert (page.parent / link).exists(), link


def test_the_page_of_the_keys_is_that_of_the_program() -> None:
    assert (DOCS / "keys.md").read_text("utf-8") == keys_page(), "make docs"


async def test_the_picture_is_the_board(tmp_path: Path) -> None:
    drawn = await picture(tmp_path / "demo.sfa")
    assert (DOCS / "board.svg").read_text("utf-8") == drawn, "make docs"
    assert len(drawn) < 150_000
