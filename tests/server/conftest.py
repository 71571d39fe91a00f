"""Head office's databases, as its tests get them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from sfa.server import passwords
from sfa.server.app import App
from sfa.server.database import Database, connect
from sfa.server.office import Office
from sfa.sync.messages import Welcome
from tests.server.offices import Ask, asking, enrolled, founded, opened
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


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed as everywhere, but with hardly any work."""
    monkeypatch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A head office on SQLite with its people (see ``founded``)."""
    database = connect(str(tmp_path / "office.db"))
    yield founded(database, tmp_path)
    database.close()


@pytest.fixture
def app(office: Office) -> Iterator[App]:
    with opened(office) as app:
        yield app


@pytest.fixture
def ask(app: App) -> Ask:
    """Asks ``app``."""
    return asking(app)


@pytest.fixture
def rita(office: Office) -> Welcome:
    """Rita's laptop."""
    return enrolled(office.database, "rita")
