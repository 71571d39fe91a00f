"""Knocking at the screens, open or not."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from sfa.desktop import doorbell
from sfa.store.book import Book
from sfa.store.knocks import Knock, take

WISH = Knock("show", "contact", "c")


def test_screens_that_answer_are_heard(book: Book) -> None:
    def answer() -> None:
        screens = Book.open(book.path)
        while not take(screens):
            pass
        screens.close()

    thread = threading.Thread(target=answer)
    thread.start()
    assert doorbell.ring(book, WISH)
    thread.join(20)


def test_nobody_answers(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorbell, "PATIENCE", 0.1)
    assert not doorbell.ring(book, WISH)
    assert take(book) == []
    assert not doorbell.ring(book, WISH, keep=True)
    assert take(book) == [WISH]  # for screens that are opened soon


def test_where_no_screens_are_open_a_terminal_opens_them(
    book: Book, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    opened = tmp_path / "opened"
    os.mkfifo(opened)
    opener = tmp_path / "bin" / "xdg-terminal-exec"
    opener.parent.mkdir()
    opener.write_text(f'#!/bin/sh\nfor word in "$@"; do echo "$word"; done > "{opened}"\n')
    opener.chmod(0o755)
    monkeypatch.setattr(doorbell, "PATIENCE", 0.1)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("DISPLAY", ":99")
    monkeypatch.setenv("PATH", f"{opener.parent}{os.pathsep}{os.environ['PATH']}")
    assert doorbell.show(book, "contact", "c")
    program, *words = opened.read_text().splitlines()
    assert Path(program).name == "sfa"
    assert words == ["--book", str(book.path)]
    assert take(book) == [WISH]


def test_without_a_screen_there_is_no_terminal(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorbell, "PATIENCE", 0.1)
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert not doorbell.show(book, "contact", "c")
