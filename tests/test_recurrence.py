from __future__ import annotations

import json
import re
from datetime import date, datetime, timedelta
from itertools import islice, pairwise, takewhile
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest

from sfa import locales
from sfa.locales import to_instant, to_local
from sfa.recurrence import Series, check, joined, next_after, occurrences, remaining, shifted, until, wall
from sfa.rulewords import describe, read
from tests.shared import real

ZONES = sorted(available_timezones())
LINE = re.compile(r"^\s*(DTSTART|RRULE|EXRULE|RDATE|EXDATE):(.*)$")


def stamp(text: str) -> str:
    return f"{datetime.strptime(text, '%Y%m%dT%H%M%S').isoformat()}Z"  # noqa: DTZ007 - vectors are of no zone


def series(text: str) -> Series:
    """The series of a vector: lines as calendars have them, also folded, in lower case, with spaces."""
    found: dict[str, list[str]] = {"DTSTART": ["19970902T090000"]}
    for line in re.sub(r"\n (?=\S)", "", text.upper()).replace(" RRULE", "\nRRULE").splitlines():
        name, _colon, value = line.strip().rpartition(":")
        found.setdefault(name or "RRULE", []).append(value) if line.strip() else None
    rules = found.get("RRULE") or ["FREQ=DAILY;COUNT=1"]  # of its dates alone
    dates = {name: [stamp(text) for text in found.get(name, ())] for name in ("RDATE", "EXDATE")}
    first = Series(stamp(found["DTSTART"][-1]), "UTC", check(rules[0]), dates["EXDATE"], dates["RDATE"])
    return joined(first, rules[1:], found.get("EXRULE", ()))


def test_every_vector_gives_the_exact_instances() -> None:
    vectors: list[dict[str, Any]] = json.loads(real("rrule", "dateutil_rrule.json").read_text())
    tried = 0
    for vector in vectors:
        if "EASTER" in vector["text"]:
            continue  # no part of RFC 5545
        expected = [stamp(text) for text in vector["instances"]]
        after = ""
        if vector["test"].startswith("testXAfter"):  # these name no rule; so dateutil's own test has it
            vector["text"], after = "FREQ=DAILY", expected[0]
        found = list(islice(occurrences(series(vector["text"]), after), len(expected) + 1))
        assert found[: len(expected)] == expected, vector
        assert after or len(found) == len(expected), vector
        tried += 1
    assert tried == 235


def test_nine_on_the_clock_stays_nine_in_every_zone_for_ten_years() -> None:
    assert len(ZONES) > 400
    days = [date(2021, 1, 4) + timedelta(weeks=number) for number in range(522)]
    for name in ZONES:
        here = ZoneInfo(name)
        start = to_instant(datetime(2021, 1, 4, 9, tzinfo=here))
        found = list(takewhile(lambda moment: moment < "2031-01-05", occurrences(Series(start, name, "FREQ=WEEKLY"))))
        assert [datetime.fromisoformat(moment).astimezone(here).date() for moment in found] == days, name
        assert {datetime.fromisoformat(moment).astimezone(here).hour for moment in found} == {9}, name


def test_every_change_of_any_clock_is_met_in_order_and_once() -> None:
    """Half past midnight to half past three of every day on which a clock changes: what is skipped is an hour later."""
    changes = 0
    for name in ZONES:
        here = ZoneInfo(name)
        for day in _changes(here):
            changes += 1
            for hour in range(4):
                shown = datetime.combine(day - timedelta(days=2), datetime.min.time()).replace(hour=hour, minute=30)
                start = to_instant(shown.replace(tzinfo=here))
                found = list(islice(occurrences(Series(start, name, "FREQ=DAILY")), 5))
                assert all(one < other for one, other in pairwise(found)), (name, day)
                expected = [to_instant((shown + timedelta(days=n)).replace(tzinfo=here)) for n in range(5)]
                assert found == list(dict.fromkeys(expected)), (name, day)
                for moment, after in pairwise(found):  # from any of them on the same ones follow
                    assert next(occurrences(Series(start, name, "FREQ=DAILY"), moment)) == moment, (name, day)
                    assert next_after(Series(start, name, "FREQ=DAILY"), moment) == after, (name, day)
    assert changes > 1000


def _changes(here: ZoneInfo) -> list[date]:
    """The days in 2021 to 2030 on which this clock changes; in three of the years, as they are alike."""
    found = []
    for year in (2021, 2026, 2030):
        offsets = [datetime(year, 1, 1, tzinfo=here) + timedelta(days=n) for n in range(366)]
        found += [one.date() for one, other in pairwise(offsets) if one.utcoffset() != other.utcoffset()]
    return found


def test_a_series_begins_when_it_was_planned_though_the_clock_shows_that_time_twice() -> None:
    second = "2026-10-25T01:30:00Z"  # half past two in Berlin, for the second time
    found = islice(occurrences(Series(second, "Europe/Berlin", "FREQ=DAILY")), 2)
    assert list(found) == [second, "2026-10-26T01:30:00Z"]


