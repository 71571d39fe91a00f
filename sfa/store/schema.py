"""The book's tables as SQLAlchemy sees them, and the DDL that makes them.

Only new books, books to be brought up to date and queries whose shape a user decides come here; opening a book does not
(SQLAlchemy costs more start-up than the whole of Textual).
"""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from sfa.models import KINDS
from sfa.store.columns import columns, index_specs, search_table

DIALECT = sqlite.dialect(paramstyle="qmark")
_TYPES: dict[str, type[sa.types.TypeEngine[Any]]] = {"TEXT": sa.Text, "INTEGER": sa.BigInteger, "REAL": sa.Float}

# What is no record. The journal: one ``action`` per thing the user did, one ``entry`` per record it touched.
SUPPORT = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID",
    """CREATE TABLE action (
        n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, at TEXT NOT NULL, user TEXT, device TEXT NOT NULL,
        origin TEXT NOT NULL, title TEXT NOT NULL, mode TEXT NOT NULL, root INTEGER NOT NULL)""",
    "CREATE INDEX ix_action_root ON action (root, n)",
    """CREATE TABLE entry (
        n INTEGER PRIMARY KEY AUTOINCREMENT, action INTEGER NOT NULL REFERENCES action (n), kind TEXT NOT NULL,
        record TEXT NOT NULL, op TEXT NOT NULL, fields TEXT)""",
    "CREATE INDEX ix_entry_record ON entry (record, n)",
    "CREATE INDEX ix_entry_action ON entry (action)",
)
# What a laptop knows of head office: the logs that it follows and how far; its own actions on the way, as they were
# sent, or refused; the state there of records that have such actions; pages that wait for the rest of their pull;
# records of kinds that only a newer version knows.
SYNC = (
    "CREATE INDEX ix_action_own ON action (n) WHERE origin != 'sync'",
    """CREATE TABLE stream (
        number INTEGER PRIMARY KEY, id TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL,
        home INTEGER NOT NULL, seq INTEGER NOT NULL DEFAULT 0, mark TEXT NOT NULL DEFAULT '')""",
    """CREATE TABLE outgoing (
        action INTEGER PRIMARY KEY, id TEXT NOT NULL, title TEXT NOT NULL, parts TEXT NOT NULL, before TEXT NOT NULL,
        chain TEXT NOT NULL, outcome TEXT, places TEXT, code TEXT, reason TEXT, field TEXT)""",
    "CREATE TABLE shadow (record TEXT PRIMARY KEY, kind TEXT NOT NULL, stream INTEGER, doc TEXT) WITHOUT ROWID",
    "CREATE TABLE page (n INTEGER PRIMARY KEY AUTOINCREMENT, body BLOB NOT NULL)",
    "CREATE TABLE stranger (record TEXT PRIMARY KEY, kind TEXT NOT NULL, stream INTEGER NOT NULL, doc TEXT NOT NULL)",
)
# Calendars and address books that the book is kept in step with: where they are, how far we have heard of them (``mark``)
# and they of the journal (``seen``). What lies there: as it reads there (``base``) and what the book held for it (``ours``,
# where that is not the same); what was ``sent`` and not confirmed yet, or is ``fresh`` there since the mark. And what another program wants to be shown.
CALENDARS = (
    """CREATE TABLE remote (
        n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL, url TEXT NOT NULL,
        user TEXT NOT NULL, name TEXT NOT NULL, place TEXT NOT NULL, ca TEXT NOT NULL DEFAULT '',
        chosen TEXT NOT NULL DEFAULT '{}', mark TEXT NOT NULL DEFAULT '', seen INTEGER NOT NULL DEFAULT 0,
        synced_at TEXT NOT NULL DEFAULT '', problem TEXT NOT NULL DEFAULT '')""",
    """CREATE TABLE remote_item (
        remote TEXT NOT NULL, href TEXT NOT NULL, record TEXT, uid TEXT NOT NULL DEFAULT '', etag TEXT NOT NULL DEFAULT '',
        base TEXT, ours TEXT, sent TEXT, todo INTEGER NOT NULL DEFAULT 0, fresh INTEGER NOT NULL DEFAULT 0,
        problem TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (remote, href)) WITHOUT ROWID""",
    "CREATE INDEX ix_remote_item_record ON remote_item (record)",
    "CREATE INDEX ix_remote_item_todo ON remote_item (remote) WHERE todo",
    "CREATE INDEX ix_remote_item_fresh ON remote_item (remote) WHERE fresh",
    """CREATE TABLE knock (
        n INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, purpose TEXT NOT NULL, kind TEXT NOT NULL,
        record TEXT NOT NULL, phone TEXT NOT NULL)""",
)
SUPPORT_TABLES = frozenset(
    {"meta", "action", "entry", "stream", "outgoing", "shadow", "page", "stranger", "remote", "remote_item", "knock"}
)


@cache
def table(kind: str) -> sa.Table:
    """The table of ``kind``."""
    return metadata().tables[kind]


@cache
def metadata() -> sa.MetaData:
    meta = sa.MetaData()
    for kind in KINDS:
        sa.Table(
            kind,
            meta,
            *(
                sa.Column(
                    name,
                    sa.Integer if name == "n" else _TYPES[storage],
                    primary_key=name == "n",
                    nullable=name != "id",
                    unique=name == "id",
                )
                for name, storage in columns(kind).items()
            ),
        )
    for name, spec in index_specs().items():
        owner = meta.tables[spec.kind]
        held = sa.and_(*(owner.c[column].is_(None) for column in spec.empty))
        sa.Index(name, *(owner.c[column] for column in spec.names), sqlite_where=held)
    return meta


def create_table(kind: str) -> str:
    return str(CreateTable(table(kind)).compile(dialect=DIALECT))


def create_search(kind: str) -> str:
    """The full-text index of ``kind``. A word typed in part is looked up like a whole one up to five letters."""
    return (
        f"CREATE VIRTUAL TABLE {search_table(kind)} USING fts5"
        "(text, content='', contentless_delete=1, detail=none, prefix='1 2 3 4 5', tokenize='ascii')"
    )


def create_indexes() -> dict[str, str]:
    """Index name → its DDL."""
    return {
        str(index.name): str(CreateIndex(index).compile(dialect=DIALECT))
        for owner in metadata().tables.values()
        for index in owner.indexes
    }
