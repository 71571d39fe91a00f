"""What tests share: a fresh book, a fixed clock and a fixed locale."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sfa import locales
from sfa.store.book import Book

NOW = "2026-11-18T09:00:00Z"  # a Wednesday


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SFA_NOW", NOW)
    monkeypatch.setenv("SFA_TZ", "Europe/Berlin")
    monkeypatch.setenv("SFA_LANGUAGE", "en")
    monkeypatch.setenv("SFA_HOME", str(tmp_path / "home"))
    locales.use("en_US")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    book = Book.create(tmp_path / "book.sfa", "Rita Rep")
    yield book
    book.close()
