"""The calendars and address books that a book is kept in step with, as the book remembers them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from sfa.errors import NotFound, UserError
from sfa.i18n import _
from sfa.models import new_id
from sfa.sync import secrets

if TYPE_CHECKING:
    from sqlcipher3.dbapi2 import Connection

    from sfa.store.book import Book

COLUMNS = "id, type, url, user, name, place, ca, chosen, mark, seen, synced_at, problem"
PASSWORD = "SFA_DAV_PASSWORD"
"""The environment's password for all of them, before any other."""


class Remote(NamedTuple):
    """A collection on a server, of ``type`` ``caldav`` or ``carddav``.

    ``place`` is where its password is kept, ``chosen`` which records go there; ``mark`` how far we have heard of the
    server and ``seen`` the last of the book's actions that was looked at; ``problem`` why the last sync failed.
    """

    id: str
    type: str
    url: str
    user: str
    name: str
    place: str
    ca: str
    chosen: dict[str, Any]
    mark: str
    seen: int
    synced_at: str
    problem: str

    @property
    def account(self) -> str:
        """The name by which its password is kept."""
        return f"dav.{self.id}"

    @property
    def is_calendar(self) -> bool:
        return self.type == "caldav"


def remotes(book: Book, type: str = "") -> list[Remote]:
    """All of them (of one ``type``), the oldest first."""
    where, values = ("WHERE type = ?", (type,)) if type else ("", ())
    return [_remote(row) for row in book.rows(f"SELECT {COLUMNS} FROM remote {where} ORDER BY n", values)]


def _remote(row: tuple[Any, ...]) -> Remote:
    remote = Remote(*row)
    return remote._replace(chosen=json.loads(row[COLUMNS.split(", ").index("chosen")]))


def find(book: Book, remote_id: str) -> Remote:
    """The one with this id. Raises ``NotFound``."""
    for row in book.rows(f"SELECT {COLUMNS} FROM remote WHERE id = ?", (remote_id,)):
        return _remote(row)
    raise NotFound(_("It is not connected any more."))


def named(book: Book, type: str, name: str) -> Remote:
    """The one that ``name`` means: its name, or the beginning of its id or address. Raises ``NotFound``."""
    known = remotes(book, type)
    word = name.casefold()
    exact = [one for one in known if one.name.casefold() == word]
    found = exact or [one for one in known if one.id.startswith(word) or one.url.casefold().startswith(word)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(one.name for one in known)
    if not known:
        command = "calendar" if type == "caldav" else "addressbook"
        raise NotFound(_("Nothing is connected yet."), f"sfa {command} add URL")
    raise NotFound(_("{name} is not one of them.").format(name=name), _("There is {names}.").format(names=names))


def add(book: Book, remote: Remote, password: str) -> Remote:
    """Remembers a collection, and its password in ``remote.place``. Raises ``UserError``."""
    if book.value("SELECT 1 FROM remote WHERE type = ? AND url = ?", (remote.type, remote.url)):
        raise UserError(_("{name} is connected already.").format(name=remote.name))
    remote = remote._replace(id=new_id())
    keep_password(remote, password)
    with book.transaction() as connection:
        values = [*remote[:7], json.dumps(remote.chosen), *remote[8:]]
        connection.execute(f"INSERT INTO remote ({COLUMNS}) VALUES ({', '.join('?' * len(values))})", values)
    return remote


def remove(book: Book, remote: Remote) -> None:
    """Forgets it, and its password; what is there and what is here stays as it is."""
    with book.transaction() as connection:
        connection.execute("DELETE FROM remote_item WHERE remote = ?", (remote.id,))
        connection.execute("DELETE FROM remote WHERE id = ?", (remote.id,))
    secrets.forget(remote.place, remote.account)


def restart(book: Book, remote: Remote) -> None:
    """Forgets what lies there: both sides meet as if for the first time, and know their things by their ids."""
    with book.transaction() as connection:
        connection.execute("DELETE FROM remote_item WHERE remote = ?", (remote.id,))
        note(connection, remote, mark="", seen=0)


def note(connection: Connection, remote: Remote, **values: object) -> None:
    """Sets columns of its row."""
    settings = ", ".join(f"{name} = ?" for name in values)
    connection.execute(f"UPDATE remote SET {settings} WHERE id = ?", (*values.values(), remote.id))


def keep_password(remote: Remote, password: str) -> None:
    """Raises ``UserError``."""
    try:
        secrets.keep(remote.place, remote.account, password)
    except secrets.NoKeyring:
        raise UserError(
            _("The keyring does not keep the password."),
            _("--password-in file keeps it in a file that only you can read."),
        ) from None


def password(remote: Remote) -> str:
    """Raises ``UserError`` where it is kept nowhere."""
    if found := secrets.read(remote.place, remote.account, PASSWORD):
        return found
    raise UserError(
        _("There is no password for {name}.").format(name=remote.name),
        _("Give it in {variable}, or connect it again.").format(variable=PASSWORD),
    )
