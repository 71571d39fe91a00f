"""Cutting the logs: what is older than laptops stay away, and in a snapshot, need not be kept.

A laptop that comes back from below the floor starts from the snapshot, with its own actions on top: nothing is lost.
"""

from __future__ import annotations

from datetime import timedelta

from sfa.locales import now, to_instant, to_local
from sfa.server.database import Session
from sfa.server.office import Office

DAYS = 90
"""How long what was done stays in a log, at least."""
ROWS = 5_000
"""Rows that are removed in one transaction."""


def trim(office: Office, stream: int, keep_days: int = DAYS) -> int:
    """Removes the rows of a stream's log that are older than ``keep_days``; how many they were.

    Only those below the newest snapshot, whose own row stays: so a snapshot can always be told from one of another log.
    """
    before = to_instant(to_local(now(), "UTC") - timedelta(days=keep_days))
    removed = 0
    while some := office.database.write(lambda session: _trim(session, office, stream, before)):
        removed += some
    return removed


def _trim(session: Session, office: Office, stream: int, before: str) -> int:
    snapshot = office.snapshots.find(session, stream)
    if snapshot is None:
        return 0
    ((floor,),) = session.rows("SELECT floor FROM stream WHERE number = ?", (stream,))
    sql = "SELECT coalesce(max(seq), 0) FROM log WHERE stream = ? AND seq > ? AND seq <= ? AND received_at < ?"
    last = min(floor + ROWS, snapshot.tag.seq - 1)
    ((reached,),) = session.rows(sql, (stream, floor, last, before))
    if reached <= floor:
        return 0
    session.execute("UPDATE stream SET floor = ? WHERE number = ?", (reached, stream))
    return session.execute("DELETE FROM log WHERE stream = ? AND seq <= ?", (stream, reached))
