"""A head office and laptops in one process: real code, real files, and the line between them in the test's hand."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from sfa.server import people
from sfa.server.database import Database, connect
from sfa.server.office import Office
from sfa.server.people import Who
from sfa.server.refusal import Refused
from sfa.store.book import Book
from sfa.sync.client import sync
from sfa.sync.enrolment import join
from sfa.sync.messages import Login, Welcome, decode, encode
from sfa.sync.steps import Reply, Request, Result

PASSWORD = "correct horse battery"


def make_office(folder: Path, address: str = "") -> Office:
    """A head office that has just been set up."""
    database = connect(address or str(folder / "office.db"))
    people.initialise(database)
    return Office(database, folder / "snapshots")


def add_user(database: Database, name: str, territory: str = "") -> str:
    return people.add_user(database, name, name.title(), PASSWORD, email="", territory=territory)


def answer(office: Office, token: str, request: Request) -> Reply:
    """What head office says to a request, as it would over the line."""
    path, query = urlsplit(request.path).path, dict(parse_qsl(urlsplit(request.path).query))
    try:
        who = people.identify(office.database, token)
        return _route(office, who, request, path, query)
    except Refused as refused:
        return Reply(refused.status, encode(refused.problem()))


def _route(office: Office, who: Who, request: Request, path: str, query: dict[str, str]) -> Reply:
    if path == "/v1/push":
        return Reply(200, office.push(who, request.body))
    if path == "/v1/pull":
        page = office.pull(who, query)
        return Reply(200, page) if page is not None else Reply(204)
    if path == "/v1/renew":
        return Reply(200, encode(people.renew(office.database, who)))
    if path.startswith("/v1/digest/"):
        return Reply(200, office.digest(who, int(path.rsplit("/", 1)[1])))
    if path.startswith("/v1/snapshot/"):
        return piece(*office.snapshot(who, int(path.rsplit("/", 1)[1]), query.get("version", "")), request)
    return Reply(404)


def piece(path: Path, tag: str, request: Request) -> Reply:
    """The part of a file that a request wants."""
    start, end = map(int, request.headers["Range"].removeprefix("bytes=").split("-"))
    with path.open("rb") as file:
        file.seek(start)
        body = file.read(end - start + 1)
    if not body:
        return Reply(416)
    span = f"bytes {start}-{start + len(body) - 1}/{path.stat().st_size}"
    return Reply(206, body, {"etag": f'"{tag}"', "content-range": span})


class Laptop:
    """A book that follows a head office."""

    def __init__(self, office: Office, path: Path, user: str, *, fresh: bool = True) -> None:
        self.office, self.user = office, user
        welcome = people.login(office.database, Login(user, PASSWORD, path.stem))
        self.token = welcome.token
        if not path.exists():
            self.book = Book.create(path, None if fresh else user.title())
        else:
            self.book = Book.open(path)
        self.joined = self.drive(join(self.book, "https://office.example", welcome))

    def sync(self) -> Result:
        return self.drive(sync(self.book))

    def drive(self, steps: Generator[Request, Any, Result]) -> Result:
        reply: Reply | None = None
        while True:
            try:
                request = steps.send(reply)
            except StopIteration as stop:
                return stop.value  # type: ignore[no-any-return]
            reply = answer(self.office, self.token, request)
            if request.renews and reply.status == 200:
                self.token = decode(reply.body, Welcome).token
