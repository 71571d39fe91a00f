"""The fast lane for new records: many rows of one kind at once, column by column. Every insert goes through it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sfa.models import KINDS, Field, new_ids
from sfa.models.fields import Value
from sfa.models.record import sort_key
from sfa.store.columns import columns, dumps, dumps_all, json_columns
from sfa.store.search import add_documents, folded

if TYPE_CHECKING:
    from sfa.store.change import Change

Table = dict[str, Sequence[Value]]  # field → the values of all rows


def add(
    change: Change, kind: str, names: Sequence[str], rows: Iterable[Sequence[Value]], stamps: Mapping[str, Value]
) -> list[str]:
    """Writes ``rows`` (stored values of the fields ``names``) to table, search and journal; gives their ids.

    ``stamps`` are values that all rows get. Rows bring their ``id`` and ``n`` or get new ones.
    """
    table: Table = dict(zip(names, zip(*rows, strict=True), strict=False))
    count = len(next(iter(table.values()), ()))
    if not count:
        return []
    table.update({name: [value] * count for name, value in stamps.items()})
    first = int(change.book.value(f'SELECT coalesce(max(n), 0) + 1 FROM "{kind}"'))
    table["n"] = [given or n for n, given in enumerate(table.get("n") or [None] * count, first)]
    table["id"] = ids = [
        given or new for new, given in zip(new_ids(count), table.get("id") or [None] * count, strict=True)
    ]
    change.note_links(kind, table)
    _write(change, kind, table)
    _write_documents(change, kind, change.book.fields(kind), table)
    if kind == "custom_field":
        change.redefine(kind, *(dict(zip(table, row, strict=True)) for row in _rows(table, list(table))))
    change.entries.update(dict.fromkeys(ids, (kind, "insert", None)))
    return ids


def _write(change: Change, kind: str, table: Table) -> None:
    """The rows themselves. Columns without any value are left out."""
    known, in_json, record = columns(kind), json_columns(kind), KINDS[kind]
    stored: Table = {
        name: dumps_all(values) if name in in_json else values for name, values in table.items() if name in known
    }
    others = [name for name in table if name not in known]
    if others:
        own = (
            {name: value for name, value in zip(others, row, strict=True) if value is not None}
            for row in _rows(table, others)
        )
        stored["custom"] = [dumps(values) if values else None for values in own]
    parts = [name for name in record.sorted_by or record.named_by if name in table]
    stored["sort_key"] = list(map(sort_key, _rows(table, parts))) or [""] * len(table["n"])
    used = [name for name in known if any(value is not None for value in stored.get(name, ()))]
    named, marks = ", ".join(f'"{name}"' for name in used), ", ".join("?" * len(used))
    change.connection.executemany(f'INSERT INTO "{kind}" ({named}) VALUES ({marks})', _rows(stored, used))


def _write_documents(change: Change, kind: str, fields: Mapping[str, Field[Any]], table: Table) -> None:
    """What the rows are found by; the deleted are not."""
    if not KINDS[kind].rank:
        return
    words = [_words(fields[name], table[name]) for name in table if name in fields and fields[name].searched]
    texts = (
        (folded(" ".join(filter(None, row))) for row in zip(*words, strict=True))
        if words
        else iter([""] * len(table["n"]))
    )
    deleted = table.get("deleted_at") or [None] * len(table["n"])
    documents = [(number, text) for number, text, gone in zip(table["n"], texts, deleted, strict=True) if gone is None]
    add_documents(change.connection, kind, documents)


def _words(field: Field[Any], values: Sequence[Value]) -> Sequence[str | None]:
    if type(field).words is Field.words:  # the text itself
        return values if field.storage == "TEXT" else [None if value is None else str(value) for value in values]
    return [None if value is None else field.words(value) for value in values]


def _rows(table: Table, names: Sequence[str]) -> Iterable[tuple[Value, ...]]:
    return zip(*(table[name] for name in names), strict=True)
