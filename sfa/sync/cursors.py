"""Which of head office's logs a book follows, how far, and when it is next compared with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from sfa.locales import now, to_instant, to_local
from sfa.sync.messages import StreamInfo
from sfa.sync.outbox import set_meta

if TYPE_CHECKING:
    from sqlcipher3.dbapi2 import Connection

PERIOD = timedelta(days=7)
SOON = timedelta(minutes=10)
"""After a first load the rep begins to work; looking through everything can wait a little."""


def follow(connection: Connection, streams: Sequence[StreamInfo]) -> None:
    """Notes the streams that the user may see; those that are new from their beginning."""
    connection.executemany(
        "INSERT INTO stream (number, id, kind, name, role, home) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (number)"
        " DO UPDATE SET id = excluded.id, name = excluded.name, role = excluded.role, home = excluded.home",
        [(info.number, info.id, info.kind, info.name, info.role, int(info.home)) for info in streams],
    )


def reach(connection: Connection, places: Iterable[tuple[int, int, str]]) -> None:
    """Everything of streams is there up to these places (number, position, mark)."""
    connection.executemany(
        "UPDATE stream SET seq = ?, mark = ? WHERE number = ?", [(seq, mark, number) for number, seq, mark in places]
    )


def compare(connection: Connection, after: timedelta) -> None:
    """Has the book be compared with head office ``after`` that time."""
    set_meta(connection, verify_at=to_instant(to_local(now(), "UTC") + after))
