"""Whoever reads a log up to a position never misses a row that appears below it later.

The canary is what must not be built: rows numbered by a sequence of PostgreSQL, whose order is not that of the commits.
It reads the same records in the same transactions, and loses some; otherwise these tests would prove nothing.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, TypeVar

import pytest
from msgspec import Raw

from sfa.models import new_id
from sfa.server import people
from sfa.server.database import Database, Row, Session, connect
from sfa.server.office import Office
from sfa.server.people import Who
from sfa.server.postgres import PostgresSession
from sfa.sync.codec import chained
from sfa.sync.messages import Action, Entry, Login, Page, Push, Pushed, decode, encode
from tests.server.postgresql import Postgres

T = TypeVar("T")
Hold = Callable[[str], None]
"""Called with where a writer is: "counter" before it raises a stream's counter, "commit" before it commits."""
PASSWORD = "correct horse battery"
WRITERS = 16
PUSHES = 12
CANARY = (
    "CREATE TABLE canary (id BIGSERIAL PRIMARY KEY, record TEXT NOT NULL)",
    """CREATE FUNCTION sing() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN INSERT INTO canary (record) VALUES (NEW.id); RETURN NULL; END'""",
    "CREATE TRIGGER canary AFTER INSERT ON record FOR EACH ROW EXECUTE FUNCTION sing()",
)


class HeldSession(PostgresSession):
    """A transaction that is held up on its way."""

    def __init__(self, session: Session, hold: Hold) -> None:
        assert isinstance(session, PostgresSession)
        super().__init__(session.connection)
        self.hold = hold

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        if sql.startswith("UPDATE stream SET seq"):
            self.hold("counter")
        return super().rows(sql, parameters)


class HeldDatabase:
    """Head office's database, in which transactions take as long as the test wants."""

    def __init__(self, database: Database) -> None:
        self.database, self.name = database, database.name
        self.hold: Hold = lambda place: None

    def write(self, work: Callable[[Session], T]) -> T:
        def held(session: Session) -> T:
            result = work(HeldSession(session, self.hold))
            self.hold("commit")
            return result

        return self.database.write(held)

    def read(self, work: Callable[[Session], T]) -> T:
        return self.database.read(work)

    def close(self) -> None:
        self.database.close()


class Writer:
    """A laptop that adds accounts."""

    def __init__(self, office: Office, who: Who) -> None:
        self.office, self.who = office, who
        self.n, self.chain = 0, ""

    def push(self, account: str = "", action: str = "") -> str:
        """Sends a new account; gives its id."""
        account, self.n = account or new_id(), self.n + 1
        entry = Entry("account", account, "insert", {"name": f"Account {self.n}"})
        body = encode(Action(self.n, action or new_id(), "2026-11-18T08:00:00Z", "tests", "Added", [entry]))
        reply = self.office.push(self.who, encode(Push(self.office.server, self.chain, [Raw(body)])))
        assert [answer.outcome for answer in decode(reply, Pushed).answers] == ["merged"]  # who made it is added
        self.chain = chained(self.chain, [body])
        return account


class Reader:
    """A laptop that follows the log, and the canary beside it."""

    def __init__(self, office: Office, who: Who) -> None:
        self.office, self.who = office, who
        streams = office.database.read(lambda session: office.streams(session, who.user))
        self.at = {stream.number: (0, "") for stream in streams}
        rights = office.pull(who, {"at": ""})
        assert rights is not None
        self.acl = str(decode(rights, Page).acl)
        self.places: list[tuple[int, int]] = []
        self.pulled: list[str] = []
        self.heard: list[str] = []
        self._last = 0

    def read(self) -> None:
        """Reads both as far as they go now."""
        self._listen()
        at = ".".join(f"{number}:{seq}:{mark}" for number, (seq, mark) in self.at.items())
        while (body := self.office.pull(self.who, {"at": at, "acl": self.acl})) is not None:
            page = decode(body, Page)
            self.at.update({number: (seq, mark) for number, seq, mark in page.at})
            self.places += [(place.stream, place.seq) for place in page.rows]
            self.pulled += [entry.record for place in page.rows for entry in place.row.entries if entry.op == "insert"]
            if not page.left:
                break

    def _listen(self) -> None:
        sql = "SELECT id, record FROM canary WHERE id > ? ORDER BY id"
        rows = self.office.database.read(lambda session: session.rows(sql, (self._last,)))
        if rows:
            self._last = rows[-1][0]
            self.heard += [row[1] for row in rows]


