"""Random activities as the book holds them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from sfa.formats.ical.parts import Alarm, Person, Source
from sfa.locales import to_instant
from sfa.models.defaults import CLOSED_STATUSES, EVENT_STATUSES, EVENT_TYPES, TASK_STATUSES

ZONES = (
    "Europe/Berlin", "America/New_York", "America/Santiago", "Africa/Casablanca", "Asia/Kolkata", "Australia/Lord_Howe",
    "Europe/Dublin", "Pacific/Apia", "UTC",
)  # fmt: skip
LETTERS = st.characters(exclude_categories=("Cs", "Cc"))
TEXT = st.text(LETTERS, min_size=1, max_size=60).filter(str.strip)
LINES = st.text(LETTERS | st.just("\n"), min_size=1, max_size=200).filter(str.strip)
RULES = st.sampled_from(
    [
        "FREQ=DAILY",
        "FREQ=WEEKLY;BYDAY=MO,WE",
        "FREQ=MONTHLY;BYMONTHDAY=15",
        "FREQ=WEEKLY;COUNT=9",
        "FREQ=YEARLY;INTERVAL=2",
        "FREQ=WEEKLY;UNTIL=20311231",
        "FREQ=MONTHLY;BYDAY=-1FR",
    ]
)


def _degrees(most: int) -> st.SearchStrategy[float]:
    return st.integers(-most * 10**6, most * 10**6).map(lambda number: number / 10**6)


@st.composite
def activities(draw: st.DrawFn) -> dict[str, Any]:
    """Stored values of one activity, as ``read`` gives them: None for what is not there."""
    type_ = draw(st.sampled_from(["task", "call", "meeting", "visit", "email"]))
    status = draw(st.sampled_from(EVENT_STATUSES if type_ in EVENT_TYPES else TASK_STATUSES))
    place = draw(st.none() | st.tuples(_degrees(90), _degrees(180)))
    return {
        "id": draw(st.uuids()).hex,
        "type": type_,
        "subject": draw(TEXT),
        "body": draw(st.none() | LINES),
        "location": draw(st.none() | TEXT),
        "latitude": place and place[0],
        "longitude": place and place[1],
        "priority": draw(st.sampled_from(["Low", "Normal", "High", "Urgent"])),
        "status": status,
        "completed_at": "2026-11-02T10:11:12Z" if status in CLOSED_STATUSES else None,
        "duration": draw(st.none() | st.integers(1, 10**6)),
        "sequence": draw(st.integers(0, 99)),
        **draw(times(comes_back=True)),
    }


@st.composite
def times(draw: st.DrawFn, comes_back: bool) -> dict[str, Any]:
    """Nothing, days or moments; once or again and again."""
    shape = draw(st.sampled_from(["none", "day", "moment", "moment"]))
    names = ("start", "end", "tzid", "rrule", "series_start", "exdates", "rdates")
    values: dict[str, Any] = dict.fromkeys(names)
    if shape == "none":
        return values
    rule = draw(st.none() | RULES) if comes_back else None
    length = draw(st.none() | st.integers(1, 5))
    if shape == "day":
        day = draw(st.dates(date(1990, 1, 1), date(2099, 1, 1)))
        values["start"] = day.isoformat()
        values["end"] = (day + timedelta(days=length)).isoformat() if length else None
    else:
        moment = draw(st.datetimes(datetime(1990, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
        values["start"] = to_instant(moment)
        values["end"] = to_instant(moment + timedelta(minutes=30 * length)) if length else None
        values["tzid"] = draw(st.sampled_from(ZONES))
    if rule:
        values.update(rrule=rule, series_start=values["start"])
        left_out = draw(st.lists(st.integers(1, 20), max_size=3, unique=True))
        values["exdates"] = sorted(_shifted(values["start"], days) for days in left_out) or None
    return values


def _shifted(moment: str, days: int) -> str:
    later = datetime.fromisoformat(moment) + timedelta(days=days)
    return later.date().isoformat() if len(moment) == 10 else to_instant(later)


PEOPLE = st.lists(
    st.builds(
        Person,
        st.from_regex(r"[a-z]{1,9}@[a-z]{1,9}\.example", fullmatch=True),
        TEXT.map(str.strip),
        st.sampled_from(["needs-action", "accepted", "declined", "tentative"]),
        st.just(False),
    ),
    max_size=4,
    unique_by=lambda person: person.mail,
)
ALARMS = st.lists(
    st.integers(0, 10**6).map(Alarm) | st.just(Alarm(None, "2026-12-01T08:00:00Z")), max_size=3, unique=True
)


@st.composite
def sources(draw: st.DrawFn) -> Source:
    """One with people, tags and reminders."""
    tags = draw(st.lists(TEXT.map(str.strip), max_size=3, unique=True))
    return Source(draw(activities()), "2026-11-03T09:00:00Z", "", draw(PEOPLE), tags, draw(ALARMS))
