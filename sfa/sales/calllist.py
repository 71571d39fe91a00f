"""Working the call list: whom to call next, why, by which number, and what was said last."""

from __future__ import annotations

from typing import NamedTuple

from sfa.sales import agenda, callers, calls
from sfa.sales.callers import Number
from sfa.store.book import Book


class PlannedCall(NamedTuple):
    """A call that is due. ``kind`` and ``record`` say with whom, ``note`` and ``noted_at`` what was said last."""

    activity: str
    subject: str
    when: str | None
    why: str
    kind: str
    record: str
    name: str
    detail: str
    numbers: list[Number]
    note: str
    noted_at: str | None
    left: int
    """How many calls there are, with this one."""


def next_call(book: Book, owner: str | None, after: str = "") -> PlannedCall | None:
    """The call to make now; the one after the activity ``after`` where that is given and still on the list."""
    ids = agenda.call_list(book, owner)
    if not ids:
        return None
    place = ids.index(after) + 1 if after in ids else 0
    return planned(book, ids[place % len(ids)], len(ids))


def planned(book: Book, activity_id: str, left: int = 1) -> PlannedCall:
    """What there is to know before the call ``activity_id``."""
    activity = book.get("activity", activity_id)
    targets = calls.targets_for(book, "activity", activity_id)
    kind = next((target for target in calls.TARGETS if target in targets), "activity")
    record = book.get(kind, targets.get(kind, activity_id))
    others = [book.get(*one).heading for one in targets.items() if one[0] != kind and one[0] != "opportunity"]
    parts = (record.values.get("title"), record.values.get("company"), *others)
    deal = book.get("opportunity", targets["opportunity"]).heading if "opportunity" in targets else ""
    note, noted_at = last_note(book, targets)
    return PlannedCall(
        activity_id,
        activity.heading,
        activity.values.get("start"),
        "\n".join(filter(None, (deal if kind != "opportunity" else "", str(activity.values.get("body") or "")))),
        kind,
        record.id,
        record.heading,
        " · ".join(str(part) for part in parts if part),
        callers.numbers(book, "activity", activity_id),
        note,
        noted_at,
        left,
    )


def last_note(book: Book, targets: calls.Targets) -> tuple[str, str | None]:
    """What was written down last with the person, else with the account or deal; and when."""
    for target in ("contact", "lead", "opportunity", "account"):
        if target in targets:
            sql = f"""SELECT body, coalesce(start, completed_at) FROM activity WHERE {target} = ? AND deleted_at IS NULL
                AND completed_at IS NOT NULL AND body IS NOT NULL ORDER BY start DESC, n DESC LIMIT 1"""
            if rows := book.rows(sql, (targets[target],)):
                return rows[0]
    return "", None
