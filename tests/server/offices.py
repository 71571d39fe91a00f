"""A head office for tests: its people, and its application asked without a network."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from sfa.models import new_id
from sfa.server import people
from sfa.server.app import App
from sfa.server.database import Database, Session
from sfa.server.limits import STANDARD, Limits
from sfa.server.office import Office
from sfa.server.tables import DDL
from sfa.sync.messages import Login, Welcome

PASSWORD = "a horse, correct"
TABLES = tuple(statement.split()[5] for statement in DDL if statement.startswith("CREATE TABLE"))


def founded(database: Database, folder: Path) -> Office:
    """An office in an empty database: Rita in the North, its manager Max, and Sam in the South."""
    people.initialise(database)
    people.add_stream(database, "North")
    people.add_stream(database, "South")
    people.add_user(database, "max", "Max Manager", PASSWORD, territory="North", role="manager")
    people.add_user(database, "rita", "Rita Rep", PASSWORD, email="rita@example.com", territory="North")
    people.add_user(database, "sam", "Sam Seller", PASSWORD, territory="South")
    return Office(database, folder)


def enrolled(database: Database, name: str, device: str = "Laptop") -> Welcome:
    """A new laptop of the user ``name``."""
    return people.login(database, Login(name, PASSWORD, device))


def everything(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables; not when devices were last seen."""

    def read(session: Session) -> dict[str, list[tuple[Any, ...]]]:
        return {table: sorted(map(tuple, session.rows(f"SELECT * FROM {table}")), key=repr) for table in TABLES}

    found = database.read(read)
    found["device"] = [row[:5] + row[6:] for row in found["device"]]
    return found


def credentials(name: str, password: str = PASSWORD) -> bytes:
    """The body of a login."""
    return json.dumps({"name": name, "password": password, "device": "Laptop"}).encode()


def pushed(server: str, *names: str) -> bytes:
    """The body of a laptop's first push: new accounts, an action each."""
    at = {"at": "2026-11-18T09:00:00Z", "origin": "screen", "title": "New account"}
    actions = [
        {"n": number, "id": new_id(), **at, "entries": [["account", new_id(), "insert", {"name": name}]]}
        for number, name in enumerate(names, 1)
    ]
    return json.dumps({"server": server, "chain": "", "actions": actions}).encode()


class Reply(NamedTuple):
    """What the application answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """Of a refusal."""
        return str(self.data["code"])


async def asked(
    app: App,
    method: str,
    target: str,
    body: bytes | Iterable[bytes] = b"",
    *,
    token: str = "",
    headers: Mapping[str, str] = {},
    client: str = "127.0.0.1",
    ends: bool = True,
    gone: bool = False,
) -> Reply:
    """One request to ``app``, its body in one or in many pieces.

    Without ``ends`` it never ends; with ``gone`` the client hangs up behind the last piece.
    """
    path, _mark, query = target.partition("?")
    sent = {"host": "office", **({"authorization": f"Bearer {token}"} if token else {}), **headers}
    pieces = iter([body] if isinstance(body, bytes) else body)
    open_end = not ends or not isinstance(body, bytes)

    async def receive() -> dict[str, Any]:
        nonlocal open_end
        piece = next(pieces, None)
        if piece is None and gone:
            return {"type": "http.disconnect"}
        if piece is None and (not ends or not open_end):
            await asyncio.Event().wait()
        open_end = open_end and piece is not None
        return {"type": "http.request", "body": piece or b"", "more_body": open_end}

    said: list[Any] = []

    async def send(message: Any) -> None:
        said.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": method,
        "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in sent.items()],
        "client": (client, 50000), "server": ("office", 80),
    }  # fmt: skip
    await app(scope, receive, send)
    if gone:
        return Reply(0, {}, b"")
    start, *rest = said
    found = {name.decode(): value.decode() for name, value in start["headers"]}
    return Reply(start["status"], found, b"".join(message.get("body", b"") for message in rest))


@contextmanager
def opened(office: Office, limits: Limits = STANDARD, **options: Any) -> Iterator[App]:
    """The application of ``office``, ended afterwards."""
    app = App(office, limits, **options)
    try:
        yield app
    finally:
        app.close()
        office.listeners.remove(app.announcer.announce)


Ask = Callable[..., Reply]


def asking(app: App) -> Ask:
    """``asked`` of ``app`` for code that does not run in an event loop."""
    return lambda *words, **options: asyncio.run(asked(app, *words, **options))
