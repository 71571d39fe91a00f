"""The facts of locales, kept between starts."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sfa import cldr, settings
from sfa.locales import Locale


def cached(name: str) -> Path:
    return next(Path(settings.folder("cache")).glob(f"locale-{name}-*.json"))


@pytest.mark.parametrize("damage", ["", "{", "null", "[]", "{}", "[" * 100_000, '{"name": 1}', "\x00\xff"])
def test_a_damaged_cache_is_rebuilt(damage: str) -> None:
    facts = cldr.load("de_DE")
    cached("de_DE").write_text(damage, encoding="latin-1")
    assert cldr.load("de_DE") == facts == json.loads(cached("de_DE").read_text())


def test_facts_of_a_wrong_type_are_rebuilt() -> None:
    facts = cldr.load("de_DE")
    cached("de_DE").write_text(json.dumps(facts | {"months": None}))
    assert cldr.load("de_DE") == facts


def test_a_good_cache_is_used() -> None:
    facts = cldr.load("de_DE")
    cached("de_DE").write_text(json.dumps(facts | {"decimal": "!"}))
    assert cldr.load("de_DE")["decimal"] == "!"
    assert cldr._babel_version() in cached("de_DE").name


def test_a_cache_that_cannot_be_written_is_done_without(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("SFA_HOME", str(tmp_path / "file"))
    assert Locale(cldr.load("de_DE")).amount(100, "EUR") == "1,00\xa0€"


def test_babels_version_is_told_without_importing_it() -> None:
    import babel

    assert cldr._babel_version() == babel.__version__


def test_a_warm_start_imports_neither_babel_nor_the_slow_parts(tmp_path: Path) -> None:
    code = "import sys, sfa.locales as l; l.current().amount(1, 'EUR'); l.today(); print(*sys.modules)"
    environment = os.environ | {"SFA_HOME": str(tmp_path), "SFA_TZ": ""}
    for _ in range(2):
        run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert not {"babel", "tzlocal", "zoneinfo", "dataclasses", "decimal", "platformdirs"} & set(run.stdout.split())
