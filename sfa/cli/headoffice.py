"""What the commands of head office share: its database, found and opened."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from sfa.cli.command import Argument, files
from sfa.cli.output import narrate
from sfa.errors import UserError
from sfa.i18n import N_, _
from sfa.settings import folder

if TYPE_CHECKING:
    from sfa.cli.session import Session
    from sfa.server.database import Database

POSTGRES = ("postgresql://", "postgres://")
DATABASE = Argument(
    "--database",
    N_("Head office's database: a file, or postgresql://…; otherwise SFA_DATABASE, or the one in the data folder"),
    "PATH",
    values=files,
)


def require(*modules: str) -> None:
    """Raises ``UserError`` unless the libraries that only head office needs are installed."""
    if not all(map(find_spec, modules)):
        raise UserError(_("Head office needs more libraries."), "pip install 'sfa-client[server]'")


def address(session: Session) -> str:
    """Where the database is. ``UserError`` for a password that everybody on this machine could see."""
    named: str | None = session.arguments.database
    if named and named.startswith(POSTGRES):
        if ("@" in named and ":" in named.partition("://")[2].rpartition("@")[0]) or "password=" in named:
            raise UserError(
                _("Everybody on this machine can read a password on the command line."),
                _("Give the URL in SFA_DATABASE, or the password in PGPASSWORD or ~/.pgpass."),
            )
        return named
    found = named or os.environ.get("SFA_DATABASE") or os.path.join(folder("data"), "office", "office.db")
    return found if found.startswith(POSTGRES) else str(Path(found).expanduser().absolute())


def shown(place: str) -> str:
    """``place`` for people's eyes: without a password."""
    if not place.startswith(POSTGRES):
        return place
    from urllib.parse import urlsplit

    parts = urlsplit(place)
    return f"postgresql://{parts.netloc.rpartition('@')[2]}{parts.path}"


def beside(place: str) -> Path:
    """The folder for the files that head office keeps beside its database."""
    if place.startswith(POSTGRES):
        return Path(folder("data")) / "office" / "files"
    path = Path(place)
    return path.with_name(f"{path.stem}-files")


@contextmanager
def opened(session: Session) -> Iterator[Database]:
    """The database, ready for use; a command that may makes a new one and says so."""
    place = address(session)
    require("argon2", "msgspec", *(["psycopg"] if place.startswith(POSTGRES) else []))
    is_file = not place.startswith(POSTGRES)
    is_new = is_file and not Path(place).exists()
    if is_new and not session.command.makes_book:
        raise UserError(_("There is no head office at {path}.").format(path=place), _("sfa serve makes one."))
    from sfa.server import people
    from sfa.server.database import connect

    database = connect(place)
    try:
        people.initialise(database)
        if is_new:
            narrate(_("Made a new head office: {path}").format(path=place))
        yield database
    finally:
        database.close()
