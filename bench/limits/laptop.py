"""The least that two laptops can be: a table of documents and one of changes to be sent, written with each commit.

    python -m bench.limits.laptop PORT FOLDER

does the steps that ``bench.sides`` asks for.
"""

from __future__ import annotations

import json
import socket
import sqlite3
import sys
from collections.abc import Iterable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from bench.limits.office import packed, unpacked
from bench.people import contacts
from bench.sides import COUNT, FEW, Side, serve

BATCH = 1000
SCHEMA = """
    PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE record (id TEXT PRIMARY KEY, doc TEXT, version INTEGER) WITHOUT ROWID;
    CREATE TABLE outgoing (n INTEGER PRIMARY KEY AUTOINCREMENT, record TEXT, fields TEXT);
    CREATE TABLE cursor (since INTEGER); INSERT INTO cursor VALUES (0);
"""
PUT = (
    "INSERT INTO record VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET doc = excluded.doc, version = excluded.version"
)


class Laptop:
    def __init__(self, name: str, port: int, folder: Path) -> None:
        self.name = name
        self.http = HTTPConnection("127.0.0.1", port)
        self.http.connect()
        self.http.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.db = sqlite3.connect(folder / f"{name}.db", isolation_level=None)
        self.db.executescript(SCHEMA)

    def write(self, changes: Iterable[tuple[str, dict[str, Any]]]) -> None:
        self.db.execute("BEGIN")
        for record, fields in changes:
            found = self.db.execute("SELECT doc FROM record WHERE id = ?", (record,)).fetchone()
            doc = {**(json.loads(found[0]) if found else {}), **fields}
            self.db.execute(PUT, (record, json.dumps(doc), 0))
            self.db.execute("INSERT INTO outgoing (record, fields) VALUES (?, ?)", (record, json.dumps(fields)))
        self.db.execute("COMMIT")

    def push(self) -> None:
        sql = f"SELECT n, record, fields FROM outgoing ORDER BY n LIMIT {BATCH}"
        while rows := self.db.execute(sql).fetchall():
            changes = [(n, record, json.loads(fields)) for n, record, fields in rows]
            body = packed({"laptop": self.name, "changes": changes})
            self.http.request("POST", "/push", body, {"Content-Encoding": "gzip"})
            answer = unpacked(self.http.getresponse().read())
            self.db.execute("DELETE FROM outgoing WHERE n <= ?", (answer["last"],))

    def pull(self) -> None:
        while True:
            (since,) = self.db.execute("SELECT since FROM cursor").fetchone()
            self.http.request("GET", f"/pull?since={since}&limit={BATCH}")
            answer = unpacked(self.http.getresponse().read())
            if not answer["rows"]:
                return
            self.db.execute("BEGIN")
            self.db.executemany(PUT, [(id, json.dumps(doc), version) for version, id, doc in answer["rows"]])
            self.db.execute("UPDATE cursor SET since = ?", (answer["next"],))
            self.db.execute("COMMIT")


class Laptops(Side):
    def __init__(self, port: int, folder: Path) -> None:
        self.first, self.second = (Laptop(name, port, folder) for name in ("first", "second"))
        self.contacts = [(contact.pop("id"), contact) for contact in contacts(COUNT)]

    def write(self) -> None:
        self.first.write(self.contacts)

    def edit(self, value: str) -> None:
        self.first.write((id, {"department": value}) for id, _contact in self.contacts[:FEW])

    def edit_each(self, value: str) -> None:
        for id, _contact in self.contacts[:FEW]:
            self.first.write([(id, {"department": value})])

    def push(self) -> None:
        self.first.push()

    def pull(self) -> None:
        self.second.pull()

    def nothing(self) -> None:
        self.first.push()
        self.first.pull()

    def count(self, value: str) -> tuple[int, int]:
        docs = [json.loads(row[0]) for row in self.second.db.execute("SELECT doc FROM record")]
        return len(docs), sum(doc["department"] == value for doc in docs)


if __name__ == "__main__":
    serve(Laptops(int(sys.argv[1]), Path(sys.argv[2])))
