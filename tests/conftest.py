"""What tests share: a fresh book, a fixed clock and a fixed locale."""

from __future__ import annotations

import asyncio
import inspect
import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from sfa import locales
from sfa.store.book import Book

# No example is judged by the clock; in CI the same examples are tried each time, at home others.
hypothesis.settings.register_profile("sfa", deadline=None, derandomize=bool(os.environ.get("CI")))
hypothesis.settings.load_profile("sfa")

_skipped: list[str] = []
NOW = "2026-11-18T09:00:00Z"  # a Wednesday


def _fix(patch: pytest.MonkeyPatch) -> None:
    patch.setenv("SFA_NOW", NOW)
    patch.setenv("SFA_TZ", "Europe/Berlin")
    patch.setenv("SFA_LANGUAGE", "en")
    for name in ("SFA_BOOK", "SFA_LOCALE", "NO_COLOR", "TEXTUAL", "TEXTUAL_ANIMATIONS"):
        patch.delenv(name, raising=False)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and os.environ.get("CI"):
        _skipped.append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """In CI a test that is skipped is a test that fails."""
    if _skipped and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for name in _skipped:
        terminalreporter.write_line(f"skipped, which CI does not allow: {name}", red=True)


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _fix(monkeypatch)
    monkeypatch.setenv("SFA_HOME", str(tmp_path / "home"))
    locales.use("en_US")


@pytest.fixture(autouse=True)
def _no_leftover_loop(request: pytest.FixtureRequest) -> None:
    """Closes the loop that pytest-asyncio leaves behind an asynchronous test: one that runs its own would drop it."""
    if inspect.iscoroutinefunction(getattr(request.node, "obj", None)):
        return
    try:
        asyncio.get_event_loop_policy().get_event_loop().close()
    except RuntimeError:
        return  # there is none
    asyncio.set_event_loop(None)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    book = Book.create(tmp_path / "book.sfa", "Rita Rep")
    yield book
    book.close()


@pytest.fixture(scope="session")
def _demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from sfa.sales.demo import make_demo

    path = tmp_path_factory.mktemp("demo") / "demo.sfa"
    with pytest.MonkeyPatch.context() as patch:
        _fix(patch)
        make_demo(path).close()
    return path


@pytest.fixture
def demo(_demo_file: Path, tmp_path: Path) -> Iterator[Book]:
    """The demo's book as it is made, seen from the fixed clock; a copy of its own for each test."""
    import shutil

    book = Book.open(Path(shutil.copy(_demo_file, tmp_path / "demo.sfa")))
    yield book
    book.close()
