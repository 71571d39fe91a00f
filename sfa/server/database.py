"""Head office's database: SQLite by default, PostgreSQL by a URL. Both take the same SQL.

Statements are written with ``?``. A *session* is one transaction; work that lost a race with another is done again.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeVar

import sqlcipher3.dbapi2 as driver

from sfa.errors import BookError
from sfa.i18n import _
from sfa.server.tables import DDL

C = TypeVar("C")
T = TypeVar("T")
Row = tuple[Any, ...]
ATTEMPTS = 8
READ, WRITE = "BEGIN", "BEGIN IMMEDIATE"


class Session(Protocol):
    """One transaction."""

    lock: ClassVar[str]
    """What a SELECT ends with that keeps others from reading or changing its rows until the commit."""
    share: ClassVar[str]
    """What a SELECT ends with that keeps others from changing its rows until the commit."""

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """All rows of a query, or of what a statement returns."""

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """How many rows a statement touched."""

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """The statement for each of ``rows``."""

    def among(self, column: str, values: Sequence[str]) -> tuple[str, Any]:
        """A condition that ``column`` is one of ``values``, and its one parameter."""


class Database(Protocol):
    """Where head office keeps everything."""

    name: str

    def write(self, work: Callable[[Session], T]) -> T:
        """Does ``work`` in one transaction: all of it, or nothing. ``BookError`` where it cannot be written."""

    def read(self, work: Callable[[Session], T]) -> T:
        """Does ``work`` on one unmoving view of everything."""

    def close(self) -> None:
        """Closes its connections, once no transaction runs."""


def connect(address: str) -> Database:
    """The database at ``address``: a ``postgresql://`` URL, or the path of an SQLite file. Made where there is none."""
    if address.startswith(("postgresql://", "postgres://")):
        from sfa.server.postgres import PostgresDatabase

        return PostgresDatabase(address)
    return SqliteDatabase(Path(address))


class SqliteSession:
    """A transaction of SQLite, in which one writer works at a time."""

    lock: ClassVar[str] = ""
    share: ClassVar[str] = ""

    def __init__(self, connection: driver.Connection) -> None:
        self.connection = connection

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        return self.connection.execute(sql, parameters).fetchall()  # type: ignore[no-any-return]

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        return int(self.connection.execute(sql, parameters).rowcount)

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        self.connection.executemany(sql, rows)

    def among(self, column: str, values: Sequence[str]) -> tuple[str, Any]:
        return f"{column} IN (SELECT value FROM json_each(?))", json.dumps(list(values))


class SqliteDatabase:
    """Everything in one file, for an office of one machine."""

    def __init__(self, path: Path) -> None:
        self.path, self.name = path, "SQLite"
        self._writer = threading.Lock()
        self._idle: dict[str, list[driver.Connection]] = {READ: [], WRITE: []}
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600, exist_ok=True)
        except OSError as error:
            raise unavailable(error) from error
        with self._lent(WRITE) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
        self.write(create)

    @contextmanager
    def _lent(self, begin: str) -> Iterator[driver.Connection]:
        """A connection for one transaction, for threads come and go; what the driver reports is told as a BookError."""
        try:
            connection = taken(self._idle[begin]) or self._open(begin)
            try:
                yield connection
            finally:
                self._idle[begin].append(connection)
        except driver.Error as error:
            raise unavailable(error) from error

    def _open(self, begin: str) -> driver.Connection:
        connection = driver.connect(
            str(self.path), isolation_level=None, check_same_thread=False, cached_statements=256
        )
        pragmas = (
            "busy_timeout = 10000", "synchronous = FULL", "cache_size = -16000", "temp_store = MEMORY",
            "wal_autocheckpoint = 4000",  # pages: a large push need not wait until the file has what the log has
        )  # fmt: skip
        for pragma in (*pragmas, f"query_only = {int(begin == READ)}"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    def write(self, work: Callable[[Session], T]) -> T:
        with self._writer, self._transaction(WRITE) as session:
            return work(session)

    def read(self, work: Callable[[Session], T]) -> T:
        with self._transaction(READ) as session:
            return work(session)

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[SqliteSession]:
        with self._lent(begin) as connection:
            connection.execute(begin)
            try:
                yield SqliteSession(connection)
                connection.execute("COMMIT")
            except BaseException:
                with suppress(driver.Error):  # a full disk has done it already
                    connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        for idle in self._idle.values():
            while connection := taken(idle):
                connection.close()


def taken(idle: list[C]) -> C | None:
    """One of the ``idle`` connections, which no other thread gets then; none where none is idle."""
    with suppress(IndexError):
        return idle.pop()
    return None


def create(session: Session) -> None:
    """The tables, where there are none."""
    for statement in DDL:
        session.execute(statement)


def unavailable(error: Exception) -> BookError:
    """What is said when the database does not take or give anything."""
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    return BookError(_("Head office's database does not work: {reason}.").format(reason=reason))


@cache
def for_postgres(sql: str) -> str:
    """``sql`` as psycopg takes it."""
    return sql.replace("%", "%%").replace("?", "%s")


def pause(attempt: int) -> None:
    """Waits a little before work that lost a race is tried again, longer each time."""
    time.sleep(random.uniform(0, 0.005 * 2**attempt))
