"""A first load whose program is killed, at whatever step: the next one finds a sound book and goes on."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from sfa.sales import edit
from sfa.store.book import Book
from sfa.sync import verify
from tests.sync.conftest import Company
from tests.sync.newcomers import NORTH, Line, fill, make_small

ROOT = Path(__file__).parents[2]


def killed(folder: Path, steps: int, name: str) -> str:
    """Has a laptop load in a process of its own that is killed after so many steps; gives the last of them."""
    command = [sys.executable, "-m", "tests.sync.loading", str(folder), *([name] if name else [])]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        step = ""
        for _number in range(steps):
            step = process.stdout.readline().strip()
            assert step
            if step == "done":
                break
            process.stdin.write("\n")
            process.stdin.flush()
        else:
            step = process.stdout.readline().strip()
        process.kill()
    return step


@pytest.mark.parametrize("name", ["", "Bob"])
def test_a_load_that_is_killed_goes_on(company: Company, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    make_small(monkeypatch)
    fill(company)
    path = company.folder / "new.sfa"
    seen: set[str] = set()
    for steps in count(0, 3 if name else 1):
        step = killed(company.folder, steps, name)
        seen.add(step)
        with closing(Book.open(path)) as book:
            assert book.value("PRAGMA integrity_check") == "ok"
            again = Line(company.office, path, book=book)
            assert again.sync()
            assert verify.total(book, NORTH) == verify.total(company.anna.book, NORTH)
            with book.change("Mine") as change:
                edit.edit(change, "contact", book.records("contact")[0].id, {"title": f"After {steps}"})
        for file in company.folder.glob("*new.sfa*"):
            file.unlink()
        if step == "done":
            break
    assert seen >= ({"snapshot", "load"} if name else {"snapshot", "unpack", "rename", "renamed", "done"})
