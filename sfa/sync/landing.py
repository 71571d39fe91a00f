"""How what head office says comes into the book: what it holds, with the laptop's own waiting actions on top.

The state of a record is a function of head office's logs and of the own actions that it has not judged yet (see
``sfa.sync.overlay``). Everything here happens in one transaction of the caller, together with the cursors.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from sfa.i18n import _
from sfa.models import KINDS, new_id
from sfa.models.fields import Value
from sfa.store import bulk
from sfa.store.change import Change
from sfa.store.columns import dumps, loads
from sfa.sync import outbox
from sfa.sync.merge import LOCAL
from sfa.sync.messages import LogEntry, LogRow, Place
from sfa.sync.overlay import Overlay
from sfa.sync.parting import part
from sfa.sync.strictness import checked

if TYPE_CHECKING:
    from sqlcipher3.dbapi2 import Connection

    from sfa.store.book import Book

Values = dict[str, Value]


class Landing:
    """One transaction in which pages of head office's logs come into the book."""

    def __init__(self, book: Book, connection: Connection) -> None:
        self.book, self.connection = book, connection
        self.kinds: set[str] = set()
        self.records = 0
        self._change: Change | None = None
        self.overlay = Overlay(book)
        self._own = {row[1]: row[0] for row in book.rows("SELECT action, id FROM outgoing")}
        self._arrived: set[int] = set()
        self._came: set[tuple[int, int]] = set()
        self._fresh: dict[str, dict[str, tuple[Values, int]]] = {}
        self._left: set[tuple[int, str]] = set()
        self._parting: dict[str, tuple[str, int]] = {}

    # Rows of the logs

    def foresee(self, places: Iterable[Place]) -> None:
        """Looks through the rows that will be landed for what does not live in their streams any more at their end.

        A record counts in one stream only, in whatever order the logs are read: so what they say of it is left out
        where it has left, and where it goes to it arrives whole. To be called with all rows before the first is landed.
        """
        for place in places:
            for entry in place.row.entries:
                if entry.op == "leave":
                    self._left.add((place.stream, entry.record))
                elif entry.op != "update" and self._left:
                    self._left.discard((place.stream, entry.record))

    def land(self, places: Iterable[Place]) -> None:
        """Takes in rows of the logs, in their order."""
        for place in places:
            self._begin(place.row)
            for entry in place.row.entries:
                self._land(place.stream, entry)
                self.records += place.row.id not in self._own
            self._write_fresh()
            if place.final:
                if place.row.id in self._own:
                    self._came.add((self._own[place.row.id], place.stream))
                self._finish()

    def _begin(self, row: LogRow) -> None:
        if row.id in self._own:
            self._arrived.add(self._own[row.id])
        if self._change is not None and self._change.id == row.id:
            return
        self._finish()
        self._change = change = Change(self.book, self.connection, row.title, "sync")
        change.id, change.at, change.user, change.device = row.id, row.at, row.user or None, row.device
        change.mode = row.mode
        if row.root:
            root = self.book.value("SELECT root FROM action WHERE id = ?", (row.root,))
            change.root = root or 0
        if row.id in self._own:  # the action itself is in the journal; this is what head office made of it
            change.id, change.title, change.mode, change.root = new_id(), _("Reconciled: {title}"), "do", 0
            change.title = change.title.format(title=row.title)
            change.user = None

    def _finish(self) -> None:
        """Writes the journal of the action that came in."""
        if self._change is not None:
            self._write_fresh()
            self._change.finish()
            self.kinds |= self._change.kinds
        self._change = None

    def _land(self, stream: int, entry: LogEntry) -> None:
        if (stream, entry.record) in self._left:
            self._parting[entry.record] = (entry.kind, stream)
        elif entry.op == "leave":
            return  # and came back
        elif entry.kind not in KINDS:
            self._land_stranger(stream, entry)
        else:
            if entry.op != "update":
                self._parting.pop(entry.record, None)
            fields = checked(self.book.fields(entry.kind), entry)
            if self.overlay.covers(entry.record):
                self._land_below(stream, entry.kind, entry.record, entry.op, fields)
            else:
                self._land_plainly(stream, entry.kind, entry.record, entry.op, fields)

    def _land_plainly(self, stream: int, kind: str, record: str, op: str, fields: Values) -> None:
        """A record that has no own actions on the way is as head office says."""
        fresh = self._fresh.get(kind, {})
        if record in fresh:
            values, where = fresh[record]
            base = fields if op in ("insert", "put") else {**values, **fields}
            fresh[record] = ({name: value for name, value in base.items() if value is not None}, stream or where)
            return
        if op in ("insert", "put"):
            self._fresh.setdefault(kind, {})[record] = (fields, stream)
            return
        present = self.book.find(kind, record)
        if present is not None:
            self._put(kind, record, fields)

    def _put(self, kind: str, record: str, fields: Values) -> None:
        assert self._change is not None
        self._change.put(kind, record, fields)

    def _write_fresh(self) -> None:
        """Adds the records that came in, many at a time; those that are there already are brought to what came."""
        assert self._change is not None or not self._fresh
        for kind, found in self._fresh.items():
            ids = dumps(list(found))
            sql = f'SELECT id FROM "{kind}" WHERE id IN (SELECT value FROM json_each(?))'
            there = [row[0] for row in self.book.rows(sql, (ids,))]
            for record in there:
                values, stream = found.pop(record)
                self._bring(kind, record, values, stream)
            self._add(kind, found)
        self._fresh = {}

    def _add(self, kind: str, found: Mapping[str, tuple[Values, int]]) -> None:
        if not found or self._change is None:
            return
        names = tuple(dict.fromkeys(name for values, _stream in found.values() for name in values))
        rows = [
            (record, stream or None, *(values.get(name) for name in names))
            for record, (values, stream) in found.items()
        ]
        bulk.add(self._change, kind, ("id", "stream", *names), rows, {})

    def _bring(self, kind: str, record: str, values: Values | None, stream: int = 0) -> None:
        """Makes the visible record hold exactly ``values``; None takes it away."""
        assert self._change is not None
        present = self.book.find(kind, record)
        if values is None:
            if present is not None:
                self._change.remove(kind, [record])
        elif present is None:
            self._add(kind, {record: (values, stream)})
        else:
            gone = {name: None for name in present.values if name not in values and name not in LOCAL}
            self._change.put(kind, record, {**gone, **values})
            if stream:
                self.connection.execute(f'UPDATE "{kind}" SET stream = ? WHERE id = ?', (stream, record))

    def _land_stranger(self, stream: int, entry: LogEntry) -> None:
        """Keeps a record of a kind that only a newer version knows, for the day when it is installed."""
        known = self.book.value("SELECT doc FROM stranger WHERE record = ?", (entry.record,))
        before = json.loads(known) if known and entry.op == "update" else {}
        values = {name: value for name, value in {**before, **entry.fields}.items() if value is not None}
        self.connection.execute(
            "INSERT OR REPLACE INTO stranger VALUES (?, ?, ?, ?)", (entry.record, entry.kind, stream, dumps(values))
        )

    # Records with own actions on the way

    def _land_below(self, stream: int, kind: str, record: str, op: str, fields: Values) -> None:
        """Brings a record's shadow up to date, and shows it with the own actions that still wait on top."""
        before = self.overlay.server_state(kind, record)
        if op in ("insert", "put"):
            after: Values | None = dict(fields)
        elif before is None:
            return
        else:
            after = {name: value for name, value in {**before, **fields}.items() if value is not None}
        self.overlay.set_server_state(kind, record, after, stream)
        self._show(kind, record)

    def _show(self, kind: str, record: str) -> None:
        values = self.overlay.visible(kind, record, self._arrived)
        self._bring(kind, record, values, self.overlay.stream(record))

    def replace(self, stream: int, kind: str, record: str, values: Values | None) -> None:
        """Has a record be what head office holds now, whatever the logs said before; None: it holds none."""
        if self._change is None:
            self._begin_own(_("Fetched anew from head office"))
        self.records += 1
        if kind not in KINDS:
            self._land_stranger(stream, LogEntry(kind, record, "put", values or {}))
            return
        if not self.overlay.covers(record):
            self._bring(kind, record, values, stream)
            return
        self.overlay.set_server_state(kind, record, values, stream)
        self._show(kind, record)

    def arrive(self, stream: int, kind: str, documents: Mapping[str, Values]) -> None:
        """Takes in records whole (id → values that were checked), whose history comes beside them."""
        if self._change is None:
            self._begin_own(_("Fetched anew from head office"))
        assert self._change is not None
        self.records += len(documents)
        for record, values in documents.items():
            if kind not in KINDS:
                self._land_stranger(stream, LogEntry(kind, record, "put", values))
            elif self.overlay.covers(record):
                self._land_below(stream, kind, record, "put", values)
            else:
                self._fresh.setdefault(kind, {})[record] = (values, stream)
        added = self._fresh.get(kind, {})
        self._write_fresh()
        for record in added:
            del self._change.entries[record]
        self.kinds |= {kind} & KINDS.keys()

    # Own actions that were judged

    def settle(self, actions: Sequence[int], title: str = "") -> None:
        """Own actions no longer wait: their records show what head office holds, with what still waits on top."""
        done = set(actions)
        self._begin_own(title or _("Reconciled with head office"))
        for record, waiting in list(self.overlay.waiting.items()):
            if any(entry.action in done for entry in waiting):
                self.overlay.settle(record, done)
                self._show(waiting[0].kind, record)
        self._finish()

    def settle_landed(self, whole: int = 0) -> int:
        """Own actions whose rows have all come no longer wait; of the stream ``whole`` all have.

        Gives a stream from which one is missing, 0 where none is: where a pull has come to its end, head office no
        longer has what is missing.
        """
        followed = {row[0] for row in self.book.rows("SELECT number FROM stream")} - {whole}
        rows = self.book.rows(f"SELECT action, places FROM outgoing WHERE {outbox.JUDGED}")
        missing = {
            action: [place for place in loads(places) if place[0] in followed and (action, place[0]) not in self._came]
            for action, places in rows
        }
        landed = [action for action, places in missing.items() if not places]
        if landed:
            self.settle(landed)
            self.connection.executemany("DELETE FROM outgoing WHERE action = ?", [(action,) for action in landed])
        left = [(dumps(places), action) for action, places in missing.items() if places]
        self.connection.executemany("UPDATE outgoing SET places = ? WHERE action = ?", left)
        return min((place[0] for places in missing.values() for place in places), default=0)

    def _begin_own(self, title: str) -> None:
        self._finish()
        self._change = change = Change(self.book, self.connection, title, "sync")
        change.id, change.user = new_id(), None

    def taken(self, action: int, stream: int) -> None:
        """Head office took an own action over as it was: its records live in ``stream``, and their shadows hold it."""
        self.overlay.take(action, stream)
        for (kind,) in self.book.rows("SELECT DISTINCT kind FROM entry WHERE action = ? AND op = 'insert'", (action,)):
            born = "SELECT record FROM entry WHERE action = ? AND kind = ? AND op = 'insert'"
            self.connection.execute(f'UPDATE "{kind}" SET stream = ? WHERE id IN ({born})', (stream, action, kind))

    def close(self) -> None:
        """Has what left go, and writes the shadows down, of records that need one."""
        self._finish()
        self._part()
        self.overlay.write(self.connection)

    def _part(self) -> None:
        """Takes out of the book what left its stream and has not arrived in another that is followed."""
        leaving: dict[str, list[str]] = {}
        for record, (kind, stream) in self._parting.items():
            table = f'"{kind}" WHERE id' if kind in KINDS else "stranger WHERE record"
            row = self.book.rows(f"SELECT stream FROM {table} = ?", (record,))
            if row and row[0][0] not in (stream, None):
                continue
            leaving.setdefault(kind, []).append(record)
            self.overlay.forget(record)
        if leaving:
            part(self.book, self.connection, leaving)
            self.kinds |= leaving.keys()
