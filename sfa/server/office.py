"""Head office without the network: what each request does, as plain functions from bytes to bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sfa.locales import now
from sfa.models import new_id
from sfa.models.fields import Value
from sfa.server.database import Database, Session
from sfa.server.digests import held
from sfa.server.ledger import Held, Ledger, changed
from sfa.server.placement import COMPANY, rights_of
from sfa.server.pull import asked, pull, streams_of
from sfa.server.push import push
from sfa.server.refusal import Refused
from sfa.server.snapshots import Snapshots, Version
from sfa.sync.messages import Digest, LogEntry, LogRow, Push, StreamInfo, decode, encode

if TYPE_CHECKING:
    from sfa.server.people import Who

Listener = Callable[[dict[int, int]], None]


class Office:
    """Head office over one database; ``folder`` is where snapshots lie. Safe to use from many threads.

    ``listeners`` are told after each push how far each stream that it touched now reaches.
    """

    def __init__(self, database: Database, folder: Path) -> None:
        self.database, self.folder = database, folder
        self.listeners: list[Listener] = []
        self.snapshots = Snapshots(database, folder)
        self.server = str(database.read(_server_id))

    def push(self, who: Who, body: bytes) -> bytes:
        """Judges a laptop's actions. Raises ``Refused``."""
        request = _decoded(body, Push)
        if request.server != self.server:
            raise Refused(409, "other_server", "This laptop belongs to another head office.")
        pushed = self.database.write(lambda session: push(session, who.device, request))
        if pushed.after:
            self.announce({stream: seq for stream, seq, _mark in pushed.after})
        return encode(pushed)

    def pull(self, who: Who, query: Mapping[str, str]) -> bytes | None:
        """The next page of what is new for a laptop; None where nothing is. Raises ``Refused``."""
        request = asked(query)
        return self.database.read(lambda session: pull(session, who.user, request))

    def digest(self, who: Who, stream: int) -> bytes:
        """What a stream holds, for a laptop that compares. Raises ``Refused``."""
        return encode(self.database.read(lambda session: _digest(session, who.user, stream)))

    def snapshot(self, who: Who, stream: int, version: str = "") -> tuple[Path, str]:
        """The packed snapshot of a stream, and the tag of its version: the one that is asked for, or the newest.

        Raises ``Refused``.
        """
        found = self.database.read(lambda session: self._snapshot(session, who.user, stream, version))
        if found is not None:
            self.snapshots.lend(found)
            return found.path, str(found.tag)
        if version:
            raise Refused(410, "snapshot_gone", "There is a newer snapshot.", stream=stream)
        raise Refused(404, "snapshot_not_ready", "There is no snapshot of this stream.", stream=stream)

    def _snapshot(self, session: Session, user: str, stream: int, version: str) -> Version | None:
        rights_of(session, user).require(stream, "reader")
        return self.snapshots.find(session, stream, version)

    def streams(self, session: Session, user: str) -> list[StreamInfo]:
        """The streams that ``user`` may see."""
        return streams_of(session, user)

    def announce(self, positions: dict[int, int]) -> None:
        """Tells everybody who listens that streams have grown."""
        for listener in tuple(self.listeners):
            listener(positions)


def _decoded(body: bytes, form: type[Push]) -> Push:
    try:
        return decode(body, form)
    except ValueError as error:
        raise Refused(422, "invalid_body", str(error)) from None


def _server_id(session: Session) -> str:
    rows = session.rows("SELECT value FROM meta WHERE key = 'server'")
    if not rows:
        raise RuntimeError("the database is not initialised")
    return str(rows[0][0])


def _digest(session: Session, user: str, stream: int) -> Digest:
    rights_of(session, user).require(stream, "reader")
    return held(session, stream)


Changes = Sequence[tuple[str, str, Mapping[str, Value]]]


def act(session: Session, user: str, title: str, changes: Changes) -> None:
    """Head office's own action in the company's stream: adds or changes records (kind, id, values) there."""
    ledger = Ledger(session)
    for kind, record_id, values in changes:
        held = ledger.find(record_id)
        present = {name: value for name, value in values.items() if value is not None}
        if held is None:
            stamped: dict[str, Any] = {"created_at": now(), "created_by": user or None, **present}
            stamped = {name: value for name, value in stamped.items() if value is not None}
            ledger.put(Held(record_id, kind, COMPANY, None, stamped), LogEntry(kind, record_id, "insert", stamped))
            ledger.grow(COMPANY)
        else:
            ledger.put(changed(held, values), LogEntry(kind, record_id, "update", dict(values)))
    row = LogRow(new_id(), "head-office", 0, user, now(), "command", title, [])
    ledger.accept(row)
    ledger.flush()