class Company:
    """A head office on PostgreSQL with a canary, its laptops, and one that reads."""

    def __init__(self, url: str, folder: Path, writers: int) -> None:
        self.database = HeldDatabase(connect(url))
        people.initialise(self.database)
        people.add_stream(self.database, "North")
        self.office = Office(self.database, folder)
        self.writers = [Writer(self.office, self._enrolled(f"rep{number}")) for number in range(writers)]
        self.reader = Reader(self.office, self._enrolled("reader"))
        for statement in CANARY:
            self.database.write(lambda session, sql=statement: session.execute(sql))  # type: ignore[misc]
        self.reader.read()
        self.reader.pulled.clear()

    def _enrolled(self, name: str) -> Who:
        people.add_user(self.database, name, name, PASSWORD, territory="North")
        welcome = people.login(self.database, Login(name, PASSWORD, "laptop"))
        return Who(welcome.user, welcome.device, name)


@pytest.fixture
def company(request: pytest.FixtureRequest, postgres_url: str, tmp_path: Path) -> Iterator[Company]:
    company = Company(postgres_url, tmp_path / "snapshots", getattr(request, "param", 2))
    yield company
    company.database.close()


class Gate(AbstractContextManager["Gate"]):
    """Holds the first writer that comes to a place, until it is opened or left."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.reached, self.opened = threading.Event(), threading.Event()

    def __call__(self, place: str) -> None:
        if place == self.place and not self.reached.is_set():
            self.reached.set()
            assert self.opened.wait(60)

    def __exit__(self, *error: object) -> None:
        self.opened.set()


def test_a_row_numbered_first_and_committed_last_is_lost_by_the_canary_alone(company: Company) -> None:
    company.database.hold = gate = Gate("counter")
    slow, quick = company.writers
    reader = company.reader
    with ThreadPoolExecutor(1) as pool, gate:
        pushing = pool.submit(slow.push)
        assert gate.reached.wait(60)
        second = quick.push()
        reader.read()
        assert (reader.pulled, reader.heard) == ([second], [second])
        gate.opened.set()
        first = pushing.result()
    reader.read()
    assert reader.pulled == [second, first]
    assert reader.heard == [second]


def test_nobody_passes_a_writer_that_has_raised_the_counter(company: Company, postgres: Postgres) -> None:
    company.database.hold = gate = Gate("commit")
    slow, quick = company.writers
    reader = company.reader
    with ThreadPoolExecutor(2) as pool, gate:
        first = pool.submit(slow.push)
        assert gate.reached.wait(60)
        second = pool.submit(quick.push)
        while not second.done() and not postgres.ask("SELECT 1 FROM pg_locks WHERE NOT granted"):
            pass  # it comes to wait for the first one's lock, or passes it
        reader.read()
        assert reader.pulled == []
        gate.opened.set()
        wanted = [first.result(), second.result()]
    reader.read()
    assert reader.pulled == wanted


def test_what_a_laptop_and_its_copy_send_at_once_lands_once(company: Company, postgres: Postgres) -> None:
    laptop, _other = company.writers
    renewed = people.renew(company.database, laptop.who)
    copy = Writer(company.office, laptop.who._replace(device=renewed.device))
    company.database.hold = gate = Gate("commit")
    with ThreadPoolExecutor(2) as pool, gate:
        first = pool.submit(laptop.push, "the-account", "the-action")
        assert gate.reached.wait(60)
        second = pool.submit(copy.push, "the-account", "the-action")
        while not second.done() and not postgres.ask("SELECT 1 FROM pg_locks WHERE NOT granted"):
            pass
        gate.opened.set()
        first.result()
        second.result()
    company.reader.read()
    assert company.reader.pulled == ["the-account"]


class Passes:
    """Holds writers while the reader reads, each for a few of its passes."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.count, self.over = 0, False
        self.passed = threading.Condition()

    def __call__(self, place: str) -> None:
        with self.passed:
            until = self.count + (self.random.randint(0, 4) if place == "counter" else self.random.randint(0, 1))
            assert self.passed.wait_for(lambda: self.over or self.count >= until, 60)

    def next(self) -> None:
        with self.passed:
            self.count += 1
            self.passed.notify_all()


@pytest.mark.parametrize("company", [WRITERS], indirect=True, ids=["sixteen"])
def test_many_writers_lose_no_row_but_the_canarys(company: Company) -> None:
    company.database.hold = passes = Passes(seed=5)
    reader = company.reader
    with ThreadPoolExecutor(WRITERS) as pool:
        work = [pool.submit(lambda writer: [writer.push() for _ in range(PUSHES)], one) for one in company.writers]
        try:
            while not all(one.done() for one in work):
                reader.read()
                passes.next()
        finally:
            passes.over = True
        written = [account for one in work for account in one.result()]
    reader.read()
    assert sorted(reader.pulled) == sorted(written)
    for stream, (seq, _mark) in reader.at.items():
        assert [place for number, place in reader.places if number == stream] == list(range(1, seq + 1))
    lost = set(written) - set(reader.heard)
    assert lost
