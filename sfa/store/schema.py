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
# Calendars and address books that the book is kept in step with: where they are, how far we have heard of them
# (``mark``) and they of the journal (``seen``). What lies there: as it reads there (``base``) and what the book held
# for it (``ours``, where that is not the same); what was ``sent`` and not confirmed yet, or is ``fresh`` there.
# And what another program wants to be shown.
CALENDARS = (
    """CREATE TABLE remote (
        n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL, url TEXT NOT NULL,
        user TEXT NOT NULL, name TEXT NOT NULL, place TEXT NOT NULL, ca TEXT NOT NULL DEFAULT '',
        chosen TEXT NOT NULL DEFAULT '{}', mark TEXT NOT NULL DEFAULT '', seen INTEGER NOT NULL DEFAULT 0,
        synced_at TEXT NOT NULL DEFAULT '', problem TEXT NOT NULL DEFAULT '')""",
    """CREATE TABLE remote_item (
        remote TEXT NOT NULL, href TEXT NOT NULL, record TEXT, uid TEXT NOT NULL DEFAULT '',
        etag TEXT NOT NULL DEFAULT '',
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
# How many deals of an owner, currency and probability each stage holds, and what they come to: kept by triggers with
# each change of a deal, so that the board's sums take the same time however many deals were ever closed.
_HELD = """pipeline = coalesce(OLD.pipeline, '') AND stage = coalesce(OLD.stage, '') AND owner = coalesce(OLD.owner, '')
    AND currency = coalesce(OLD.currency, '') AND probability = coalesce(OLD.probability, 0)"""
_TAKE = f"""UPDATE deal_sum SET deals = deals - 1, priced = priced - (OLD.amount IS NOT NULL),
        amount = amount - coalesce(OLD.amount, 0) WHERE {_HELD};
    DELETE FROM deal_sum WHERE deals = 0 AND {_HELD};"""
_GIVE = """INSERT INTO deal_sum SELECT coalesce(NEW.pipeline, ''), coalesce(NEW.stage, ''), coalesce(NEW.owner, ''),
        coalesce(NEW.currency, ''), coalesce(NEW.probability, 0), 1, NEW.amount IS NOT NULL, coalesce(NEW.amount, 0)
        WHERE NEW.deleted_at IS NULL
    ON CONFLICT DO UPDATE SET deals = deals + 1, priced = priced + excluded.priced,
        amount = amount + excluded.amount;"""
_SUMMED = "pipeline, stage, owner, currency, probability, amount, deleted_at"
FIGURES = (
    """CREATE TABLE deal_sum (
        pipeline TEXT NOT NULL, stage TEXT NOT NULL, owner TEXT NOT NULL, currency TEXT NOT NULL,
        probability INTEGER NOT NULL, deals INTEGER NOT NULL, priced INTEGER NOT NULL, amount INTEGER NOT NULL,
        PRIMARY KEY (pipeline, stage, owner, currency, probability)) WITHOUT ROWID""",
    f"CREATE TRIGGER deal_added AFTER INSERT ON opportunity WHEN NEW.deleted_at IS NULL BEGIN {_GIVE} END",
    f"CREATE TRIGGER deal_removed AFTER DELETE ON opportunity WHEN OLD.deleted_at IS NULL BEGIN {_TAKE} END",
    f"""CREATE TRIGGER deal_taken AFTER UPDATE OF {_SUMMED} ON opportunity WHEN OLD.deleted_at IS NULL
        BEGIN {_TAKE} END""",
    f"""CREATE TRIGGER deal_given AFTER UPDATE OF {_SUMMED} ON opportunity WHEN NEW.deleted_at IS NULL
        BEGIN {_GIVE} END""",
)
SUM_UP = """INSERT INTO deal_sum SELECT coalesce(pipeline, ''), coalesce(stage, ''), coalesce(owner, ''),
    coalesce(currency, ''), coalesce(probability, 0), count(*), count(amount), coalesce(sum(amount), 0)
    FROM opportunity WHERE deleted_at IS NULL GROUP BY 1, 2, 3, 4, 5"""
SUPPORT_TABLES = frozenset(
    {
        "meta",
        "deal_sum",
        "action",
        "entry",
        "stream",
        "outgoing",
        "shadow",
        "page",
        "stranger",
        "remote",
        "remote_item",
        "knock",
    }
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
