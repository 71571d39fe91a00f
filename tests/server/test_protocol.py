"""A client written by hand from docs/sync-protocol.md: json, hashlib and a line. It shares no code with sfa's own."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import Any
from uuid import uuid4

from tests.server.offices import Ask, credentials

Doc = dict[str, Any]
UNSEEN = ("deleted_at", "merged_into", "created_at", "created_by")


def digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()


def document(values: Doc) -> str:
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class Client:
    """A laptop that keeps everything in dictionaries."""

    def __init__(self, ask: Ask, name: str) -> None:
        self.ask = ask
        self.me = ask("POST", "/v1/login", credentials(name)).data
        self.acl = self.me["acl"]
        self.at = {stream["number"]: (0, "") for stream in self.me["streams"]}
        self.docs: dict[str, tuple[str, int, Doc]] = {}
        self.n, self.chain = 0, ""

    def push(self, *actions: list[Any]) -> list[str]:
        """Sends actions, each given as its entries; gives how they were judged."""
        bodies, chain = [], self.chain
        for entries in actions:
            self.n += 1
            action = {
                "n": self.n,
                "id": str(uuid4()),
                "at": "2026-11-18T08:00:00Z",
                "origin": "hand",
                "title": "By hand",
            }
            bodies.append(json.dumps({**action, "entries": entries}))
            chain = blake2b((chain + bodies[-1]).encode(), digest_size=16).hexdigest()
        head = f'{{"server":{json.dumps(self.me["server"])},"chain":{json.dumps(self.chain)},"actions":['
        reply = self.ask("POST", "/v1/push", f"{head}{','.join(bodies)}]}}".encode(), token=self.me["token"])
        assert reply.status == 200, reply.body
        self.chain = chain
        return [answer["outcome"] for answer in reply.data["answers"]]

    def pull(self) -> None:
        """Takes in all that is new."""
        until = ""
        while True:
            at = ".".join(f"{number}:{seq}:{mark}" for number, (seq, mark) in self.at.items())
            reply = self.ask("GET", f"/v1/pull?at={at}&acl={self.acl}{until}", token=self.me["token"])
            if reply.status == 204:
                return
            page = reply.data
            for stream, _seq, _final, action in page["rows"]:
                for entry in action["entries"]:
                    self.take(stream, *entry)
            self.at.update({stream: (seq, mark) for stream, seq, mark in page["at"]})
            until = "&until=" + ".".join(f"{stream}:{seq}" for stream, seq in page["until"])
            if not page["left"]:
                return

    def take(self, stream: int, kind: str, record: str, op: str, fields: Doc) -> None:
        if op == "leave":
            if self.docs[record][1] == stream:
                del self.docs[record]
            return
        before = self.docs[record][2] if op == "update" else {}
        values = {name: value for name, value in {**before, **fields}.items() if value is not None}
        self.docs[record] = (kind, stream, values)

    def values(self, record: str) -> Doc:
        return self.docs[record][2]


def test_two_hand_written_clients_agree(ask: Ask) -> None:
    rita, max_ = Client(ask, "rita"), Client(ask, "max")
    account, deal = str(uuid4()), str(uuid4())
    rita.pull()
    kind = [(values["position"], record) for record, (kind, _s, values) in rita.docs.items() if kind == "stage"]
    stages = [record for _position, record in sorted(kind)]
    pipeline = rita.values(stages[0])["pipeline"]
    sold = {
        "name": "Oven line",
        "account": account,
        "pipeline": pipeline,
        "stage": stages[0],
        "amount": 100,
        "currency": "EUR",
    }
    assert rita.push(
        [["account", account, "insert", {"name": "Bäckerei"}]], [["opportunity", deal, "insert", sold]]
    ) == ["merged", "merged"]  # head office adds who and when
    rita.pull()
    max_.pull()
    assert max_.values(deal) == rita.values(deal)

    seen = {"currency": "EUR"}
    assert max_.push([["opportunity", deal, "update", {"amount": [100, 200]}, seen]]) == ["applied"]
    assert rita.push(
        [["opportunity", deal, "update", {"amount": [100, 300], "name": ["Oven line", "Ovens"]}, seen]]
    ) == ["conflict"]
    was = digest(document({name: v for name, v in rita.values(account).items() if name not in UNSEEN}))
    assert rita.push([["account", account, "update", {"deleted_at": [None, "2026-11-18T08:00:00Z"]}, {}, was]]) == [
        "applied"
    ]
    rita.pull()
    max_.pull()
    assert (max_.values(deal)["amount"], max_.values(deal)["name"]) == (200, "Ovens")
    (conflict,) = [values for kind, _stream, values in max_.docs.values() if kind == "conflict"]
    assert (json.loads(conflict["mine"])["amount"], conflict["user"]) == (300, rita.me["user"])
    assert max_.values(account)["deleted_at"]
    assert {r: d for r, d in rita.docs.items() if d[1] in max_.at} == {
        r: d for r, d in max_.docs.items() if d[1] in rita.at
    }


def test_the_digest_of_a_stream_is_what_the_page_says(ask: Ask) -> None:
    rita = Client(ask, "rita")
    rita.push([["account", str(uuid4()), "insert", {"name": "Café ☕"}]])
    rita.pull()
    for number in rita.at:
        here = {record: held for record, held in rita.docs.items() if held[1] == number}
        combined = 0
        for record, (kind, _stream, values) in here.items():
            combined ^= int(digest(f"{kind}:{record}:{document(values)}"), 16)
        said = ask("GET", f"/v1/digest/{number}", token=rita.me["token"]).data
        assert (said["records"], said["digest"]) == (len(here), f"{combined:016x}")


def test_a_copy_is_found_out_and_goes_on_as_one_of_its_own(ask: Ask) -> None:
    rita = Client(ask, "rita")
    rita.push([["account", str(uuid4()), "insert", {"name": "One"}]])
    number, chain = rita.n, rita.chain
    rita.push([["account", str(uuid4()), "insert", {"name": "Two"}]])
    rita.n, rita.chain = number, chain  # put back to an older state
    body = {"n": 2, "id": str(uuid4()), "at": "2026-11-18T08:00:00Z", "origin": "hand", "title": "Other", "entries": []}
    request = json.dumps({"server": rita.me["server"], "chain": rita.chain, "actions": [body]}).encode()
    assert ask("POST", "/v1/push", request, token=rita.me["token"]).code == "client_forked"
    rita.me = ask("POST", "/v1/renew", token=rita.me["token"]).data
    rita.chain = ""
    assert rita.push([["account", str(uuid4()), "insert", {"name": "Three"}]]) == ["merged"]
