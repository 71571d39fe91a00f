"""The book: one SQLite file that holds everything. Opening it, reading it, and the one door for changes."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from os import stat_result
from os.path import samestat
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlcipher3.dbapi2 as driver

from sfa.errors import BookError, NotFound
from sfa.i18n import _
from sfa.models import KINDS, CustomField, Record, new_id
from sfa.models.fields import Field
from sfa.store import migration
from sfa.store.columns import decode, listed
from sfa.store.failures import FAILURES, locked, unreadable, unwritable

if TYPE_CHECKING:
    from sfa.store.change import Change

PRAGMAS = (
    "PRAGMA busy_timeout = 10000",
    "PRAGMA synchronous = FULL",  # a change that was told as done survives a power cut
    "PRAGMA cache_size = -2000",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA schema_version",  # waits for whoever is replacing the file
)
CLOSING = 5.0  # seconds that closing waits for a change
Listener = Callable[[frozenset[str]], None]


@contextmanager
def collector_resting() -> Iterator[None]:
    """Rows hold no cycles: looking for some among them takes a tenth of an import, and half of its undo."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class Book:
    """An open book. Each thread reads through a connection of its own; changes queue up one after the other.

    ``user`` is the id of whoever works with it, ``device`` the id of this copy of the book.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.write_lock = threading.RLock()
        self.listeners: list[Listener] = []
        self._local = threading.local()
        self._connections: list[tuple[threading.Thread, driver.Connection]] = []
        self._closed = False

    @classmethod
    def open(cls, path: Path, *, even_locked: bool = False) -> Book:
        """Opens the book at ``path``; brings it up to date first, after a backup.

        Raises ``BookError``, also where head office has locked it, unless ``even_locked``.
        """
        if not path.is_file():
            raise BookError(_("There is no book at {path}.").format(path=path), _("sfa makes one at its first start."))
        book = cls(path)
        try:
            current = migration.is_current(book.connection, path)
            if not even_locked and book.meta("locked"):
                raise locked(path)
            book.connection.execute("PRAGMA journal_mode = WAL")
            if not current:
                book._upgrade()
        except FAILURES as error:
            book.close()
            raise unreadable(path, error) from error
        except BaseException:
            book.close()
            raise
        return book

    @classmethod
    def create(cls, path: Path, user_name: str | None) -> Book:
        """Makes a new book with the shipped pipeline, stages, outcomes and reasons, for the user ``user_name``.

        An empty one, for what head office sends, where that is None.

        Raises ``BookError`` where there is a file already or none can be written; it is made whole or not at all.
        """
        from sfa.store.birth import make

        make(path, user_name)
        return cls.open(path)

    def _upgrade(self) -> None:
        from sfa.store.backup import backup

        migration.require_known(self.connection, self.path)
        backup(self, self.path.with_name(f"{self.path.stem}-before-upgrade-{new_id()[:13]}.sfa"))
        with self.transaction() as connection:
            migration.upgrade(self, connection)

    @property
    def connection(self) -> driver.Connection:
        """This thread's connection."""
        try:
            return self._local.connection
        except AttributeError:
            return self._connect()

    def _connect(self) -> driver.Connection:
        if self._closed:
            raise BookError(_("The book {path} is closed.").format(path=self.path))
        known = self._place()
        connection = driver.connect(
            str(self.path), isolation_level=None, check_same_thread=False, cached_statements=256
        )
        for pragma in PRAGMAS:
            connection.execute(pragma)
        if not samestat(known, self._place()):  # it was replaced at this very moment
            connection.close()
            return self._connect()
        self._local.connection, self._local.place = connection, known
        ended = [entry for entry in self._connections if not entry[0].is_alive()]
        for entry in ended:
            self._connections.remove(entry)
            entry[1].close()
        self._connections.append((threading.current_thread(), connection))
        return connection

    def _place(self) -> stat_result:
        try:
            return self.path.stat()
        except OSError as error:
            message = _("{path} cannot be read: {reason}.")
            raise BookError(message.format(path=self.path, reason=error.strerror or error)) from error

    def require_in_place(self) -> None:
        """Raises ``BookError`` where this thread's file is no longer the one of that name: writing would be lost.

        So it is after another program restored the book, or closed it for good as head office has locked it.
        """
        assert self.connection
        if not samestat(self._local.place, self._place()):
            message = _("Another program has put another file in the place of {path}.").format(path=self.path)
            raise BookError(message, _("Start sfa again."))

    def close(self) -> None:
        """Closes the connections of all threads, once a change that is under way is written.

        A change that does not end within seconds is left to the end of the process, which takes it back.
        """
        self._closed = True
        if not self.write_lock.acquire(timeout=CLOSING):
            return
        self.let_go()
        self.write_lock.release()

    def let_go(self, *, only_own: bool = False) -> bool:
        """Closes the connections of all threads; whoever reads or writes next gets a new one.

        ``only_own``: none, and False, where another thread has one.
        """
        others = (thread for thread, _connection in self._connections if thread is not threading.current_thread())
        if only_own and any(thread.is_alive() for thread in others):
            return False
        self._local = threading.local()
        while self._connections:
            self._connections.pop()[1].close()
        return True

    @contextmanager
    def transaction(self) -> Iterator[driver.Connection]:
        """One write transaction: all of it, or nothing. Raises ``BookError`` where the file cannot be written."""
        with self.write_lock, collector_resting():
            connection = self.connection
            if connection.in_transaction:
                raise RuntimeError("a change within a change")
            self.require_in_place()
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            except BaseException as error:
                with suppress(*FAILURES):  # SQLite has done it already where the disk is full
                    connection.execute("ROLLBACK")
                self.forget_fields()
                if isinstance(error, FAILURES):
                    raise unwritable(self.path, error) from error
                raise

    @contextmanager
    def change(self, title: str, origin: str = "command") -> Iterator[Change]:
        """One action of the user: everything done inside is one step of the journal, one transaction, one undo."""
        from sfa.store.change import Change

        with self.transaction() as connection:
            change = Change(self, connection, title, origin)
            yield change
            change.finish()
        if change.kinds:
            for listener in tuple(self.listeners):
                listener(change.kinds)

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows that ``sql`` gives. Raises ``BookError`` where the file cannot be read."""
        try:
            return self.connection.execute(sql, parameters).fetchall()  # type: ignore[no-any-return]
        except FAILURES as error:
            raise unreadable(self.path, error) from error

    def value(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        """The first value of the first row that ``sql`` gives; None where there is none."""
        row = self._row(sql, parameters)
        return row[0] if row else None

    def _row(self, sql: str, parameters: Sequence[Any]) -> tuple[Any, ...] | None:
        try:
            return self.connection.execute(sql, parameters).fetchone()  # type: ignore[no-any-return]
        except FAILURES as error:
            raise unreadable(self.path, error) from error

    def find(self, kind: str, record_id: str) -> Record | None:
        """The record with this id, deleted or not; None where there is none."""
        row = self._row(f'SELECT {listed(kind)} FROM "{kind}" WHERE id = ?', (record_id,))
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
        sql = f'SELECT {listed(kind)} FROM "{kind}" WHERE deleted_at IS NULL {condition} ORDER BY sort_key, n'
        return [KINDS[kind](decode(kind, row)) for row in self.rows(sql, parameters)]

    def fields(self, kind: str) -> dict[str, Field[Any]]:
        """The fields of ``kind`` in this book: the model's and the company's own."""
        version = self.value("PRAGMA data_version")  # changes with every commit of another thread or program
        if getattr(self._local, "version", None) != version:
            self._local.version, self._local.fields = version, {}
        known: dict[str, dict[str, Field[Any]]] = self._local.fields
        if kind not in known:
            model = KINDS[kind].fields
            own = {field.name: field for field in self._own_fields(kind) if field.name not in model}
            known[kind] = {**model, **own}
        return known[kind]

    def _own_fields(self, kind: str) -> Iterator[Field[Any]]:
        for definition in self.records("custom_field", "of_kind = ?", (kind,)):
            assert isinstance(definition, CustomField)
            yield definition.make()

    def forget_fields(self) -> None:
        """Has this thread read the company's own fields anew: its own change touched them, or was taken back."""
        self._local.version = None

    def meta(self, key: str) -> str:
        """A setting that belongs to this book; empty where it has none."""
        return self.value("SELECT value FROM meta WHERE key = ?", (key,)) or ""

    @property
    def user(self) -> str:
        return self.meta("user")

    @property
    def device(self) -> str:
        return self.meta("device")
