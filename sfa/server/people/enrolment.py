"""Laptops: how they are enrolled, told apart and locked out.

A device shows a token that is kept nowhere but on the laptop; head office has its hash.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import NamedTuple

from sfa.clock import now
from sfa.errors import BookError, NotFound, UserError
from sfa.i18n import _
from sfa.models import new_id
from sfa.printable import clean
from sfa.server import passwords
from sfa.server.database import Database, Session
from sfa.server.people.logins import find_user, full_name, login_name
from sfa.server.refusal import Refused
from sfa.sync.messages import Login, Welcome

MOST = 100
"""The most devices that a user has at a time, revoked ones not counted."""
SEEN = timedelta(minutes=1)
"""How exactly it is known when a device was last seen: not every request is worth a write."""


class Who(NamedTuple):
    """Who asks: the ids of user and device, and the name that the user logs in with."""

    user: str
    device: str
    name: str


class Device(NamedTuple):
    """A laptop as head office sees it; ``user`` is the name of its owner."""

    id: str
    user: str
    name: str
    created_at: str
    seen_at: str
    revoked_at: str | None


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def identify(database: Database, token: str) -> Who:
    """Who shows this token.

    Raises ``Refused``: 401 ``unauthorized`` for a token that nobody has, 403 ``device_revoked`` or ``user_disabled``,
    with the key that the laptop then closes its book with.
    """
    known = _hash(token)
    rows = database.read(
        lambda session: session.rows(
            "SELECT d.token, d.id, d.owner, l.name, l.disabled, d.revoked_at, d.seen_at, d.lock_key"
            " FROM device d JOIN login l ON l.id = d.owner WHERE d.token = ?",
            (known,),
        )
    )
    if not rows or not compare_digest(rows[0][0], known):
        raise Refused(401, "unauthorized", _("Log in first."))
    _token, device, user, name, disabled, revoked_at, seen_at, key = rows[0]
    if revoked_at:
        raise Refused(403, "device_revoked", _("This device was locked out."), key=key)
    if disabled:
        raise Refused(403, "user_disabled", _("This user was locked out."), key=key)
    moment = now()
    if abs(datetime.fromisoformat(moment) - datetime.fromisoformat(seen_at)) >= SEEN:
        with suppress(BookError):  # what cannot be noted is no reason to refuse
            database.write(
                lambda session: session.execute("UPDATE device SET seen_at = ? WHERE id = ?", (moment, device))
            )
    return Who(user, device, name)


def login(database: Database, wanted: Login) -> Welcome:
    """Enrols a new device for the user who shows name and password.

    Raises ``Refused``: 401 ``bad_login`` (whether the name or the password is wrong is not told, nor to be guessed from
    the time it takes), 403 ``user_disabled``, 409 ``too_many_devices``.
    """
    try:
        name = login_name(wanted.name)
    except UserError:
        name = ""
    rows = database.read(
        lambda session: session.rows("SELECT id, password, disabled FROM login WHERE name = ?", (name,))
    )
    user, kept, disabled = rows[0] if rows else ("", None, 0)
    if not passwords.matches(kept, wanted.password):
        raise Refused(401, "bad_login", _("Name or password is wrong."))
    if disabled:
        raise Refused(403, "user_disabled", _("This user was locked out."))
    if passwords.is_outdated(kept):
        better = passwords.hasher.hash(wanted.password)
        database.write(lambda session: session.execute("UPDATE login SET password = ? WHERE id = ?", (better, user)))
    return database.write(lambda session: _enrol(session, user, clean(wanted.device), None))


def renew(database: Database, who: Who) -> Welcome:
    """Enrols a copy of ``who``'s device as a device of its own; the token that it showed stays good for the other copy.

    It is locked out together with the device that it was copied from. Raises ``Refused`` (409 ``too_many_devices``).
    """
    return database.write(lambda session: _renew(session, who))


def _renew(session: Session, who: Who) -> Welcome:
    name, revoked_at = session.rows(f"SELECT name, revoked_at FROM device WHERE id = ?{session.lock}", (who.device,))[0]
    if revoked_at:
        raise Refused(403, "device_revoked", _("This device was locked out."))
    return _enrol(session, who.user, name, who.device)


def _enrol(session: Session, user: str, name: str, parent: str | None) -> Welcome:
    from sfa.server.pull import streams_of

    count = session.rows("SELECT count(*) FROM device WHERE owner = ? AND revoked_at IS NULL", (user,))[0][0]
    if count >= MOST:
        raise Refused(409, "too_many_devices", _("This user has too many devices; head office can revoke some."))
    device, token, moment = new_id(), secrets.token_urlsafe(32), now()
    session.execute(
        "INSERT INTO device (id, owner, name, token, created_at, seen_at, parent, lock_key)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (device, user, name, _hash(token), moment, moment, parent, secrets.token_hex(32)),
    )
    server = session.rows("SELECT value FROM meta WHERE key = 'server'")[0][0]
    acl, login, document = session.rows(
        "SELECT l.acl, l.name, r.doc FROM login l LEFT JOIN record r ON r.id = l.id WHERE l.id = ?", (user,)
    )[0]
    return Welcome(server, device, token, user, full_name(document, login), acl, streams_of(session, user))


def logout(database: Database, who: Who) -> None:
    """Gives the token of ``who``'s device up: from now on it is nobody's, and no reason to close a book."""

    def work(session: Session) -> None:
        _revoke(session, [who.device])
        session.execute("UPDATE device SET token = ? WHERE id = ?", (f"given up by {who.device}", who.device))

    database.write(work)


def devices(database: Database, user: str = "") -> list[Device]:
    """All devices, or those of one user, the one seen last first."""

    def work(session: Session) -> list[Device]:
        condition, values = (" WHERE d.owner = ?", (find_user(session, user),)) if user else ("", ())
        rows = session.rows(
            "SELECT d.id, l.name, d.name, d.created_at, d.seen_at, d.revoked_at FROM device d"
            f" JOIN login l ON l.id = d.owner{condition} ORDER BY d.seen_at DESC, d.id",
            values,
        )
        return [Device(*row) for row in rows]

    return database.read(work)


def lock_key(database: Database, device: str) -> str:
    """What the book was closed with on the device whose id is, or alone begins with, ``device``. ``NotFound``."""

    def work(session: Session) -> str:
        rows = session.rows("SELECT lock_key FROM device WHERE id = ?", (_find_device(session, device),))
        return str(rows[0][0])

    return database.read(work)


def revoke_device(database: Database, device: str) -> list[str]:
    """Locks out the device whose id is, or alone begins with, ``device``, and every copy made of it; gives their ids.

    Raises ``NotFound``.
    """

    def work(session: Session) -> list[str]:
        family = _family(session, _find_device(session, device))
        _revoke(session, family)
        return family

    return database.write(work)


def _find_device(session: Session, device: str) -> str:
    found = [str(row[0]) for row in session.rows("SELECT id FROM device") if row[0].startswith(device)]
    if len(found) != 1 or not device:
        reason = _("There is no device {device}.") if not found else _("{device} begins the id of several devices.")
        raise NotFound(reason.format(device=device), _("sfa admin device list shows them."))
    return found[0]


def _family(session: Session, device: str) -> list[str]:
    """The device, and all that came in with its token or with that of a copy."""
    session.rows(f"SELECT id FROM device WHERE id = ?{session.lock}", (device,))  # none is added meanwhile
    rows = session.rows(
        "WITH RECURSIVE family (id) AS (SELECT CAST(? AS TEXT) UNION"
        " SELECT d.id FROM device d JOIN family f ON d.parent = f.id) SELECT id FROM family",
        (device,),
    )
    return [row[0] for row in rows]


def _revoke(session: Session, devices: list[str]) -> None:
    session.many(
        "UPDATE device SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", [(now(), device) for device in devices]
    )
