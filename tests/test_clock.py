"""What time it is, and where."""

import datetime as dt

import pytest

from sfa import clock
from sfa.errors import UserError


def test_the_clock_can_be_fixed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SFA_NOW", "2026-11-28T00:30:00+01:00")
    monkeypatch.setenv("SFA_TZ", "Europe/Berlin")
    assert (clock.now(), clock.today(), clock.zone()) == ("2026-11-27T23:30:00Z", "2026-11-28", "Europe/Berlin")
    monkeypatch.setenv("SFA_TZ", "America/New_York")
    assert clock.today() == "2026-11-27"


@pytest.mark.parametrize("wrong", ["yesterday", "2026-11-27T23:30:00", "2026-02-30T00:00:00Z"])
def test_a_wrong_clock_is_refused(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SFA_NOW", wrong)
    with pytest.raises(UserError, match="SFA_NOW must be"):
        clock.now()


@pytest.mark.parametrize("wrong", ["Mars/Olympus", "../passwd", "/etc/passwd", "nowhere"])
def test_an_unknown_zone_is_refused(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SFA_TZ", wrong)
    with pytest.raises(UserError, match="no time zone"):
        clock.today()
    with pytest.raises(UserError, match="no time zone"):
        clock.zone()


def test_the_clock_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SFA_NOW", raising=False)
    monkeypatch.delenv("SFA_TZ", raising=False)
    before = dt.datetime.now(dt.UTC).replace(microsecond=0)
    assert before <= dt.datetime.fromisoformat(clock.now()) <= dt.datetime.now(dt.UTC)


def test_the_quick_way_to_today_agrees_with_the_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SFA_TZ", raising=False)
    for instant in ("2026-11-27T00:30:00Z", "2026-07-01T12:00:00Z", "2026-07-01T23:30:00Z"):
        monkeypatch.setenv("SFA_NOW", instant)
        assert clock.today() == clock.to_local(instant, clock.zone()).date().isoformat()


def test_instants_and_the_clock_on_the_wall() -> None:
    local = clock.to_local("2026-07-01T12:00:00Z", "Asia/Kolkata")
    assert local.isoformat() == "2026-07-01T17:30:00+05:30"
    assert clock.to_instant(local) == "2026-07-01T12:00:00Z"
    assert clock.to_instant(dt.datetime(999, 1, 1, tzinfo=dt.UTC)) == "0999-01-01T00:00:00Z"
    with pytest.raises(ValueError, match="without a time zone"):
        clock.to_instant(dt.datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point
    with pytest.raises(ValueError, match="too far"):
        clock.to_instant(dt.datetime(9999, 12, 31, 23, tzinfo=dt.timezone(dt.timedelta(hours=-5))))