@pytest.mark.parametrize("laptop", ["Pacific/Kiritimati", "America/Los_Angeles", "UTC"])
def test_the_laptops_zone_plays_no_part(laptop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    berlin = Series("2026-03-23T08:00:00Z", "Europe/Berlin", "FREQ=WEEKLY")
    days = Series("2026-03-27", "", "FREQ=DAILY;COUNT=5", ("2026-03-29",), ("2026-04-10",))
    expected = [list(islice(occurrences(berlin), 40)), list(occurrences(days))]
    monkeypatch.setenv("SFA_TZ", laptop)
    assert [list(islice(occurrences(berlin), 40)), list(occurrences(days))] == expected
    assert expected[1] == ["2026-03-27", "2026-03-28", "2026-03-30", "2026-03-31", "2026-04-10"]
    assert to_local(expected[0][1], "Europe/Berlin").hour == 9


def test_years_of_a_series_are_not_counted_off() -> None:
    for rule, first in (
        ("FREQ=SECONDLY;INTERVAL=7", "2026-11-18T09:00:05Z"),
        ("FREQ=MINUTELY;INTERVAL=90", "2026-11-18T09:00:00Z"),
        ("FREQ=WEEKLY;INTERVAL=3;BYDAY=TU,FR", "2026-11-20T09:00:00Z"),
    ):
        long_ago = Series("2020-01-03T09:00:00Z", "UTC", rule)
        found = next(occurrences(long_ago, "2026-11-18T09:00:00Z"))
        steps = (datetime.fromisoformat(found) - datetime.fromisoformat(long_ago.start)).total_seconds()
        assert found[:11] == first[:11] or rule.startswith("FREQ=WEEKLY")
        assert rule.startswith("FREQ=WEEKLY") or steps % (7 if "SECONDLY" in rule else 5400) == 0


def test_an_end_and_what_remains() -> None:
    ten = Series("2026-11-02T08:00:00Z", "Europe/Berlin", "FREQ=WEEKLY;COUNT=10")
    assert until(ten, "2026-12-07T08:00:00Z") == "FREQ=WEEKLY;UNTIL=20261207T075959Z"
    assert remaining(ten, "2026-12-07T08:00:00Z") == "FREQ=WEEKLY;COUNT=5"
    assert until(ten._replace(start="2026-11-02"), "2026-12-07") == "FREQ=WEEKLY;UNTIL=20261206"
    ended = ten._replace(rule="FREQ=WEEKLY;UNTIL=20261123T080000Z")
    assert list(occurrences(ended))[-1] == "2026-11-23T08:00:00Z"
    assert next_after(ended, "2026-11-23T08:00:00Z") is None


@pytest.mark.parametrize(
    ("rule", "old", "new", "moved"),
    [
        ("FREQ=DAILY", "2026-11-18", "2026-11-20", "FREQ=DAILY"),
        ("FREQ=WEEKLY;BYDAY=MO,SU", "2026-11-16", "2026-11-17", "FREQ=WEEKLY;BYDAY=MO,TU"),
        ("FREQ=MONTHLY;BYMONTHDAY=15", "2026-11-15", "2026-11-17", "FREQ=MONTHLY;BYMONTHDAY=17"),
        ("FREQ=MONTHLY;BYDAY=2TU", "2026-11-10", "2026-11-18", "FREQ=MONTHLY;BYDAY=3WE"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "2026-11-27", "2026-11-26", "FREQ=MONTHLY;BYDAY=-1TH"),
    ],
)
def test_a_rule_moves_with_its_days(rule: str, old: str, new: str, moved: str) -> None:
    assert shifted(rule, wall(old, "UTC"), wall(new, "UTC")) == moved


def test_a_rule_that_is_bound_to_its_days_is_to_be_written_anew() -> None:
    with pytest.raises(ValueError, match="Change the rule itself"):
        shifted("FREQ=YEARLY;BYMONTH=1,3", wall("2026-01-05", "UTC"), wall("2026-01-06", "UTC"))


@pytest.mark.parametrize("name", ["en_US", "en_GB", "de_DE", "fr_FR"])
@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY", "FREQ=WEEKLY;INTERVAL=2", "FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=MONTHLY;BYMONTHDAY=15", "FREQ=YEARLY",
        "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=MONTHLY;BYDAY=2TU", "FREQ=MONTHLY;INTERVAL=3;BYDAY=-1FR",
        "FREQ=WEEKLY;BYDAY=FR;UNTIL=20271231", "FREQ=DAILY;COUNT=5",
    ],
)  # fmt: skip
def test_words_are_read_as_they_are_told(name: str, rule: str) -> None:
    locales.use(name)
    told = describe(rule, locales.current())
    assert told != rule
    assert read(told, locales.current()) == rule


def test_words_that_people_type() -> None:
    locale = locales.current()
    for text, rule in (
        ("Weekly", "FREQ=WEEKLY"),
        ("every monday", "FREQ=WEEKLY;BYDAY=MO"),
        ("every mon and thu", "FREQ=WEEKLY;BYDAY=MO,TH"),
        ("every 2 weeks on fri", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"),
        ("monthly on the last day", "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ("rrule:freq=monthly;bymonthday=1", "FREQ=MONTHLY;BYMONTHDAY=1"),
    ):
        assert read(text, locale) == rule
    for text in ("sometimes", "every", "monthly on monday", "weekly on the 31st", "weekly until never"):
        with pytest.raises(ValueError, match="is not understood"):
            read(text, locale)
    with pytest.raises(ValueError, match="is no rule of repetition"):
        read("FREQ=NEVER", locale)
    assert describe("FREQ=YEARLY;BYMONTH=1,3", locale) == "FREQ=YEARLY;BYMONTH=1,3"
