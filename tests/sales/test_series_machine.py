"""Any deeds on a series in any order: no time of it is lost, none is there twice, and undo leads back."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sfa import recurrence
from sfa.sales import calls, series
from sfa.sales.followups import series_of
from sfa.store.book import Book
from sfa.store.journal import newest_own
from sfa.store.undo import undo
from tests.books import dump
from tests.sales.makers import make

RULES = ("FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,WE,FR", "FREQ=WEEKLY;INTERVAL=2", "FREQ=MONTHLY;BYMONTHDAY=-1")
STARTS = ("2026-11-02T08:00:00Z", "2026-11-20", "2027-03-20T01:30:00Z")
LAST = "2029-06-30"  # so far nobody puts a series off in eight deeds
deeds = st.lists(
    st.tuples(st.sampled_from(["done", "skip", "move", "following", "all"]), st.integers(0, 6)), max_size=8
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rule=st.sampled_from(RULES), start=st.sampled_from(STARTS), todo=deeds)
def test_no_time_is_lost_and_none_is_twice(book: Book, rule: str, start: str, todo: list[tuple[str, int]]) -> None:
    made = make(book, "activity", type="call", subject="Again", start=start, rrule=rule)
    for deed, place in todo:
        before, newest = dump(book), newest_own(book)
        if _do(book, made, deed, place) and newest_own(book) != newest:
            _check(book, made)
            undo(book)
            assert dump(book) == before
            _do(book, made, deed, place)


def _do(book: Book, made: str, deed: str, place: int) -> bool:
    """One deed on the occurrence at ``place``; whether there was one."""
    values = book.get("activity", made).values
    coming = series.occurrences(book, values, "2026-01-01", LAST)[:7]
    if not coming or values.get("completed_at"):
        return False
    at = coming[place % len(coming)][0]
    if deed == "done":
        calls.complete(book, [made])
    elif deed == "skip":
        series.skip(book, made, at)
    else:
        to = _later(at)
        scope: Any = "this" if deed == "move" else deed
        series.move(book, made, at, to, scope=scope)
    return True


def _later(moment: str) -> str:
    """A day on, where rules of months can follow as well."""
    wall = recurrence.wall(moment, "Europe/Berlin")
    return recurrence.on_clock(wall.replace(hour=0 if len(moment) == 10 else 15), "Europe/Berlin", len(moment) == 10)


def _check(book: Book, made: str) -> None:
    for one in book.records("activity", "id = ? OR came_from = ?", (made, made)):
        values = one.values
        if not values.get("rrule"):
            continue
        apart = [other.values for other in book.records("activity", "series = ?", (one.id,))]
        taken = [other["occurrence"] for other in apart]
        assert len(taken) == len(set(taken))
        if values.get("completed_at"):
            continue
        coming = [start for start, _end in series.occurrences(book, values, "2026-01-01", LAST)]
        assert coming[0] == values["start"]
        assert not set(coming) & {*taken, *(values.get("exdates") or ())}
        every = recurrence.occurrences(series_of(values), values["start"])
        ruled = [moment for _number, moment in zip(range(len(coming) + len(taken)), every, strict=False)]
        assert [moment for moment in ruled if moment not in taken][: len(coming)] == coming
