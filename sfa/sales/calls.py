"""Calls and what comes next: log a call, finish what was planned, put it off. Each is one action."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sfa.errors import UserError
from sfa.i18n import N_, _
from sfa.locales import current, to_instant, to_local, today, zone
from sfa.models import CallOutcome, Reminder
from sfa.models.defaults import EVENT_TYPES
from sfa.models.fields import Value
from sfa.quickdates import QuickDate
from sfa.sales import edit, followups, occurrences, outcomes, series
from sfa.sales.outcomes import Targets, suggest_next
from sfa.store.book import Book
from sfa.store.change import Change

__all__ = ["LoggedCall", "Targets", "complete", "log_call", "moment_of", "reschedule", "suggest_next", "targets_for"]

TARGETS = ("contact", "lead", "opportunity", "account")  # what an activity links to, whom it is named after first
SUBJECTS = {
    "call": N_("Call with {name}"),
    "meeting": N_("Meeting with {name}"),
    "visit": N_("Visit to {name}"),
    "email": N_("E-mail to {name}"),
    "note": N_("Note on {name}"),
    "task": N_("Follow up with {name}"),
}


class LoggedCall(NamedTuple):
    """The call, the next step where there is one, and the action's title."""

    call_id: str
    next_id: str | None
    title: str


def targets_for(book: Book, kind: str, record_id: str) -> dict[str, str]:
    """What a call from a record's place is linked to: the record, and the account and person that belong to it."""
    record = book.get(kind, record_id)
    found = {target: record.values.get(target) for target in TARGETS}
    found["contact"] = found["contact"] or record.values.get("primary_contact")
    if kind in TARGETS:
        found[kind] = record_id
    return {target: linked for target, linked in found.items() if linked}


def log_call(  # noqa: PLR0913 - a call has that many sides
    book: Book,
    targets: Targets,
    note: str = "",
    outcome_id: str | None = None,
    next: QuickDate | None = None,
    *,
    planned_activity: str | None = None,
    duration: int | None = None,
    direction: str = "Outbound",
    origin: str = "command",
) -> LoggedCall:
    """Writes down a call with ``targets`` (see ``targets_for``), what its outcome entails and the next step.

    ``planned_activity`` is the planned call that is done by this. ``duration`` is in seconds. Raises ``UserError``.
    """
    name = _name(book, targets)
    title = _titled(_("Logged call with {name}").format(name=name), next)
    with book.change(title, origin) as change:
        held: dict[str, Value] = {
            "body": note or None,
            "outcome": outcome_id,
            "duration": duration,
            "direction": direction,
            "start": change.at,
            "status": "Held",
        }
        held = {field: value for field, value in held.items() if value is not None}
        if planned_activity:
            call_id = planned_activity
            _require_open(change, call_id)
            call_id = _do(change, call_id, {**held, "end": None})
        else:
            subject = _(SUBJECTS["call"]).format(name=name)
            call_id = edit.create(change, "activity", {"type": "call", "subject": subject, **targets, **held})
        outcome = book.get("call_outcome", outcome_id) if outcome_id else None
        next_id = None
        if next:
            suggestion: Mapping[str, Value] = outcome.values if outcome else {}
            next_id = _plan(change, targets, next, call_id, {"type": "call", **_suggested(suggestion)})
        if isinstance(outcome, CallOutcome):
            outcomes.apply(change, outcome, targets)
    return LoggedCall(call_id, next_id, title)


def complete(
    book: Book,
    activity_ids: Sequence[str],
    next: QuickDate | None = None,
    origin: str = "command",
    *,
    note: str = "",
) -> str | None:
    """Finishes activities, with a next step for the first, and gives that one's id. Those done already stay.

    ``note`` says what came of them, below what was written before. Of a series it is the time that waits that is done.
    """
    activities = [book.get("activity", activity_id) for activity_id in activity_ids]
    title = _("Finished {name}") if len(activities) == 1 else _("Finished {count} activities")
    title = title.format(name=activities[0].heading if activities else "", count=len(activities))
    with book.change(_titled(title, next), origin) as change:
        for activity in activities:
            if "completed_at" not in activity.values:
                said = "\n\n".join(filter(None, (activity.values.get("body"), note))) if note else None
                _do(change, activity.id, {"completed_at": change.at, **({"body": said} if said else {})})
        if next is None or not activities:
            return None
        first = activities[0]
        targets = targets_for(book, "activity", first.id)
        named = {} if targets else {"subject": first.heading}  # with nobody: what comes next is called the same
        return _plan(change, targets, next, first.id, {"type": first.values["type"], **named})


