"""Records and actions as plain data, for ``--json``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sfa.cli.session import Session
    from sfa.models import Record
    from sfa.models.fields import Value
    from sfa.store.journal import Action

Data = dict[str, Any]


def reference(session: Session, kind: str, record_id: str | None) -> Data | None:
    """A link: the id and name of what it points to."""
    return {"id": record_id, "name": session.lookup.title(kind, record_id)} if record_id else None


def field_data(session: Session, kind: str, name: str, value: Value, peers: Mapping[str, Value]) -> Any:
    """One value for a machine; fields that this version does not know come as they are stored."""
    field = session.book.fields(kind).get(name)
    return value if field is None or value is None else field.plain(value, peers, session.lookup)


def record_data(session: Session, record: Record) -> Data:
    """A record with all its fields, empty ones as null."""
    values = record.values
    fields = session.book.fields(record.kind)
    return {"kind": record.kind, "id": record.id} | {
        name: field_data(session, record.kind, name, values.get(name), values) for name in fields
    }


def action_data(session: Session, action: Action) -> Data:
    """One step of the journal."""
    return {
        "number": action.number,
        "id": action.id,
        "at": action.at,
        "user": reference(session, "user", action.user),
        "origin": action.origin,
        "title": action.title,
        "mode": action.mode,
        "root": action.root,
    }
