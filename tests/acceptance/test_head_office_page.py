"""The page that sets head office up tells the truth: its commands, in its order, do what it says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.acceptance.conftest import ROOT
from tests.acceptance.test_sync import HeadOffice, Laptop

PAGE = ROOT / "docs" / "head-office.md"
PORT = "8470"


def lines() -> list[list[str]]:
    """The command lines of the page's console blocks, in words; what they print is left out."""
    blocks = re.findall(r"^```console\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    typed = [line for block in blocks for line in block.splitlines() if line.startswith("$")]
    return [shlex.split(line.removeprefix("$ sfa ")) for line in typed]


def test_its_commands_set_head_office_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    first, *rest = lines()
    assert first == ["serve", "--listen", f"127.0.0.1:{PORT}"]
    office = HeadOffice(tmp_path / "office")
    laptop = Laptop(tmp_path / "rita", office, "rita")
    try:
        printed = obeyed(rest, office, laptop)
    finally:
        laptop.proxy.close()
        office.kill()
    assert "synced" in printed["info"]
    assert (tmp_path / "office-backup.db").stat().st_size > 0


def obeyed(rest: list[list[str]], office: HeadOffice, laptop: Laptop) -> dict[str, str]:
    """What the laptop's commands print, by their first word; none is refused."""
    printed: dict[str, str] = {}
    for words in rest:
        asks = ["--password-stdin"] if words[:3] == ["admin", "user", "add"] or words[0] == "login" else []
        where = [word.replace(PORT, str(office.port)) for word in words]
        keeps = ["--token", "file"] if words[0] == "login" else []
        if words[0] == "admin":
            office.admin(*where[1:], *asks)
        else:
            code, printed[words[0]] = laptop.run(*where, *asks, *keeps)
            assert code == 0, printed[words[0]]
    return printed
