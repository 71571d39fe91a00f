"""The book: one SQLite file that holds everything. Opening it, reading it, and the one door for changes."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlcipher3.dbapi2 as driver

from sfa.errors import BookError, NotFound
from sfa.i18n import _
from sfa.models import KINDS, CustomField, Record, new_id
from sfa.models.fields import Field
from sfa.store import migration
from sfa.store.columns import decode

if TYPE_CHECKING:
    from sfa.store.change import Change

PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # a change that was told as done survives a power cut
    "PRAGMA busy_timeout = 10000",
    "PRAGMA cache_size = -16000",
    "PRAGMA mmap_size = 1073741824",
    "PRAGMA temp_store = MEMORY",
)
Listener = Callable[[frozenset[str]], None]


class Book:
    """An open book. Each thread reads through a connection of its own; changes queue up one after the other.

    ``user`` is the id of whoever works with it, ``device`` the id of this copy of the book.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.write_lock = threading.RLock()
        self.listeners: list[Listener] = []
        self._local = threading.local()
        self._connections: list[driver.Connection] = []
        self._fields: dict[str, dict[str, Field[Any]]] = {}

    @classmethod
    def open(cls, path: Path) -> Book:
        """Opens the book at ``path``; brings it up to date first, after a backup. Raises ``BookError``."""
        if not path.is_file():
            raise BookError(_("There is no book at {path}.").format(path=path), _("sfa makes one at its first start."))
        book = cls(path)
        try:
            if not migration.is_current(book.connection):
                book._upgrade()
        except driver.Error as error:
            book.close()
            raise BookError(_("{path} cannot be opened: {error}.").format(path=path, error=error)) from None
        except BookError:
            book.close()
            raise
        return book

    @classmethod
    def create(cls, path: Path, user_name: str) -> Book:
        """Makes a new book with the shipped pipeline, stages, outcomes and reasons, for the user ``user_name``."""
        from sfa.store.seed import seed

        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        os.close(handle)
        book = cls(path)
        with book.transaction() as connection:
            migration.create(connection)
            connection.execute("INSERT INTO meta VALUES ('device', ?)", (new_id(),))
        seed(book, user_name)
        return book

    def _upgrade(self) -> None:
        from sfa.store.backup import backup

        migration.version_of(self.connection)
        backup(self, self.path.with_name(f"{self.path.stem}-before-upgrade-{new_id()[:13]}.sfa"))
        with self.transaction() as connection:
            migration.upgrade(connection)

    @property
    def connection(self) -> driver.Connection:
        """This thread's connection."""
        try:
            return self._local.connection
        except AttributeError:
            pass
        connection = driver.connect(str(self.path), isolation_level=None, check_same_thread=False, cached_statements=256)
        for pragma in PRAGMAS:
            connection.execute(pragma)
        self._local.connection = connection
        self._connections.append(connection)
        return connection

    def close(self) -> None:
        """Closes the connections of all threads."""
        for connection in self._connections:
            connection.close()
        self._connections.clear()
        self._local = threading.local()

    @contextmanager
    def transaction(self) -> Iterator[driver.Connection]:
        """One write transaction: all of it, or nothing."""
        with self.write_lock:
            connection = self.connection
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            except BaseException as error:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                if isinstance(error, driver.Error):
                    raise BookError(_("The book cannot be written: {error}.").format(error=error), _("Nothing was changed.")) from error
                raise

    @contextmanager
    def change(self, title: str, origin: str = "command") -> Iterator[Change]:
        """One action of the user: everything done inside is one step of the journal, one transaction, one undo."""
        from sfa.store.change import Change

        with self.transaction() as connection:
            change = Change(self, connection, title, origin)
            yield change
            change.finish()
        self.changed(change.kinds)

    def changed(self, kinds: frozenset[str]) -> None:
        """Tells the listeners that records of ``kinds`` are no longer what they were."""
        if "custom_field" in kinds:
            self._fields.clear()
        for listener in self.listeners:
            listener(kinds)

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows that ``sql`` gives."""
        return self.connection.execute(sql, parameters).fetchall()  # type: ignore[no-any-return]

    def value(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        """The first value of the first row that ``sql`` gives; None where there is none."""
        row = self.connection.execute(sql, parameters).fetchone()
        return row[0] if row else None

    def find(self, kind: str, record_id: str) -> Record | None:
        """The record with this id, deleted or not; None where there is none."""
        row = self.connection.execute(f"SELECT * FROM {kind} WHERE id = ?", (record_id,)).fetchone()
        return KINDS[kind](decode(kind, row)) if row else None

    def get(self, kind: str, record_id: str) -> Record:
        """The record with this id; raises ``NotFound``."""
        record = self.find(kind, record_id)
        if record is None:
            raise NotFound(_("There is no {kind} with the id {id}.").format(kind=_(KINDS[kind].label), id=record_id))
        return record

    def records(self, kind: str, where: str = "", parameters: Sequence[Any] = ()) -> list[Record]:
        """The live records of ``kind`` for which the SQL condition ``where`` holds, in the order of their names."""
        condition = f"AND ({where})" if where else ""
        sql = f"SELECT * FROM {kind} WHERE deleted_at IS NULL {condition} ORDER BY sort_key, n"
        return [KINDS[kind](decode(kind, row)) for row in self.rows(sql, parameters)]

    def fields(self, kind: str) -> dict[str, Field[Any]]:
        """The fields of ``kind`` in this book: the model's and the company's own."""
        if kind not in self._fields:
            fields = dict(KINDS[kind].fields)
            for definition in self.records("custom_field", "of_kind = ?", (kind,)):
                assert isinstance(definition, CustomField)
                field = definition.make()
                fields[field.name] = field
            self._fields[kind] = fields
        return self._fields[kind]

    def meta(self, key: str) -> str:
        """A setting that belongs to this book; empty where it has none."""
        return self.value("SELECT value FROM meta WHERE key = ?", (key,)) or ""

    @property
    def user(self) -> str:
        return self.meta("user")

    @property
    def device(self) -> str:
        return self.meta("device")
