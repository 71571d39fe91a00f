"""Which of head office's logs a book follows, and how far."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sfa.sync.messages import StreamInfo

if TYPE_CHECKING:
    from sqlcipher3.dbapi2 import Connection


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
