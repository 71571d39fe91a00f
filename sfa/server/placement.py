"""In which stream a record lives, what moves with it, and who may change what there."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import msgspec

from sfa.models import KINDS, Link
from sfa.models.fields import Value
from sfa.server.database import Session
from sfa.server.ledger import Held, Ledger
from sfa.server.refusal import Refused
from sfa.sync.messages import LogEntry

COMPANY = 1
"""The stream that everybody follows: catalogue, users, territories."""
ROLES = ("reader", "writer", "manager")


class Rights(NamedTuple):
    """What one user may do: a role per stream; the stream that is his own, and that of what belongs nowhere else."""

    user: str
    roles: dict[int, str]
    own: int
    home: int

    def require(self, stream: int, role: str = "writer") -> None:
        """Raises ``Refused`` unless the user has at least ``role`` in ``stream``."""
        if stream not in self.roles:
            raise Refused(403, "out_of_scope", "There is no such record among yours.")
        if ROLES.index(self.roles[stream]) < ROLES.index(role):
            raise Refused(403, "forbidden", "You may read this, but not change it.")


def rights_of(session: Session, user: str) -> Rights:
    """The rights of ``user`` as they are in this transaction."""
    rows = session.rows(
        "SELECT m.stream, m.role, m.home, s.kind FROM member m JOIN stream s ON s.number = m.stream WHERE m.person = ?",
        (user,),
    )
    own = next((row[0] for row in rows if row[3] == "own"), COMPANY)
    home = next((row[0] for row in rows if row[2]), own)
    return Rights(user, {row[0]: row[1] for row in rows}, own, home)


@cache
def depth(kind: str) -> int:
    """How deep records of ``kind`` may lie under others; 0 for those that lie under none."""
    model = KINDS.get(kind)
    parents = [model.fields[link] for link in model.under] if model else []
    return max((1 + depth(link.to) for link in parents if isinstance(link, Link)), default=0)


def parent_of(ledger: Ledger, kind: str, values: Mapping[str, Value]) -> Held | None:
    """The record with which one of ``kind`` with these values moves."""
    for link in KINDS[kind].under:
        parent = ledger.find(str(values[link])) if values.get(link) else None
        if parent is not None:
            return parent
    return None


def place(ledger: Ledger, rights: Rights, kind: str, values: Mapping[str, Value]) -> tuple[int, str | None]:
    """The stream of a record, and the id of its parent. Raises ``Refused``."""
    model = KINDS.get(kind)
    if model is None or model.scope == "company":
        return (COMPANY, None) if model else (rights.home, None)
    if model.scope == "own":
        return rights.own, None
    if kind == "conflict":  # beside what it is about
        about = ledger.find(str(values["record"]))
        return (about.stream, about.id) if about and about.stream in rights.roles else (rights.own, None)
    if parent := parent_of(ledger, kind, values):
        return parent.stream, parent.id
    if values.get("territory"):
        return _territory(ledger, str(values["territory"])), None
    return rights.home, None


def _territory(ledger: Ledger, territory: str) -> int:
    rows = ledger.session.rows("SELECT number FROM stream WHERE id = ? AND kind = 'territory'", (territory,))
    if not rows:
        raise Refused(409, "missing_link", "There is no such territory.")
    return int(rows[0][0])


def move(ledger: Ledger, rights: Rights, held: Held, stream: int, parent: str | None) -> None:
    """Has a record, and all that is under it, live in another stream.

    It leaves the old log and arrives whole in the new. Who gives away needs no right where it goes, if he manages here.
    """
    if held.stream == stream:
        ledger.trial[held.id] = msgspec.structs.replace(held, parent=parent)
        return
    rights.require(held.stream)
    if rights.roles[held.stream] != "manager" and stream not in rights.roles:
        raise Refused(403, "forbidden", "Only a manager gives away to where he does not work himself.")
    if rights.roles[held.stream] != "manager":
        rights.require(stream)
    moving = [msgspec.structs.replace(held, parent=parent), *(x for x in ledger.under(held.id) if x.id != held.id)]
    for one in moving:
        ledger.log(one.stream, LogEntry(one.kind, one.id, "leave", {"to": stream}))
        ledger.grow(one.stream, -1)
        arrived = msgspec.structs.replace(one, stream=stream)
        ledger.put(arrived, LogEntry(one.kind, one.id, "put", arrived.values))
        ledger.grow(stream)
