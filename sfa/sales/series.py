"""Deeds with what comes again: one activity stands for the series, with the time that waits.

What was done, moved or edited apart is an activity of its own, for the time that it takes the place of.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from sfa import recurrence
from sfa.errors import UserError
from sfa.i18n import _
from sfa.locales import current
from sfa.models import Record
from sfa.models.fields import Value
from sfa.models.times import show_moment
from sfa.sales import edit as editing
from sfa.sales.followups import rebased, series_of, shifted_end
from sfa.sales.occurrences import (
    OF_A_SERIES,
    OWN,
    close,
    complete,
    copy_reminders,
    following,
    occurrences,
    set_apart,
    wait_for,
)  # fmt: skip
from sfa.store.book import Book
from sfa.store.change import Change

__all__ = [
    "SCOPES", "Scope", "apart", "complete", "edit", "edited", "leave_out", "move", "occurrences", "skip", "stop",
]  # fmt: skip

Scope = Literal["this", "following", "all"]
Values = Mapping[str, Value]
SCOPES: tuple[Scope, ...] = ("this", "following", "all")


def apart(change: Change, series_id: str, occurrence: str, given: Values) -> str:
    """Moves or edits one occurrence apart from its series; gives the id of the activity that takes its place."""
    values = change.get("activity", series_id).values
    known = change.book.value(
        "SELECT id FROM activity WHERE deleted_at IS NULL AND series = ? AND occurrence = ?", (series_id, occurrence)
    )
    if known:
        editing.edit(change, "activity", known, given)
        return str(known)
    _require_occurrence(values, occurrence)
    made = set_apart(change, values, occurrence, given)
    _leave(change, series_id, occurrence)
    return made


def _require_occurrence(values: Values, occurrence: str) -> None:
    if not values.get("rrule"):
        raise UserError(_("“{name}” does not repeat.").format(name=values.get("subject", "")))
    if occurrence not in (values["start"], next(recurrence.occurrences(series_of(values), occurrence), None)):
        moment = show_moment(occurrence, current())
        raise UserError(_("“{name}” does not come on {moment}.").format(name=values["subject"], moment=moment))


def _leave(change: Change, series_id: str, occurrence: str) -> None:
    """Has a series wait for its next time where it waits for this one; it is done where there is none."""
    values = change.get("activity", series_id).values
    if values["start"] != occurrence:
        return
    then = following(change, values)
    if then:
        wait_for(change, values, then)
    else:
        close(change, values)


def skip(book: Book, series_id: str, occurrence: str | None = None, origin: str = "command") -> None:
    """Leaves out one occurrence, the one that waits where None. Raises ``UserError``."""
    series = _series(book, series_id)
    moment = occurrence or series.values["start"]
    title = _("Left out {name} of {moment}").format(name=series.heading, moment=show_moment(moment, current()))
    with book.change(title, origin) as change:
        leave_out(change, series_id, moment)


def leave_out(change: Change, series_id: str, occurrence: str) -> None:
    """Leaves out one occurrence of a series, also one that was moved or edited apart. Raises ``UserError``."""
    values = change.get("activity", series_id).values
    known = change.book.value(
        "SELECT id FROM activity WHERE deleted_at IS NULL AND series = ? AND occurrence = ?", (series_id, occurrence)
    )
    if known:
        editing.delete(change, "activity", [known])
    else:
        _require_occurrence(values, occurrence)
    then = following(change, values) if values["start"] == occurrence else None
    exdates = sorted({*(values.get("exdates") or ()), occurrence})
    editing.edit(change, "activity", series_id, {"exdates": exdates, "series_start": values["series_start"]})
    if values["start"] == occurrence:
        after = change.get("activity", series_id).values
        wait_for(change, after, then) if then else close(change, after)


def move(
    book: Book,
    series_id: str,
    occurrence: str,
    new_start: str,
    new_end: str | None = None,
    scope: Scope = "this",
    origin: str = "command",
) -> str:
    """Moves an occurrence, it and all that follow, or the whole series; gives the id of what is there now."""
    values = _series(book, series_id).values
    end = new_end or shifted_end(values.get("end"), values["start"], new_start)
    return edit(book, series_id, occurrence, {"start": new_start, "end": end}, scope, origin)


def edit(
    book: Book, series_id: str, occurrence: str, values: Values, scope: Scope = "this", origin: str = "command"
) -> str:
    """Changes an occurrence, it and all that follow, or the whole series; gives the id of what has the values now.

    Raises ``UserError``, ``FieldError``.
    """
    series = _series(book, series_id)
    title = {"this": _("Changed {name} of {moment}"), "following": _("Changed {name} from {moment} on")}.get(
        scope, _("Changed all of {name}")
    )
    with book.change(title.format(name=series.heading, moment=show_moment(occurrence, current())), origin) as change:
        return edited(change, series_id, occurrence, values, scope)


def edited(change: Change, series_id: str, occurrence: str, values: Values, scope: Scope) -> str:
    """As ``edit``, within a change."""
    before = change.get("activity", series_id).values
    if scope == "this":
        return apart(change, series_id, occurrence, {k: v for k, v in values.items() if k not in OF_A_SERIES})
    _require_occurrence(before, occurrence)
    if scope == "following" and occurrence > before["series_start"]:
        return _split(change, before, occurrence, values)
    editing.edit(change, "activity", series_id, _for_the_waiting(before, occurrence, values))
    return series_id


def _for_the_waiting(before: Values, occurrence: str, values: Values) -> dict[str, Value]:
    """What moves one occurrence, as it moves the one that waits."""
    moved, waiting = dict(values), before["start"]
    if values.get("start") and occurrence != waiting:
        moved["start"] = rebased(waiting, occurrence, values["start"], before.get("tzid") or "")
        moved["end"] = shifted_end(values.get("end"), values["start"], moved["start"])
    return moved


def _split(change: Change, before: Values, occurrence: str, values: Values) -> str:
    """Ends a series before an occurrence, with which a new one goes on, with what was moved apart from then on."""
    series = series_of(before)
    like = {name: value for name, value in before.items() if name not in OWN | {"uid", "original", "sequence"}}
    waiting = max(occurrence, before["start"])
    like.update(
        rrule=recurrence.remaining(series, occurrence),
        series_start=occurrence,
        start=waiting,
        end=shifted_end(before.get("end"), before["start"], waiting),
        exdates=[moment for moment in series.exdates if moment >= occurrence] or None,
        rdates=[moment for moment in series.rdates if moment >= occurrence] or None,
        came_from=before["id"],
    )
    made = editing.create(change, "activity", like)
    moving = "SELECT id FROM activity WHERE deleted_at IS NULL AND series = ? AND occurrence >= ?"
    for (child,) in change.connection.execute(moving, (before["id"], occurrence)).fetchall():
        change.put("activity", child, {"series": made})
    copy_reminders(change, before["id"], made)
    editing.edit(change, "activity", made, _for_the_waiting({**like, "id": made}, occurrence, values))
    _end_before(change, before, occurrence)
    return made


def _end_before(change: Change, before: Values, occurrence: str) -> None:
    """Ends a series before an occurrence; nothing of it waits any more where it had come as far."""
    series = series_of(before)
    ended = {
        "rrule": recurrence.until(series, occurrence),
        "series_start": before["series_start"],
        "exdates": [moment for moment in series.exdates if moment < occurrence] or None,
        "rdates": [moment for moment in series.rdates if moment < occurrence] or None,
    }
    editing.edit(change, "activity", before["id"], ended)
    if before["start"] >= occurrence:
        close(change, change.get("activity", before["id"]).values)


def stop(book: Book, series_id: str, origin: str = "command") -> None:
    """Ends a series: what waits, and all that would follow, is not to be done."""
    series = _series(book, series_id)
    with book.change(_("Ended {name}").format(name=series.heading), origin) as change:
        if series.values["start"] == series.values["series_start"]:
            editing.delete(change, "activity", [series_id])
        else:
            _end_before(change, series.values, series.values["start"])


def _series(book: Book, series_id: str) -> Record:
    series = book.get("activity", series_id)
    if not series.values.get("rrule"):
        raise UserError(_("“{name}” does not repeat.").format(name=series.heading))
    return series
