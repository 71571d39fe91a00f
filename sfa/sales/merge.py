"""Merging records that are the same thing: one stays, the others fill its gaps, and everything points to it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from sfa.errors import UserError
from sfa.i18n import _
from sfa.models import KINDS, Link, Links, Record
from sfa.models.fields import Field, Value
from sfa.models.lists import Points
from sfa.store.book import Book
from sfa.store.change import Change

Values = dict[str, Value]
OWN = frozenset({"created_at", "created_by", "deleted_at", "merged_into"})  # what a record does not take over
TOGETHER = {"external_source": "external", "external_id": "external"}  # groups beyond the models' own


def merge(
    book: Book,
    kind: str,
    winner: str,
    losers: Sequence[str],
    choices: Mapping[str, Value] | None = None,
    origin: str = "command",
) -> None:
    """Makes ``losers`` part of ``winner`` in one action, which undo takes back.

    ``choices`` are values that the rep picked. Besides, gaps of the winner are filled from the losers in their order
    (of fields that belong together only where nothing contradicts), and lists are joined. Every link to a loser, from
    whatever kind of record, points to the winner afterwards, and the losers are deleted. Raises ``UserError``.
    """
    losers = list(dict.fromkeys(losers))
    records = [_live(book, kind, record_id) for record_id in (winner, *losers)]
    _require_mergeable(book, records)
    name = records[0].heading
    title = _("Merged {other} into {name}") if len(losers) == 1 else _("Merged {count} {kinds} into {name}")
    words = {"other": records[-1].heading, "count": len(losers), "kinds": _(KINDS[kind].plural).lower(), "name": name}
    with book.change(title.format(**words), origin) as change:
        same = frozenset((winner, *losers))
        filled = _filled(book.fields(kind), [_without(book, record, same) for record in records])
        change.update(kind, winner, {**filled, **(choices or {})})
        for other in KINDS:
            _repoint(change, other, kind, winner, frozenset(losers))
        for loser in losers:
            change.put(kind, loser, {"deleted_at": change.at, "merged_into": winner})


def _live(book: Book, kind: str, record_id: str) -> Record:
    record = book.get(kind, record_id)
    if record.deleted_at:
        raise UserError(_("{name} is deleted.").format(name=record.heading), _("Merge only what is there."))
    return record


def _require_mergeable(book: Book, records: Sequence[Record]) -> None:
    first, *others = records
    if not others or first.id in [other.id for other in others]:
        raise UserError(_("Name one record that stays, and others that become part of it."))
    if book.user in [other.id for other in others]:
        raise UserError(_("The book is yours: you are the one that stays."), _("Merge the other into you."))
    if first.scoped_by and len({record.values[first.scoped_by] for record in records}) > 1:
        scope = _(KINDS[first.scoped_by].label).lower()
        raise UserError(_("{kind} of the same {scope} only can be merged.").format(kind=_(first.plural), scope=scope))


def _without(book: Book, record: Record, same: frozenset[str]) -> Values:
    """The values of a record but for links among those that become one."""
    fields = book.fields(record.kind)
    values = {name: value for name, value in record.values.items() if name in fields and name not in OWN}
    return {name: value for name, value in values.items() if not (isinstance(fields[name], Link) and value in same)}


def _filled(fields: Mapping[str, Field[object]], records: Sequence[Values]) -> Values:
    """What the first record takes over from the others."""
    groups: dict[str, list[str]] = {}
    for name, field in fields.items():
        groups.setdefault(TOGETHER.get(name) or field.group or name, []).append(name)
    result = dict(records[0])
    for other in records[1:]:
        for names in groups.values():
            if isinstance(fields[names[0]], (Points, Links)):
                result.update({name: _joined(result.get(name), other[name]) for name in names if name in other})
            elif all(result[name] == other.get(name) for name in names if name in result):
                result.update({name: other[name] for name in names if name in other})
    return {name: value for name, value in result.items() if records[0].get(name) != value}


def _joined(one: list[Value] | None, other: list[Value]) -> list[Value]:
    """Both lists, the same number or address once."""
    kept = {json.dumps(_identity(item)): item for item in reversed([*(one or ()), *other])}
    return list(reversed(kept.values()))


def _identity(item: Value) -> Value:
    return item.get("e164") or item["value"].casefold() if isinstance(item, dict) else item


def _repoint(change: Change, other: str, kind: str, winner: str, losers: frozenset[str]) -> None:
    """Makes all links of records of kind ``other`` that point to a loser point to the winner."""
    fields = change.book.fields(other)
    pointing = {name: field for name, field in fields.items() if isinstance(field, (Link, Links)) and field.to == kind}
    if not pointing:
        return
    conditions, parameters = _conditions(pointing.values(), losers)
    rows = change.connection.execute(f"SELECT id FROM {other} WHERE {conditions}", parameters).fetchall()
    for (record_id,) in rows:
        if other == kind and record_id in losers:
            continue  # what goes keeps what it had
        present = change.get(other, record_id).values
        links = {name: _moved(present.get(name), winner, losers) for name in pointing}
        if other == kind and record_id == winner:
            links = {name: None if value == winner else value for name, value in links.items()}
        change.put(other, record_id, links)


def _conditions(fields: Iterable[Link | Links], losers: frozenset[str]) -> tuple[str, list[str]]:
    """SQL for records of which one of the ``fields`` holds a loser, in the tables or among the company's own."""
    parts: list[str] = []
    parameters: list[str] = []
    for field in fields:
        column = f"""json_extract(custom, '$."{field.name}"')""" if field.custom else f'"{field.name}"'
        for loser in losers:
            listed = isinstance(field, Links)
            parts.append(f"{column} LIKE ?" if listed else f"{column} = ?")
            parameters.append(f'%"{loser}"%' if listed else loser)
    return " OR ".join(parts), parameters


def _moved(value: Value, winner: str, losers: frozenset[str]) -> Value:
    if isinstance(value, list):
        return sorted({winner if item in losers else item for item in value})
    return winner if value in losers else value
