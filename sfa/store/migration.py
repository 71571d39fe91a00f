"""Bringing a book's tables to what the models say: new tables, columns and indexes are added by themselves.

What a model adds needs no migration. A change of meaning (values moved or rewritten) is a numbered step in ``STEPS``.
Everything happens in one transaction, after an automatic backup.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sfa.errors import BookError
from sfa.i18n import _
from sfa.store.columns import columns, fingerprint

if TYPE_CHECKING:
    from sqlcipher3.dbapi2 import Connection

APPLICATION_ID = 0x5FA0B00C  # marks the file as a book
STEPS: tuple[Callable[[Any], None], ...] = ()  # the n-th brings a book from version n to n + 1


def version_of(connection: Connection) -> int:
    """The book's version; raises ``BookError`` where the file is none, or from a newer sfa."""
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise BookError(_("This file is not a book of sfa."))
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(STEPS):
        raise BookError(_("This book was written by a newer version of sfa."), _("Install that version to open it."))
    return version


def is_current(connection: Connection) -> bool:
    found = connection.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
    return bool(found and found[0] == fingerprint() and version_of(connection) == len(STEPS))


def create(connection: Connection) -> None:
    """Makes all tables in an empty file, within the caller's transaction."""
    from sfa.store.schema import SUPPORT

    for statement in SUPPORT:
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    _reconcile(connection)


def upgrade(connection: Connection) -> None:
    """Runs the steps that the book has not seen, then adds what the models have and the tables lack."""
    for step in STEPS[version_of(connection) :]:
        step(connection)
    _reconcile(connection)


def _reconcile(connection: Connection) -> None:
    from sfa.models import KINDS
    from sfa.store.schema import create_indexes, create_table

    for kind in KINDS:
        present = {row[1] for row in connection.execute(f"PRAGMA table_info('{kind}')")}
        if not present:
            connection.execute(create_table(kind))
            continue
        for name, storage in columns(kind).items():
            if name not in present:
                connection.execute(f'ALTER TABLE {kind} ADD COLUMN "{name}" {storage}')
    indexes = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'index'")}
    for name, statement in create_indexes().items():
        if name not in indexes:
            connection.execute(statement)
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('schema', ?)", (fingerprint(),))
    connection.execute(f"PRAGMA user_version = {len(STEPS)}")
