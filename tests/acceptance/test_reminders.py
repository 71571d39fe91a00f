"""Reminders as a rep has them: real programs, a real session bus, a real notification service, a real mouse."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sfa.clock import to_instant
from sfa.sales import edit, reminders
from sfa.store.book import Book
from tests.acceptance.conftest import COMMAND, Desk
from tests.acceptance.desktop import LOOK, PATIENCE, Desktop, desktop


@pytest.fixture
def shown(desk: Desk, tmp_path: Path) -> Iterator[Desktop]:
    """A desktop on which the desk's programs show their notifications."""
    folder = tmp_path / "desktop"
    folder.mkdir()
    with desktop(folder) as one:
        desk.settings |= one.environment
        desk.sfa(
            "new", "contact", "first_name=Anna &", "last_name=Schmidt", "phones=+49 30 1234567", "--user", "Rita Rep"
        )
        yield one


def book_of(desk: Desk) -> Book:
    return Book.open(desk.home / "sfa" / "data" / "book.sfa")


def plan(desk: Desk, *plans: tuple[str, str]) -> None:
    """Calls with Anna, each with a reminder at its start: subject and instant."""
    book = book_of(desk)
    anna = book.value("SELECT id FROM contact")
    with book.change("Plan") as change:
        for subject, at in plans:
            call = {"type": "call", "subject": subject, "start": at, "contact": anna}
            edit.create(change, "reminder", {"activity": edit.create(change, "activity", call), "remind_at": at})
    book.close()


@contextmanager
def watching(desk: Desk) -> Iterator[subprocess.Popen[str]]:
    """``sfa remind --watch``, once it is up."""
    process = subprocess.Popen(
        [str(COMMAND), "remind", "--watch"], env=desk.environment, stderr=subprocess.PIPE, text=True, cwd=desk.home
    )
    assert process.stderr
    assert "Reminds." in process.stderr.readline()
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def wait_until(holds: object, wanted: str) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < end, f"waited for {wanted}"
        time.sleep(LOOK)


def test_a_notification_says_what_is_due_and_a_click_opens_the_record(desk: Desk, shown: Desktop) -> None:
    with watching(desk) as watch, desk.screens() as terminal:
        terminal.wait_for("Help")
        plan(desk, ("Call about <b>5 & 6</b>", "2026-11-18T08:59:00Z"))
        shown.wait_for_notification()
        # either program may have been the first; both open the record at a click
        shown.click()
        terminal.wait_for("Call about <b>5 & 6</b> · Activity")
        assert watch.poll() is None
    assert shown.shown() == [("Call about <b>5 & 6</b>", "9:59\u202fAM · Anna &amp; Schmidt · +49 30 1234567")]


def test_a_click_is_answered_by_the_screens_though_another_program_reminded(desk: Desk, shown: Desktop) -> None:
    (desk.home / "sfa" / "config").mkdir(parents=True, exist_ok=True)
    (desk.home / "sfa" / "config" / "sfa.toml").write_text('reminders = "off"\n')
    with watching(desk), desk.screens() as terminal:
        terminal.wait_for("Help")
        plan(desk, ("Call about the offer", "2026-11-18T08:59:00Z"))
        shown.wait_for_notification()
        terminal.wait_for("◷ off")
        shown.click()
        terminal.wait_for("Call about the offer · Activity")


def test_two_programs_never_notify_twice(desk: Desk, shown: Desktop) -> None:
    with watching(desk), watching(desk), desk.screens() as terminal:
        terminal.wait_for("Help")
        for number in range(8):
            plan(desk, (f"call {number}", "2026-11-18T08:59:00Z"))
        book = book_of(desk)
        wait_until(lambda: len(reminders.fired(book)) == 8, "eight reminders")
        book.close()
        told: list[str] = []

        def all_told() -> bool:
            told[:] = [f"{title}\n{body}" for title, body in shown.shown()]
            return all(any(f"call {number}" in text for text in told) for number in range(8))

        wait_until(all_told, "eight notifications")
        for number in range(8):
            assert sum(f"call {number}" in text for text in told) == 1, told


def test_a_laptop_that_slept_is_told_once_and_in_order(desk: Desk, shown: Desktop) -> None:
    """The program is frozen while the clock of the wall goes on: that is what sleep is to it."""
    del_now(desk)
    with watching(desk) as watch:
        soon = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=3)
        moments = [to_instant(soon + timedelta(seconds=number)) for number in range(3)]
        plan(desk, ("second", moments[1]), ("third", moments[2]), ("first", moments[0]))
        os.kill(watch.pid, signal.SIGSTOP)
        wait_until(lambda: to_instant(datetime.now(UTC)) > moments[2], "the last of them")
        os.kill(watch.pid, signal.SIGCONT)
        shown.wait_for_notification()
    ((title, body),) = shown.shown()
    assert title == "3 reminders"
    assert [line.split("  ")[1] for line in body.splitlines()] == [
        f"{subject} · Anna &amp; Schmidt" for subject in ("first", "second", "third")
    ]


def test_each_comes_at_its_moment(desk: Desk, shown: Desktop) -> None:
    del_now(desk)
    with watching(desk):
        due = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=3)
        plan(desk, ("on time", to_instant(due)))
        shown.wait_for_notification()
        assert datetime.now(UTC) >= due
    assert [title for title, _body in shown.shown()] == ["on time"]


def test_one_that_dies_between_claim_and_show_leaves_it_on_today(desk: Desk, shown: Desktop) -> None:
    plan(desk, ("Call about the offer", "2026-11-18T08:59:00Z"))
    code = (
        "import os, signal, sys\n"
        "from sfa.desktop.notifier import Notifier\n"
        "Notifier.show = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "from sfa.cli import main; main(['remind', '--watch'])"
    )
    done = subprocess.run([sys.executable, "-c", code], env=desk.environment, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL
    book = book_of(desk)
    assert reminders.next_due(book) is None
    book.close()
    assert "Call about the offer" in desk.sfa("today").partition("Overdue")[0]


def test_without_a_desktop_nothing_is_lost(desk: Desk) -> None:
    desk.sfa("new", "contact", "last_name=Schmidt", "--user", "Rita Rep")
    desk.settings["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nowhere"
    plan(desk, ("Call about the offer", "2026-11-18T08:59:00Z"))
    with watching(desk) as watch:
        assert watch.stderr
        assert "shows no notifications" in watch.stderr.readline()
        book = book_of(desk)
        assert reminders.next_due(book) == "2026-11-18T08:59:00Z"
        book.close()
        watch.send_signal(signal.SIGTERM)
        assert watch.wait(20) == 0


def test_the_screens_alone_remind_and_say_what_comes_next(desk: Desk, shown: Desktop) -> None:
    with desk.screens(size=(140, 40)) as terminal:
        terminal.wait_for("reminders on")
        plan(desk, ("Call about the offer", "2026-11-18T08:59:00Z"), ("Later", "2026-11-18T10:00:00Z"))
        terminal.wait_for_message("Call about the offer")
        terminal.wait_for("reminders on, next 11:00")
        shown.wait_for_notification()
    assert [title for title, _body in shown.shown()] == ["Call about the offer"]


def del_now(desk: Desk) -> None:
    """Lets the clock go, for this desk and for this test."""
    desk.settings["SFA_NOW"] = ""
    os.environ.pop("SFA_NOW")
