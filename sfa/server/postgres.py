"""Head office on PostgreSQL, through psycopg 3."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, ClassVar, TypeVar

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus

from sfa.errors import BookError
from sfa.i18n import _
from sfa.server.database import ATTEMPTS, Row, Session, create, for_postgres, pause, taken, unavailable

T = TypeVar("T")
Connection = psycopg.Connection[Row]
LOST_RACES = (errors.SerializationFailure, errors.DeadlockDetected, errors.UniqueViolation)


class PostgresSession:
    """A transaction of PostgreSQL."""

    lock: ClassVar[str] = " FOR UPDATE"
    share: ClassVar[str] = " FOR SHARE"

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        return self.connection.execute(for_postgres(sql).encode(), parameters).fetchall()

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        return self.connection.execute(for_postgres(sql).encode(), parameters).rowcount

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        rows = list(rows)
        if len(rows) == 1:  # a pipeline for one costs more than it saves
            self.execute(sql, rows[0])
            return
        with self.connection.cursor() as cursor:
            cursor.executemany(for_postgres(sql).encode(), rows)

    def among(self, column: str, values: Sequence[str]) -> tuple[str, Any]:
        return f"{column} = ANY(?)", list(values)


class PostgresDatabase:
    """A PostgreSQL database, in which many write at a time; each transaction has a connection of its own."""

    def __init__(self, url: str) -> None:
        if not _well_formed(url):
            raise BookError(
                _("This is not the URL of a PostgreSQL database."),
                hint=_("In a name or a password, write %25 for %, %40 for @, %3A for : and %2F for /."),
            )
        self.url, self.name = url, "PostgreSQL"
        self._idle: list[Connection] = []
        try:
            self.write(_locked_create)
        except BookError:
            self.close()
            raise

    def write(self, work: Callable[[Session], T]) -> T:
        return self._won("BEGIN", work)

    def read(self, work: Callable[[Session], T]) -> T:
        return self._won("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", work)

    def _won(self, begin: str, work: Callable[[Session], T]) -> T:
        for attempt in range(ATTEMPTS):
            try:
                return self._transaction(begin, work)
            except LOST_RACES as error:
                if attempt == ATTEMPTS - 1:
                    raise unavailable(error) from error
                pause(attempt)
        raise AssertionError("a race is won or given up")

    def _transaction(self, begin: str, work: Callable[[Session], T]) -> T:
        try:
            connection = self._begun(begin)
            try:
                result = work(PostgresSession(connection))
                connection.execute("COMMIT")
            except BaseException:
                with suppress(psycopg.Error):
                    connection.execute("ROLLBACK")
                raise
            finally:
                self._give_back(connection)
        except LOST_RACES:
            raise
        except psycopg.Error as error:
            raise unavailable(error) from error
        return result

    def _begun(self, begin: str) -> Connection:
        """A connection in a new transaction; those that were lost since they were last used are replaced."""
        while connection := taken(self._idle):
            try:
                connection.execute(begin.encode())
            except psycopg.OperationalError:
                connection.close()
            else:
                return connection
        connection = psycopg.connect(self.url, autocommit=True, connect_timeout=10)
        connection.execute("SET statement_timeout = '120s'")
        connection.execute("SET idle_in_transaction_session_timeout = '60s'")
        connection.execute(begin.encode())
        return connection

    def _give_back(self, connection: Connection) -> None:
        if connection.info.transaction_status == TransactionStatus.IDLE:
            self._idle.append(connection)
        else:
            connection.close()

    def close(self) -> None:
        while connection := taken(self._idle):
            connection.close()


def _well_formed(url: str) -> bool:
    """False where a URL is cut in the wrong place: a piece of its password would be told as the name of a host."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        return False
    port = str(parts.get("port") or "0").replace(",", "")
    return port.isdecimal() and "@" not in f"{parts.get('host')}{parts.get('dbname')}"


def _locked_create(session: Session) -> None:
    if session.rows("SHOW server_encoding") != [("UTF8",)]:
        raise BookError(_("Head office's database must have the encoding UTF8."))
    session.rows("SELECT pg_advisory_xact_lock(5957004)")  # two servers that start at once make the tables once
    create(session)
