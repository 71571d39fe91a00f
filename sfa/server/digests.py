"""What a stream holds, in one number: laptops and snapshots are compared by it."""

from __future__ import annotations

from sfa.server.database import Session
from sfa.sync.codec import digest
from sfa.sync.messages import Digest

PAGE = 5_000


def held(session: Session, stream: int) -> Digest:
    """How many records live in ``stream``, and the exclusive or of the digests of their texts."""
    ((seq,),) = session.rows("SELECT seq FROM stream WHERE number = ?", (stream,))
    count, combined, last = 0, 0, ""
    sql = "SELECT id, kind, doc FROM record WHERE stream = ? AND id > ? ORDER BY id LIMIT ?"
    while rows := session.rows(sql, (stream, last, PAGE)):
        count += len(rows)
        last = rows[-1][0]
        for record, kind, doc in rows:
            combined ^= int(digest(f"{kind}:{record}:{doc}"), 16)
    return Digest(seq, count, f"{combined:016x}")
