"""Both sides are compared with what they said themselves: what a server keeps otherwise is nobody's change."""

from __future__ import annotations

from sfa.exchange.dav.threeway import WHOLE, Parts, Side, agreed, meet
from sfa.models import KINDS

FIELDS = KINDS["activity"].fields
A: Parts = {WHOLE: {"subject": "a", "location": "x"}}


def parts(**values: str) -> Parts:
    return {WHOLE: {**A[WHOLE], **values}}


def test_each_side_may_change_something_else() -> None:
    there, here = Side(A, parts(subject="there")), Side(A, parts(location="here"))
    met = meet(FIELDS, there, here)
    assert (met.parts, met.differences) == (parts(subject="there", location="here"), [])
    ours = agreed(there, here, met.parts)
    assert ours == parts(subject="there")  # that the location is to go there is still to be seen


def test_what_the_server_never_kept_is_no_change() -> None:
    kept: Parts = {WHOLE: {"subject": "a"}}
    assert meet(FIELDS, Side(kept, kept), Side(A, A)).parts == A
    met = meet(FIELDS, Side(kept, {WHOLE: {"subject": "there"}}), Side(A, A))
    assert (met.parts, met.differences) == (parts(subject="there"), [])
    assert agreed(Side(kept, {WHOLE: {"subject": "there"}}), Side(A, A), met.parts) == met.parts


def test_the_same_change_on_both_sides_is_none_to_decide() -> None:
    met = meet(FIELDS, Side(A, parts(subject="b")), Side(A, parts(subject="b")))
    assert (met.parts, met.differences) == (parts(subject="b"), [])


def test_both_changed_stays_as_it_is_here_and_is_told() -> None:
    there, here = Side(A, parts(subject="there")), Side(A, parts(subject="here"))
    met = meet(FIELDS, there, here)
    assert met.parts == parts(subject="here")
    ((part, reason, clash),) = met.differences
    assert (part, reason) == (WHOLE, "edited")
    assert clash == ({"subject": "a"}, {"subject": "there"}, {"subject": "here"})
    assert agreed(there, here, met.parts)[WHOLE]["subject"] == "a"  # so it goes there


def test_no_occurrence_stays_without_its_series() -> None:
    series = {**A, "2026-11-26T08:00:00Z": {"subject": "moved"}}
    assert meet(FIELDS, Side(series, {}), Side(series, series)).parts == {}
    changed = {**series, "2026-12-03T08:00:00Z": {"subject": "new"}}
    met = meet(FIELDS, Side(series, changed), Side(series, {}))
    assert met.parts == {}
    assert [(one.part, one.reason) for one in met.differences] == [(WHOLE, "deleted")]


def test_a_series_that_was_deleted_there_stays_whole_where_any_part_was_changed_here() -> None:
    series = {**A, "2026-11-26T08:00:00Z": {"subject": "moved"}}
    done = {**series, "2026-12-03T08:00:00Z": {"subject": "done"}}
    met = meet(FIELDS, Side(series, {}), Side(series, done))
    assert met.parts == done
    assert [(one.part, one.reason) for one in met.differences] == [(WHOLE, "delete")]
    assert agreed(Side(series, {}), Side(series, done), met.parts) == {}  # all of it is to go there again


def test_an_occurrence_that_only_one_side_has() -> None:
    there = {**A, "2026-11-26T08:00:00Z": {"subject": "there"}}
    here = {**A, "2026-12-03T08:00:00Z": {"subject": "here"}}
    met = meet(FIELDS, Side(A, there), Side(A, here))
    assert met.parts == there | here
    assert "2026-12-03T08:00:00Z" not in agreed(Side(A, there), Side(A, here), met.parts)
