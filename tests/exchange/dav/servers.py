"""Radicale and Xandikos as processes: servers that others wrote, each with quirks of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import NamedTuple

from sfa.exchange.dav.client import Client
from tests.counterparts import program

USER, PASSWORD = "rita", "s3cret-ünd"
RESOURCE = {
    "caldav": '<d:collection/><c:calendar xmlns:c="urn:ietf:params:xml:ns:caldav"/>',
    "carddav": '<d:collection/><a:addressbook xmlns:a="urn:ietf:params:xml:ns:carddav"/>',
}
_numbers = count()


class Server(NamedTuple):
    """A server that runs: its address, and the folders in which it makes collections, by type."""

    name: str
    url: str
    homes: Mapping[str, str]

    @property
    def home(self) -> str:
        """Where calendars are."""
        return self.homes["caldav"]

    def client(self, password: str = PASSWORD) -> Client:
        return Client(self.url, USER, password)

    def collection(self, type: str, name: str = "") -> str:
        """Makes a new collection and gives its URL."""
        url = f"{self.homes[type]}{name or f'{type}{next(_numbers)}'}/"
        held = f"<d:resourcetype>{RESOURCE[type]}</d:resourcetype><d:displayname>Phone</d:displayname>"
        body = f'<d:mkcol xmlns:d="DAV:"><d:set><d:prop>{held}</d:prop></d:set></d:mkcol>'
        with closing(self.client()) as client:
            answer = client.ask("MKCOL", url, body.encode())
        assert answer.status == 201, answer
        return url


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def _running(name: str, url: str, homes: Mapping[str, str], command: list[str], folder: Path) -> Iterator[Server]:
    environment = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "PYTHONWARNINGS": "ignore"}
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, env=environment) as process,
    ):
        try:
            _await(url, process, folder / "log")
            yield Server(name, url, homes)
        finally:
            process.kill()


def _await(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for _attempt in range(200):
        try:
            opener.open(f"{url}.web/", timeout=2).close()
            return
        except urllib.error.HTTPError as error:
            error.close()
            return
        except OSError:
            assert process.poll() is None, log.read_text()
            time.sleep(0.05)
    raise AssertionError(log.read_text())


@contextmanager
def radicale(folder: Path) -> Iterator[Server]:
    folder.mkdir()
    (folder / "users").write_text(f"{USER}:{PASSWORD}\n", "utf-8")
    url = f"http://127.0.0.1:{_free_port()}/"
    (folder / "config").write_text(
        f"[server]\nhosts = {url[7:-1]}\n[auth]\ntype = htpasswd\nhtpasswd_filename = {folder / 'users'}\n"
        f"htpasswd_encryption = plain\ndelay = 0\n[storage]\nfilesystem_folder = {folder / 'files'}\n",
        "utf-8",
    )
    command = [program("radicale"), "--config", str(folder / "config")]
    with _running("radicale", url, dict.fromkeys(RESOURCE, f"{url}{USER}/"), command, folder) as server:
        yield server


@contextmanager
def xandikos(folder: Path) -> Iterator[Server]:
    folder.mkdir()
    port = _free_port()
    url = f"http://127.0.0.1:{port}/"
    command = [
        program("xandikos"), "serve", "-d", str(folder / "files"), "--defaults", "--no-detect-systemd",
        "--current-user-principal", f"/{USER}/", "-l", "127.0.0.1", "-p", str(port),
    ]  # fmt: skip
    homes = {"caldav": f"{url}{USER}/calendars/", "carddav": f"{url}{USER}/contacts/"}
    with _running("xandikos", url, homes, command, folder) as server:
        yield server
