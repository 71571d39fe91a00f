from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from sfa.exchange.dav import remotes
from sfa.exchange.dav.client import Client
from sfa.exchange.dav.remotes import Remote
from sfa.store.book import Book
from sfa.sync import secrets
from tests.exchange.dav import servers
from tests.exchange.dav.servers import PASSWORD, USER, Server


@pytest.fixture(scope="session", params=["radicale", "xandikos"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Each of the servers in turn."""
    start = {"radicale": servers.radicale, "xandikos": servers.xandikos}[request.param]
    with start(tmp_path_factory.mktemp(request.param) / "server") as running:
        yield running


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    with closing(server.client()) as one:
        yield one


Connecting = Callable[..., Remote]


@pytest.fixture
def connect(server: Server, book: Book) -> Connecting:
    """Connects the book to a new collection on the server."""

    def connected(type: str, url: str = "", **chosen: object) -> Remote:
        url = url or server.collection(type)
        name = "Phone"
        wanted = Remote("", type, url, USER, name, secrets.FILE, "", dict(chosen), "", 0, "", "")
        return remotes.add(book, wanted, PASSWORD)

    return connected
