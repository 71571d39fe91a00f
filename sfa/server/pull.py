"""A pull: what the logs of a user's streams hold beyond where a laptop stands, page by page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec import Raw

from sfa.server.database import Row, Session
from sfa.server.refusal import Refused
from sfa.sync.messages import PART_BYTES, Page, StreamInfo, encode

BYTES = 2 * PART_BYTES
"""The size from which on a page ends."""
ROWS = 500
"""Log rows that are read at once."""
_CURSOR = re.compile(r"(\d{1,9}):(\d{1,18}):([0-9a-f]{0,8})")
_END = re.compile(r"(\d{1,9}):(\d{1,18})")


class Cursor(NamedTuple):
    """Where a laptop stands in one stream."""

    stream: int
    seq: int
    mark: str


class Asked(NamedTuple):
    """What a pull asks for. ``until``: where it is to end, once its first page has said so."""

    cursors: list[Cursor]
    acl: int
    until: dict[int, int] | None


def asked(query: Mapping[str, str]) -> Asked:
    """A pull's query. Raises ``Refused``."""
    try:
        cursors = [_cursor(part) for part in query.get("at", "").split(".") if part]
        ends = [_END.fullmatch(part) for part in query["until"].split(".") if part] if "until" in query else None
        until = None if ends is None else {int(end[1]): int(end[2]) for end in ends}  # type: ignore[index]
        acl = int(query.get("acl") or 0)
    except (ValueError, TypeError):
        raise Refused(
            422, "invalid_query", "at is number:position:mark, with a point between; until without mark."
        ) from None
    if len(cursors) > 10_000 or not 0 <= acl < 2**62:
        raise Refused(422, "invalid_query", "That are more streams than anybody has.")
    return Asked(cursors, acl, until)


def _cursor(text: str) -> Cursor:
    found = _CURSOR.fullmatch(text)
    if not found:
        raise ValueError(text)
    return Cursor(int(found[1]), int(found[2]), found[3])


def streams_of(session: Session, user: str) -> list[StreamInfo]:
    """The streams that a user may see now, in the order of their numbers."""
    rows = session.rows(
        "SELECT s.number, s.id, s.kind, s.name, m.role, s.seq, s.head, s.floor, s.records, m.home"
        " FROM member m JOIN stream s ON s.number = m.stream WHERE m.person = ? ORDER BY s.number",
        (user,),
    )
    return [StreamInfo(*[*fields, bool(home)]) for *fields, home in rows]


def pull(session: Session, user: str, request: Asked) -> bytes | None:
    """The next page as JSON; None where there is nothing new. Raises ``Refused``."""
    acl = int(session.rows("SELECT acl FROM login WHERE id = ?", (user,))[0][0])
    streams = {info.number: info for info in streams_of(session, user)}
    if request.acl != acl:  # the laptop has to know first what it may see
        return encode(Page(rows=[], at=[], until=[], left=0, acl=acl, streams=list(streams.values())))
    cursors = [cursor for cursor in request.cursors if cursor.stream in streams]
    for cursor in cursors:
        _require_same_history(session, streams[cursor.stream], cursor)
    if all(streams[cursor.stream].seq == cursor.seq for cursor in cursors):
        return None
    until = {c.stream: _end(request, streams[c.stream]) for c in cursors}
    rows, at = _rows(session, cursors, until)
    left = sum(max(0, until[c.stream] - at[c.stream][0]) for c in cursors)
    page = Page(
        rows=rows,  # type: ignore[arg-type] # the log holds them written out
        at=[(stream, seq, head) for stream, (seq, head) in at.items()],
        until=list(until.items()), left=left, acl=acl,
    )  # fmt: skip
    return encode(page)


def _end(request: Asked, info: StreamInfo) -> int:
    return info.seq if request.until is None else min(request.until.get(info.number, 0), info.seq)


def _require_same_history(session: Session, info: StreamInfo, cursor: Cursor) -> None:
    """Raises ``Refused`` where the log no longer holds what the laptop has, or does not hold what it needs."""
    if cursor.seq < info.floor:
        raise Refused(410, "below_floor", "That far back the log is not kept.", stream=info.number)
    if cursor.seq and not keeps(session, info, cursor.seq, cursor.mark):
        raise Refused(409, "history_changed", "Head office was put back to an older state.", stream=info.number)


def keeps(session: Session, info: StreamInfo, seq: int, known: str) -> bool:
    """Whether a stream's log still is the one that had the mark ``known`` at ``seq``, and holds all behind it."""
    if seq < info.floor or seq > info.seq:
        return False
    if seq == info.floor and seq < info.seq:
        return True  # that row is no longer kept
    if seq == info.seq:
        return info.head == known
    found = session.rows("SELECT mark FROM log WHERE stream = ? AND seq = ?", (info.number, seq))
    return bool(found) and found[0][0] == known


def _rows(
    session: Session, cursors: Sequence[Cursor], until: Mapping[int, int]
) -> tuple[list[Raw], dict[int, tuple[int, str]]]:
    """Log rows up to a page's size, stream by stream, and where each stream then stands."""
    rows: list[Raw] = []
    at = {cursor.stream: (cursor.seq, cursor.mark) for cursor in cursors}
    size = 0
    for cursor in cursors:
        while size < BYTES and at[cursor.stream][0] < until[cursor.stream]:
            for seq, mark, final, body in _read(session, cursor.stream, at[cursor.stream][0], until[cursor.stream]):
                if size >= BYTES:
                    break
                ending = "true" if final else "false"
                rows.append(Raw(f"[{cursor.stream},{seq},{ending},{body}]".encode()))
                at[cursor.stream] = (seq, mark)
                size += len(body)
    return rows, at


def _read(session: Session, stream: int, after: int, until: int) -> list[Row]:
    sql = "SELECT seq, mark, final, body FROM log WHERE stream = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?"
    return session.rows(sql, (stream, after, until, ROWS if after else 20))
