"""Laptops and head office as processes of their own, killed and cut off at every turn: nothing is lost or doubled."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from sfa.cli.headoffice import beside
from sfa.models import KINDS
from sfa.server import people
from sfa.server.database import connect
from sfa.server.snapshots import Snapshots
from sfa.store.backup import check
from sfa.store.book import Book
from sfa.sync import membership
from sfa.sync.bootstrap import LARGE
from tests.acceptance.conftest import COMMAND, Desk
from tests.acceptance.proxy import DOWN, UP, Proxy
from tests.server.offices import PASSWORD
from tests.server.postgresql import Postgres
from tests.store.samples import add, put

SHARES = (0.0, 0.2, 0.5, 0.7, 0.9)
"""Where lines break: at these shares of what passes when nothing does."""
LIMITED = """import os, resource, signal, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
os.execv(sys.argv[2], sys.argv[2:])"""


class HeadOffice:
    """``sfa serve`` as a process, at the same port each time it starts."""

    def __init__(self, home: Path, database: str = "") -> None:
        home.mkdir()
        self.desk = Desk(home, {"SFA_DATABASE": database} if database else {})
        self.port = 0
        self.process: subprocess.Popen[str] | None = None
        self.start()

    def start(self, *before: str) -> None:
        process = subprocess.Popen(
            [*before, str(COMMAND), "serve", "--listen", f"127.0.0.1:{self.port}"],
            env=self.desk.environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        assert process.stderr
        self.process, self.said = process, list[str]()
        for line in process.stderr:
            if found := re.search(r"listens on http://127\.0\.0\.1:(\d+)", line):
                self.port = int(found[1])
                break
        else:
            pytest.fail("head office did not start")
        self._hearing = threading.Thread(target=self.said.extend, args=(process.stderr,))
        self._hearing.start()

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait()
        self._hearing.join()
        if self.process.stderr:
            self.process.stderr.close()

    def admin(self, *words: str) -> None:
        command = [str(COMMAND), "admin", *words]
        subprocess.run(command, env=self.desk.environment, input=PASSWORD, text=True, check=True, capture_output=True)


class Laptop:
    """A rep's laptop, whose line goes through a proxy."""

    def __init__(self, home: Path, office: HeadOffice, user: str) -> None:
        home.mkdir()
        self.desk, self.user = Desk(home), user
        self.path = home / "sfa" / "data" / "book.sfa"
        self.proxy = Proxy(("127.0.0.1", office.port))
        self._running: subprocess.Popen[str] | None = None

    def run(self, *words: str, before: tuple[str, ...] = ()) -> tuple[int, str]:
        """Runs ``sfa``; its exit code and what it said."""
        self._running = subprocess.Popen(
            [*before, str(COMMAND), *words], env=self.desk.environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        said = self._running.communicate(f"{PASSWORD}\n", timeout=60)[0]
        assert "Traceback" not in said
        assert "went wrong inside" not in said
        return self._running.returncode, said

    def login(self, **options: Any) -> tuple[int, str]:
        words = ("--user", self.user, "--password-stdin", "--token", "file")
        return self.run("login", self.proxy.url, *words, **options)

    def sync(self, *, code: int = 0) -> str:
        ended, said = self.run("sync")
        assert ended == code, said
        return said

    def settle(self) -> None:
        """Syncs in this process, which takes a tenth of the time; nothing breaks."""
        self.proxy.reset()
        with pytest.MonkeyPatch.context() as patch, self.book() as book:
            patch.setenv("SFA_HOME", self.desk.environment["SFA_HOME"])
            membership.reconcile(book)

    def kill(self) -> None:
        """Kills what runs, as ``run`` then sees."""
        assert self._running
        self._running.kill()
        self._running.wait()

    @contextmanager
    def book(self) -> Iterator[Book]:
        with closing(Book.open(self.path)) as book:
            yield book

    def state(self) -> dict[str, dict[str, dict[str, Any]]]:
        """All records that territories share."""
        check(self.path)
        with self.book() as book:
            assert book.value("SELECT count(*) FROM outgoing") == 0
            return {
                kind: {record.id: {**record.values, "n": 0} for record in book.records(kind)}
                for kind, model in KINDS.items()
                if model.scope == "territory"
            }

    @property
    def names(self) -> list[str]:
        return sorted(str(values["name"]) for values in self.state()["account"].values())


class Company:
    """Head office, and the laptops of Rita and Max, who both work in the North."""

    def __init__(self, folder: Path, database: str = "") -> None:
        self.folder = folder
        self.office = HeadOffice(folder / "office", database)
        self.office.admin("stream", "add", "North")
        for user in ("max", "rita"):
            self.office.admin("user", "add", user, "--territory", "North", "--password-stdin")
        self.rita, self.max = (Laptop(folder / user, self.office, user) for user in ("rita", "max"))
        for laptop in (self.rita, self.max):
            assert laptop.login()[0] == 0
        self.made: list[str] = []

    def make(self, laptop: Laptop, count: int = 20) -> None:
        """Accounts with names that nobody had, and a change of each: two actions."""
        with laptop.book() as book:
            for _each in range(count):
                self.made.append(f"Account {len(self.made):03} of {laptop.user}")
                put(book, "account", add(book, "account", name=self.made[-1]), description="x" * 200)

    def require_all(self) -> None:
        """Everybody has everything, once."""
        for laptop in (self.rita, self.max, self.rita):
            laptop.settle()
        assert self.rita.state() == self.max.state()
        assert self.rita.names == sorted(self.made)

    def close(self) -> None:
        self.office.kill()
        for laptop in (self.rita, self.max):
            laptop.proxy.close()


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """One for all: each test ends with everybody having everything."""
    with closing(Company(tmp_path_factory.mktemp("company"))) as company:
        yield company


def broken(
    company: Company,
    laptop: Laptop,
    prepare: Callable[[], None],
    then: Callable[[], object] = lambda: None,
    mend: Callable[[], object] = lambda: None,
    shares: Sequence[float] = SHARES,
) -> set[int]:
    """Syncs that break at shares of what passes in each direction, each mended by the next; how the broken ended."""
    sizes = []
    for _each in range(2):
        prepare()
        laptop.settle()
        sizes.append(dict(laptop.proxy.passed))
    codes = set()
    for way in (UP, DOWN):
        whole = min(size[way] for size in sizes)
        for share in shares:
            prepare()
            laptop.proxy.break_at(way, max(1, int(whole * share)), then)
            codes.add(laptop.run("sync")[0])
            assert laptop.proxy.broke
            mend()
            laptop.settle()
    company.require_all()
    return codes


def test_a_laptop_killed_while_it_pushes_loses_and_doubles_nothing(company: Company) -> None:
    rita = company.rita
    assert broken(company, rita, lambda: company.make(rita), rita.kill) == {-9}


def test_a_laptop_killed_while_it_pulls_loses_and_doubles_nothing(company: Company) -> None:
    rita, max_ = company.rita, company.max

    def elsewhere() -> None:
        company.make(max_)
        max_.settle()

    assert broken(company, rita, elsewhere, rita.kill) == {-9}


def test_a_laptop_killed_while_it_comes_in_goes_on_where_it_was(company: Company) -> None:
    company.make(company.rita, 50)
    company.rita.settle()

    def another(name: str) -> Laptop:
        return Laptop(company.folder / name, company.office, "rita")

    whole = another("whole")
    assert whole.login()[0] == 0
    for way in (UP, DOWN):
        for share in (0.1, 0.5, 0.9):
            late = another(f"{way}-{share}")
            late.proxy.break_at(way, int(whole.proxy.passed[way] * share), late.kill)
            assert late.login()[0] == -9
            late.proxy.reset()
            if not late.path.exists() or "joins it" in late.run("sync")[1]:
                assert late.login()[0] == 0  # it had not come in yet
            late.settle()
            assert late.state() == company.rita.state()
            late.proxy.close()
    whole.proxy.close()


def test_head_office_killed_while_it_takes_and_gives_loses_and_doubles_nothing(company: Company) -> None:
    rita, max_, office = company.rita, company.max, company.office

    def both() -> None:
        company.make(max_, 5)
        max_.settle()
        company.make(rita, 5)

    assert broken(company, rita, both, office.kill, office.start, (0.2, 0.85)) == {1}


def test_a_line_that_drops_and_cuts_short_ends_in_one_clear_line(company: Company) -> None:
    rita = company.rita
    codes = broken(company, rita, lambda: company.make(rita, 5), shares=(0.0, 0.5, 0.85))
    assert 1 in codes <= {0, 1}  # a question that met a dead line was asked once more
    company.make(rita, 1)
    rita.proxy.break_at(UP, 1)
    assert rita.sync(code=1) == "sfa: Head office is out of reach: the line broke.\n"
    company.require_all()


def test_a_line_that_says_everything_twice_doubles_nothing(company: Company) -> None:
    rita, max_ = company.rita, company.max
    for laptop in (rita, max_, rita):
        company.make(laptop)
        laptop.proxy.twice = True
        laptop.sync()
        laptop.proxy.twice = False
    company.require_all()


def test_a_line_that_gives_every_byte_on_its_own_changes_nothing(company: Company) -> None:
    company.make(company.max, 5)
    company.max.settle()
    company.make(company.rita, 5)
    company.rita.proxy.pieces = True
    company.rita.sync()
    company.rita.proxy.pieces = False
    company.require_all()


def limited(bytes_: int) -> tuple[str, ...]:
    """What to start a program with that may write no file longer than this, as on a full disk."""
    return (sys.executable, "-c", LIMITED, str(bytes_))


def test_a_full_disk_on_the_laptop_loses_and_doubles_nothing(company: Company) -> None:
    rita, max_ = company.rita, company.max
    company.make(max_, 200)
    max_.settle()
    company.make(rita, 5)
    codes = []
    for most in (10_000, 60_000, 200_000, 50_000_000):
        with rita.book() as book:
            book.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        code, said = rita.run("sync", before=limited(most))
        assert code == 0 or said.count("\n") == 1, said
        codes.append(code)
    assert (codes[0], codes[1], codes[-1]) == (1, 1, 0)
    company.require_all()


def test_a_full_disk_at_head_office_loses_and_doubles_nothing(company: Company) -> None:
    rita, office = company.rita, company.office
    database = next(office.desk.home.rglob("office.db"))
    company.make(rita, 100)
    office.kill()
    sizes = [file.stat().st_size for file in database.parent.glob("office.db*")]
    office.start(*limited(max(sizes) + 20_000))
    assert "try again" in rita.sync(code=1)
    office.kill()
    office.start()
    company.require_all()


def test_a_laptop_killed_while_it_fetches_a_snapshot_goes_on_where_it_was(company: Company) -> None:
    rita, office = company.rita, company.office
    with rita.book() as book, book.change("Import") as change:
        change.insert_rows("account", ("name",), [(f"Large {number:05}",) for number in range(LARGE)])
    rita.settle()
    office.kill()
    place = next(office.desk.home.rglob("office.db"))
    with closing(connect(str(place))) as database:
        (north,) = [stream.number for stream in people.streams(database) if stream.name == "North"]
        packed = Snapshots(database, beside(str(place))).make(north).path.stat().st_size
    office.start()
    for share in (0.2, 0.6, 0.95):
        late = Laptop(company.folder / f"large-{share}", office, "max")
        late.proxy.break_at(DOWN, int(packed * share), late.kill)
        assert late.login()[0] == -9
        late.settle()
        assert late.state() == rita.state()
        late.proxy.close()
    office.kill()
    assert sum('"/v1/snapshot/{stream}"' in line for line in office.said) == 6


def test_on_postgresql_too(tmp_path: Path) -> None:
    with closing(Postgres()) as server, server.database() as url, closing(Company(tmp_path, url)) as company:
        rita, office = company.rita, company.office
        assert broken(company, rita, lambda: company.make(rita, 5), rita.kill, shares=(0.2, 0.85)) == {-9}
        assert broken(company, rita, lambda: company.make(rita, 5), office.kill, office.start, (0.2, 0.85)) == {1}
