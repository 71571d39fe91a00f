"""The tests' own PostgreSQL keeps what was committed, takes many at once, and leaves nothing behind."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import psutil
import psycopg
import pytest

from tests.server.postgresql import Postgres

KILLED = """
import os, signal
from tests.server.postgresql import Postgres

postgres = Postgres()
postgres.start()
print(postgres.folder, postgres.data.resolve(), (postgres.data / "postmaster.pid").read_text().split()[0], flush=True)
os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
"""


def test_tests_that_are_killed_leave_neither_server_nor_files() -> None:
    root = Path(__file__).parents[2]
    # What the guard inherits is read to its end, so it has done its work by then.
    done = subprocess.run([sys.executable, "-c", KILLED], cwd=root, stdout=subprocess.PIPE, text=True, check=False)
    assert done.returncode != 0
    folder, data, number = done.stdout.split()
    assert not Path(folder).exists()
    assert not Path(data).exists()
    assert not psutil.pid_exists(int(number)) or psutil.Process(int(number)).status() == psutil.STATUS_ZOMBIE


def test_every_database_is_new_and_gone_afterwards(postgres: Postgres) -> None:
    for _ in range(2):
        with postgres.database() as url, psycopg.connect(url) as connection:
            assert connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall() == []
            connection.execute("CREATE TABLE left_over (n INTEGER)")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(url)


def test_a_kill_ends_open_connections_and_loses_only_what_was_not_committed(
    postgres: Postgres, postgres_url: str
) -> None:
    connection = psycopg.connect(postgres_url)
    connection.execute("CREATE TABLE kept (n INTEGER)")
    connection.commit()
    connection.execute("INSERT INTO kept VALUES (1)")
    connection.commit()
    connection.execute("INSERT INTO kept VALUES (2)")
    postgres.kill()
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(postgres_url)
    postgres.start()
    with psycopg.connect(postgres_url) as again:
        assert again.execute("SELECT n FROM kept").fetchall() == [(1,)]
    connection.close()


def test_forty_work_at_once(postgres_url: str) -> None:
    met = Barrier(40)

    def ask() -> int:
        with psycopg.connect(postgres_url) as connection:
            met.wait(60)
            return connection.info.backend_pid

    with ThreadPoolExecutor(40) as pool:
        assert len({done.result() for done in [pool.submit(ask) for _ in range(40)]}) == 40
