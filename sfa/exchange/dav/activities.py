"""Activities on a calendar server: which ones, and as what events and to-dos."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from sfa.exchange.calendars.gathering import sources
from sfa.exchange.calendars.linking import Linker
from sfa.exchange.dav.mapping import BEYOND, Known, Thing, Written, beyond, digest, setlike
from sfa.exchange.dav.remotes import Remote
from sfa.exchange.dav.threeway import WHOLE, Parts, Values
from sfa.formats.contentlines import unfold
from sfa.formats.ical.came import came_from
from sfa.formats.ical.parts import EVENT, STATUSES, TODO, Alarm, Item, Person, Source, component_of
from sfa.formats.ical.reading import read
from sfa.formats.ical.writing import calendar
from sfa.i18n import _
from sfa.locales import today
from sfa.models import Field
from sfa.models.defaults import EVENT_TYPES
from sfa.models.times import shift_day
from sfa.sales import edit
from sfa.sales.followups import shifted_end
from sfa.store.columns import dumps

if TYPE_CHECKING:
    from sfa.store.book import Book
    from sfa.store.change import Change

DAYS = 90
"""How many days back what is done is shown."""
_STAYING = "deleted_at IS NULL AND owner = :user AND series IS NULL AND type IN (SELECT value FROM json_each(:types))"
_CHOSEN = f"{_STAYING} AND start IS NOT NULL AND (completed_at IS NULL OR start >= :since)"
_TOUCHED = """WITH touched (kind, record) AS (
        SELECT DISTINCT entry.kind, entry.record FROM entry JOIN action ON action.n = entry.action
        WHERE action.n > ? AND entry.kind IN ('activity', 'reminder')
        AND NOT (action.origin = 'caldav' AND action.mode = 'do'))
    SELECT coalesce(series, id) FROM activity WHERE id IN (
        SELECT record FROM touched WHERE kind = 'activity' UNION ALL
        SELECT activity FROM reminder WHERE id IN (SELECT record FROM touched WHERE kind = 'reminder'))"""
_NAME = re.compile("[:;]")
_OWN = frozenset({"CREATED", "URL"})  # what we say of our own accord


class Activities:
    """The activities of ``remote``: the user's own that are open and have a time, and what was done lately.

    ``chosen`` says which: ``components`` are those that the calendar takes, ``types`` the only ones if it is there, and
    ``days`` how far back. What somebody else puts there becomes an activity, unless ``take`` is ``known``.
    """

    kind = "activity"

    def __init__(self, book: Book, remote: Remote) -> None:
        self.book, self.remote = book, remote
        more = {"people": setlike("people"), "alarms": setlike("alarms"), "tags": setlike("tags")}
        self.fields: Mapping[str, Field[Any]] = {**book.fields("activity"), **more, BEYOND: beyond()}
        self._known = Known(book, "activity", "series IS NULL")

    # Texts

    def read(self, text: str) -> Thing:
        reading = read(text)
        if reading.refusals:
            raise ValueError(reading.refusals[0].reason)
        if not reading.items:
            raise ValueError(_("it holds no event and no to-do"))
        parts = _keyed(reading.items)
        secret = any(line.upper() in ("CLASS:PRIVATE", "CLASS:CONFIDENTIAL") for line in unfold(text))
        return Thing(reading.items[0].uid, {key: _plain(item) for key, item in parts.items()}, secret)

    def written(self, ids: Collection[str]) -> dict[str, Written]:
        wanted = dumps(list(ids))
        sql = """SELECT id, id FROM activity WHERE deleted_at IS NULL AND id IN (SELECT value FROM json_each(?1))
            UNION ALL SELECT series, id FROM activity
            WHERE deleted_at IS NULL AND series IN (SELECT value FROM json_each(?1))"""
        mains = {record: main for main, record in self.book.rows(sql, (wanted,))}
        groups: dict[str, list[Source]] = {}
        for source in sources(self.book, list(mains)):
            groups.setdefault(mains[source.values["id"]], []).append(source)
        texts = {main: calendar(group) for main, group in groups.items() if group[0].values["id"] == main}
        return {main: Written(text, self.read(text).parts) for main, text in texts.items()}

    def likened(self, parts: Parts, before: Parts) -> Parts:
        """Phones know events and to-dos only: what sfa alone tells apart is as before where it may be."""
        if not (whole := before.get(WHOLE)):
            return parts
        alike: Values = {"type": whole["type"], "start": whole.get("start")}  # of an occurrence
        return {key: _likened(values, before.get(key, alike)) for key, values in parts.items()}

    # Which ones

    def chosen(self) -> set[str]:
        return self._ids(_CHOSEN)

    def staying(self, ids: Collection[str]) -> set[str]:
        return self._ids(f"{_STAYING} AND id IN (SELECT value FROM json_each(:ids))", ids)

    def _ids(self, where: str, ids: Collection[str] = ()) -> set[str]:
        chosen = self.remote.chosen
        components = chosen.get("components") or (EVENT, TODO)
        types = set(chosen.get("types") or (*EVENT_TYPES, "task", "email"))
        # An event type without a time is a to-do, but has none of the calendars' times either: it is not chosen.
        types = {name for name in types if (EVENT if name in EVENT_TYPES else TODO) in components}
        parameters = {
            "user": self.book.user, "types": dumps(sorted(types)), "ids": dumps(list(ids)),
            "since": shift_day(today(), -int(chosen.get("days", DAYS))),
        }  # fmt: skip
        return {row[0] for row in self.book.connection.execute(f"SELECT id FROM activity WHERE {where}", parameters)}

    def touched(self, since: int) -> set[str]:
        return {row[0] for row in self.book.rows(_TOUCHED, (since,))}

    def find(self, uid: str) -> str | None:
        return self._known.find(uid)

    def takes(self, thing: Thing) -> bool:  # noqa: ARG002 - all of them or none
        return self.remote.chosen.get("take") != "known"

    def keeps(self, record: str) -> bool:
        return bool(self.book.get("activity", record).values.get("completed_at"))

    def part(self, record: str, part: str) -> str:
        if part == WHOLE:
            return record if self.book.find("activity", record) else ""
        sql = "SELECT id FROM activity WHERE series = ? AND occurrence = ? ORDER BY deleted_at IS NOT NULL LIMIT 1"
        return self.book.value(sql, (record, part)) or ""

    # Into the book

    def apply(self, change: Change, record: str | None, text: str, before: Parts, after: Parts) -> str:
        came = _keyed(read(text).items)
        whole = came.get(WHOLE) or next(iter(came.values()))
        items = {key: _item(values, came.get(key) or whole, key) for key, values in after.items()}
        plain = whole._replace(text="")  # so that what it says beyond our fields is always compared
        linker = Linker(change, items.values())
        if record is None:
            record = linker.create(items[WHOLE])
            self._known.add(items[WHOLE].uid, record)
        elif before.get(WHOLE) != after[WHOLE]:
            linker.update(record, items[WHOLE], _item(before[WHOLE], plain, WHOLE))
        for key in after.keys() - before.keys() - {WHOLE}:
            known = self.part(record, key)
            linker.update(known, items[key]) if known else linker.create(items[key], record)
        for key in after.keys() & before.keys() - {WHOLE}:
            if before[key] != after[key]:
                linker.update(self.part(record, key), items[key], _item(before[key], plain, key))
        for key in before.keys() - after.keys():
            self._take_back(change, linker, record, key, items[WHOLE])
        linker.wait(record)
        return record

    def _take_back(self, change: Change, linker: Linker, record: str, key: str, series: Item) -> None:
        """One occurrence is as the others again; or it is left out, where the series says so."""
        known = self.part(record, key)
        if not known:
            return
        if key in (series.values.get("exdates") or ()):
            edit.delete(change, "activity", [known])
            return
        values = dict(series.values)
        values |= dict.fromkeys(("rrule", "series_start", "exdates", "rdates"))
        values["end"] = shifted_end(values.get("end"), str(values["start"]), key)
        linker.update(known, series._replace(values={**values, "start": key}, occurrence=key))

    def delete(self, change: Change, record: str) -> None:
        sql = "SELECT id FROM activity WHERE series = ? AND deleted_at IS NULL AND completed_at IS NULL"
        edit.delete(change, "activity", [record, *(row[0] for row in self.book.rows(sql, (record,)))])


def _keyed(items: Collection[Item]) -> dict[str, Item]:
    """The items of one text by part; a lone occurrence of a series that is elsewhere is a whole of its own."""
    if not any(item.occurrence is None for item in items):
        first, *others = items
        return {WHOLE: first, **{item.occurrence or "": item for item in others}}
    return {item.occurrence or WHOLE: item for item in reversed(list(items))}


def _plain(item: Item) -> Values:
    """An item as plain JSON."""
    lists = {
        "people": sorted(json.dumps(person) for person in item.people),
        "alarms": sorted(json.dumps(alarm) for alarm in item.alarms),
        "tags": sorted(item.tags),
    }
    rest = (line for line in came_from(item.text).rest if _NAME.split(line, 1)[0].upper() not in _OWN)
    values = {**item.values, **lists, BEYOND: digest(rest)}
    return {name: value for name, value in values.items() if value not in (None, [], "")}


def _item(values: Values, like: Item, key: str) -> Item:
    """The item that ``_plain`` made ``values`` of; what these do not say is as in ``like``."""
    names = like.values.keys() | values.keys() - {"people", "alarms", "tags", BEYOND}
    return like._replace(
        values={name: values.get(name) for name in names},
        occurrence=key or like.occurrence,
        people=[Person(*json.loads(one)) for one in values.get("people", ())],
        alarms=[Alarm(*json.loads(one)) for one in values.get("alarms", ())],
        tags=values.get("tags", ()),
    )


def _likened(values: Values, before: Values) -> Values:
    component = component_of(values)
    if component_of(before) != component or not component:
        return values
    result = {**values, "type": before["type"]}
    words = STATUSES[component]
    if words.get(str(values.get("status"))) == words.get(str(before.get("status"))):
        result["status"] = before.get("status")
        result["completed_at"] = values.get("completed_at") or before.get("completed_at")
    for name in ("tzid", "duration"):
        result[name] = values.get(name) or before.get(name)
    return {name: value for name, value in result.items() if value is not None}
