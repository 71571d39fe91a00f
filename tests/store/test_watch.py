"""Waiting for other programs' changes and for moments; the kernel's own way and the bounded one."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sfa import clock
from sfa.store import watch
from sfa.store.book import Book

FAR = "2200-01-01T00:00:00Z"


def waiting(one: watch.Watch, until: str | None) -> threading.Thread:
    """A thread that waits; daemonic, so that one that waits for ever does not stop the tests."""
    thread = threading.Thread(target=one.wait, args=(until,), daemon=True)
    thread.start()
    return thread


def test_another_programs_change_ends_the_wait(book: Book) -> None:
    one = watch.watch(book.path)
    thread = waiting(one, None)
    code = (
        "import sys; from pathlib import Path; from sfa.store.book import Book; from sfa.sales import edit\n"
        "with Book.open(Path(sys.argv[1])).change('x') as change: edit.create(change, 'account', {'name': 'Acme'})"
    )
    subprocess.run([sys.executable, "-c", code, str(book.path)], check=True)
    thread.join(20)
    assert not thread.is_alive()
    assert book.value("SELECT count(*) FROM account") == 1
    one.close()


def test_what_others_write_beside_the_book_wakes_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform != "linux":
        return
    monkeypatch.delenv("SFA_NOW")
    one = watch.Told(tmp_path / "book.sfa")
    soon = datetime.now(UTC) + timedelta(seconds=1.5)
    (tmp_path / "other.txt").write_text("x")
    one.wait(clock.to_instant(soon))
    assert clock.to_seconds(clock.to_instant(datetime.now(UTC))) >= int(soon.timestamp())
    (tmp_path / "book.sfa-wal").write_text("x")
    one.wait(FAR)
    one.close()


@pytest.mark.parametrize("kind", [watch.Looking, *([watch.Told] if sys.platform == "linux" else [])])
def test_a_poke_ends_the_wait_and_a_moment_gone_by_is_none(
    kind: type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one: watch.Watch = kind() if kind is watch.Looking else kind(tmp_path / "book.sfa")
    one.poke()
    one.wait(None)  # poked before
    thread = waiting(one, None)
    one.poke()
    thread.join(20)
    assert not thread.is_alive()
    monkeypatch.delenv("SFA_NOW")
    one.wait("2020-01-01T00:00:00Z")
    one.close()


def test_where_the_clock_stands_no_moment_comes() -> None:
    assert watch.seconds(FAR) is None
    assert watch.seconds(None) is None


def test_a_system_that_lends_nothing_more_is_looked_at(tmp_path: Path) -> None:
    assert isinstance(watch.watch(tmp_path / "nowhere" / "book.sfa"), watch.Looking)


def test_a_laptop_that_travels_ends_the_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform != "linux":
        return
    zone = tmp_path / "etc" / "localtime"
    zone.parent.mkdir()
    monkeypatch.setattr(watch.Told, "ZONE", str(zone))
    one = watch.watch(tmp_path / "book.sfa")
    thread = waiting(one, None)
    zone.symlink_to("/usr/share/zoneinfo/Asia/Tokyo")
    thread.join(20)
    assert not thread.is_alive()
    one.close()


def test_the_zone_is_asked_for_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SFA_TZ")
    monkeypatch.delenv("TZ", raising=False)
    seen = []
    for name in ("Europe/Berlin", "Asia/Tokyo"):
        monkeypatch.setattr("os.path.realpath", lambda _path, name=name: f"/usr/share/zoneinfo/{name}")
        clock.forget_zone()
        seen.append(clock.zone())
    assert seen == ["Europe/Berlin", "Asia/Tokyo"]
    monkeypatch.undo()
    clock.forget_zone()


def test_the_alarm_is_of_the_clock_on_the_wall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that stands while the laptop sleeps, or a span from now, would come late."""
    if sys.platform != "linux":
        return
    monkeypatch.delenv("SFA_NOW")
    one = watch.Told(tmp_path / "book.sfa")
    thread = waiting(one, FAR)
    told = ""
    for _turn in range(400):
        told = Path(f"/proc/self/fdinfo/{one._clock}").read_text()
        if "settime flags: 01" in told:  # TFD_TIMER_ABSTIME
            break
        thread.join(0.05)
    assert "settime flags: 01" in told
    assert "clockid: 0\n" in told  # CLOCK_REALTIME
    one.poke()
    thread.join(20)
    one.close()
