"""The least that a change can cost head office: the counter of a stream raised, a row in its log, the commit.

    python -m bench.limits.counter DATABASE CLIENTS SECONDS

with as many connections at once to PostgreSQL (a URL) or an SQLite file (its path); all wait for the one counter.
Says when it is ready, begins with a line on its input, and prints how many commits there were, in how many seconds.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import threading
import time
from collections.abc import Callable

import psycopg

BODY = json.dumps({"title": "Changed Ann Abbott", "entries": [["contact", "0" * 36, "update", {"city": "x" * 300}]]})
TABLES = (
    "CREATE TABLE counter (stream INTEGER PRIMARY KEY, seq BIGINT NOT NULL)",
    "CREATE TABLE log (stream INTEGER, seq BIGINT, body TEXT, PRIMARY KEY (stream, seq))",
    "INSERT INTO counter VALUES (1, 0)",
)
RAISE = "UPDATE counter SET seq = seq + 1 WHERE stream = 1 RETURNING seq"


def on_postgres(url: str) -> Callable[[], None]:
    """A connection's commit: one statement, so that the counter's lock is held as briefly as can be."""
    connection = psycopg.connect(url, autocommit=True)
    sql = f"WITH raised AS ({RAISE}) INSERT INTO log SELECT 1, seq, %s FROM raised".encode()

    def commit() -> None:
        connection.execute(sql, (BODY,))

    return commit


def on_sqlite(path: str) -> Callable[[], None]:
    connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=60)
    connection.execute("PRAGMA synchronous = FULL")

    def commit() -> None:
        with LOCK:
            connection.execute("BEGIN IMMEDIATE")
            ((seq,),) = connection.execute(RAISE).fetchall()
            connection.execute("INSERT INTO log VALUES (1, ?, ?)", (seq, BODY))
            connection.execute("COMMIT")

    return commit


LOCK = threading.Lock()
"""SQLite has one writer at a time: who waits here need not try again and again."""


def prepare(database: str) -> Callable[[str], Callable[[], None]]:
    """The tables; gives how to connect."""
    if database.startswith("postgresql://"):
        with psycopg.connect(database) as connection:
            for statement in TABLES:
                connection.execute(statement.encode())
        return on_postgres
    with sqlite3.connect(database) as file:
        file.execute("PRAGMA journal_mode = WAL")
        for statement in TABLES:
            file.execute(statement)
    return on_sqlite


def main(database: str, clients: int, seconds: float) -> None:
    connect = prepare(database)
    commits = [connect(database) for _client in range(clients)]
    counts = [0] * clients
    print("ready", flush=True)
    sys.stdin.readline()
    began = time.perf_counter()

    def work(client: int) -> None:
        while time.perf_counter() < began + seconds:
            commits[client]()
            counts[client] += 1

    threads = [threading.Thread(target=work, args=(client,)) for client in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps({"changes": sum(counts), "seconds": time.perf_counter() - began}), flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
