"""What follows from an edit of something to be done: its status and zone, its series, and what goes with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from sfa import recurrence
from sfa.errors import FieldError
from sfa.i18n import _
from sfa.locales import to_instant, zone
from sfa.models.defaults import CLOSED_STATUSES, EVENT_TYPES
from sfa.models.fields import Value
from sfa.models.times import local_midnight
from sfa.recurrence import Series
from sfa.sales import alarms
from sfa.store.change import Change

Values = dict[str, Value]
HEARD = ("start", "end", "rrule", "exdates", "rdates", "series_start", "location", "status", "subject")
"""What calendars must hear of when it changes."""


def activity(change: Change, before: Mapping[str, Value], edit: Mapping[str, Value]) -> Values:
    """A status per type, the moment of completion, the zone of the event, and the account that the people belong to."""
    added: Values = {}
    type_ = edit.get("type") or before.get("type") or "task"
    done = bool({**before, **edit}.get("completed_at")) or (not before and type_ in ("note", "email"))
    other_type = type_ != before.get("type") and (type_ in EVENT_TYPES) != (before.get("type") in EVENT_TYPES)
    reopened_or_done = done != bool(before.get("completed_at"))
    if not edit.get("status") and (not before or other_type or reopened_or_done):
        open_status, closed_status = ("Planned", "Held") if type_ in EVENT_TYPES else ("Not Started", "Completed")
        added["status"] = closed_status if done else open_status
    status = edit.get("status") or added.get("status") or before.get("status")
    if status in CLOSED_STATUSES and not before.get("completed_at"):
        added["completed_at"] = change.at if before else _when_done(change, edit.get("start"))
    elif status not in CLOSED_STATUSES and before.get("completed_at"):
        added["completed_at"] = None
    if not before and status in CLOSED_STATUSES and not edit.get("start"):
        added["start"] = change.at
    if len(str(edit.get("start") or "")) > 10 and not (edit.get("tzid") or before.get("tzid")):
        added["tzid"] = zone()
    if not edit.get("account") and not before.get("account"):
        added.update(_account_of(change, edit))
    if before and _is_heard(before, {**added, **edit}):
        added["sequence"] = (before.get("sequence") or 0) + 1
    return added


def _is_heard(before: Mapping[str, Value], edit: Mapping[str, Value]) -> bool:
    """Whether calendars must hear of an edit; that a series waits for its next time is none of their business."""
    names = HEARD[2:] if before.get("rrule") and edit.get("series_start") == before.get("series_start") else HEARD
    return any(name in edit and edit[name] != before.get(name) for name in names)


def _when_done(change: Change, start: str | None) -> str:
    """Now; what is put down later than it happened was done then."""
    if not start:
        return change.at
    return min(change.at, start if len(start) > 10 else local_midnight(start))


def _account_of(change: Change, edit: Mapping[str, Value]) -> Values:
    for kind in ("opportunity", "contact"):
        record = change.book.find(kind, edit[kind]) if edit.get(kind) else None
        if record is not None and record.values.get("account"):
            return {"account": record.values["account"]}
    return {}


# Series


def series_of(values: Mapping[str, Value]) -> Series:
    """The series that an activity with a rule is."""
    moments = values.get("exdates") or (), values.get("rdates") or ()
    return Series(
        values.get("series_start") or values["start"], values.get("tzid") or zone(), values["rrule"], *moments
    )


def aligned(before: Mapping[str, Value], edit: Mapping[str, Value]) -> Values:
    """``edit`` with what it means for a series: all of it moves with its time, and begins when its rule says so.

    Whoever gives ``series_start`` knows better. Raises ``FieldError``.
    """
    edit = _lasting(before, edit)
    merged = {**before, **edit}
    if not merged.get("rrule"):
        return {**edit, "series_start": None, "exdates": None, "rdates": None} if before.get("rrule") else dict(edit)
    if not merged.get("start"):
        raise FieldError("start", _("When"), _("is needed, as this repeats"))
    changed = {name for name in ("rrule", "start", "tzid") if name in edit and edit[name] != before.get(name)}
    if edit.get("series_start") or not changed:
        return dict(edit)
    moved: Values = {}
    if before.get("rrule") and "start" in changed:
        moved = _moved(before, merged)
    merged.update(moved)
    begun = merged.get("series_start") or merged["start"]
    series = series_of({**merged, "series_start": begun})
    first = next(recurrence.occurrences(series._replace(exdates=())), None)
    start = next(recurrence.occurrences(series, merged["start"]), None)
    if first is None or start is None:
        raise FieldError("rrule", _("Repeats"), _("gives no time any more"))
    end = shifted_end(merged.get("end"), merged["start"], start)
    return {**edit, **moved, "series_start": first, "start": start, "end": end}


def _lasting(before: Mapping[str, Value], edit: Mapping[str, Value]) -> Mapping[str, Value]:
    """``edit`` with an end that is not over before it starts: it goes along with a start that moves past it."""
    merged = {**before, **edit}
    start, end = merged.get("start") or "", merged.get("end") or ""
    if not end or len(start) != len(end) or start <= end:
        return edit
    if edit.get("end", before.get("end")) != before.get("end"):
        raise FieldError("end", _("Until"), _("is before it begins"))
    if edit.get("start", before.get("start")) == before.get("start"):
        return edit  # it came so from elsewhere, and this changes something else
    return {**edit, "end": shifted_end(end, before.get("start"), start)}


def _moved(before: Mapping[str, Value], merged: Mapping[str, Value]) -> Values:
    """The moments of a series, all as much later or earlier on its clock as the one that waits; its rule with them."""
    tzid, old, new = merged.get("tzid") or zone(), before["start"], merged["start"]
    moved: Values = {
        name: [rebased(moment, old, new, tzid) for moment in merged[name]]
        for name in ("exdates", "rdates")
        if merged.get(name)
    }
    moved["series_start"] = rebased(before.get("series_start") or old, old, new, tzid)
    if merged["rrule"] == before["rrule"]:
        try:
            moved["rrule"] = recurrence.shifted(before["rrule"], recurrence.wall(old, tzid), recurrence.wall(new, tzid))
        except ValueError as error:
            raise FieldError("rrule", _("Repeats"), str(error)) from None
    return moved


def rebased(moment: str, old: str, new: str, tzid: str) -> str:
    """``moment`` moved as far as from ``old`` to ``new`` on the clock of a zone; a date or an instant as ``new`` is."""
    wall = recurrence.wall
    return recurrence.on_clock(wall(moment, tzid) + (wall(new, tzid) - wall(old, tzid)), tzid, len(new) == 10)


def shifted_end(end: str | None, start: str | None, moved: str) -> str | None:
    """The end of something whose start moved, as far away as before; None where that cannot be told."""
    if not end or not start or not len(end) == len(start) == len(moved):
        return None
    if len(end) == 10:
        return (date.fromisoformat(end) + (date.fromisoformat(moved) - date.fromisoformat(start))).isoformat()
    return to_instant(datetime.fromisoformat(moved) + (datetime.fromisoformat(end) - datetime.fromisoformat(start)))


def _move_apart(change: Change, before: Mapping[str, Value], after: Mapping[str, Value]) -> None:
    """What was done or moved apart from a series stands for the time that moved with it."""
    old, new = before["series_start"], after["series_start"]
    for apart, occurrence in apart_from(change, after["id"]):
        change.put("activity", apart, {"occurrence": rebased(occurrence, old, new, after.get("tzid") or zone())})


def apart_from(change: Change, series: str) -> Iterator[tuple[str, str]]:
    """Ids and original moments of what is apart from a series."""
    sql = "SELECT id, occurrence FROM activity WHERE deleted_at IS NULL AND series = ? AND occurrence IS NOT NULL"
    yield from change.connection.execute(sql, (series,)).fetchall()


def left_out(change: Change, apart: Mapping[str, Value]) -> Values:
    """What a series takes over of a deleted activity that was apart from it: its time does not come back by itself."""
    series = change.book.find("activity", apart["series"]) if apart.get("occurrence") else None
    if series is None or not series.values.get("rrule") or series.deleted_at:
        return {}
    exdates = sorted({*(series.values.get("exdates") or ()), apart["occurrence"]})
    return {"exdates": exdates, "series_start": series.values["series_start"]}


def settle(change: Change, kind: str, before: Mapping[str, Value], edit: Mapping[str, Value]) -> None:
    """What else follows once a record was edited: its reminders and the times apart from its series go with it."""
    moved = alarms.moved(change, kind, before, edit)
    if not moved:
        return
    after = {**before, **edit}
    if "series_start" in moved and before.get("rrule") and after.get("rrule"):
        _move_apart(change, before, after)
    alarms.settle(change, kind, after, moved)


def forget(change: Change, kind: str, record_id: str) -> None:
    """What else follows once a record was deleted: nothing reminds of it, and a series goes with what it still has."""
    alarms.silence(change, kind, record_id)
    if kind == "activity":
        sql = "SELECT id FROM activity WHERE deleted_at IS NULL AND series = ? AND completed_at IS NULL"
        for (apart,) in change.connection.execute(sql, (record_id,)).fetchall():
            change.delete("activity", apart)
            forget(change, "activity", apart)
