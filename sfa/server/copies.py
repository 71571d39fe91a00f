"""A whole copy of head office, taken while it works: one SQLite file, whatever it was on, that ``sfa serve`` can open.

PostgreSQL is copied row by row from one unmoving view. Its own pg_dump would need programs of the server's version on
this machine, and its file could neither be checked nor opened here; for copies to the second it has its own means.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import sqlcipher3.dbapi2 as driver

from sfa.server.database import Database, Session, SqliteDatabase
from sfa.store.backup import make

BATCH = 200
"""Rows at a time; one may have a megabyte."""


def backup(database: Database, target: Path) -> None:
    """Copies everything to the new file ``target``. Raises ``UserError`` and ``BookError``."""
    make(target, lambda partial: _write(database, partial))


def _write(database: Database, partial: Path) -> None:
    if isinstance(database, SqliteDatabase):
        with closing(driver.connect(str(database.path), isolation_level=None)) as connection:
            connection.execute("VACUUM INTO ?", (str(partial),))
        return
    copy = SqliteDatabase(partial)
    try:
        database.read(lambda source: copy.write(lambda target: _copy(source, target)))
    finally:
        copy.close()


def _copy(source: Session, target: Session) -> None:
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    for (table,) in target.rows(tables):
        _copy_table(source, target, table)


def _copy_table(source: Session, target: Session, table: str) -> None:
    about = target.rows("SELECT name, pk FROM pragma_table_info(?)", (table,))
    columns = [name for name, _place in about]
    key = [columns.index(name) for name, place in sorted(about, key=lambda row: row[1]) if place]
    order = ", ".join(columns[place] for place in key)
    marks = ", ".join("?" * len(columns))
    after = f"WHERE ({order}) > ({', '.join('?' * len(key))})"
    select = f"SELECT {', '.join(columns)} FROM {table} {{}} ORDER BY {order} LIMIT {BATCH}"
    rows = source.rows(select.format(""))
    while rows:
        target.many(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)
        rows = source.rows(select.format(after), [rows[-1][place] for place in key])
