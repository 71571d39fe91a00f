"""Periods as they are written, and the days that they mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from sfa import locales
from sfa.errors import UserError
from sfa.sales.figures import period

TODAY = "2026-11-25"


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("this quarter", "2026-10-01", "2026-12-31"),
        ("Last  Quarter", "2026-07-01", "2026-09-30"),
        ("next quarter", "2027-01-01", "2027-03-31"),
        ("this month", "2026-11-01", "2026-11-30"),
        ("this week", "2026-11-22", "2026-11-28"),
        ("2017", "2017-01-01", "2017-12-31"),
        ("2017-Q2", "2017-04-01", "2017-06-30"),
        ("2016-02", "2016-02-01", "2016-02-29"),
        ("2017-05-03", "2017-05-03", "2017-05-03"),
        ("last 90 days", "2026-08-28", TODAY),
        ("next 1 day", "2026-11-26", "2026-11-26"),
        ("last 2 months", "2026-09-01", "2026-10-31"),
        ("2017-01..2017-06", "2017-01-01", "2017-06-30"),
        ("2017..", "2017-01-01", period.LAST),
        ("..2017-03-05", period.FIRST, "2017-03-05"),
        ("yesterday", "2026-11-24", "2026-11-24"),
        ("", period.FIRST, period.LAST),
    ],
)
def test_what_is_written_is_understood(text: str, first: str, last: str) -> None:
    locales.use("en_US")
    assert period.read(text, TODAY)[:2] == (first, last)


@pytest.mark.parametrize("text", ["soon", "2017-Q5", "2017-13", "2017-02-30", "2018..2017", "last 0 days"])
def test_what_is_none_is_refused(text: str) -> None:
    with pytest.raises(UserError):
        period.read(text, TODAY)


@pytest.mark.parametrize("text", ["2017", "2017-Q2", "2017-05", "2017-05-03", "2017-05-03..2017-06-01", "all time"])
def test_its_code_is_read_again(text: str) -> None:
    found = period.read(text, TODAY)
    assert found.code == text
    assert period.read(found.code, TODAY) == found


def test_a_business_year_from_july(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SFA_HOME", str(tmp_path))
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "sfa.toml").write_text("year_starts = 7\n")
    assert period.read("2027", TODAY)[:2] == ("2026-07-01", "2027-06-30")
    assert period.read("2027-Q1", TODAY)[:2] == ("2026-07-01", "2026-09-30")
    assert period.read("this quarter", TODAY).code == "2027-Q2"
    assert period.read("this year", TODAY).code == "2027"


def test_periods_follow_one_another() -> None:
    quarter = period.read("2017-Q4", TODAY)
    assert quarter.moved(1).code == "2018-Q1"
    assert quarter.moved(-4).code == "2016-Q4"
    assert [part.code for part in quarter.parts("month")] == ["2017-10", "2017-11", "2017-12"]
    assert period.read("last 30 days", TODAY).moved(-1).last == "2026-10-26"
