"""Head office's database keeps its word on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sfa.errors import BookError, UserError
from sfa.server.database import Database, Session, connect
from tests.server.postgresql import PASSWORD, Postgres

INSERT = "INSERT INTO meta (key, value) VALUES (?, ?)"


def put(key: str, value: str) -> Callable[[Session], None]:
    def work(session: Session) -> None:
        session.execute(INSERT, (key, value))

    return work


def everything(session: Session) -> dict[str, str]:
    return dict(session.rows("SELECT key, value FROM meta ORDER BY key"))


# Whole or not at all


def test_what_is_written_is_there_in_the_next_process(database: Database, address: str) -> None:
    database.write(put("one", "1"))
    again = connect(address)
    assert again.read(everything) == {"one": "1"}
    again.close()


@pytest.mark.parametrize("error", [UserError("refused"), KeyboardInterrupt()], ids=["refused", "interrupted"])
def test_work_that_raises_leaves_nothing(database: Database, error: BaseException) -> None:
    def work(session: Session) -> None:
        session.execute(INSERT, ("one", "1"))
        session.many(INSERT, [("two", "2"), ("three", "3")])
        raise error

    with pytest.raises(type(error)):
        database.write(work)
    assert database.read(everything) == {}
    database.write(put("four", "4"))
    assert database.read(everything) == {"four": "4"}


def test_a_statement_that_fails_takes_the_ones_before_it_along(database: Database) -> None:
    def work(session: Session) -> None:
        session.execute(INSERT, ("one", "1"))
        session.execute(INSERT, ("two", None))

    with pytest.raises(BookError, match=r"(?i)null"):
        database.write(work)
    assert database.read(everything) == {}
    database.write(put("one", "1"))


def test_a_reader_cannot_write_by_accident_into_what_others_see(database: Database) -> None:
    with pytest.raises(BookError):
        database.read(put("one", "1"))
    assert database.read(everything) == {}


# Both take the same statements


def test_sessions_give_the_same_on_both(database: Database) -> None:
    def work(session: Session) -> list[object]:
        session.many(INSERT, ((key, f"{key}%?'") for key in "abc"))
        session.many(INSERT, [])
        condition, parameter = session.among("key", ["a", "c", "nobody"])
        none, empty = session.among("key", [])
        return [
            session.execute("UPDATE meta SET value = value || '%' WHERE key >= ?", ("b",)),
            session.rows(
                f"SELECT key, value FROM meta WHERE {condition} AND value LIKE '%' ORDER BY key", (parameter,)
            ),
            session.rows(f"SELECT key FROM meta WHERE {none}", (empty,)),
            session.rows("UPDATE meta SET value = ? WHERE key = ? RETURNING value", ("ü\U0001f600", "a")),
            session.rows(f"SELECT key FROM meta WHERE key = 'a'{session.lock}"),
        ]

    assert database.write(work) == [2, [("a", "a%?'"), ("c", "c%?'%")], [], [("ü\U0001f600",)], [("a",)]]


# Views


def test_a_reader_sees_one_unmoving_view(database: Database) -> None:
    database.write(put("one", "1"))

    def work(session: Session) -> tuple[dict[str, str], dict[str, str]]:
        before = everything(session)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(database.write, put("two", "2")).result()
        return before, everything(session)

    assert database.read(work) == ({"one": "1"}, {"one": "1"})
    assert database.read(everything) == {"one": "1", "two": "2"}


def test_nobody_sees_what_is_not_committed(database: Database) -> None:
    def work(session: Session) -> dict[str, str]:
        session.execute(INSERT, ("one", "1"))
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(database.read, everything).result()

    assert database.write(work) == {}


# Races


def test_sixteen_threads_of_two_offices_lose_no_update(database: Database, address: str) -> None:
    database.write(put("count", "0"))
    other = connect(address)  # as sfa admin is beside sfa serve

    def grow(session: Session) -> None:
        ((value,),) = session.rows(f"SELECT value FROM meta WHERE key = 'count'{session.lock}")
        session.execute("UPDATE meta SET value = ? WHERE key = 'count'", (str(int(value) + 1),))

    with ThreadPoolExecutor(16) as pool:
        for done in [pool.submit((database, other)[number % 2].write, grow) for number in range(160)]:
            done.result()
    assert database.read(everything) == {"count": "160"}
    other.close()


def both(database: Database, *works: Callable[[Session], None]) -> None:
    with ThreadPoolExecutor(len(works)) as pool:
        for done in [pool.submit(database.write, work) for work in works]:
            done.result()


def test_a_deadlock_is_one_works_turn_after_the_other(postgres_url: str) -> None:
    database = connect(postgres_url)
    database.write(lambda session: session.many(INSERT, [("a", ""), ("b", "")]))
    met = threading.Barrier(2)
    tries = [0, 0]

    def crosswise(who: int, first: str, second: str) -> Callable[[Session], None]:
        def work(session: Session) -> None:
            tries[who] += 1
            update = "UPDATE meta SET value = value || ? WHERE key = ?"
            session.execute(update, (str(who), first))
            if tries[who] == 1:
                met.wait(30)  # both hold their first row, and each wants the other's
            session.execute(update, (str(who), second))

        return work

    database.write(lambda session: session.execute(f"ALTER DATABASE {_name(session)} SET deadlock_timeout = '10ms'"))
    again = connect(postgres_url)
    both(again, crosswise(0, "a", "b"), crosswise(1, "b", "a"))
    values = again.read(everything)
    assert sum(tries) == 3
    assert values["a"] == values["b"]
    assert sorted(values["a"]) == ["0", "1"]
    again.close()
    database.close()


def _name(session: Session) -> str:
    return str(session.rows("SELECT current_database()")[0][0])


def test_two_who_make_the_same_row_are_told_apart(postgres_url: str) -> None:
    database = connect(postgres_url)
    met = threading.Barrier(2)
    tries = [0, 0]

    def work_of(who: int) -> Callable[[Session], None]:
        def work(session: Session) -> None:
            tries[who] += 1
            known = session.rows("SELECT value FROM meta WHERE key = 'one' FOR UPDATE")
            if tries[who] == 1:
                met.wait(30)  # neither has seen the other's
            if known:
                session.execute("UPDATE meta SET value = value || ? WHERE key = 'one'", (str(who),))
            else:
                session.execute(INSERT, ("one", str(who)))

        return work

    both(database, work_of(0), work_of(1))
    assert sum(tries) == 3
    assert sorted(database.read(everything)["one"]) == ["0", "1"]
    database.close()


def test_a_view_that_others_changed_is_taken_anew(postgres_url: str) -> None:
    database = connect(postgres_url)
    database.write(put("one", ""))
    tries = []

    def work(session: Session) -> None:
        session.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")
        ((value,),) = session.rows("SELECT value FROM meta WHERE key = 'one'")
        tries.append(value)
        if len(tries) == 1:
            with ThreadPoolExecutor(1) as pool:
                pool.submit(
                    database.write, lambda other: other.execute("UPDATE meta SET value = 'x' WHERE key = 'one'")
                ).result()
        session.execute("UPDATE meta SET value = ? WHERE key = 'one'", (value + "y",))

    database.write(work)
    assert tries == ["", "x"]
    assert database.read(everything) == {"one": "xy"}
    database.close()


def test_a_row_that_is_there_for_good_is_no_race(database: Database) -> None:
    database.write(put("one", "1"))
    with pytest.raises(BookError, match=r"(?i)unique"):
        database.write(put("one", "2"))
    assert database.read(everything) == {"one": "1"}


def test_offices_that_start_at_once_make_the_tables_once(address: str) -> None:
    met = threading.Barrier(8)

    def start() -> Database:
        met.wait(30)
        return connect(address)

    with ThreadPoolExecutor(8) as pool:
        offices = [done.result() for done in [pool.submit(start) for _ in range(8)]]
    for number, office in enumerate(offices):
        office.write(put(str(number), ""))
    assert len(offices[0].read(everything)) == 8
    for office in offices:
        office.close()


# Connections


def test_threads_that_come_and_go_leave_no_connections(postgres_url: str) -> None:
    database = connect(postgres_url)
    for _ in range(30):
        with ThreadPoolExecutor(1) as pool:
            pool.submit(database.read, everything).result()
    sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    assert database.read(lambda session: session.rows(sql)) == [(1,)]
    database.close()


@pytest.mark.parametrize("way", ["write", "read"])
def test_a_lost_connection_is_replaced_at_the_next_transaction(postgres: Postgres, postgres_url: str, way: str) -> None:
    database = connect(postgres_url)
    database.write(put("one", "1"))
    postgres.kill()
    postgres.start()
    assert getattr(database, way)(everything) == {"one": "1"}
    database.close()


def test_all_idle_connections_may_be_lost(postgres: Postgres, postgres_url: str) -> None:
    database = connect(postgres_url)
    met = threading.Barrier(16)
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: database.read(lambda session: met.wait(30)), range(16)))
    postgres.kill()
    postgres.start()
    assert database.read(everything) == {}
    database.close()


def test_work_whose_connection_is_lost_leaves_nothing(postgres: Postgres, postgres_url: str) -> None:
    database = connect(postgres_url)

    def work(session: Session) -> None:
        session.execute(INSERT, ("one", "1"))
        postgres.kill()
        session.execute(INSERT, ("two", "2"))

    with pytest.raises(BookError) as caught:
        database.write(work)
    assert PASSWORD not in str(caught.value)
    postgres.start()
    assert database.read(everything) == {}
    database.close()


def test_a_database_that_is_away_is_told_in_one_line_without_the_password(
    postgres: Postgres, postgres_url: str
) -> None:
    assert PASSWORD in postgres_url
    database = connect(postgres_url)
    postgres.kill()
    calls = (lambda: database.read(everything), lambda: database.write(everything), lambda: connect(postgres_url))
    for call in calls:
        with pytest.raises(BookError, match=r"^Head office's database does not work: .+\.$") as caught:
            call()
        assert PASSWORD not in str(caught.value)
        assert "\n" not in str(caught.value)
    postgres.start()
    assert database.read(everything) == {}
    database.close()


@pytest.mark.parametrize("password", ["50%zebra", "a@zebra", "zebra/a", "a:zebra/b", "a@zebra/b"])
def test_a_password_that_is_not_written_as_in_a_url_is_not_told(password: str) -> None:
    with pytest.raises(BookError, match="%40 for @") as caught:
        connect(f"postgresql://rita:{password}@localhost:1/office")
    assert "zebra" not in str(caught.value)


def test_a_database_that_cannot_hold_every_letter_is_refused(postgres: Postgres, postgres_url: str) -> None:
    postgres.ask("CREATE DATABASE narrow TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C'")
    try:
        with pytest.raises(BookError, match="UTF8"):
            connect(postgres.url("narrow"))
    finally:
        postgres.ask("DROP DATABASE narrow WITH (FORCE)")


# Files


def test_a_file_that_is_no_database_is_refused_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "office.db"
    path.write_bytes(b"Dear diary, " * 1000)
    with pytest.raises(BookError, match="does not work"):
        connect(str(path))
    assert path.read_bytes() == b"Dear diary, " * 1000


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BookError, match="does not work"):
        connect(str(tmp_path / "file" / "office.db"))


def test_a_full_database_takes_nothing_and_loses_nothing(tmp_path: Path) -> None:
    database = connect(str(tmp_path / "office.db"))
    database.write(put("one", "1"))
    ((pages,),) = database.read(lambda session: session.rows("PRAGMA page_count"))
    database.write(lambda session: session.rows(f"PRAGMA max_page_count = {pages + 3}"))

    def work(session: Session) -> None:
        session.many(INSERT, [(f"big {number}", "x" * 5000) for number in range(100)])

    with pytest.raises(BookError, match="full"):
        database.write(work)
    assert database.read(everything) == {"one": "1"}
    database.write(put("two", "2"))
    assert database.read(everything) == {"one": "1", "two": "2"}
    database.close()


FULL_DISK = """
import resource, sys
from pathlib import Path
from sfa.errors import BookError
from sfa.server.database import connect

path = Path(sys.argv[1])
database = connect(str(path))
insert = "INSERT INTO meta (key, value) VALUES (?, ?)"
database.write(lambda session: session.execute(insert, ("one", "1")))
wal = path.with_name(path.name + "-wal").stat().st_size
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
resource.setrlimit(resource.RLIMIT_FSIZE, (wal + 6000, hard))
try:
    database.write(lambda session: session.many(insert, [(str(n), "x" * 3000) for n in range(20)]))
except BookError as error:
    print(error)
print(database.read(lambda session: session.rows("SELECT key FROM meta")))
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
database.write(lambda session: session.execute(insert, ("two", "2")))
database.close()
"""


@pytest.mark.parametrize("script", [FULL_DISK] if os.name == "posix" else [], ids=["rlimit"])
def test_a_full_disk_at_the_commit_changes_nothing(tmp_path: Path, script: str) -> None:
    path = tmp_path / "office.db"
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    told, kept = done.stdout.splitlines()
    assert told.startswith("Head office's database does not work: ")
    assert kept == "[('one',)]"
    database = connect(str(path))
    assert database.read(everything) == {"one": "1", "two": "2"}
    database.close()
