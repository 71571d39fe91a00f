"""Who did last what stands: for conflicts, whose two sides have to be told apart."""

from __future__ import annotations

from collections.abc import Set
from typing import TYPE_CHECKING

from sfa.models.fields import Value
from sfa.sync.messages import LogRow, decode

if TYPE_CHECKING:
    from sfa.server.database import Session
    from sfa.server.ledger import Held

LOOKED_BACK = 500
"""Rows of a log among which it is looked: conflicts are with what was done lately."""


def author(session: Session, held: Held, names: Set[str]) -> dict[str, Value]:
    """The conflict's values that tell who touched one of the fields ``names`` of a record last (any, without names).

    Empty where the newest rows of the log do not say.
    """
    rows = session.rows(
        "SELECT body FROM (SELECT seq, body FROM log WHERE stream = ? ORDER BY seq DESC LIMIT ?) AS newest"
        " WHERE body LIKE ? ORDER BY seq DESC",
        (held.stream, LOOKED_BACK, f'%"{held.id}"%'),
    )
    for (body,) in rows:
        row = decode(body.encode(), LogRow)
        touched = [entry.fields.keys() for entry in row.entries if entry.record == held.id and entry.op != "leave"]
        if any(not names or names & fields for fields in touched):
            return {"other": row.user, "other_at": row.at, "other_title": row.title}
    return {}
