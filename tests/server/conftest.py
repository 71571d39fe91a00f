"""Head office's databases, as its tests get them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sfa.server.database import Database, connect
from tests.server.postgresql import Postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The server of this worker; made when a test first asks. One that is killed comes back with ``start``."""
    server = Postgres()
    yield server
    server.close()


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """A fresh, empty database of PostgreSQL."""
    with postgres.database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where head office keeps everything, in each of the two ways."""
    if request.param == "sqlite":
        return str(tmp_path / "office.db")
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    """A database with head office's empty tables."""
    database = connect(address)
    yield database
    database.close()
