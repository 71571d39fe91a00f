"""The least that a first sync of rows can be: COPY out of PostgreSQL, HTTP, split, ``executemany`` without any index.

    python -m bench.limits.rows PORT URL

serves the table ``contact`` of the database at ``URL``. ``load`` fetches it into a new SQLite file.
"""

from __future__ import annotations

import sqlite3
import sys
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psycopg

from bench.people import contacts
from sfa.store.columns import dumps

FIELDS = (
    "id", "first_name", "last_name", "department", "emails", "phones", "mailing_street", "mailing_city", "lead_source",
    "description",
)  # fmt: skip
BLOCK = 1 << 18


def fill(url: str, count: int) -> None:
    """The table that is served."""
    with psycopg.connect(url) as connection:
        connection.execute(f"CREATE TABLE contact ({', '.join(f'{name} TEXT' for name in FIELDS)})".encode())
        with connection.cursor().copy("COPY contact FROM STDIN") as copy:
            for contact in contacts(count):
                copy.write_row([dumps(value) if isinstance(value, list) else value for value in contact.values()])


def load(port: int, path: Path) -> int:
    """Fetches the table into a new file at ``path``; gives the number of rows."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"CREATE TABLE contact ({', '.join(FIELDS)})")
    http = HTTPConnection("127.0.0.1", port)
    http.request("GET", "/")
    connection.execute("BEGIN")
    sql = f"INSERT INTO contact VALUES ({', '.join('?' * len(FIELDS))})"
    with http.getresponse() as answer:
        rows = connection.executemany(sql, (line[:-1].decode().split("\t") for line in answer))
    connection.execute("COMMIT")
    connection.close()
    return rows.rowcount


class Handler(BaseHTTPRequestHandler):
    url: str

    def log_message(self, *_parts: object) -> None:
        """Says nothing."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        waiting = bytearray()
        with psycopg.connect(self.url) as connection, connection.cursor().copy("COPY contact TO STDOUT") as copy:
            for row in copy:
                waiting += row
                if len(waiting) > BLOCK:
                    self.wfile.write(waiting)
                    waiting.clear()
        self.wfile.write(waiting)


if __name__ == "__main__":
    Handler.url = sys.argv[2]
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
