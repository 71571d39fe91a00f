from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial

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


def connected(book: Book, server: Server, type: str, **chosen: object) -> Remote:
    """Connects a book to a new collection on the server."""
    url = server.collection(type)
    return remotes.add(book, Remote("", type, url, USER, "Phone", secrets.FILE, "", chosen, "", 0, "", ""), PASSWORD)


Connecting = Callable[..., Remote]


@pytest.fixture
def connect(server: Server, book: Book) -> Connecting:
    """Connects the test's book to a new collection on the server."""
    return partial(connected, book, server)
