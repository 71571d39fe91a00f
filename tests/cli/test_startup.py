"""What runs before anything is done must stay light."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = ("textual", "sqlalchemy", "sfa.store", "sqlcipher3")
PROBE = """
import sys
from sfa.cli import main
code = main({words!r})
import json
print(json.dumps([code, sorted(name for name in sys.modules if name.startswith({heavy!r}))]), file=sys.stderr)
"""


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["list", "--help"], ["bogus"]], ids=" ".join)
def test_no_database_and_no_screens_are_loaded(words: list[str]) -> None:
    probe = PROBE.format(words=words, heavy=HEAVY)
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True, encoding="utf-8")
    code, loaded = json.loads(done.stderr.splitlines()[-1])
    assert code == (2 if words == ["bogus"] else 0)
    assert loaded == []


def test_the_version_needs_no_argument_parser() -> None:
    probe = PROBE.format(words=["--version"], heavy=("argparse", "sfa.cli.", "sfa.models"))
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True, encoding="utf-8")
    assert json.loads(done.stderr.splitlines()[-1]) == [0, []]


def test_commands_never_load_textual(sfa: object) -> None:
    probe = PROBE.format(words=["list", "accounts"], heavy=("textual",))
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True, encoding="utf-8")
    assert "Acme" in done.stdout
    assert json.loads(done.stderr.splitlines()[-1]) == [0, []]
