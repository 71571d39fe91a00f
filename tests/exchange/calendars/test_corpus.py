"""Calendars of twenty years and of many programs: each comes in, or is refused in one clear line; none does harm."""

from __future__ import annotations

import json
import shutil
import subprocess
import warnings
from pathlib import Path

import icalendar
import pytest

from sfa.exchange.calendars.importing import run_import
from sfa.formats.contentlines import decode
from sfa.formats.ical.reading import read
from sfa.store.book import Book
from tests.counterparts import program
from tests.exchange.calendars.conftest import exported, written
from tests.formats.ical.test_writing import require_bytes
from tests.shared import real


def files() -> list[Path]:
    return sorted(path for path in real("ical").rglob("*") if path.suffix in (".ics", ".vcf"))


def _is_whole(path: Path) -> bool:
    """Whether we read all of its entries, or find that it holds none."""
    try:
        return not read(decode(path.read_bytes())).refusals
    except ValueError:
        return False


def _parses_elsewhere(path: Path) -> bool:
    """Whether the icalendar library reads all of it without noting an error."""
    try:
        found = icalendar.Component.from_ical(path.read_bytes(), multiple=True)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        return False
    parts = found if isinstance(found, list) else [found]
    return bool(parts) and not any(part.errors for whole in parts for part in whole.walk())


def test_no_fewer_files_are_read_than_icalendar_and_vobject_read() -> None:
    chosen = [path for path in files() if path.suffix == ".ics"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library's own
        elsewhere = sum(map(_parses_elsewhere, chosen))
    ours = sum(map(_is_whole, chosen))
    script = (
        "import sys, json, logging, vobject\nlogging.disable()\ncount = 0\n"
        "for name in json.load(sys.stdin):\n"
        "    try:\n"
        "        text = open(name, encoding='utf-8', errors='replace', newline='').read()\n"
        "        count += bool(list(vobject.readComponents(text)))\n"
        "    except Exception: pass\n"
        "print(count)"
    )
    names = json.dumps([str(path) for path in chosen])
    done = subprocess.run(
        [program("python"), "-W", "ignore", "-c", script], input=names, capture_output=True, text=True, check=True
    )
    assert ours >= elsewhere
    assert ours >= int(done.stdout)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("books") / "empty.sfa"
    Book.create(path, "Mia Rep").close()
    return path


@pytest.mark.parametrize("source", ["apple-ccs", "ical.js", "icalendar", "node-ical", "vobject"])
def test_what_came_in_goes_out_and_comes_in_the_same(empty: Path, tmp_path: Path, source: str) -> None:
    """Each file comes in, or is refused with a reason; what is exported then is stable, here and in another book."""
    for number, path in enumerate(files()):
        if source in path.relative_to(real("ical")).parts:
            one, two = (_opened(empty, tmp_path / f"{number}{name}.sfa") for name in "ab")
            _require_stable(one, two, path, tmp_path / "export.ics")
            one.close()
            two.close()


def _opened(empty: Path, path: Path) -> Book:
    shutil.copy(empty, path)
    return Book.open(path)


def _require_stable(one: Book, two: Book, path: Path, copy: Path) -> None:
    (result,) = run_import(one, [path]).files
    assert result.created or result.refusals, path
    assert all(refusal.reason and "\n" not in f"{refusal.what}{refusal.reason}" for refusal in result.refusals)
    (again,) = run_import(one, [path]).files
    assert (again.created, again.updated) == (0, 0), path
    text = exported(one)
    require_bytes(text)
    (own,) = run_import(one, [written(copy, text)]).files
    assert (own.created, own.updated) == (0, 0), path
    run_import(two, [copy])
    assert exported(two) == text, path
