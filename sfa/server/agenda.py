"""Whose activities are whose: an index beside the records, from which calendars are made without reading them all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sfa.server.database import Session

if TYPE_CHECKING:
    from sfa.server.ledger import Held

BATCH = 1000
"""Activities at a time; one may have a megabyte."""
NOTED = """INSERT INTO agenda (record, person, series, changed_at) VALUES (?, ?, ?, ?)
    ON CONFLICT (record) DO UPDATE SET person = excluded.person, series = excluded.series, changed_at =
    CASE WHEN agenda.changed_at > excluded.changed_at THEN agenda.changed_at ELSE excluded.changed_at END"""


def note(session: Session, activities: Iterable[tuple[Held, str]]) -> None:
    """Activities are like this since the instants that stand beside them."""
    session.many(NOTED, ((held.id, *_whose(held.values), at) for held, at in activities))


def fill(session: Session) -> None:
    """The index of a head office that had none: what was changed before was changed when it was made."""
    after = ""
    while rows := session.rows(
        "SELECT id, doc FROM record WHERE kind = 'activity' AND id > ? ORDER BY id LIMIT ?", (after, BATCH)
    ):
        read = ((record, json.loads(doc)) for record, doc in rows)
        session.many(NOTED, ((record, *_whose(values), values.get("created_at") or "") for record, values in read))
        after = rows[-1][0]


def _whose(values: Mapping[str, Any]) -> tuple[Any, Any]:
    return values.get("owner"), values.get("series")


def owned(session: Session, user: str) -> dict[str, tuple[dict[str, Any], str]]:
    """``user``'s activities, as far as ``user`` may see them: values (``id`` among them) and when they changed."""
    return _read(session, "a.person = ?", user, user)


def standing_for(session: Session, user: str, series: Iterable[str]) -> dict[str, tuple[dict[str, Any], str]]:
    """What stands for times of ``series``, as far as ``user`` may see it."""
    condition, parameter = session.among("a.series", list(series))
    return _read(session, condition, parameter, user)


def _read(session: Session, condition: str, parameter: Any, user: str) -> dict[str, tuple[dict[str, Any], str]]:
    rows = session.rows(
        f"SELECT r.id, r.doc, a.changed_at FROM agenda a JOIN record r ON r.id = a.record WHERE {condition}"
        " AND r.stream IN (SELECT stream FROM member WHERE person = ?) ORDER BY r.id",
        (parameter, user),
    )
    return {record: ({**json.loads(doc), "id": record}, changed) for record, doc, changed in rows}
