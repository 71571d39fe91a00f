"""The records and logs of head office within one transaction: read as needed, changed in memory, written at the end.

The counters of the streams are raised last, right before the commit: so the order of positions is the order of commits,
and nobody who reads up to a position can miss a row that appears below it later.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from sfa.locales import now
from sfa.models import KINDS, CustomField, Field, Link, Links, new_id
from sfa.models.fields import Value
from sfa.server import agenda
from sfa.server.database import Session
from sfa.sync.codec import digest
from sfa.sync.merge import document
from sfa.sync.messages import ENTRIES, PART_BYTES, LogEntry, LogRow, encode

Values = dict[str, Value]
Definitions = dict[str, dict[str, Field[Any]]]
"""Kind → the company's own fields."""


class Held(msgspec.Struct):
    """A record as head office holds it."""

    id: str
    kind: str
    stream: int
    parent: str | None
    values: Values

    @property
    def deleted(self) -> bool:
        return bool(self.values.get("deleted_at"))

    @property
    def heading(self) -> str:
        record = KINDS.get(self.kind)
        return (record.heading_of(self.values) if record else "") or self.id


class Grown(NamedTuple):
    """Position and mark of a log before a commit and after it."""

    before: int
    prior: str
    after: int
    head: str


class Ledger:
    """What one transaction knows and changes. ``trial`` holds what the action at hand would change."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.known: dict[str, Held | None] = {}
        self.trial: dict[str, Held] = {}
        self.entries: dict[int, list[LogEntry]] = {}
        self._there: set[str] = set()
        self._changed: dict[str, Held] = {}
        self._rows: dict[int, list[tuple[str, int, str]]] = {}
        self._grown: dict[int, int] = {}
        self._growth: dict[int, int] = {}
        self._agenda: dict[str, str] = {}
        self._definitions: Definitions | None = None
        self._links: dict[str, dict[str, Link | Links]] = {}
        self._required: dict[str, dict[str, Field[Any]]] = {}

    # Reading

    def load(self, ids: Iterable[str], keep: str | None = None) -> None:
        """Reads records at once that will be asked for, and keeps others from changing them.

        ``keep``: how they are kept, where they are not to be changed here (two may read one record at a time).
        """
        missing = [record_id for record_id in dict.fromkeys(ids) if record_id not in self.known]
        if not missing:
            return
        condition, parameter = self.session.among("id", missing)
        sql = f"SELECT id, kind, stream, parent, doc FROM record WHERE {condition} ORDER BY id"
        sql += self.session.lock if keep is None else keep
        self.known.update(dict.fromkeys(missing))
        rows = self.session.rows(sql, (parameter,))
        found = {row[0]: Held(row[0], row[1], row[2], row[3], json.loads(row[4])) for row in rows}
        self.known.update(found)
        self._there.update(found)

    def find(self, record_id: str) -> Held | None:
        """The record as it is by now; None where there is none."""
        if record_id in self.trial:
            return self.trial[record_id]
        if record_id not in self.known:
            self.load([record_id], self.session.share)
        return self.known[record_id]

    def under(self, record_id: str) -> list[Held]:
        """Everything that moves with a record, level by level."""
        found: dict[str, Held] = {}
        level = [record_id]
        while level:
            condition, parameter = self.session.among("parent", level)
            ids = [row[0] for row in self.session.rows(f"SELECT id FROM record WHERE {condition}", (parameter,))]
            fresh = [held.id for held in (*self._changed.values(), *self.trial.values()) if held.parent in level]
            self.load(ids)
            children = {child: self.find(child) for child in (*ids, *fresh) if child not in found}
            here = {child: held for child, held in children.items() if held is not None and held.parent in level}
            found.update(here)
            level = list(here)
        return list(found.values())

    def conflicts(self, record_id: str) -> list[Held]:
        """The conflicts about a record."""
        rows = self.session.rows(
            "SELECT id FROM record WHERE parent = ? AND kind = 'conflict' ORDER BY id", (record_id,)
        )
        own = [held for held in (*self._changed.values(), *self.trial.values()) if held.parent == record_id]
        ids = dict.fromkeys([*(row[0] for row in rows), *(held.id for held in own if held.kind == "conflict")])
        return [held for held in map(self.find, ids) if held is not None]

    def position(self, _kind: str, record_id: str) -> float:
        """The place of a stage, or of whatever else has one, among its like."""
        held = self.find(record_id)
        return float(held.values.get("position") or 0) if held else -1.0

    def fields(self, kind: str) -> dict[str, Field[Any]]:
        """The model's fields of ``kind`` and the company's own."""
        if self._definitions is None:
            rows = self.session.rows("SELECT doc FROM record WHERE kind = 'custom_field'")
            self._definitions = {}
            for (doc,) in rows:
                self._define(json.loads(doc))
        model = KINDS[kind].fields
        own = self._definitions.get(kind)
        return {**own, **model} if own else model

    def required(self, kind: str) -> dict[str, Field[Any]]:
        """Those of the fields that are never empty."""
        if kind not in self._required:
            self._required[kind] = {name: field for name, field in self.fields(kind).items() if field.required}
        return self._required[kind]

    def links(self, kind: str) -> dict[str, Link | Links]:
        """Those of the fields that lead to other records."""
        if kind not in self._links:
            fields = self.fields(kind)
            self._links[kind] = {name: field for name, field in fields.items() if isinstance(field, (Link, Links))}
        return self._links[kind]

    def _define(self, values: Values) -> None:
        self._links.clear()
        self._required.clear()
        if self._definitions is not None and not values.get("deleted_at"):
            field = CustomField(values).make()
            self._definitions.setdefault(str(values["of_kind"]), {})[field.name] = field

    # Changing

    def put(self, held: Held, entry: LogEntry) -> None:
        """Has the action at hand leave a record like this, and tells those who follow its stream."""
        self.trial[held.id] = held
        self.log(held.stream, entry)

    def log(self, stream: int, entry: LogEntry) -> None:
        self.entries.setdefault(stream, []).append(entry)

    def grow(self, stream: int, count: int = 1) -> None:
        """Counts records that came into a stream."""
        self._grown[stream] = self._grown.get(stream, 0) + count

    def reject(self) -> None:
        """Forgets what the action at hand would have changed."""
        self.trial, self.entries, self._grown = {}, {}, {}

    def accept(self, action: LogRow) -> dict[int, int]:
        """Takes over what the action at hand changed; gives the number of the last row it adds to each stream's log."""
        self.known.update(self.trial)
        self._changed.update(self.trial)
        for held in self.trial.values():
            if held.kind == "custom_field":
                self._define(held.values)
            if held.kind == "activity":
                self._agenda[held.id] = max(self._agenda.get(held.id, ""), action.at)
        for stream, count in self._grown.items():
            self._growth[stream] = self._growth.get(stream, 0) + count
        last: dict[int, int] = {}
        for stream, entries in self.entries.items():
            rows = self._rows.setdefault(stream, [])
            chunks = list(_chunks(entries))
            for place, chunk in enumerate(chunks, 1):
                body = encode(msgspec.structs.replace(action, entries=chunk)).decode()
                rows.append((action.id, int(place == len(chunks)), body))
            last[stream] = len(rows)
        self.reject()
        return last

    def flush(self) -> dict[int, Grown]:
        """Writes everything; gives how far the log of each stream grew."""
        written = [self._changed[record_id] for record_id in sorted(self._changed)]
        self.session.many(
            "UPDATE record SET stream = ?, parent = ?, doc = ? WHERE id = ?",
            ((h.stream, h.parent, document(h.values), h.id) for h in written if h.id in self._there),
        )
        self.session.many(  # one that another transaction has added since is a lost race: everything is judged again
            "INSERT INTO record (id, kind, stream, parent, doc) VALUES (?, ?, ?, ?, ?)",
            ((h.id, h.kind, h.stream, h.parent, document(h.values)) for h in written if h.id not in self._there),
        )
        agenda.note(self.session, ((self._changed[record_id], at) for record_id, at in sorted(self._agenda.items())))
        return {stream: self._append(stream, self._rows[stream]) for stream in sorted(self._rows)}

    def _append(self, stream: int, rows: Sequence[tuple[str, int, str]]) -> Grown:
        head, at = digest(new_id())[:8], now()
        ((after, prior),) = self.session.rows(
            "UPDATE stream SET seq = seq + ?, prior = head, head = ?, records = records + ? WHERE number = ?"
            " RETURNING seq, prior",
            (len(rows), head, self._growth.get(stream, 0), stream),
        )
        before = after - len(rows)
        self.session.many(
            "INSERT INTO log (stream, seq, action, received_at, final, mark, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(stream, seq, row[0], at, row[1], head, row[2]) for seq, row in enumerate(rows, before + 1)],
        )
        return Grown(before, prior, after, head)


def _chunks(entries: Sequence[LogEntry]) -> Iterable[list[LogEntry]]:
    """The entries in pieces that a page can hold."""
    chunk: list[LogEntry] = []
    size = 0
    for entry in entries:
        weight = len(encode(entry))
        if chunk and (len(chunk) >= ENTRIES or size + weight > PART_BYTES):
            yield chunk
            chunk, size = [], 0
        chunk.append(entry)
        size += weight
    yield chunk


def changed(held: Held, values: Mapping[str, Value]) -> Held:
    """The record with these values set; empty ones leave it."""
    merged = {name: value for name, value in {**held.values, **values}.items() if value is not None}
    return msgspec.structs.replace(held, values=merged)
