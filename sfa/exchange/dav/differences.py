"""What could not be merged with a calendar or address book: records of kind ``conflict``, in the inbox of the sync."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfa.exchange.dav.threeway import Difference
from sfa.i18n import _
from sfa.models import KINDS, Link, Links
from sfa.store.columns import dumps

if TYPE_CHECKING:
    from sfa.models.fields import Value
    from sfa.store.change import Change


WAITING = frozenset({"start", "end"})
"""In the book the time of a series that waits, which no calendar tells."""


def write_down(change: Change, place: str, kind: str, record: str, found: Difference) -> None:
    """Keeps all three values of a difference: *mine* is what came from ``place``, *theirs* what the book holds.

    Links are left out, which texts have by name only: there the book's stands.
    """
    fields = {name: field for name, field in change.book.fields(kind).items() if not isinstance(field, (Link, Links))}

    clash = found.clash
    if clash.base.get("series_start") == clash.mine.get("series_start"):
        fields = {
            name: field for name, field in fields.items() if "series_start" not in clash.mine or name not in WAITING
        }

    def told(side: dict[str, Value]) -> str:
        return dumps({name: value for name, value in side.items() if name in fields})

    values = change.get(kind, record).values
    present: dict[str, Value] = {
        "title": (KINDS[kind].heading_of(values) or kind)[:255], "of_kind": kind, "record": record,
        "reason": found.reason, "place": place[:255], "base": told(found.clash.base), "mine": told(found.clash.mine),
        "theirs": told(found.clash.theirs), "user": change.user, "made_at": change.at,
        "action_title": _("Changed in {place}").format(place=place), **_last(change, record),
    }  # fmt: skip
    change.insert("conflict", {name: value for name, value in present.items() if value})


def _last(change: Change, record: str) -> dict[str, Value]:
    """Who changed the record in the book last, and when."""
    sql = """SELECT action.user, action.at, action.title FROM entry JOIN action ON action.n = entry.action
        WHERE entry.record = ? ORDER BY entry.n DESC LIMIT 1"""
    for user, at, title in change.book.rows(sql, (record,)):
        return {"other": user, "other_at": at, "other_title": title[:1000]}
    return {}
