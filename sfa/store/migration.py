"""Bringing a book's tables to what the models say: new tables, columns and indexes are added by themselves.

What a model adds needs no migration. A change of meaning (values moved or rewritten, a field taken away) is a numbered
step in ``STEPS``. Everything happens in one transaction, after an automatic backup.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sfa.errors import BookError
from sfa.i18n import _
from sfa.models import KINDS
from sfa.store.columns import columns, dumps, fingerprint, search_table, searched

if TYPE_CHECKING:
    from sqlcipher3.dbapi2 import Connection

    from sfa.store.book import Book

APPLICATION_ID = 0x5FA0B00C  # marks the file as a book


def _add_sync(connection: Any) -> None:
    from sfa.store.schema import SYNC

    for statement in SYNC:
        connection.execute(statement)


def _add_calendars(connection: Any) -> None:
    from sfa.store.schema import CALENDARS

    for statement in CALENDARS:
        connection.execute(statement)


def _add_figures(connection: Any) -> None:
    from sfa.store.schema import FIGURES, SUM_UP

    for statement in (
        *FIGURES,
        SUM_UP,
        "DROP INDEX IF EXISTS ix_opportunity_owner_pipeline_stage_currency_probability_amount",
    ):
        connection.execute(statement)


STEPS: tuple[Callable[[Any], None], ...] = (
    _add_sync,
    _add_calendars,
    _add_figures,
)  # the n-th brings a book from version n to n + 1


def version_of(connection: Connection, path: Path) -> int:
    """The book's version; raises ``BookError`` where the file is none, or from a newer sfa."""
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise BookError(_("{path} is no book of sfa.").format(path=path), _("Name another file."))
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(STEPS):
        raise _newer(path)
    return version


def _newer(path: Path) -> BookError:
    return BookError(
        _("{path} was written by a newer version of sfa.").format(path=path), _("Install that version to open it.")
    )


def is_current(connection: Connection, path: Path) -> bool:
    """Whether the book's tables are what the models say; raises ``BookError`` as ``version_of`` does."""
    version = version_of(connection, path)
    found = connection.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
    return bool(found and found[0] == fingerprint() and version == len(STEPS))


def require_known(connection: Connection, path: Path) -> None:
    """Raises ``BookError`` where the book has tables or columns that this version does not know, and would lose."""
    from sfa.store.schema import SUPPORT_TABLES

    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        if name.startswith(("sqlite_", "search")) or name in SUPPORT_TABLES:
            continue
        if name not in KINDS or not _present(connection, name) <= set(columns(name)):
            raise _newer(path)


def create(connection: Connection) -> None:
    """Makes all tables in an empty file, within the caller's transaction."""
    from sfa.store.schema import CALENDARS, FIGURES, SUPPORT, SYNC

    for statement in (*SUPPORT, *SYNC, *CALENDARS):
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    _reconcile(connection)
    for statement in FIGURES:
        connection.execute(statement)
    _sign(connection)


def upgrade(book: Book, connection: Connection) -> None:
    """Runs the steps that the book has not seen, then adds what the models have and the tables lack."""
    from sfa.store.search import reindex

    if is_current(connection, book.path):
        return  # another program was first
    for step in STEPS[version_of(connection, book.path) :]:
        step(connection)
    _reconcile(connection)
    _adopt(book, connection)
    before = json.loads(book.meta("searched"))
    for kind, fields in searched().items():
        if before.get(kind) != fields:
            reindex(book, kind)
    _sign(connection)


def _adopt(book: Book, connection: Connection) -> None:
    """Takes in what head office sent of kinds that only this version knows."""
    from sfa.store.bulk import add
    from sfa.store.change import Change

    rows = connection.execute("SELECT kind, record, stream, doc FROM stranger ORDER BY kind, record").fetchall()
    change = Change(book, connection, _("Known since this version"), "sync")
    for kind, record, stream, doc in rows:
        if kind in KINDS:
            values = {"id": record, "stream": stream, **json.loads(doc)}
            add(change, kind, tuple(values), [tuple(values.values())], {})
            connection.execute("DELETE FROM stranger WHERE record = ?", (record,))
    change.finish()


def _sign(connection: Connection) -> None:
    signature = (("schema", fingerprint()), ("searched", dumps(searched())))
    connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", signature)
    connection.execute(f"PRAGMA user_version = {len(STEPS)}")


def _present(connection: Connection, kind: str) -> set[str]:
    return {row[1] for row in connection.execute(f"PRAGMA table_info('{kind}')")}


def _reconcile(connection: Connection) -> None:
    from sfa.store.schema import create_indexes, create_search, create_table

    for kind in KINDS:
        present = _present(connection, kind)
        if not present:
            connection.execute(create_table(kind))
            continue
        for name, storage in columns(kind).items():
            if name not in present:
                _add_column(connection, kind, name, storage)
    known = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    searches = {search_table(kind): create_search(kind) for kind in searched()}
    for name, statement in {**create_indexes(), **searches}.items():
        if name not in known:
            connection.execute(statement)


def _add_column(connection: Connection, kind: str, name: str, storage: str) -> None:
    """Adds a column; takes over what records hold by its name already (a company's own field, now everybody's)."""
    connection.execute(f'ALTER TABLE "{kind}" ADD COLUMN "{name}" {storage}')
    place = f'$."{name}"'
    connection.execute(
        f'UPDATE "{kind}" SET "{name}" = json_extract(custom, ?), custom = nullif(json_remove(custom, ?), \'{{}}\')'
        " WHERE json_type(custom, ?) IS NOT NULL",
        (place, place, place),
    )
