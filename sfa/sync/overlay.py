"""Own actions on their way to head office, on top of what it holds.

Where a record has such actions, its *shadow* is what head office holds, and in which stream; where it has none, that
is the record itself. A shadow is only written down once head office changed such a record: until then it is what the
record was before them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, NamedTuple

from sfa.models import Links
from sfa.models.fields import Value
from sfa.models.lists import Points
from sfa.store import journal
from sfa.store.columns import dumps
from sfa.sync import outbox
from sfa.sync.merge import merge

if TYPE_CHECKING:
    from sqlcipher3.dbapi2 import Connection

    from sfa.store.book import Book

Values = dict[str, Value]
_WAITING = f"""SELECT n FROM action WHERE {outbox.OWN} AND n > ?
    UNION SELECT action FROM outgoing WHERE outcome IS NULL OR {outbox.JUDGED}"""


class Waiting(NamedTuple):
    """What an own action on its way did to one record."""

    action: int
    kind: str
    op: str
    fields: Mapping[str, Value]


class Shadow(NamedTuple):
    """What head office holds of a record; ``values`` None for nothing, ``stream`` 0 where that is not known."""

    kind: str
    stream: int
    values: Values | None


class Overlay:
    """The shadows, and what waits on top of them, within one transaction."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._found: dict[str, list[Waiting]] | None = None
        self._removed: set[str] | None = None
        self._touched: set[str] = set()
        self._shadows: dict[str, Shadow] = {
            row[0]: Shadow(row[1], row[2] or 0, None if row[3] is None else json.loads(row[3]))
            for row in book.rows("SELECT record, kind, stream, doc FROM shadow")
        }

    @property
    def waiting(self) -> dict[str, list[Waiting]]:
        """Record → what own actions on the way did to it, in order; read when it is first asked for."""
        if self._found is None:
            self._found = _waiting(self.book)
        return self._found

    def covers(self, record: str) -> bool:
        """Whether a record is not simply what head office says."""
        return record in self._shadows or record in self.waiting

    def server_state(self, kind: str, record: str) -> Values | None:
        """What head office held of a record when last heard: its shadow, or what it was before own actions."""
        if record in self._shadows:
            return self._shadows[record].values
        waiting = self.waiting.get(record)
        if waiting:
            state = journal.state(self.book, kind, record, waiting[0].action - 1)
        else:
            found = self.book.find(kind, record)
            state = dict(found.values) if found else None
        return None if state is None else outbox.bare(state)

    def set_server_state(self, kind: str, record: str, values: Values | None, stream: int = 0) -> None:
        """Notes what head office holds of a record, None for nothing, and in which ``stream``, where that is told."""
        self._shadows[record] = Shadow(kind, stream or self.stream(record), values)
        self._touched.add(record)

    def stream(self, record: str) -> int:
        """The stream in which head office holds a record; 0 where only the record itself may know."""
        return self._shadows[record].stream if record in self._shadows else 0

    def of_stream(self, stream: int) -> list[tuple[str, str]]:
        """Kind and id of the records that head office holds in ``stream``, as far as shadows tell."""
        return [(shadow.kind, record) for record, shadow in self._shadows.items() if shadow.stream == stream]

    def visible(self, kind: str, record: str, arrived: Collection[int]) -> Values | None:
        """The record with all on top that waits, but for the actions that have ``arrived``."""
        values = self.server_state(kind, record)
        for entry in self.waiting.get(record, ()):
            if entry.action not in arrived:
                values = self._with(values, entry)
        return values

    def settle(self, record: str, done: Collection[int]) -> None:
        """Actions of a record no longer wait; its shadow is what head office holds, whatever they did."""
        waiting = self.waiting[record]
        self.set_server_state(waiting[0].kind, record, self.server_state(waiting[0].kind, record))
        self._keep(record, [entry for entry in waiting if entry.action not in done])

    def take(self, action: int, stream: int) -> None:
        """Head office took an own action over as it was, in ``stream``: shadows hold it now, and it no longer waits."""
        removed = self._removed_after(action)
        if self._found is None and not self._shadows and not removed:
            return
        for kind, record in self.book.rows("SELECT kind, record FROM entry WHERE action = ?", (action,)):
            if self._found is None and record not in self._shadows and record not in removed:
                continue  # whoever asks later will not find it among those that wait
            waiting = self.waiting.get(record, [])
            if record in self._shadows or record in removed:
                values = self.server_state(kind, record)
                for entry in waiting:
                    values = self._with(values, entry) if entry.action == action else values
                self.set_server_state(kind, record, values, stream)
            self._keep(record, [entry for entry in waiting if entry.action != action])

    def _removed_after(self, action: int) -> set[str]:
        """Records that were taken back later: no row of theirs knows what head office holds."""
        if self._removed is None:
            sql = "SELECT record FROM entry WHERE action > ? AND op = 'remove'"  # DISTINCT would read the whole journal
            self._removed = {row[0] for row in self.book.rows(sql, (action,))}
        return self._removed

    def remember(self, action: int) -> None:
        """What head office holds of the records of ``action`` is written down: from now on it will wait once more."""
        for kind, record in self.book.rows("SELECT kind, record FROM entry WHERE action = ?", (action,)):
            stream = self.stream(record) or self.book.value(f'SELECT stream FROM "{kind}" WHERE id = ?', (record,))
            self.set_server_state(kind, record, self.server_state(kind, record), stream or 0)

    def reread(self) -> None:
        """Other actions wait now."""
        self._found = None

    def forget(self, record: str) -> None:
        """The record leaves the book."""
        self._keep(record, [])
        self._touched.add(record)

    def _keep(self, record: str, rest: list[Waiting]) -> None:
        if rest:
            self.waiting[record] = rest
        else:
            self.waiting.pop(record, None)

    def write(self, connection: Connection) -> None:
        """Writes the shadows down, of records that need one."""
        for record in self._touched:
            if record in self.waiting and record in self._shadows:
                kind, stream, values = self._shadows[record]
                doc = None if values is None else dumps(values)
                connection.execute("INSERT OR REPLACE INTO shadow VALUES (?, ?, ?, ?)", (record, kind, stream, doc))
            else:
                connection.execute("DELETE FROM shadow WHERE record = ?", (record,))

    def _with(self, values: Values | None, entry: Waiting) -> Values | None:
        """``values`` with what an own action does to them."""
        if entry.op == "insert":
            return dict(entry.fields)
        if entry.op == "remove" or values is None:
            return None
        fields = self.book.fields(entry.kind)
        result = dict(values)
        for name, (old, new) in entry.fields.items():
            result[name] = new
            if isinstance(fields.get(name), (Points, Links)):
                merged = merge(fields, values, {name: [old, new]}, {}, _no_position).values
                result[name] = merged.get(name, values.get(name))
        return {name: value for name, value in result.items() if value is not None}


def _waiting(book: Book) -> dict[str, list[Waiting]]:
    found: dict[str, list[Waiting]] = {}
    for (number,) in book.rows(f"SELECT n FROM ({_WAITING}) ORDER BY n", (outbox.pushed(book),)):
        entries = journal.entries(book, number)
        born = outbox.inserted_values(book, number, entries)
        for entry in entries:
            fields = born[entry.record] if entry.op == "insert" else entry.fields
            found.setdefault(entry.record, []).append(Waiting(number, entry.kind, entry.op, fields))
    return found


def _no_position(_kind: str, _record: str) -> float:
    return 0.0
