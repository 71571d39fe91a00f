"""The installed command, as a person has it: a home of its own, a shell, a terminal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import NOW

if TYPE_CHECKING:
    from tests.acceptance.terminal import Terminal

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "docs" / "sample"
COMMAND = Path(sys.executable).with_name("sfa.exe" if sys.platform == "win32" else "sfa")
SAMPLE_IMPORT = (
    "import",
    *(str(SAMPLE / f"{name}.csv") for name in ("accounts", "contacts", "deals")),
    *("--as", "account", "--as", "contact", "--as", "deal"),
)


@dataclass
class Desk:
    """A rep's laptop: what is in its home, and its settings in the environment."""

    home: Path
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TEMP", "TMPDIR") if name in os.environ}
        return {
            **kept,
            "HOME": str(self.home),
            "SFA_HOME": str(self.home / "sfa"),
            "SFA_NOW": NOW,
            "SFA_TZ": "Europe/Berlin",
            "SFA_LOCALE": "en_US",
            "LANG": "C.UTF-8",
            "PYTHONUTF8": "1",
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            **self.settings,
        }

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Runs ``sfa`` in a pipe."""
        return subprocess.run(
            [str(COMMAND), *words],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
            cwd=self.home,
        )

    def sfa(self, *words: str, code: int = 0) -> str:
        """What ``sfa`` prints; it must end with ``code``."""
        done = self.run(*words)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    def data(self, *words: str, code: int = 0) -> Any:
        """The document of ``--json``; amounts as they are written."""
        return json.loads(self.sfa(*words, "--json", code=code), parse_float=str)

    @contextmanager
    def screens(self, *words: str, size: tuple[int, int] = (80, 24)) -> Iterator[Terminal]:
        """Opens ``sfa`` in a terminal of ``size``, columns by rows."""
        from tests.acceptance.terminal import Terminal

        with Terminal([str(COMMAND), *words], *size, self.environment) as terminal:
            yield terminal


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    home = tmp_path / "rita"
    home.mkdir()
    return Desk(home)


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """A desk with a few customers and deals of its own, imported."""
    desk.sfa(*SAMPLE_IMPORT, "--user", "Rita Rep")
    return desk


@pytest.fixture
def demo_desk(desk: Desk, _demo_file: Path) -> Desk:
    """A desk with the demo's book as its own."""
    import shutil

    desk.settings["SFA_BOOK"] = str(desk.home / "demo.sfa")
    shutil.copy(_demo_file, desk.settings["SFA_BOOK"])
    return desk
