"""The simulator of laptops and head office with PostgreSQL in place of SQLite."""

from __future__ import annotations

from sfa.server.database import connect
from tests.sync.simulation.world import run

SEEDS = range(10_000, 10_060)


def test_every_promise_is_kept_on_postgresql(postgres_url: str) -> None:
    database = connect(postgres_url)
    try:
        for seed in SEEDS:
            run(seed, database=database)
    finally:
        database.close()
