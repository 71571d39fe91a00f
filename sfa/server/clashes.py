"""What could not be merged, as records of kind ``conflict`` beside the record that it is about."""

from __future__ import annotations

import json

from sfa.locales import now
from sfa.models import new_id
from sfa.models.fields import Value
from sfa.server.authorship import author
from sfa.server.ledger import Held, Ledger, changed
from sfa.sync.merge import Clash
from sfa.sync.messages import Action, LogEntry

Values = dict[str, Value]
SEEN = frozenset({"edited", "deleted"})
"""Reasons for conflicts about values."""


def write_down(ledger: Ledger, user: str, action: Action, held: Held, reason: str, clash: Clash) -> None:
    """Keeps all three values of a clash over ``held``, in the conflict that ``user`` has about the same, if any."""
    for other in ledger.conflicts(held.id):
        if _continues(other, user, reason, clash):
            values = {"mine": _text(clash.mine), "theirs": _text(clash.theirs), "action": action.id}
            values = {name: value for name, value in values.items() if other.values.get(name) != value}
            ledger.put(changed(other, values), LogEntry("conflict", other.id, "update", values))
            return
    at = now()
    values = {
        "title": held.heading[:255], "of_kind": held.kind, "record": held.id, "reason": reason,
        "base": _text(clash.base), "mine": _text(clash.mine), "theirs": _text(clash.theirs),
        "user": user, "owner": user, "created_by": user, "made_at": min(action.at, at), "created_at": at,
        "action": action.id, "action_title": action.title,
        **author(ledger.session, held, {*clash.theirs} if clash.theirs else set()),
    }  # fmt: skip
    values = {name: value for name, value in values.items() if value}
    conflict = Held(new_id(), "conflict", held.stream, held.id, values)
    ledger.put(conflict, LogEntry("conflict", conflict.id, "insert", values))
    ledger.grow(held.stream)


def _continues(conflict: Held, user: str, reason: str, clash: Clash) -> bool:
    """Whether an open conflict is this one, of a later action of the same user, who saw what was wanted so far."""
    values = conflict.values
    wanted, base = json.loads(values.get("mine") or "{}"), json.loads(values.get("base") or "{}")
    return (
        not values.get("resolved_at")
        and not conflict.deleted
        and values.get("user") == user
        and values.get("reason") == reason
        and {**base, **wanted}.keys() == {**clash.base, **clash.mine}.keys()
        and (reason not in SEEN or wanted == clash.base)
    )


def _text(values: Values) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
