"""What head office and laptops hold, in a form that can be compared."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from sfa.models import KINDS
from sfa.store.columns import decode, listed
from sfa.sync.merge import document
from sfa.sync.messages import LogRow
from sfa.sync.messages import decode as decode_message

if TYPE_CHECKING:
    from sfa.store.book import Book
    from tests.sync.simulation.world import World

Values = dict[str, Any]
_TIMES = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?")


class Record(NamedTuple):
    kind: str
    stream: int | None
    text: str


class Row(NamedTuple):
    """A row of a log."""

    stream: int
    seq: int
    final: bool
    body: LogRow


def at_office(world: World) -> dict[str, Record]:
    rows = world.database.read(lambda session: session.rows("SELECT id, kind, stream, doc FROM record"))
    return {row[0]: Record(*row[1:]) for row in rows}


def in_book(book: Book) -> dict[str, Record]:
    """Everything that a laptop holds; records of kinds that it does not know too."""
    found: dict[str, Record] = {}
    for kind in KINDS:
        for *row, stream in book.rows(f'SELECT {listed(kind)}, stream FROM "{kind}"'):
            values = decode(kind, row)
            found[str(values["id"])] = Record(kind, stream, document(values))
    for record, kind, stream, doc in book.rows("SELECT record, kind, stream, doc FROM stranger"):
        found[record] = Record(kind, stream, document(json.loads(doc)))
    return found


def log_of(world: World) -> list[Row]:
    """All logs, row by row."""
    sql = "SELECT stream, seq, final, body FROM log ORDER BY stream, seq"
    rows = world.database.read(lambda session: session.rows(sql))
    return [Row(row[0], row[1], bool(row[2]), _decoded(row[3])) for row in rows]


_known: dict[str, LogRow] = {}


def _decoded(body: str) -> LogRow:
    if len(_known) > 5_000:
        _known.clear()
    if body not in _known:
        _known[body] = decode_message(body.encode(), LogRow)
    return _known[body]


def folded(rows: list[Row], upto: dict[int, int]) -> dict[str, Record]:
    """What follows from the logs up to a position in each; a record in two streams is an error."""
    streams: dict[int, dict[str, tuple[str, Values]]] = {}
    for row in rows:
        if row.seq > upto.get(row.stream, 0):
            continue
        held = streams.setdefault(row.stream, {})
        for entry in row.body.entries:
            if entry.op == "leave":
                assert held.pop(entry.record, None), f"{entry.record} leaves stream {row.stream}, where it is not"
                continue
            if entry.op == "insert":
                assert entry.record not in held, f"{entry.record} is added to stream {row.stream} twice"
            before = held[entry.record][1] if entry.op == "update" else {}
            held[entry.record] = (entry.kind, {**before, **entry.fields})
    found: dict[str, Record] = {}
    for stream, records in streams.items():
        for record, (kind, values) in records.items():
            assert record not in found, f"{record} is in streams {stream} and {found[record].stream}"
            found[record] = Record(kind, stream, document(values))
    return found


def difference(one: dict[str, Record], other: dict[str, Record]) -> str:
    """The first few records that differ."""
    lines = []
    for record in sorted(one.keys() | other.keys()):
        mine, theirs = one.get(record), other.get(record)
        if mine != theirs:
            lines.append(f"{record}:\n  {mine}\n  {theirs}")
    return "\n".join(lines[:4])


def outcome(world: World) -> dict[str, str]:
    """What head office holds in the end, without the moments at which it was done."""
    return {
        record: f"{held.kind} {held.stream} {_TIMES.sub('', held.text)}" for record, held in at_office(world).items()
    }
