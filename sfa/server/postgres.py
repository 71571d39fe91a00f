"""Head office on PostgreSQL, through psycopg 3."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, ClassVar, TypeVar

import psycopg
from psycopg import errors

from sfa.server.database import ATTEMPTS, Row, Session, _create, for_postgres, pause, unavailable

T = TypeVar("T")
LOST_RACES = (errors.SerializationFailure, errors.DeadlockDetected, errors.UniqueViolation)


class PostgresSession:
    """A transaction of PostgreSQL."""

    lock: ClassVar[str] = " FOR UPDATE"

    def __init__(self, connection: psycopg.Connection[Row]) -> None:
        self.connection = connection

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        return self.connection.execute(for_postgres(sql).encode(), parameters).fetchall()

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        return self.connection.execute(for_postgres(sql).encode(), parameters).rowcount

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        with self.connection.cursor() as cursor:
            cursor.executemany(for_postgres(sql).encode(), rows)

    def among(self, column: str, values: Sequence[str]) -> tuple[str, Any]:
        return f"{column} = ANY(?)", list(values)


class PostgresDatabase:
    """A PostgreSQL database, in which many write at a time; each thread has a connection of its own."""

    def __init__(self, url: str) -> None:
        self.url, self.name = url, "PostgreSQL"
        self._local = threading.local()
        self._connections: list[psycopg.Connection[Row]] = []
        self.write(_locked_create)

    def _connection(self) -> psycopg.Connection[Row]:
        connection: psycopg.Connection[Row] | None = getattr(self._local, "connection", None)
        if connection is None or connection.closed:
            connection = self._local.connection = psycopg.connect(self.url, autocommit=True, connect_timeout=10)
            connection.execute("SET statement_timeout = '120s'")
            connection.execute("SET idle_in_transaction_session_timeout = '60s'")
            self._connections.append(connection)
        return connection

    def write(self, work: Callable[[Session], T]) -> T:
        for attempt in range(ATTEMPTS):
            try:
                return self._transaction("BEGIN", work)
            except LOST_RACES as error:
                if attempt == ATTEMPTS - 1:
                    raise unavailable(error) from error
                pause(attempt)
        raise AssertionError("a race is won or given up")

    def read(self, work: Callable[[Session], T]) -> T:
        return self._transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", work)

    def _transaction(self, begin: str, work: Callable[[Session], T]) -> T:
        try:
            connection = self._connection()
            connection.execute(begin.encode())
        except psycopg.OperationalError as error:
            self._drop()
            raise unavailable(error) from error
        try:
            result = work(PostgresSession(connection))
            connection.execute("COMMIT")
        except BaseException as error:
            with suppress(psycopg.Error):
                connection.execute("ROLLBACK")
            if isinstance(error, psycopg.Error) and not isinstance(error, LOST_RACES):
                self._drop()
                raise unavailable(error) from error
            raise
        return result

    def _drop(self) -> None:
        """Gives up this thread's connection; the next transaction opens another."""
        connection = self._local.__dict__.pop("connection", None)
        if connection is not None:
            with suppress(psycopg.Error):
                connection.close()

    def close(self) -> None:
        for connection in self._connections:
            connection.close()
        self._connections.clear()
        self._local = threading.local()


def _locked_create(session: Session) -> None:
    session.rows("SELECT pg_advisory_xact_lock(5957004)")  # two servers that start at once make the tables once
    _create(session)
