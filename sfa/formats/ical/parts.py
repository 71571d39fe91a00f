"""What calendar entries and activities say alike, and in which words each says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sfa.formats.contentlines import Line
from sfa.models.defaults import EVENT_TYPES
from sfa.models.fields import Value

Values = Mapping[str, Value]

EVENT, TODO = "VEVENT", "VTODO"
# An activity's status as that of an event and of a to-do. What these cannot tell apart goes into X-SFA-STATUS.
STATUSES = {
    EVENT: {
        "Planned": "CONFIRMED", "Held": "CONFIRMED", "Not Held": "CANCELLED", "Not Started": "CONFIRMED",
        "In Progress": "CONFIRMED", "Waiting": "TENTATIVE", "Deferred": "TENTATIVE", "Completed": "CONFIRMED",
        "Canceled": "CANCELLED",
    },
    TODO: {
        "Planned": "NEEDS-ACTION", "Held": "COMPLETED", "Not Held": "CANCELLED", "Not Started": "NEEDS-ACTION",
        "In Progress": "IN-PROCESS", "Waiting": "NEEDS-ACTION", "Deferred": "NEEDS-ACTION", "Completed": "COMPLETED",
        "Canceled": "CANCELLED",
    },
}  # fmt: skip
PRIORITIES = {"Urgent": 1, "High": 3, "Normal": 5, "Low": 9}
ANSWERS = ("needs-action", "accepted", "declined", "tentative")
ORGANIZER = "organizer"  # the label of whoever invites
LINK = "sfa:activity/"  # before the id: where a calendar leads back to


class Person(NamedTuple):
    """Somebody of a meeting, with the answer given so far."""

    mail: str
    name: str = ""
    answer: str = ANSWERS[0]
    organizer: bool = False


class Alarm(NamedTuple):
    """A reminder: ``before`` seconds before the start (the end where ``of_end``), or ``at`` an instant.

    Days start at midnight; a reminder after that is a negative time before it.

    ``acknowledged`` is the instant at which it was seen.
    """

    before: int | None = None
    at: str | None = None
    of_end: bool = False
    acknowledged: str = ""


class Source(NamedTuple):
    """What a component is written from: stored values of an activity (``id`` among them), and what is around it.

    ``changed`` is the instant of its last change. ``uid`` names the object (the activity's own where empty); ``series``
    holds the values of the series that this one is an occurrence of.
    """

    values: Values
    changed: str
    uid: str = ""
    people: Sequence[Person] = ()
    tags: Sequence[str] = ()
    alarms: Sequence[Alarm] = ()
    series: Values | None = None


class Item(NamedTuple):
    """An event or a to-do as it was read: ``values`` in stored form, None for what it does not say, without links.

    ``occurrence`` is its RECURRENCE-ID (``following``: from then on); ``changed`` the instant of LAST-MODIFIED or
    DTSTAMP, ``text`` the component as it came, in whole lines; ``own`` says that sfa wrote it (``deleted``: to
    say that it was deleted).
    """

    values: dict[str, Value]
    uid: str
    occurrence: str | None = None
    sequence: int = 0
    changed: str = ""
    method: str = ""
    people: Sequence[Person] = ()
    tags: Sequence[str] = ()
    alarms: Sequence[Alarm] = ()
    text: str = ""
    own: bool = False
    following: bool = False
    deleted: bool = False


def mail_of(line: Line) -> str:
    """The address of an attendee or organizer; empty where there is none."""
    value = line.value.strip()
    return value[7:].strip() if value[:7].casefold() == "mailto:" else line.param("EMAIL")


def component_of(values: Values) -> str:
    """What an activity is in a calendar: an event, a to-do, or nothing (a note)."""
    kind = values.get("type")
    if kind == "note":
        return ""
    return EVENT if kind in EVENT_TYPES and values.get("start") else TODO


def status_of(component: str, status: str, type_: str) -> str:
    """The activity's status that one of a calendar means."""
    event = type_ in EVENT_TYPES
    if status == "CANCELLED":
        return "Not Held" if event else "Canceled"
    if status == "COMPLETED" and component == TODO:
        return "Held" if event else "Completed"
    if status == "IN-PROCESS" and not event:
        return "In Progress"
    return "Planned" if event else "Not Started"


def likened(values: Values, before: Values) -> dict[str, Value]:
    """``values`` as a program wrote them that leaves out our own words: what it could not say is as ``before``."""
    component = component_of(values)
    result = dict(values)
    if component_of(before) != component or not component:
        return result
    result["type"] = before["type"]
    words, status = STATUSES[component], before.get("status") or ""
    if words.get(values.get("status") or "") == words.get(status):
        result.update(status=status, completed_at=values.get("completed_at") or before.get("completed_at"))
    else:
        result["status"] = status_of(component, words[values["status"]], before["type"])
    return result | {name: values.get(name) or before.get(name) for name in ("tzid", "duration")}


def priority_of(number: int) -> str:
    """The activity's priority that a number of a calendar means (1 is highest, 0 none)."""
    if number <= 0 or number == 5:
        return "Normal"
    return "Urgent" if number == 1 else "High" if number < 5 else "Low"
