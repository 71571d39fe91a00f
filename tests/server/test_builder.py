"""Snapshots that are made in the background."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from sfa.server import builder, snapshots
from sfa.server.builder import Builder
from sfa.server.database import Database
from sfa.server.replica import Pause
from sfa.server.snapshots import Version
from tests.server.offices import founded
from tests.server.senders import NORTH, Laptop


@pytest.fixture
def filled(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Laptop:
    """An office whose territory North Rita fills."""
    monkeypatch.setattr(snapshots, "LARGE", 5)
    return Laptop(founded(database, tmp_path / "files"), "rita")


def test_the_builder_makes_what_is_due_while_others_push(
    filled: Laptop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    office = filled.office
    made, go_on = threading.Semaphore(0), threading.Event()
    make = office.snapshots.make

    def noted(stream: int, pause: Pause) -> Version:
        assert go_on.wait(30)
        version = make(stream, pause)
        if stream == NORTH:
            made.release()
        return version

    monkeypatch.setattr(office.snapshots, "make", noted)
    monkeypatch.setattr(builder, "CALM", 0.01)
    monkeypatch.setattr(builder, "SHARE", 0.0)
    (office.snapshots.folder / "work-left").mkdir(parents=True)
    one = Builder(office.snapshots)
    office.listeners.append(one.announce)
    one.begin()
    try:
        filled.add()
        filled.add()  # while the first is being made
        go_on.set()
        assert made.acquire(timeout=30)
        assert office.snapshot(filled.who, NORTH)
    finally:
        one.close()
    assert not list(office.snapshots.folder.glob("work-*"))


def test_a_builder_that_ends_leaves_nothing_half_made(filled: Laptop, monkeypatch: pytest.MonkeyPatch) -> None:
    office = filled.office
    filled.add()
    one, begun = Builder(office.snapshots), threading.Event()
    rest = Builder._rest

    def resting(self: Builder, _seconds: float) -> None:
        begun.set()
        rest(self, 30.0)

    monkeypatch.setattr(Builder, "_rest", resting)
    one.begin()
    assert begun.wait(30)
    one.close()
    assert list(office.snapshots.folder.iterdir()) == []


def test_what_fails_is_logged_and_tried_again(
    filled: Laptop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    office = filled.office
    filled.add()
    tried, make = threading.Semaphore(0), office.snapshots.make

    def failing(stream: int, pause: Pause) -> Version:
        tried.release()
        monkeypatch.setattr(office.snapshots, "make", make)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(office.snapshots, "make", failing)
    monkeypatch.setattr(builder, "SHARE", 0.0)
    monkeypatch.setattr(builder, "CALM", 0.01)
    one = Builder(office.snapshots)
    one.begin()
    try:
        assert tried.acquire(timeout=30)
        while office.database.read(lambda session: office.snapshots.find(session, NORTH)) is None:
            one.announce({NORTH: 1})
    finally:
        one.close()
    assert "failure" in caplog.text
