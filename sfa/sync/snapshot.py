"""An unpacked snapshot: a book of nobody's that holds one stream, judged before anything of it is believed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlcipher3.dbapi2 as driver

from sfa.models import KINDS
from sfa.models.fields import Value
from sfa.store.columns import LOCAL, json_columns
from sfa.store.failures import FAILURES
from sfa.store.migration import APPLICATION_ID
from sfa.sync.messages import LogEntry
from sfa.sync.strictness import Untrue, checked

if TYPE_CHECKING:
    from sfa.store.book import Book

Documents = dict[str, dict[str, Value]]
"""Record → its values."""
PAGE = 1_000
"""Records that are read at once."""
NUMBERS = 1 << 40
"""Up to which row numbers go, so that a book goes on counting for ever."""
_KIND = re.compile(r"[a-z][a-z0-9_]{0,63}")
_SHAPE = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
_NEVER = (
    # What no snapshot holds: if one of these finds anything, somebody has made it up. Own actions would even be sent.
    "SELECT 1 FROM action NOT INDEXED WHERE origin != 'sync' OR mode NOT IN ('do', 'undo', 'redo')"
    " OR at NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T*Z' OR length(title) > 1000",
    "SELECT 1 FROM entry NOT INDEXED WHERE op NOT IN ('insert', 'update', 'remove')"
    " OR (op = 'insert') != (fields IS NULL) OR coalesce(json_type(fields), 'object') != 'object'",
    "SELECT 1 FROM stranger WHERE json_type(doc) != 'object'",
    "SELECT 1 FROM outgoing",
    "SELECT 1 FROM shadow",
    "SELECT 1 FROM page",
    f"SELECT 1 FROM sqlite_sequence WHERE seq > {NUMBERS}",
)


_HAS_SUMS = "SELECT 1 FROM sqlite_master WHERE name = 'deal_sum'"
_UNSUMMED = """SELECT 1 FROM (SELECT coalesce(pipeline, ''), coalesce(stage, ''), count(*), coalesce(sum(amount), 0)
    FROM opportunity WHERE deleted_at IS NULL GROUP BY 1, 2
    EXCEPT SELECT pipeline, stage, sum(deals), sum(amount) FROM deal_sum GROUP BY 1, 2)"""


class Batch(NamedTuple):
    """Some records, by kind. ``place``: table and key of the last of them, to go on from."""

    place: tuple[str, Any]
    kinds: dict[str, Documents]


class Snapshot:
    """A snapshot of ``stream``, which looks as one does: raises ``Untrue`` where it does not."""

    def __init__(self, path: Path, stream: int, seq: int, mark: str) -> None:
        self.path, self.stream, self.seq, self.mark = path, stream, seq, mark
        try:
            self.connection = driver.connect(str(path), isolation_level=None, check_same_thread=False)
            try:
                self._check()
            except BaseException:
                self.connection.close()
                raise
        except FAILURES as error:
            raise Untrue(f"a damaged snapshot ({error})") from None

    def close(self) -> None:
        self.connection.close()

    def _check(self) -> None:
        from sfa.store.schema import FIGURES

        run = self.connection.execute
        for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "synchronous = OFF"):
            run(f"PRAGMA {pragma}")
        if self.value("PRAGMA application_id") != APPLICATION_ID:
            raise Untrue("a snapshot that is no book")
        place = run("SELECT seq, mark FROM stream WHERE number = ?", (self.stream,)).fetchall()
        if place != [(self.seq, self.mark)]:
            raise Untrue("the snapshot of another stream")
        others = run("SELECT sql FROM sqlite_master WHERE type NOT IN ('table', 'index')").fetchall()
        if not {row[0] for row in others} <= set(FIGURES):  # our own triggers, to the letter
            raise Untrue("a snapshot with more than tables")
        self._in_json = _json_columns(self.value("SELECT value FROM meta WHERE key = 'json'"))
        self.tables = self._kinds()

    def require_sound(self) -> None:
        """Reads the whole file, before anything of it counts; in any thread.

        Raises ``Untrue`` where it is damaged, or holds what no log tells.
        """
        strays = (f'SELECT 1 FROM "{kind}" WHERE stream IS NOT {self.stream}' for kind in self.tables)
        try:
            with closing(driver.connect(str(self.path), isolation_level=None)) as connection:
                connection.execute("PRAGMA cell_size_check = ON")
                sound = connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
                summed = (_UNSUMMED,) if connection.execute(_HAS_SUMS).fetchone() else ()
                never = (*_NEVER, *strays, *summed)
                told = not any(connection.execute(f"{sql} LIMIT 1").fetchone() for sql in never)
        except FAILURES as error:
            raise Untrue(f"a damaged snapshot ({error})") from None
        if not sound or not told:
            raise Untrue("a snapshot that is damaged, or holds what no log tells")

    def value(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        row = self.connection.execute(sql, parameters).fetchone()
        return row[0] if row else None

    def _kinds(self) -> dict[str, list[str]]:
        """The tables of records, those of the company's own fields first, each with its columns."""
        from sfa.store.schema import SUPPORT_TABLES

        sql = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name != 'custom_field', name"
        kinds: dict[str, list[str]] = {}
        for (name,) in self.connection.execute(sql).fetchall():
            if name in SUPPORT_TABLES or name.startswith(("sqlite_", "search_")):
                continue
            if not _KIND.fullmatch(name):
                raise Untrue("a snapshot with a table of no name")
            columns = [row[1] for row in self.connection.execute(f'PRAGMA table_info("{name}")')]
            if not {"n", "id", "custom", "stream"} <= set(columns) or not all(map(_KIND.fullmatch, columns)):
                raise Untrue(f"a snapshot with the table {name}")
            kinds[name] = columns
        return kinds

    # Readings

    def is_shaped_like(self, book: Book) -> bool:
        """Whether it has precisely the tables of ``book``, and was searched by the same fields."""
        schema = "SELECT value FROM meta WHERE key = 'schema'"
        same = self.connection.execute(_SHAPE).fetchall() == book.rows(_SHAPE)
        return bool(same and self.value(schema) == book.value(schema))

    def count(self) -> int:
        """How many records it has."""
        tables = [f'SELECT count(*) AS c FROM "{kind}"' for kind in (*self.tables, "stranger")]
        return int(self.value(f"SELECT sum(c) FROM ({' UNION ALL '.join(tables)})"))

    def batches(self, book: Book, after: tuple[str, Any] | None = None) -> Iterator[Batch]:
        """All records, values as strictly checked as those of a log, from behind the place ``after``.

        Raises ``Untrue``.
        """
        tables = [*self.tables, "stranger"]
        start = tables.index(after[0]) if after and after[0] in tables else 0
        for table in tables[start:]:
            key = after[1] if after and after[0] == table else None
            yield from self._strangers(book, key) if table == "stranger" else self._table(book, table, key)

    def _table(self, book: Book, kind: str, after: Any) -> Iterator[Batch]:
        columns = self.tables[kind]
        in_json = self._in_json.get(kind) or (json_columns(kind) if kind in KINDS else frozenset())
        listed = ", ".join(f'"{name}"' for name in columns)
        last = after or 0
        sql = f'SELECT {listed} FROM "{kind}" WHERE n > ? ORDER BY n LIMIT {PAGE}'
        while rows := self.connection.execute(sql, (last,)).fetchall():
            last = rows[-1][columns.index("n")]
            found = [_values(dict(zip(columns, row, strict=True)), in_json) for row in rows]
            yield Batch((kind, last), {kind: _judged(book, kind, found)})

    def _strangers(self, book: Book, after: Any) -> Iterator[Batch]:
        sql = f"SELECT record, kind, doc FROM stranger WHERE record > ? ORDER BY record LIMIT {PAGE}"
        last = after or ""
        while rows := self.connection.execute(sql, (last,)).fetchall():
            last = rows[-1][0]
            kinds: dict[str, list[tuple[str, dict[str, Value]]]] = {}
            for record, kind, doc in rows:
                kinds.setdefault(kind, []).append((record, json.loads(doc)))
            if not all(map(_KIND.fullmatch, kinds)):
                raise Untrue("a record of no kind")
            yield Batch(("stranger", last), {kind: _judged(book, kind, found) for kind, found in kinds.items()})


