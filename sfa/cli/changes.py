"""What changed in a record, field by field, for people and for machines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from sfa.cli.plain import field_data

if TYPE_CHECKING:
    from sfa.cli.session import Session
    from sfa.models.fields import Value
    from sfa.store.journal import Entry, Step

Values = dict[str, Any]


class Delta(NamedTuple):
    """Fields of one record, [old, new]; ``before`` and ``after`` are all its values (amounts need the currency)."""

    kind: str
    fields: Mapping[str, list[Value]]
    before: Values
    after: Values

    def data(self, session: Session) -> dict[str, list[Any]]:
        """Field → [old, new] for a machine."""
        return {
            name: [
                field_data(session, self.kind, name, old, self.before),
                field_data(session, self.kind, name, new, self.after),
            ]
            for name, (old, new) in self.fields.items()
        }

    def rows(self, session: Session) -> list[list[str]]:
        """Label, old and new value for people."""
        fields = session.book.fields(self.kind)
        return [
            [
                fields[name].title if name in fields else name,
                shown(session, self.kind, name, old, self.before),
                shown(session, self.kind, name, new, self.after),
            ]
            for name, (old, new) in self.fields.items()
        ]


def shown(session: Session, kind: str, name: str, value: Value, peers: Mapping[str, Value]) -> str:
    """A value in full, for people."""
    from sfa.locales import current
    from sfa.models import Link, Links
    from sfa.models.lists import Points

    field = session.book.fields(kind).get(name)
    if value is None or field is None:
        return "" if value is None else str(value)
    if isinstance(field, (Link, Links, Points)):  # ``show`` wants names here, and leaves out all but the first number
        return field.edit(value, peers, current(), session.lookup)
    return field.show(value, peers, current())


def of_entry(session: Session, entry: Entry) -> Delta:
    """What an action did to one record."""
    from sfa.store import journal

    after = journal.state(session.book, entry.kind, entry.record, entry.action) or {}
    before = journal.step_back(dict(after), entry) or {}
    fields = born(after) if entry.op == "insert" else entry.fields
    return Delta(entry.kind, fields, before, after)


def born(values: Mapping[str, Value]) -> dict[str, list[Value]]:
    """The values that a record began with, as a change from nothing."""
    return {name: [None, value] for name, value in values.items() if name not in ("id", "n")}


def of_history(session: Session, kind: str, record_id: str) -> Iterator[tuple[Step, Delta]]:
    """Every step of a record's life, newest first, with what it changed."""
    from sfa.store import journal

    record = session.book.find(kind, record_id)
    after: Values = dict(record.values) if record else {}
    for step in journal.history(session.book, kind, record_id):
        before = dict(after)
        for name, (old, _new) in step.fields.items():
            before[name] = old
        yield step, Delta(kind, {name: pair for name, pair in step.fields.items() if name != "n"}, before, after)
        after = before
