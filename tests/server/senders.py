"""A laptop that only sends, for tests of what head office keeps."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sfa.locales import now
from sfa.models import new_id
from sfa.server import people
from sfa.server.office import Office
from sfa.sync.codec import chained
from tests.server.offices import enrolled

NORTH = 2
"""The number of the territory North."""


class Laptop:
    """Sends actions of ten accounts each."""

    def __init__(self, office: Office, name: str) -> None:
        self.office, self.welcome = office, enrolled(office.database, name)
        self.who = people.identify(office.database, self.welcome.token)
        self.n, self.chain = 0, ""
        self.records: list[str] = []

    def push(self, *entries: Sequence[object]) -> None:
        self.n += 1
        action = {"n": self.n, "id": new_id(), "at": now(), "origin": "screen", "title": f"Action {self.n}"}
        part = json.dumps({**action, "entries": list(entries)}).encode()
        head = json.dumps({"server": self.welcome.server, "chain": self.chain})[:-1].encode()
        answer = json.loads(self.office.push(self.who, head + b',"actions":[' + part + b"]}"))
        assert answer["answers"][0]["outcome"] in ("applied", "merged"), answer
        self.chain = chained(self.chain, [part])

    def add(self, count: int = 10) -> None:
        ids = [new_id() for _number in range(count)]
        self.records += ids
        self.push(*(["account", record, "insert", {"name": f"Account {record[-5:]}"}] for record in ids))

    def change(self, record: str, old: str | None, new: str) -> None:
        self.push(["account", record, "update", {"website": [old, new]}])
