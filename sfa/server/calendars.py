"""A user's calendar as others subscribe to it, written by the code that writes the calendar files of laptops."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sfa.clock import now
from sfa.formats.ical.parts import Source, component_of
from sfa.formats.ical.sources import Around, Party, Reminding, source
from sfa.formats.ical.writing import calendar
from sfa.formats.ical.zones import known
from sfa.i18n import _
from sfa.locales import to_instant
from sfa.models import KINDS
from sfa.server.agenda import owned, standing_for
from sfa.server.database import Database, Session
from sfa.server.people.subscriptions import hashed, subscriber
from sfa.server.throttle import Recent

KEPT = timedelta(days=90)
"""For which what is over, and what was deleted, is told."""
REFRESH = 3600
"""Seconds after which subscribers should look again; most look far less often."""
OPENING = 9 * 3600
"""When days begin for a rep, in seconds from midnight: head office knows no laptop's settings."""
READ = timedelta(hours=1)
"""How exactly it is known when a feed was last read: not every look is worth a write."""


class Page(NamedTuple):
    """A calendar and its tag; ``text`` is None for whoever has that very one."""

    tag: str
    text: str | None


class Calendars:
    """The feeds of a head office. Safe to use from many threads."""

    def __init__(self, database: Database) -> None:
        self.database, self._lock = database, threading.Lock()
        self._tags: Recent[list[str]] = Recent(list)  # user → the state for which a tag is known, and the tag
        self._good: set[str] = set()  # hashes of secrets that were good once

    def page(self, secret: str, tags: Iterable[str] = ()) -> Page:
        """The calendar behind ``secret``; ``tags`` are those of what the asker has. Raises ``Refused`` (404)."""
        user, name, read_at = self.database.read(lambda session: subscriber(session, secret))
        self._note(user, read_at)
        with self._lock:
            self._good.add(hashed(secret))
        state, had = self.database.read(lambda session: _state(session, user)), set(tags)
        with self._lock:
            known_state, *tag = self._tags[user] or [""]
        if known_state == state and had.intersection((*tag, "*")):
            return Page(tag[0], None)
        text = self.database.read(lambda session: _written(session, user, name))
        fresh = sha256(text.encode()).hexdigest()[:32]
        with self._lock:
            self._tags[user][:] = [state, fresh]
        return Page(fresh, None if had.intersection((fresh, "*")) else text)

    def is_known(self, secret: str) -> bool:
        """Whether this secret was good before; whether it still is, is looked up."""
        with self._lock:
            return hashed(secret) in self._good

    def _note(self, user: str, read_at: str | None) -> None:
        moment = now()
        if read_at is None or datetime.fromisoformat(moment) - datetime.fromisoformat(read_at) >= READ:
            self.database.write(
                lambda session: session.execute("UPDATE feed SET read_at = ? WHERE person = ?", (moment, user))
            )


def _state(session: Session, user: str) -> str:
    """What changes before the calendar can: how far the user's streams reach, and the day."""
    rows = session.rows(
        "SELECT s.number, s.seq, s.head FROM stream s JOIN member m ON m.stream = s.number WHERE m.person = ?"
        " ORDER BY s.number",
        (user,),
    )
    return json.dumps([now()[:10], *map(list, rows)])


def _written(session: Session, user: str, name: str) -> str:
    since = to_instant(datetime.fromisoformat(now()) - KEPT)
    title = _("Activities of {name}").format(name=name)
    return calendar(entries(session, user, since), method="PUBLISH", name=title, refresh=REFRESH)


def entries(session: Session, user: str, since: str) -> list[Source]:
    """The activities of ``user`` that are open, or were at ``since`` or later; series with all that stands for them.

    What was deleted since then is there too, and is written as cancelled.
    """
    found = {record: one for record, one in owned(session, user).items() if _is_told(one[0], since)}
    series = [record for record, (values, _at) in found.items() if values.get("rrule")]
    apart = standing_for(session, user, series)
    gone: dict[str, list[str]] = {}
    for record, (values, at) in apart.items():
        if values.get("deleted_at"):
            gone.setdefault(values["series"], []).append(values["occurrence"])
        else:
            found[record] = (values, at)
    told = [values for values, _at in found.values()]
    around = _around(session, user, told, {record: at for record, (_values, at) in found.items()}, gone)
    told.sort(key=lambda values: (values.get("series") or values["id"], values["id"]))
    return [source(values, around) for values in told]


def _is_told(values: dict[str, Any], since: str) -> bool:
    if not component_of(values) or (values.get("deleted_at") and values.get("series")):
        return False
    if values.get("deleted_at"):
        return bool(values["deleted_at"] >= since)
    if not values.get("completed_at"):
        return True
    return str(max(values["completed_at"], values.get("end") or values.get("start") or "")) >= since


def _around(
    session: Session, user: str, told: list[dict[str, Any]], changed: dict[str, str], gone: dict[str, list[str]]
) -> Around:
    wanted = {record for values in told for record in _linked(values)}
    near = _visible(session, user, {*wanted, user})
    series = {record: values for record, (kind, values) in near.items() if kind == "activity"}
    series |= {values["id"]: values for values in told if values.get("rrule")}
    zone = known(str(near.get(user, ("", {}))[1].get("tzid") or "UTC")) or ZoneInfo("UTC")

    def begins(day: str) -> str:
        return to_instant(datetime.combine(date.fromisoformat(day), time(OPENING // 3600), zone))

    return Around(
        changed=changed,
        tags={
            record: values["name"]
            for record, (kind, values) in near.items()
            if kind == "tag" and not values.get("deleted_at")
        },
        contacts=_parties(near, "contact"),
        leads=_parties(near, "lead"),
        users=_parties(near, "user"),
        reminders=_reminders(session, user, list(changed)),
        series=series,
        gone=gone,
        opening=OPENING,
        begins=begins,
    )


def _linked(values: dict[str, Any]) -> Iterable[str]:
    links = (values.get(name) for name in ("contact", "lead", "owner", "series"))
    return filter(None, (*links, *(values.get("attendees") or ()), *(values.get("tags") or ())))


def _visible(session: Session, user: str, ids: Iterable[str]) -> dict[str, tuple[str, dict[str, Any]]]:
    """Kind and values of those records that ``user`` may see."""
    condition, parameter = session.among("id", sorted(ids))
    rows = session.rows(
        f"SELECT id, kind, doc FROM record WHERE {condition}"
        " AND stream IN (SELECT stream FROM member WHERE person = ?)",
        (parameter, user),
    )
    return {record: (kind, {**json.loads(doc), "id": record}) for record, kind, doc in rows}


def _parties(near: dict[str, tuple[str, dict[str, Any]]], kind: str) -> dict[str, Party]:
    field = "email" if kind == "user" else "emails"
    return {
        record: Party(KINDS[kind].heading_of(values), tuple(point["value"] for point in values.get(field) or ()))
        for record, (its, values) in near.items()
        if its == kind
    }


def _reminders(session: Session, user: str, activities: list[str]) -> dict[str, list[Reminding]]:
    """The user's own reminders of these activities that are still to come or to be seen."""
    condition, parameter = session.among("parent", activities)
    rows = session.rows(f"SELECT doc FROM record WHERE {condition} AND kind = 'reminder' ORDER BY id", (parameter,))
    found: dict[str, list[Reminding]] = {}
    for (doc,) in rows:
        values = json.loads(doc)
        if values.get("user") == user and not values.get("dismissed_at") and not values.get("deleted_at"):
            reminding = Reminding(*(values.get(name) for name in Reminding._fields))
            found.setdefault(values["activity"], []).append(reminding)
    return found
