"""The unit of work: every change of the book goes through here, and is written to the journal with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sfa.errors import FieldError
from sfa.i18n import _
from sfa.locales import now
from sfa.models import KINDS, Link, Links, Record, check_values, new_id, require
from sfa.models.fields import Value
from sfa.store.columns import columns, decode, dumps, encode
from sfa.store.search import document, document_id

if TYPE_CHECKING:
    from sqlcipher3.dbapi2 import Connection

    from sfa.store.book import Book

Fields = dict[str, list[Value]]  # field → [old, new]


class Change:
    """What one action does to the book. Made by ``Book.change``; all in one transaction.

    An ``insert`` leaves its values to the record itself (and to later entries), a ``remove`` (an insert undone) keeps them.
    """

    def __init__(self, book: Book, connection: Connection, title: str, origin: str) -> None:
        self.book, self.connection, self.title, self.origin = book, connection, title, origin
        self.at, self.user = now(), book.user or None
        self.mode, self.root = "do", 0
        self.kinds: frozenset[str] = frozenset()
        self.entries: dict[str, tuple[str, str, Fields | None]] = {}  # record → (kind, op, fields), in order of first touch
        self._linked: dict[str, set[str]] = {}
        self.number = 0

    def get(self, kind: str, record_id: str) -> Record:
        """The record as it is within this change; raises ``NotFound``."""
        return self.book.get(kind, record_id)

    def insert(self, kind: str, values: Mapping[str, Value]) -> str:
        """Adds a record and gives its id. Raises ``FieldError``."""
        fields = self.book.fields(kind)
        full = {name: field.default for name, field in fields.items() if field.default is not None}
        full.update(check_values(fields, {name: value for name, value in values.items() if name not in ("id", "n")}))
        require(fields, full)
        if values.get("id"):
            full["id"] = values["id"]
        return self.insert_rows(kind, tuple(full), [tuple(full.values())])[0]

    def insert_rows(self, kind: str, names: Sequence[str], rows: Iterable[Sequence[Value]]) -> list[str]:
        """The fast lane for many records: ``rows`` hold good stored values of the fields ``names``. Gives the new ids."""
        fields = self.book.fields(kind)
        extra = {"created_at": self.at, "created_by": self.user, "owner": self.user}
        added = {name: value for name, value in extra.items() if name not in names and value is not None}
        start = int(self.book.value(f"SELECT coalesce(max(n), 0) FROM {kind}") or 0)
        links = self._link_collector(kind, names)
        encoded: list[dict[str, Any]] = []
        documents: list[tuple[int, str]] = []
        searched, ids = KINDS[kind].rank > 0, []
        words = {name: field for name, field in fields.items() if field.searched} if searched else {}
        for n, row in enumerate(rows, start + 1):
            values = dict(zip(names, row, strict=True))
            links(row)
            columns_of = encode(kind, values)
            columns_of["n"] = values.get("n") or n
            columns_of["id"] = record_id = values.get("id") or new_id()
            columns_of.update(added)
            encoded.append(columns_of)
            ids.append(record_id)
            if searched and values.get("deleted_at") is None:
                documents.append((document_id(kind, columns_of["n"]), document(words, values)))
            self.entries[record_id] = (kind, "insert", None)
        self._write(kind, encoded)
        self.connection.executemany("INSERT INTO search (rowid, text) VALUES (?, ?)", documents)
        return ids

    def _write(self, kind: str, rows: list[dict[str, Any]]) -> None:
        if not rows:
            return
        used = {name for row in rows for name in row}
        names = [name for name in columns(kind) if name in used]
        listed, marks = ", ".join(f'"{name}"' for name in names), ", ".join("?" * len(names))
        sql = f"INSERT INTO {kind} ({listed}) VALUES ({marks})"
        self.connection.executemany(sql, (tuple(row.get(name) for name in names) for row in rows))

    def _link_collector(self, kind: str, names: Sequence[str]) -> Callable[[Sequence[Value]], None]:
        """Remembers which records a row points to; ``finish`` looks whether they exist."""
        fields = self.book.fields(kind)
        single = [(place, self._targets(field.to)) for place, name in enumerate(names) if isinstance(field := fields.get(name), Link)]
        several = [(place, self._targets(field.to)) for place, name in enumerate(names) if isinstance(field := fields.get(name), Links)]

        def collect(row: Sequence[Value]) -> None:
            for place, targets in single:
                if row[place] is not None:
                    targets.add(row[place])
            for place, targets in several:
                targets.update(row[place] or ())

        return collect

    def _targets(self, kind: str) -> set[str]:
        return self._linked.setdefault(kind, set())

    def update(self, kind: str, record_id: str, values: Mapping[str, Value]) -> bool:
        """Sets fields of a record; whether anything changed. Raises ``FieldError`` or ``NotFound``."""
        fields = self.book.fields(kind)
        return self.put(kind, record_id, check_values(fields, values))

    def put(self, kind: str, record_id: str, values: Mapping[str, Value]) -> bool:
        """As ``update``, for values known to be good (also those of fields that this version does not know)."""
        before = self.get(kind, record_id).values
        changed = {name: value for name, value in values.items() if before.get(name) != value}
        if not changed:
            return False
        after = {name: value for name, value in {**before, **changed}.items() if value is not None}
        self._link_collector(kind, tuple(changed))(tuple(changed.values()))
        row = encode(kind, after)
        touched = [name for name in (*changed, "custom", "sort_key") if name in columns(kind)]
        settings = ", ".join(f'"{name}" = ?' for name in touched)
        self.connection.execute(f"UPDATE {kind} SET {settings} WHERE id = ?", (*(row.get(name) for name in touched), record_id))
        self._note(kind, record_id, {name: [before.get(name), value] for name, value in changed.items()})
        self._index(kind, before, after)
        return True

    def _index(self, kind: str, before: Mapping[str, Value], after: Mapping[str, Value]) -> None:
        """Brings the search document of a record from one state to another; an empty state has none."""
        if not KINDS[kind].rank:
            return
        fields = self.book.fields(kind)
        old = None if not before or before.get("deleted_at") else document(fields, before)
        new = None if not after or after.get("deleted_at") else document(fields, after)
        if old == new:
            return
        number = document_id(kind, (before or after)["n"])
        if old is not None:
            self.connection.execute("DELETE FROM search WHERE rowid = ?", (number,))
        if new is not None:
            self.connection.execute("INSERT INTO search (rowid, text) VALUES (?, ?)", (number, new))

    def _note(self, kind: str, record_id: str, fields: Fields) -> None:
        """Adds to the record's entry; what was inserted in this action keeps its values in the record."""
        _kind, op, known = self.entries.get(record_id, (kind, "update", {}))
        if known is None:
            return
        merged = {name: [known[name][0] if name in known else old, new] for name, (old, new) in fields.items()}
        self.entries[record_id] = (kind, op, {**known, **merged})

    def delete(self, kind: str, record_id: str) -> bool:
        """Marks a record as deleted; whether it was not yet."""
        return self.get(kind, record_id).deleted_at is None and self.put(kind, record_id, {"deleted_at": self.at})

    def restore(self, kind: str, record_id: str) -> bool:
        """Takes the mark of deletion away."""
        return self.put(kind, record_id, {"deleted_at": None})

    def remove(self, kind: str, record_ids: Sequence[str]) -> None:
        """Takes back inserts: the rows go, the journal keeps their values. Only undo does this."""
        for record_id in record_ids:
            row = self.connection.execute(f"SELECT * FROM {kind} WHERE id = ?", (record_id,)).fetchone()
            values = decode(kind, row)
            self._index(kind, values, {})
            del values["id"]
            self.entries[record_id] = (kind, "remove", {name: [value, None] for name, value in values.items()})
        self.connection.executemany(f"DELETE FROM {kind} WHERE id = ?", ((record_id,) for record_id in record_ids))

    def finish(self) -> None:
        """Checks the links and writes the journal; called by the book before it commits."""
        self._check_links()
        entries = [(kind, record, op, fields) for record, (kind, op, fields) in self.entries.items()]
        entries = [entry for entry in entries if entry[3] is None or any(old != new for old, new in entry[3].values())]
        if not entries:
            return
        self.kinds = frozenset(entry[0] for entry in entries)
        cursor = self.connection.execute(
            "INSERT INTO action (id, at, user, device, origin, title, mode, root) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (new_id(), self.at, self.user, self.book.device, self.origin, self.title, self.mode, self.root),
        )
        self.number = cursor.lastrowid
        if not self.root:
            self.connection.execute("UPDATE action SET root = n WHERE n = ?", (self.number,))
        self.connection.executemany(
            "INSERT INTO entry (action, kind, record, op, fields) VALUES (?, ?, ?, ?, ?)",
            ((self.number, kind, record, op, None if fields is None else dumps(fields)) for kind, record, op, fields in entries),
        )

    def _check_links(self) -> None:
        for kind, ids in self._linked.items():
            missing = set(ids)
            listed = list(ids)
            for start in range(0, len(listed), 10_000):
                part = listed[start : start + 10_000]
                marks = ", ".join("?" * len(part))
                missing.difference_update(row[0] for row in self.connection.execute(f"SELECT id FROM {kind} WHERE id IN ({marks})", part))
            if missing:
                raise FieldError(kind, _(KINDS[kind].label), _("there is no such record: {id}").format(id=min(missing)))
