"""The tables of head office, as SQLite and PostgreSQL both take them."""

from __future__ import annotations

DDL = (
    "CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
    # Who may come in. ``id`` is that of the user's record; ``acl`` grows with every change of what the user may see.
    """CREATE TABLE IF NOT EXISTS login (
        id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, password TEXT NOT NULL, disabled INTEGER NOT NULL DEFAULT 0,
        acl BIGINT NOT NULL DEFAULT 1, created_at TEXT NOT NULL)""",
    # A laptop. ``token`` is a hash; ``last_n`` and ``chain`` are those of the last action that was judged; ``parent``
    # is the device whose token it came in with (a copied laptop), and is revoked with; ``lock_key`` closes its book.
    """CREATE TABLE IF NOT EXISTS device (
        id TEXT PRIMARY KEY, owner TEXT NOT NULL, name TEXT NOT NULL, token TEXT NOT NULL UNIQUE,
        created_at TEXT NOT NULL, seen_at TEXT NOT NULL, revoked_at TEXT, parent TEXT,
        last_n BIGINT NOT NULL DEFAULT 0, chain TEXT NOT NULL DEFAULT '', lock_key TEXT NOT NULL DEFAULT '')""",
    # A user's calendar as others may subscribe to it. ``secret`` is a hash; it lives as long as the device that asked
    # for it.
    """CREATE TABLE IF NOT EXISTS feed (
        person TEXT PRIMARY KEY, secret TEXT NOT NULL UNIQUE, device TEXT NOT NULL, created_at TEXT NOT NULL,
        read_at TEXT)""",
    # A log. ``head`` is the mark of its last row, ``prior`` that of the last before the commit that wrote it, ``floor``
    # the last row that is no longer kept.
    """CREATE TABLE IF NOT EXISTS stream (
        number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, name TEXT NOT NULL,
        seq BIGINT NOT NULL DEFAULT 0, head TEXT NOT NULL DEFAULT '', floor BIGINT NOT NULL DEFAULT 0,
        records BIGINT NOT NULL DEFAULT 0, prior TEXT NOT NULL DEFAULT '')""",
    """CREATE TABLE IF NOT EXISTS member (
        person TEXT NOT NULL, stream INTEGER NOT NULL, role TEXT NOT NULL, home INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (person, stream))""",
    # The present documents, as ``sfa.sync.merge.document`` writes them. ``parent``: with which record it moves.
    """CREATE TABLE IF NOT EXISTS record (
        id TEXT PRIMARY KEY, kind TEXT NOT NULL, stream INTEGER NOT NULL, parent TEXT, doc TEXT NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS ix_record_parent ON record (parent)",
    "CREATE INDEX IF NOT EXISTS ix_record_stream ON record (stream, id)",
    "CREATE INDEX IF NOT EXISTS ix_record_definition ON record (id) WHERE kind = 'custom_field'",
    # Whose activities are whose, the series that they stand for, and when they were changed last: for feeds.
    """CREATE TABLE IF NOT EXISTS agenda (
        record TEXT PRIMARY KEY, person TEXT, series TEXT, changed_at TEXT NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS ix_agenda_person ON agenda (person)",
    "CREATE INDEX IF NOT EXISTS ix_agenda_series ON agenda (series) WHERE series IS NOT NULL",
    # What was done, in order. An action of many records is several rows; ``final`` marks the last of them. ``mark`` is
    # drawn anew at each commit: a log that was put back to an older state never has the marks of what it has lost.
    """CREATE TABLE IF NOT EXISTS log (
        stream INTEGER NOT NULL, seq BIGINT NOT NULL, action TEXT NOT NULL, received_at TEXT NOT NULL,
        final INTEGER NOT NULL, mark TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (stream, seq))""",
    # What was answered to each action of a device, and what was refused with it.
    """CREATE TABLE IF NOT EXISTS receipt (
        device TEXT NOT NULL, n BIGINT NOT NULL, action TEXT NOT NULL, hash TEXT NOT NULL, received_at TEXT NOT NULL,
        answer TEXT NOT NULL, refused TEXT, PRIMARY KEY (device, n))""",
    "CREATE INDEX IF NOT EXISTS ix_receipt_action ON receipt (action)",
    # Parts of an action that is too large for one request, until the last has come.
    """CREATE TABLE IF NOT EXISTS upload (
        device TEXT NOT NULL, n BIGINT NOT NULL, part INTEGER NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (device, n, part))""",
)
