"""The least that head office can be: HTTP, JSON in gzip, and a table of documents in SQLite, written with each commit.

    python -m bench.limits.office PORT FILE [indexed]

No rights, no checks, no merge, one lock. Changes of a document are numbered; ``indexed`` finds the newest by an index
rather than by reading all, as one that grows would.
"""

from __future__ import annotations

import gzip
import json
import sqlite3
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

SCHEMA = """
    PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE record (id TEXT PRIMARY KEY, doc TEXT, version INTEGER) WITHOUT ROWID;
    CREATE TABLE log (seq INTEGER PRIMARY KEY, record TEXT, fields TEXT, change TEXT UNIQUE);
    CREATE TABLE laptop (id TEXT PRIMARY KEY, last INTEGER);
"""


def packed(what: Any) -> bytes:
    return gzip.compress(json.dumps(what, separators=(",", ":")).encode(), 5)


def unpacked(body: bytes) -> Any:
    return json.loads(gzip.decompress(body))


class Office:
    """Documents, and what was done to them."""

    def __init__(self, path: str, indexed: bool) -> None:
        self.db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self.db.executescript(SCHEMA + ("CREATE INDEX newest ON record (version)" if indexed else ""))
        self.lock = threading.Lock()

    def push(self, laptop: str, changes: list[tuple[int, str, dict[str, Any]]]) -> dict[str, Any]:
        with self.lock:
            self.db.execute("BEGIN IMMEDIATE")
            found = self.db.execute("SELECT last FROM laptop WHERE id = ?", (laptop,)).fetchone()
            last = found[0] if found else 0
            for n, record, fields in changes:
                if n > last:
                    self._apply(f"{laptop}:{n}", record, fields)
                    last = n
            self.db.execute("REPLACE INTO laptop VALUES (?, ?)", (laptop, last))
            self.db.execute("COMMIT")
        return {"last": last}

    def _apply(self, change: str, record: str, fields: dict[str, Any]) -> None:
        found = self.db.execute("SELECT doc FROM record WHERE id = ?", (record,)).fetchone()
        doc = {**(json.loads(found[0]) if found else {}), **fields}
        row = (record, json.dumps(fields), change)
        seq = self.db.execute("INSERT INTO log (record, fields, change) VALUES (?, ?, ?)", row).lastrowid
        self.db.execute("REPLACE INTO record VALUES (?, ?, ?)", (record, json.dumps(doc), seq))

    def pull(self, since: int, limit: int) -> dict[str, Any]:
        sql = "SELECT version, id, doc FROM record WHERE version > ? ORDER BY version LIMIT ?"
        with self.lock:
            rows = self.db.execute(sql, (since, limit)).fetchall()
        docs = [(version, id, json.loads(doc)) for version, id, doc in rows]
        return {"rows": docs, "next": rows[-1][0] if rows else since}


class Handler(BaseHTTPRequestHandler):
    protocol_version, disable_nagle_algorithm, wbufsize = "HTTP/1.1", True, 1 << 16
    office: Office

    def log_message(self, *_parts: object) -> None:
        """Says nothing."""

    def do_POST(self) -> None:
        asked = unpacked(self.rfile.read(int(self.headers["Content-Length"])))
        self._answer(self.office.push(asked["laptop"], asked["changes"]))

    def do_GET(self) -> None:
        asked = dict(parse_qsl(urlsplit(self.path).query))
        self._answer(self.office.pull(int(asked["since"]), int(asked["limit"])))

    def _answer(self, what: dict[str, Any]) -> None:
        body = packed(what)
        self.send_response(200)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    Handler.office = Office(sys.argv[2], "indexed" in sys.argv[3:])
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
