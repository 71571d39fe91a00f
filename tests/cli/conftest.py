"""The command as a person runs it: words in; exit code, stdout and stderr out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from unicodedata import category

import pytest

from sfa.cli import main


class Result(NamedTuple):
    """What one run of ``sfa`` gave."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The document of ``--json``; amounts as they are written."""
        return json.loads(self.out, parse_float=str)


Sfa = Callable[..., Result]


def is_harmless(text: str) -> bool:
    """Whether a terminal obeys and hides nothing in ``text`` (joiners inside words and emoji are wanted)."""
    obeyed = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    return all(char in "\n\u200c\u200d" or category(char) not in obeyed for char in text)


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A home of its own: no settings, no book, no log but the test's."""
    folder = tmp_path / "home"
    monkeypatch.setenv("SFA_BOOK", str(folder / "book.sfa"))
    monkeypatch.setenv("SFA_LOCALE", "en_US")
    monkeypatch.delenv("SFA_CONFIG", raising=False)
    return folder


@pytest.fixture
def bare(capsys: pytest.CaptureFixture[str]) -> Sfa:
    """Runs ``sfa`` with the given words; nothing was done before."""

    def run(*words: str) -> Result:
        code = main(words)
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return run


@pytest.fixture
def sfa(bare: Sfa) -> Sfa:
    """As ``bare``, with a book that holds an account, a contact and a deal."""
    for words in (
        ("account", "name=Acme", "industry=Retail", "phones=+49 30 901820"),
        ("contact", "first_name=Anna", "last_name=Schmidt", "account=Acme"),
        ("deal", "name=Big deal", "account=Acme", "amount=1200.50", "currency=EUR"),
    ):
        assert bare("new", *words, "--user", "Rita Rep").code == 0
    return bare
