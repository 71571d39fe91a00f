"""A head office on a real line, in this process: Rita and Max in the North, Sam in the South."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from sfa.server import passwords
from tests.server.test_connection import Running, running


@pytest.fixture
def head_office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    monkeypatch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    folder = tmp_path / "office"
    folder.mkdir()
    yield from running(folder)
