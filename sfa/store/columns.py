"""How a kind of record lies in its table: derived from the model, never written down a second time.

Every table has ``n`` (the row's number in this book only), ``id``, a column per field, ``custom`` (JSON: the company's
own fields, and those a newer version knows), ``sort_key`` and ``stream`` (which of head office's logs it is in).
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from sfa.errors import BookError
from sfa.i18n import _
from sfa.models import KINDS
from sfa.models.fields import Value, quoted

LOCAL = ("n", "id", "custom", "sort_key", "stream")  # columns that are no fields
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


def dumps(value: Value) -> str:
    """The one JSON spelling that book and journal use."""
    return _encode(value)


def loads(text: str) -> Value:
    """What ``dumps`` wrote; raises ``BookError`` where a damaged file holds something else."""
    try:
        return json.loads(text)
    except ValueError:
        reason = _("The book is damaged: “{text}” is no stored value.").format(text=quoted(text))
        raise BookError(reason, _("“sfa restore FILE” brings back a backup.")) from None


def dumps_all(values: Sequence[Value]) -> list[str | None]:
    """``dumps`` of each value, None for None; in one go, as starting the encoder costs more than a short value does.

    Between the values goes what none of them holds: a control character, which no field takes.
    """
    present = [value for value in values if value is not None]
    parts = _encode([part for value in present for part in (value, "\0")])[1:-1].split(',"\\u0000"')
    if len(parts) != len(present) + 1:
        return [None if value is None else dumps(value) for value in values]
    texts = iter(parts)
    return [None if value is None else next(texts).removeprefix(",") for value in values]


def sayable(text: str) -> str:
    """``text`` as SQLite takes it: halves of characters, which no record holds, are spelled out."""
    return text.encode("utf-8", "backslashreplace").decode()


@cache
def columns(kind: str) -> dict[str, str]:
    """Column name → SQLite type, in table order."""
    fields = {name: field.storage for name, field in KINDS[kind].fields.items()}
    return {"n": "INTEGER", "id": "TEXT", **fields, "custom": "TEXT", "sort_key": "TEXT", "stream": "INTEGER"}


@cache
def json_columns(kind: str) -> frozenset[str]:
    return frozenset(name for name, field in KINDS[kind].fields.items() if field.in_json)


@cache
def _names(kind: str) -> tuple[str, ...]:
    return tuple(name for name in columns(kind) if name != "stream")


@cache
def listed(kind: str) -> str:
    """What makes up a record for a SELECT, in the model's order (the table of an older book has later fields last)."""
    return ", ".join(f'"{name}"' for name in _names(kind))


def decode(kind: str, row: Sequence[Any]) -> dict[str, Value]:
    """A row of the columns ``listed`` as the record's values, empty fields left out; ``n`` included."""
    values = {name: value for name, value in zip(_names(kind), row, strict=True) if value is not None}
    for name in json_columns(kind):
        if name in values:
            values[name] = loads(values[name])
    values.pop("sort_key", None)
    if custom := values.pop("custom", None):
        values.update(loads(custom))
    return values


def encode(kind: str, values: Mapping[str, Value]) -> dict[str, Any]:
    """``values`` as columns of the table; what is no column goes into ``custom``. ``sort_key`` is added."""
    known, json_names = columns(kind), json_columns(kind)
    row = {
        name: dumps(value) if name in json_names else value
        for name, value in values.items()
        if name in known and value is not None
    }
    custom = {name: value for name, value in values.items() if name not in known and value is not None}
    if custom:
        row["custom"] = dumps(custom)
    row["sort_key"] = KINDS[kind].sort_key_of(values)
    return row


class IndexSpec(NamedTuple):
    """An index of a kind's table; it holds only rows whose ``empty`` columns are."""

    kind: str
    names: tuple[str, ...]
    empty: tuple[str, ...]


def index_specs() -> dict[str, IndexSpec]:
    """Index name → what it holds. All leave out the deleted, as every list does."""
    specs: dict[str, IndexSpec] = {}
    for kind, record in KINDS.items():
        for names in (("sort_key",), *record.indexes):
            specs[f"ix_{kind}_{'_'.join(names)}"] = IndexSpec(kind, names, ("deleted_at",))
        for names in record.open_indexes:
            specs[f"ix_{kind}_open_{'_'.join(names)}"] = IndexSpec(kind, names, ("deleted_at", record.open_until))
    return specs


def fingerprint() -> str:
    """Changes when any table, column or index does; a book that carries another is brought up to date when opened."""
    shape = [[kind, list(columns(kind).items())] for kind in KINDS]
    return f"{zlib.crc32(dumps([shape, list(index_specs().items()), searched()]).encode()):08x}"


def searched() -> dict[str, list[str]]:
    """Per searched kind the fields that its search documents hold."""
    return {
        kind: [name for name, field in record.fields.items() if field.searched]
        for kind, record in KINDS.items()
        if record.rank
    }


def search_table(kind: str) -> str:
    """The full-text index of ``kind``; a document has the number of its record's row."""
    return f"search_{kind}"
