"""The occurrences of a series: which are to come, which waits, and those that are activities of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import takewhile

from sfa import recurrence
from sfa.locales import today
from sfa.models.defaults import EVENT_TYPES
from sfa.models.fields import Value
from sfa.models.times import local_midnight, shift_day
from sfa.sales import edit as editing
from sfa.sales.followups import series_of, shifted_end
from sfa.store.book import Book
from sfa.store.change import Change

Values = Mapping[str, Value]
MOST = 1000
"""Occurrences of one series that a view gets at most."""
OWN = frozenset({"id", "n", "created_at", "created_by", "deleted_at", "merged_into", "external_source", "external_id"})
OF_A_SERIES = frozenset({"rrule", "series_start", "exdates", "rdates", "uid", "original", "sequence"})


def occurrences(book: Book, values: Values, first_day: str, last_day: str) -> list[tuple[str, str | None]]:
    """Start and end of what a series (an activity's ``values``) still has on local days from one to another.

    From the one that waits on; without those that are activities of their own.
    """
    if values.get("completed_at") or values.get("deleted_at"):
        return []
    waiting, taken = values["start"], _taken(book, values["id"])
    first = max(waiting, _edge(first_day, waiting))
    past = _edge(shift_day(last_day, 1), waiting)
    found = [waiting] if first <= waiting < past else []
    for moment in takewhile(lambda moment: moment < past, _following(values, taken, max(first, waiting))):
        if len(found) == MOST:
            break
        if moment != waiting:
            found.append(moment)
    return [(moment, shifted_end(values.get("end"), waiting, moment)) for moment in found]


def _edge(day: str, like: str) -> str:
    """The beginning of a local day, as a date or an instant as ``like`` is."""
    return day if len(like) == 10 else local_midnight(day)


def _taken(book: Book, series: str) -> set[str]:
    """The moments of a series that have an activity of their own. Where that is deleted, the series leaves them out."""
    sql = "SELECT occurrence FROM activity WHERE deleted_at IS NULL AND series = ?"
    return {row[0] for row in book.rows(sql, (series,))}


def _following(values: Values, taken: set[str], after: str) -> Iterator[str]:
    return (moment for moment in recurrence.occurrences(series_of(values), after) if moment not in taken)


def complete(change: Change, series_id: str, given: Values | None = None) -> str:
    """Does the occurrence that waits; gives the id of the activity that is done, which takes the values ``given``.

    The series goes on with the next one that is not before today: what was missed is not to be clicked away one by one.
    A series without a next one is done itself.
    """
    values = change.get("activity", series_id).values
    done = {"completed_at": change.at, **(given or {})}
    then = following(change, values)
    if then is None:
        editing.edit(change, "activity", series_id, done)
        return series_id
    apart = set_apart(change, values, values["start"], done)
    wait_for(change, values, then)
    return apart


def following(change: Change, values: Values) -> str | None:
    """What a series waits for after the occurrence that it waits for now: not before today."""
    waiting = values["start"]
    after = max(waiting, _edge(today(), waiting))
    return next(
        (moment for moment in _following(values, _taken(change.book, values["id"]), after) if moment > waiting), None
    )


def wait_for(change: Change, values: Values, moment: str) -> None:
    """Has a series wait for this moment."""
    start, end = values["start"], values.get("end")
    now = {"start": moment, "end": shifted_end(end, start, moment), "series_start": values["series_start"]}
    editing.edit(change, "activity", values["id"], now)


def set_apart(change: Change, values: Values, occurrence: str, given: Values) -> str:
    """Makes an activity of its own of one occurrence, with the values ``given``; gives its id."""
    like = {name: value for name, value in values.items() if name not in OWN | OF_A_SERIES}
    if "completed_at" in given and "status" not in given:
        like.pop("status", None)
    start = given.get("start") or occurrence
    like.update(start=start, end=shifted_end(values.get("end"), values["start"], start))
    apart = editing.create(change, "activity", {**like, **given, "series": values["id"], "occurrence": occurrence})
    if not change.get("activity", apart).values.get("completed_at"):
        copy_reminders(change, values["id"], apart)
    return apart


def copy_reminders(change: Change, source: str, target: str) -> None:
    """What reminds of a series reminds of what is apart from it too."""
    for reminder in change.book.records("reminder", "activity = ? AND before IS NOT NULL", (source,)):
        same: dict[str, Value] = {
            name: reminder.values[name] for name in ("before", "user", "owner") if name in reminder.values
        }
        editing.create(change, "reminder", {**same, "activity": target})


def close(change: Change, values: Values) -> None:
    """Ends a series of which nothing waits: it is done with the last of it that was, and no touch of its own."""
    past = list(takewhile(lambda moment: moment < values["start"], recurrence.occurrences(series_of(values))))
    last = past[-1] if past else values["start"]
    instant = last if len(last) > 10 else local_midnight(last)
    first = values["series_start"]
    status = "Held" if values["type"] in EVENT_TYPES else "Completed"
    ended = {"start": first, "end": shifted_end(values.get("end"), values["start"], first), "series_start": first}
    editing.edit(change, "activity", values["id"], {**ended, "status": status, "completed_at": min(instant, change.at)})
