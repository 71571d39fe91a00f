"""Activity plans: the usual steps with a lead or a deal, applied, shifted and stopped as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sfa.errors import UserError
from sfa.i18n import _
from sfa.locales import current, to_instant, to_local, today, zone
from sfa.models import Record, fold
from sfa.models.fields import Value
from sfa.models.times import shift_day
from sfa.sales import edit
from sfa.sales.calls import open_status, targets_for
from sfa.sales.followups import shifted_end
from sfa.store.book import Book
from sfa.store.change import Change

APPLIED_TO = ("lead", "opportunity", "account", "contact")


class Running(NamedTuple):
    """A plan that is under way with a record: how many of its steps are done and open, and when the next is."""

    plan: str
    name: str
    done: int
    open: int
    next: str | None


def plans(book: Book) -> list[Record]:
    """The plans that can be applied."""
    return book.records("activity_plan", "coalesce(is_active, 1) = 1")


def steps(book: Book, plan_id: str) -> list[Record]:
    """The steps of a plan, in order."""
    found = book.records("plan_step", "plan = ?", (plan_id,))
    return sorted(found, key=lambda step: (step.values.get("after_days", 0), step.values.get("position", 0)))


def apply(
    book: Book, plan_id: str, kind: str, record_id: str, first_day: str | None = None, origin: str = "command"
) -> list[str]:
    """Plans all steps with a record, from ``first_day`` (today where None) on; their ids, in order.

    They belong to whom the record belongs to. Raises ``UserError``, also where the plan is under way there.
    """
    plan, record = book.get("activity_plan", plan_id), book.get(kind, record_id)
    planned = steps(book, plan_id)
    if kind not in APPLIED_TO or not planned:
        raise UserError(_("“{plan}” cannot be applied to {name}.").format(plan=plan.heading, name=record.heading))
    if any(running.plan == plan_id and running.open for running in under_way(book, kind, record_id)):
        reason = _("“{plan}” is under way with {name}.").format(plan=plan.heading, name=record.heading)
        raise UserError(reason, _("Shift it or stop it first."))
    title = _("Applied {plan} to {name}").format(plan=plan.heading, name=record.heading)
    links = {**targets_for(book, kind, record_id), "owner": record.values.get("owner") or book.user}
    with book.change(title, origin) as change:
        return [_plan_step(change, step.values, links, first_day or today()) for step in planned]


def _plan_step(change: Change, step: Mapping[str, Value], links: Mapping[str, Value], first_day: str) -> str:
    values: dict[str, Value] = {
        "type": step["type"],
        "subject": step["subject"],
        "body": step.get("body"),
        "start": _moment(shift_day(first_day, step.get("after_days") or 0), step.get("time")),
        "status": open_status(step["type"]),
        "plan": step["plan"],
        "plan_step": step["id"],
        **links,
    }
    planned = edit.create(change, "activity", {name: value for name, value in values.items() if value is not None})
    if step.get("before") is not None:
        reminder = {"activity": planned, "before": step["before"], "user": links["owner"], "owner": links["owner"]}
        edit.create(change, "reminder", reminder)
    return planned


def _moment(day: str, clock: str | None) -> str:
    """A day, or the instant at which the laptop's clock shows this time on it."""
    if not clock:
        return day
    return to_instant(datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), ZoneInfo(zone())))


def under_way(book: Book, kind: str, record_id: str) -> list[Running]:
    """The plans that were applied to a record, those with open steps first."""
    sql = f"""SELECT activity.plan, coalesce(activity_plan.name, ''), sum(activity.completed_at IS NOT NULL),
        sum(activity.completed_at IS NULL), min(CASE WHEN activity.completed_at IS NULL THEN activity.start END)
        FROM activity LEFT JOIN activity_plan ON activity_plan.id = activity.plan
        WHERE activity.deleted_at IS NULL AND activity."{kind}" = ? AND activity.plan IS NOT NULL
        GROUP BY activity.plan ORDER BY 4 = 0, 5"""
    return [Running(*row) for row in book.rows(sql, (record_id,))]


def _open(book: Book, plan_id: str, kind: str, record_id: str) -> list[Record]:
    where = f'plan = ? AND "{kind}" = ? AND completed_at IS NULL'
    found = book.records("activity", where, (plan_id, record_id))
    if not found:
        plan, record = book.get("activity_plan", plan_id), book.get(kind, record_id)
        raise UserError(_("“{plan}” is not under way with {name}.").format(plan=plan.heading, name=record.heading))
    return found


def shift(book: Book, plan_id: str, kind: str, record_id: str, days: int, origin: str = "command") -> int:
    """Moves all open steps by so many days, each at its time of day; how many there are. Raises ``UserError``."""
    found = _open(book, plan_id, kind, record_id)
    plan = book.get("activity_plan", plan_id).heading
    with book.change(_("Shifted {plan} by {days} days").format(plan=plan, days=days), origin) as change:
        for step in found:
            start = step.values["start"]
            moved = _shifted(start, days)
            late = {"put_off": (step.values.get("put_off") or 0) + 1} if days > 0 else {}
            end = shifted_end(step.values.get("end"), start, moved)
            edit.edit(change, "activity", step.id, {"start": moved, "end": end, **late})
    return len(found)


def _shifted(start: str, days: int) -> str:
    if len(start) == 10:
        return shift_day(start, days)
    local = to_local(start, zone())
    return _moment(shift_day(local.date().isoformat(), days), local.time().isoformat())


def shift_to(book: Book, plan_id: str, kind: str, record_id: str, day: str, origin: str = "command") -> int:
    """As ``shift``, so that the next open step is on ``day``."""
    first = min(step.values["start"] for step in _open(book, plan_id, kind, record_id))
    local = first if len(first) == 10 else to_local(first, zone()).date().isoformat()
    return shift(book, plan_id, kind, record_id, (date.fromisoformat(day) - date.fromisoformat(local)).days, origin)


def stop(book: Book, plan_id: str, kind: str, record_id: str, origin: str = "command") -> int:
    """Takes back the open steps, as nobody will do them; how many there were. Raises ``UserError``."""
    found = _open(book, plan_id, kind, record_id)
    record = book.get(kind, record_id).heading
    title = _("Stopped {plan} with {name}").format(plan=book.get("activity_plan", plan_id).heading, name=record)
    with book.change(title, origin) as change:
        return edit.delete(change, "activity", [step.id for step in found])


def told(running: Running) -> str:
    """A plan under way, in words."""
    if not running.open:
        return _("{name}: all {count} done").format(name=running.name, count=running.done)
    day = current().date((running.next or "")[:10]) if running.next else "–"
    whole = running.done + running.open
    return _("{name}: {done} of {count} done, next {day}").format(
        name=running.name, done=running.done, count=whole, day=day
    )


def make(book: Book, name: str, described: Sequence[Mapping[str, Value]], origin: str = "command") -> str:
    """Adds a plan with its steps (values of ``plan_step``) and gives its id. Raises ``UserError`` for a name in use."""
    if any(fold(plan.heading) == fold(name) for plan in plans(book)):
        raise UserError(_("There is a plan called “{name}” already.").format(name=name))
    with book.change(_("Added {kind} {name}").format(kind=_("activity plan"), name=name), origin) as change:
        plan = edit.create(change, "activity_plan", {"name": name})
        for position, step in enumerate(described, 1):
            edit.create(change, "plan_step", {**step, "plan": plan, "position": position})
    return plan