def reschedule(book: Book, activity_ids: Sequence[str], when: QuickDate, origin: str = "command") -> int:
    """Moves open activities to another time, their ends and reminders with them; how many moved.

    Where ``when`` names no time of day, each keeps its own.
    """
    activities = [book.get("activity", activity_id) for activity_id in activity_ids]
    title = _("Put off {name} to {when}") if len(activities) == 1 else _("Put off {count} activities to {when}")
    words = {"name": activities[0].heading if activities else "", "count": len(activities), "when": show_when(when)}
    with book.change(title.format(**words), origin) as change:
        return sum([_move(change, activity.id, when) for activity in activities])


def moment_of(when: QuickDate) -> str:
    """A quick date as a stored moment: a date, or an instant where it names a time."""
    if when.time is None:
        return when.date
    local = datetime.combine(date.fromisoformat(when.date), time.fromisoformat(when.time), ZoneInfo(zone()))
    return to_instant(local)


def open_status(type_: str) -> str:
    """The status of an activity of this type that is to be done."""
    return "Planned" if type_ in EVENT_TYPES else "Not Started"


def show_when(when: QuickDate) -> str:
    """A quick date in a few words: ``Fri, Nov 27 10:00``."""
    locale = current()
    day = locale.day(when.date, today())
    return f"{day} {locale.time(int(when.time[:2]), int(when.time[3:5]))}" if when.time else day


def _titled(title: str, next: QuickDate | None) -> str:
    return _("{title} · next: {when}").format(title=title, when=show_when(next)) if next else title


def _name(book: Book, targets: Targets) -> str:
    kind = next((kind for kind in TARGETS if kind in targets), None)
    if kind is None:
        raise UserError(_("Say who was called: a contact, a lead, an account or a deal."))
    return book.get(kind, targets[kind]).heading


def _require_open(change: Change, activity_id: str) -> None:
    activity = change.get("activity", activity_id)
    if "completed_at" in activity.values:
        raise UserError(_("“{name}” is done already.").format(name=activity.heading), _("Log a new call instead."))


def _suggested(outcome: Mapping[str, Value]) -> dict[str, Value]:
    names = {"type": "next_type", "subject": "next_subject"}
    return {name: outcome[field] for name, field in names.items() if field in outcome}


def _plan(change: Change, targets: Targets, next: QuickDate, after: str, usual: Mapping[str, Value]) -> str:
    """Adds the next step after an activity; what ``next`` does not say is as ``usual``. A timed one gets a reminder."""
    type_ = next.kind or usual["type"]
    same_type = usual.get("subject") if type_ == usual["type"] or not targets else None
    subject = next.rest or same_type or _(SUBJECTS[type_]).format(name=_name(change.book, targets))
    values = {"type": type_, "subject": subject, "start": moment_of(next), **targets, "came_from": after}
    planned = edit.create(change, "activity", {**values, "status": open_status(type_)})
    if next.time:
        edit.create(change, Reminder.kind, {"activity": planned, "before": 0})
    return planned


def _do(change: Change, activity_id: str, values: Mapping[str, Value]) -> str:
    """Finishes an activity with these values; of a series the time that waits. Gives the id of what is done."""
    if change.get("activity", activity_id).values.get("rrule"):
        return occurrences.complete(change, activity_id, values)
    edit.edit(change, "activity", activity_id, values)
    return activity_id


def _move(change: Change, activity_id: str, when: QuickDate) -> bool:
    """Moves what is open; of a series the time that waits. What is put off to later is counted."""
    values = change.get("activity", activity_id).values
    if "completed_at" in values:
        return False
    start, end = values.get("start"), values.get("end")
    if start and len(start) > 10 and when.time is None:
        when = when._replace(time=f"{to_local(start, zone()):%H:%M}")
    moved = moment_of(when)
    later = {"put_off": (values.get("put_off") or 0) + 1} if start and moved > start else {}
    new = {"start": moved, "end": followups.shifted_end(end, start, moved), **later}
    if values.get("rrule"):
        series.apart(change, activity_id, values["start"], new)
        return True
    return edit.edit(change, "activity", activity_id, new)
