"""What changed in a record, field by field, for people and for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfa.cli.plain import field_data
from sfa.sales.changes import in_full

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfa.cli.session import Session
    from sfa.models.fields import Value
    from sfa.sales.changes import Delta


def delta_data(session: Session, kind: str, delta: Delta) -> dict[str, list[Any]]:
    """Field → [old, new] for a machine."""
    return {
        name: [
            field_data(session, kind, name, old, delta.before),
            field_data(session, kind, name, new, delta.after),
        ]
        for name, (old, new) in delta.fields.items()
    }


def delta_rows(session: Session, kind: str, delta: Delta) -> list[list[str]]:
    """Label, old and new value for people."""
    fields = session.book.fields(kind)
    return [
        [
            fields[name].title if name in fields else name,
            shown(session, kind, name, old, delta.before),
            shown(session, kind, name, new, delta.after),
        ]
        for name, (old, new) in delta.fields.items()
    ]


def shown(session: Session, kind: str, name: str, value: Value, peers: Mapping[str, Value]) -> str:
    """A value in full, for people; fields that this version does not know come as they are stored."""
    field = session.book.fields(kind).get(name)
    if field is None:
        return "" if value is None else str(value)
    return in_full(field, value, peers, session.lookup)
