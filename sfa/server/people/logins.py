"""Users: who may log in."""

from __future__ import annotations

import json
from typing import Any, NamedTuple
from unicodedata import normalize

from sfa.clock import now
from sfa.errors import NotFound, UserError
from sfa.i18n import _
from sfa.models import User as UserRecord
from sfa.models import new_id
from sfa.models.fields import check_text
from sfa.server import passwords
from sfa.server.database import Database, Session
from sfa.server.people.membership import COMPANY, find_stream, join, new_stream, rights_changed


class User(NamedTuple):
    """Who may log in; ``devices`` counts the laptops that are not revoked."""

    id: str
    name: str
    full_name: str
    disabled: bool
    created_at: str
    devices: int


def users(database: Database) -> list[User]:
    """All users by name."""
    return database.read(_users)


def _users(session: Session) -> list[User]:
    rows = session.rows(
        "SELECT l.id, l.name, r.doc, l.disabled, l.created_at,"
        " (SELECT count(*) FROM device d WHERE d.owner = l.id AND d.revoked_at IS NULL)"
        " FROM login l LEFT JOIN record r ON r.id = l.id ORDER BY l.name"
    )
    return [User(row[0], row[1], full_name(row[2], row[1]), bool(row[3]), *row[4:]) for row in rows]


def full_name(document: str | None, name: str) -> str:
    """What the user's record says, ``name`` where it says nothing."""
    found = json.loads(document).get("name") if document else None
    return found if isinstance(found, str) else name


def folded(name: str) -> str:
    """``name`` as it is compared and kept, whether or not it can be one."""
    return normalize("NFKC", normalize("NFKC", name).casefold()).strip()


def login_name(name: str) -> str:
    """``name`` as it is compared and kept; ``UserError`` where it can be none."""
    name = folded(name)
    try:
        check_text(name, 200)
    except ValueError as error:
        raise UserError(_("The name {reason}.").format(reason=error)) from None
    if not name:
        raise UserError(_("A user needs a name."))
    return name


def find_user(session: Session, name: str) -> str:
    """The id of the user with this name or id; ``NotFound``."""
    rows = session.rows("SELECT id FROM login WHERE name = ? OR id = ?", (login_name(name), name))
    if not rows:
        known = tuple(row[0] for row in session.rows("SELECT name FROM login ORDER BY name LIMIT 10"))
        raise NotFound(_("There is no user {name}.").format(name=name), _("sfa admin user list shows them."), known)
    return str(rows[0][0])


def add_user(
    database: Database,
    name: str,
    full_name: str,
    password: str,
    *,
    email: str = "",
    territory: str = "",
    role: str = "writer",
) -> str:
    """A new user, who logs in as ``name``; gives the id. The first one is the company's manager.

    ``territory`` (a name or id) becomes the user's home, in ``role``; without one the user's own stream is it, and
    ``role`` is that in the company's. Raises ``UserError`` and ``NotFound``.
    """
    values = _values(full_name.strip() or name.strip(), email.strip())
    login, kept = login_name(name), passwords.hashed(password)
    return database.write(lambda session: _add_user(session, login, values, kept, territory, role))


def _values(full_name: str, email: str) -> dict[str, Any]:
    values: dict[str, Any] = {"name": full_name, "is_active": 1}
    if email:
        values["email"] = [UserRecord.email.point(email)]
    try:
        return {field: UserRecord.fields[field].check(value) for field, value in values.items()}
    except ValueError as error:
        raise UserError(_("This cannot be a user: {reason}.").format(reason=error)) from None


def _add_user(session: Session, login: str, values: dict[str, Any], kept: str, territory: str, role: str) -> str:
    from sfa.server.office import act

    if session.rows("SELECT 1 FROM login WHERE name = ?", (login,)):
        raise UserError(_("There is a user {name} already.").format(name=login))
    is_first = not session.rows("SELECT 1 FROM login LIMIT 1")
    user = new_id()
    session.execute(
        "INSERT INTO login (id, name, password, created_at) VALUES (?, ?, ?, ?)", (user, login, kept, now())
    )
    company_role = "writer" if territory else role
    join(session, user, COMPANY, "manager" if is_first else company_role, home=False)
    join(session, user, new_stream(session, "own", values["name"], new_id()), "writer", home=True)
    if territory:
        number, kind = find_stream(session, territory)
        if kind != "territory":
            raise NotFound(_("There is no territory {name}.").format(name=territory))
        join(session, user, number, role, home=True)
    act(session, "", _("New user {name}").format(name=values["name"]), [("user", user, values)])
    return user


def disable_user(database: Database, name: str) -> None:
    """Locks the user out, with all devices, until enabled again; what they did stays."""
    database.write(lambda session: _set_active(session, name, False))


def enable_user(database: Database, name: str) -> None:
    """Lets a disabled user in again, with the devices of before."""
    database.write(lambda session: _set_active(session, name, True))


def _set_active(session: Session, name: str, active: bool) -> None:
    from sfa.server.office import act

    user = find_user(session, name)
    session.execute("UPDATE login SET disabled = ? WHERE id = ?", (int(not active), user))
    rights_changed(session, user)
    title = _("User enabled") if active else _("User disabled")
    act(session, "", title, [("user", user, {"is_active": int(active)})])


def set_password(database: Database, name: str, password: str) -> None:
    """Another password for the next login; devices that are in stay in."""
    kept = passwords.hashed(password)
    database.write(
        lambda session: session.execute("UPDATE login SET password = ? WHERE id = ?", (kept, find_user(session, name)))
    )
