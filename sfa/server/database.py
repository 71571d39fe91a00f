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

T = TypeVar("T")
Row = tuple[Any, ...]
ATTEMPTS = 8


class Session(Protocol):
    """One transaction."""

    lock: ClassVar[str]
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

    def close(self) -> None: ...


def connect(address: str) -> Database:
    """The database at ``address``: a ``postgresql://`` URL, or the path of an SQLite file. Made where there is none."""
    if address.startswith(("postgresql://", "postgres://")):
        from sfa.server.postgres import PostgresDatabase

        return PostgresDatabase(address)
    return SqliteDatabase(Path(address))


class SqliteSession:
    """A transaction of SQLite, in which one writer works at a time."""

    lock: ClassVar[str] = ""

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
        self._local = threading.local()
        self._connections: list[driver.Connection] = []
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=True)
        self._connection().execute("PRAGMA journal_mode = WAL")
        self.write(_create)

    def _connection(self) -> driver.Connection:
        if not hasattr(self._local, "connection"):
            connection = driver.connect(
                str(self.path), isolation_level=None, check_same_thread=False, cached_statements=256
            )
            for pragma in ("busy_timeout = 10000", "synchronous = FULL", "cache_size = -16000", "temp_store = MEMORY"):
                connection.execute(f"PRAGMA {pragma}")
            self._local.connection = connection
            self._connections.append(connection)
        return self._local.connection

    def write(self, work: Callable[[Session], T]) -> T:
        with self._writer, self._transaction("BEGIN IMMEDIATE") as session:
            return work(session)

    def read(self, work: Callable[[Session], T]) -> T:
        with self._transaction("BEGIN") as session:
            return work(session)

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[SqliteSession]:
        connection = self._connection()
        try:
            connection.execute(begin)
            yield SqliteSession(connection)
            connection.execute("COMMIT")
        except BaseException as error:
            with suppress(driver.Error):  # a full disk has done it already
                connection.execute("ROLLBACK")
            if isinstance(error, (driver.OperationalError, driver.DatabaseError)):
                raise unavailable(error) from error
            raise

    def close(self) -> None:
        with self._writer:
            for connection in self._connections:
                connection.close()
            self._connections.clear()
            self._local = threading.local()


def _create(session: Session) -> None:
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
