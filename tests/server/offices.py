"""A head office for tests: its people, and its application asked without a network."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

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
    stall: bool = False,
) -> Reply:
    """One request to ``app``. ``stall``: the body never ends."""
    path, _mark, query = target.partition("?")
    parts = [body] if isinstance(body, bytes) else list(body)
    sent = {"host": "office", **({"authorization": f"Bearer {token}"} if token else {}), **headers}
    incoming = iter(parts)
    left = len(parts)

    async def receive() -> dict[str, Any]:
        nonlocal left
        left -= 1
        if left < (1 if stall else 0):
            await asyncio.Event().wait()
        return {"type": "http.request", "body": next(incoming), "more_body": left > 0 or stall}

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