@contextmanager
def opened(path: Path, stream: int, seq: int, mark: str) -> Iterator[Snapshot]:
    """The snapshot in the file ``path``; the file is removed where anything in it turns out to be untrue."""
    try:
        with closing(Snapshot(path, stream, seq, mark)) as snapshot:
            yield snapshot
    except Untrue:
        path.unlink(missing_ok=True)
        raise


def _json_columns(text: str | None) -> Mapping[str, frozenset[str]]:
    """Kind → its columns that hold JSON, as the snapshot says: of kinds that only a newer version knows."""
    try:
        found = json.loads(text or "{}")
        return {str(kind): frozenset(map(str, names)) for kind, names in found.items()}
    except (ValueError, AttributeError, TypeError):
        raise Untrue("a snapshot that does not say how it is written") from None


def _values(row: dict[str, Any], in_json: frozenset[str]) -> tuple[str, dict[str, Value]]:
    """A row as the record's id and its values."""
    try:
        values = {name: value for name, value in row.items() if value is not None and name not in LOCAL}
        values.update({name: json.loads(values[name]) for name in in_json if name in values})
        if row["custom"] is not None:
            values.update(json.loads(row["custom"]))
        return row["id"], values
    except (ValueError, TypeError):
        raise Untrue(f"the record {row['id']!r}") from None


def _judged(book: Book, kind: str, found: Sequence[tuple[str, dict[str, Value]]]) -> Documents:
    fields = book.fields(kind) if kind in KINDS else {}
    documents: Documents = {}
    for record, values in found:
        if not isinstance(record, str) or not re.fullmatch(r"[0-9A-Za-z_-]{1,64}", record):
            raise Untrue(f"a record with the id {record!r}")
        if any(isinstance(value, bytes) for value in values.values()):
            raise Untrue(f"the record {record}")
        documents[record] = checked(fields, LogEntry(kind, record, "put", values))
    return documents
