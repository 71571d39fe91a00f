"""The unit of work: every change of the book goes through here, and is written to the journal with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from sfa.errors import FieldError
from sfa.i18n import _
from sfa.locales import now
from sfa.models import KINDS, Link, Links, Record, check_values, new_id, require
from sfa.models.fields import Value
from sfa.store.bulk import add
from sfa.store.columns import columns, decode, dumps, encode, listed
from sfa.store.search import add_documents, document, drop_documents, reindex

if TYPE_CHECKING:
    from sqlcipher3.dbapi2 import Connection

    from sfa.store.book import Book

Fields = dict[str, list[Value]]  # field → [old, new]


class Change:
    """What one action does to the book. Made by ``Book.change``; all in one transaction.

    An ``insert`` leaves its values to the record (and to later entries), a ``remove`` (an insert undone) keeps them.
    """

    def __init__(self, book: Book, connection: Connection, title: str, origin: str) -> None:
        self.book, self.connection, self.title, self.origin = book, connection, title, origin
        self.at, self.user = now(), book.user or None
        self.id, self.device = "", ""  # of an action that was done elsewhere
        self.mode, self.root, self.number = "do", 0, 0
        self.kinds: frozenset[str] = frozenset()
        self.entries: dict[
            str, tuple[str, str, Fields | None]
        ] = {}  # record → (kind, op, fields), in order of first touch
        self._linked: dict[tuple[str, str, str], set[str]] = {}  # (kind, field, its title) → the ids that it was set to
        self._redefined: set[tuple[str, str]] = set()  # (kind, field) of the company's own fields that changed

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
        """The fast lane for many records: ``rows`` hold good stored values of the fields ``names``. Gives the new ids.

        What ``names`` leave out of owner, creator and time of creation is filled in.
        """
        stamps = {"created_at": self.at, "created_by": self.user, "owner": self.user}
        missing = {name: value for name, value in stamps.items() if name not in names and value is not None}
        return add(self, kind, names, rows, missing)

    def insert_again(self, kind: str, records: Sequence[Mapping[str, Value]]) -> None:
        """Adds records with exactly these values (``id`` and ``n`` among them). Only redo does this."""
        names = tuple({name: None for values in records for name in values})
        add(self, kind, names, ([values.get(name) for name in names] for values in records), {})

    def note_links(self, kind: str, table: Mapping[str, Sequence[Value]]) -> None:
        """Remembers which records are pointed to (``table``: field → values); ``finish`` looks whether they exist."""
        fields = self.book.fields(kind)
        for name, values in table.items():
            field = fields.get(name)
            if isinstance(field, (Link, Links)):
                ids = self._linked.setdefault((field.to, field.name, field.title), set())
                ids.update(filter(None, values)) if isinstance(field, Link) else ids.update(*filter(None, values))

    def redefine(self, kind: str, *states: Mapping[str, Value]) -> None:
        """Remembers that a company's own field came, went or changed: search documents depend on it."""
        if kind == "custom_field":
            self._redefined.update((values["of_kind"], values["name"]) for values in states)
            self.book.forget_fields()

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
        self.note_links(kind, {name: (value,) for name, value in changed.items()})
        row = encode(kind, after)
        touched = [*(name for name in changed if name in columns(kind)), "custom", "sort_key"]
        settings = ", ".join(f'"{name}" = ?' for name in touched)
        parameters = (*(row.get(name) for name in touched), record_id)
        self.connection.execute(f'UPDATE "{kind}" SET {settings} WHERE id = ?', parameters)
        self._note(kind, record_id, {name: [before.get(name), value] for name, value in changed.items()})
        self.redefine(kind, before, after)
        self._index(kind, before, after)
        return True

    def _index(self, kind: str, before: Mapping[str, Value], after: Mapping[str, Value]) -> None:
        """Brings the search document of a record from one state to another."""
        if not KINDS[kind].rank:
            return
        fields, number = self.book.fields(kind), before["n"]
        old = None if before.get("deleted_at") else document(fields, before)
        new = None if after.get("deleted_at") else document(fields, after)
        if old == new:
            return
        if old is not None:
            drop_documents(self.connection, kind, [number])
        if new is not None:
            add_documents(self.connection, kind, [(number, new)])

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
        """Takes the mark of deletion away, and with it that of having become part of another."""
        return self.put(kind, record_id, {"deleted_at": None, "merged_into": None})

    def remove(self, kind: str, record_ids: Sequence[str]) -> None:
        """Takes back inserts: the rows go, the journal keeps their values. Only undo does this."""
        chosen = "WHERE id IN (SELECT value FROM json_each(?))"
        ids = dumps(list(record_ids))
        found = {
            values["id"]: values
            for row in self.book.rows(f'SELECT {listed(kind)} FROM "{kind}" {chosen}', (ids,))
            if (values := decode(kind, row))
        }
        for record_id in record_ids:
            values = found[record_id]
            self.redefine(kind, values)
            self.entries[record_id] = (
                kind,
                "remove",
                {name: [value, None] for name, value in values.items() if name != "id"},
            )
        if KINDS[kind].rank:
            drop_documents(self.connection, kind, [values["n"] for values in found.values()])
        self.connection.execute(f'DELETE FROM "{kind}" {chosen}', (ids,))

    def finish(self) -> None:
        """Checks the links and writes the journal; called by the book before it commits."""
        if self.origin != "sync":  # what comes from head office may link to what this laptop does not hold
            self._check_links()
        for kind, name in sorted(self._redefined):
            reindex(self.book, kind, "json_type(custom, ?) IS NOT NULL", (f'$."{name}"',))
        entries = [(kind, record, op, _net(fields)) for record, (kind, op, fields) in self.entries.items()]
        entries = [entry for entry in entries if entry[3] != {}]
        if not entries:
            return
        self.kinds = frozenset(entry[0] for entry in entries)
        who = (self.id or new_id(), self.at, self.user, self.device or self.book.device)
        cursor = self.connection.execute(
            "INSERT INTO action (id, at, user, device, origin, title, mode, root) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (*who, self.origin, self.title, self.mode, self.root),
        )
        self.number = cursor.lastrowid
        if not self.root:
            self.connection.execute("UPDATE action SET root = n WHERE n = ?", (self.number,))
        self.connection.executemany(
            "INSERT INTO entry (action, kind, record, op, fields) VALUES (?, ?, ?, ?, ?)",
            (
                (self.number, kind, record, op, None if fields is None else dumps(fields))
                for kind, record, op, fields in entries
            ),
        )

    def _check_links(self) -> None:
        for (kind, field, title), ids in self._linked.items():
            sql = f'SELECT value FROM json_each(?) WHERE NOT EXISTS (SELECT 1 FROM "{kind}" WHERE id = value) LIMIT 1'
            if ids and (missing := self.book.value(sql, (dumps(sorted(ids)),))):
                reason = _("there is no {kind} with the id {id}").format(kind=_(KINDS[kind].label), id=missing)
                raise FieldError(field, title, reason)


def _net(fields: Fields | None) -> Fields | None:
    """What is left of an entry's fields when those are left out that ended as they began."""
    return fields and {name: pair for name, pair in fields.items() if pair[0] != pair[1]}
