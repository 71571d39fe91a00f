"""Everything that calendars are written from, read from the book in a few statements however much there is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sfa.exchange.calendars.dayhours import opening
from sfa.formats.ical.parts import Source, Values, component_of
from sfa.formats.ical.sources import Around, Party, Reminding, source
from sfa.locales import now
from sfa.models import KINDS
from sfa.store.book import Book
from sfa.store.columns import dumps, json_columns, loads

FIELDS = (
    "id", "n", "type", "subject", "start", "end", "tzid", "rrule", "series_start", "exdates", "rdates", "series",
    "occurrence", "status", "priority", "contact", "lead", "attendees", "body", "duration", "location", "latitude",
    "longitude", "invited", "completed_at", "uid", "sequence", "original", "tags", "created_at", "owner", "deleted_at",
)  # fmt: skip
JSON = tuple((place, name) for place, name in enumerate(FIELDS) if name in json_columns("activity"))
CHOSEN = ", ".join(f'"{name}"' for name in FIELDS)
GIVEN = "IN (SELECT value FROM json_each(?))"


def sources(book: Book, ids: Collection[str] | None = None, since: str = "") -> list[Source]:
    """What the activities of these ids are written from, in the order of their making.

    Without ids it is all that are live, and those that were deleted ``since`` an instant. A series is followed by what
    stands for one of its times, of which only the given are there. Notes are left out.
    """
    activities = list(_activities(book, ids, since))
    around = _surroundings(book, activities)
    numbers = {values["id"]: values["n"] for values in activities}
    if any(values["series"] for values in activities):
        activities.sort(key=lambda values: (numbers.get(values["series"], values["n"]), values["n"]))
    return [source(values, around) for values in activities if component_of(values)]


def _activities(book: Book, ids: Collection[str] | None, since: str) -> Iterator[dict[str, Any]]:
    all_of_them = "type != 'note' AND (deleted_at IS NULL OR (deleted_at >= ? AND series IS NULL))"
    where, parameter = (all_of_them, since or now()) if ids is None else (f"id {GIVEN}", dumps(list(ids)))
    known: dict[str, Any] = {}  # tags and people, of which many activities have the same
    for row in book.rows(f"SELECT {CHOSEN} FROM activity WHERE {where} ORDER BY n", (parameter,)):
        values = dict(zip(FIELDS, row, strict=True))
        for place, name in JSON:
            if text := row[place]:
                if text not in known:
                    known[text] = loads(text)
                values[name] = known[text]
        yield values


def _surroundings(book: Book, activities: list[dict[str, Any]]) -> Around:
    ids = dumps([values["id"] for values in activities])
    changed = f"""SELECT record, max(at) FROM entry JOIN action ON action.n = entry.action
        WHERE entry.record {GIVEN} GROUP BY record"""
    series, gone = _series(book, activities)
    return Around(
        changed=dict(book.rows(changed, (ids,))),
        tags=dict(book.rows("SELECT id, name FROM tag WHERE deleted_at IS NULL")),
        contacts=_parties(book, "contact", _linked(activities, "contact", "attendees")),
        leads=_parties(book, "lead", _linked(activities, "lead")),
        users=_parties(book, "user", _linked(activities, "owner")),
        reminders=_reminders(book, ids),
        series=series,
        gone=gone,
        opening=opening(),
        begins=_day_begin,
    )


def _linked(activities: list[dict[str, Any]], link: str, links: str = "") -> set[str]:
    found = {values[link] for values in activities if values[link]}
    if links:
        found.update(*(values[links] for values in activities if values[links]))
    return found


def _parties(book: Book, kind: str, ids: Iterable[str]) -> dict[str, Party]:
    names = KINDS[kind].named_by
    mails = "email" if kind == "user" else "emails"
    chosen = ", ".join((*names, mails))
    rows = book.rows(f"SELECT id, {chosen} FROM {kind} WHERE id {GIVEN}", (dumps(sorted(ids)),))
    return {
        row[0]: Party(" ".join(filter(None, row[1:-1])), tuple(point["value"] for point in loads(row[-1] or "[]")))
        for row in rows
    }


def _reminders(book: Book, ids: str) -> dict[str, list[Reminding]]:
    """The user's own reminders that are still to come or to be seen."""
    rows = book.rows(
        "SELECT activity, before, field, remind_at, fired_at FROM reminder WHERE deleted_at IS NULL"
        f" AND dismissed_at IS NULL AND activity {GIVEN} AND +user = ? ORDER BY n",
        (ids, book.user),
    )
    found: dict[str, list[Reminding]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(Reminding._make(row[1:]))
    return found


def _series(book: Book, activities: list[dict[str, Any]]) -> tuple[dict[str, Values], dict[str, list[str]]]:
    """The series of occurrences, and the times of series for which something stood that was deleted."""
    wanted = dumps(sorted({values["series"] for values in activities if values["series"]}))
    names = ("id", "uid", "tzid", "series_start")
    rows = book.rows(f"SELECT {', '.join(names)} FROM activity WHERE id {GIVEN}", (wanted,))
    gone: dict[str, list[str]] = {}
    own = dumps([values["id"] for values in activities if values["rrule"]])
    for series, moment in book.rows(
        f"SELECT series, occurrence FROM activity WHERE deleted_at IS NOT NULL AND series {GIVEN}", (own,)
    ):
        gone.setdefault(series, []).append(moment)
    return {row[0]: dict(zip(names, row, strict=True)) for row in rows}, gone


def _day_begin(day: str) -> str:
    """The instant at which a day begins for the user."""
    from sfa.sales.alarms import day_begin

    return day_begin(day)
