"""A laptop with a version newer than all others: what it sends is of a kind that nobody else has a model of."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from msgspec import Raw

from sfa.models import new_id
from sfa.sync.codec import chained, digest
from sfa.sync.merge import substance
from sfa.sync.messages import Action, Entry, Push, encode
from sfa.sync.steps import Request
from tests.sync.rig import answer
from tests.sync.simulation.template import enrol

if TYPE_CHECKING:
    from tests.sync.simulation.world import World

KIND = "gadget"


class Newcomer:
    """Works at head office's desk, so to say: it always knows what is there, and its line never breaks."""

    def __init__(self, world: World) -> None:
        self.world, self.token, self.chain, self.number = world, "", "", 0

    def act(self) -> None:
        entry = self._entry()
        self.number += 1
        action = Action(self.number, new_id(), self.world.now(0), "screen", "Gadget", [entry])
        body = encode(action)
        with self.world.office_clock():
            welcome = None if self.token else enrol(self.world.database.inner, "bob")
            if welcome is not None:
                self.token = welcome.token
            push = Push(self.world.office.server, self.chain, [Raw(body)])
            reply = answer(self.world.plain_office, self.token, Request("POST", "/v1/push", encode(push)))
        self.world.tell(f"a newer laptop of bob: {entry.op} gadget {entry.record[:13]} {entry.fields}: {reply.status}")
        self.chain = chained(self.chain, [body])
        if reply.status != 200:  # head office was put back: another laptop next time
            self.token, self.chain, self.number = "", "", 0

    def _entry(self) -> Entry:
        dice = self.world.random
        sql = "SELECT id, doc FROM record WHERE kind = ? ORDER BY id"
        rows = self.world.database.inner.read(lambda session: session.rows(sql, (KIND,)))
        self.world.words += 1
        word = f"w{self.world.words}"
        if not rows or dice.random() < 0.3:
            return Entry(KIND, new_id(), "insert", {"name": word, "created_at": self.world.now(0)})
        record, doc = dice.choice(rows)
        values: dict[str, Any] = json.loads(doc)
        if dice.random() < 0.2:
            return Entry(KIND, record, "remove", was=digest(substance(values)))
        return Entry(KIND, record, "update", {"name": [values.get("name"), word]})
