"""The streams, and who is a member of which."""

from __future__ import annotations

from typing import NamedTuple

from sfa.errors import NotFound, UserError
from sfa.i18n import _
from sfa.models import Territory, new_id
from sfa.server.database import Database, Session

COMPANY = 1
"""The number of the company's stream."""
ROLES = ("reader", "writer", "manager")
"""What a member may do, each role all that the one before it may."""


class Stream(NamedTuple):
    """A stream as head office sees it; ``members`` as (name of the user, role, whether it is their home)."""

    number: int
    id: str
    kind: str
    name: str
    seq: int
    records: int
    members: list[tuple[str, str, bool]]


def streams(database: Database) -> list[Stream]:
    """All streams by number."""
    return database.read(_streams)


def _streams(session: Session) -> list[Stream]:
    found = {
        row[0]: Stream._make((*row, []))
        for row in session.rows("SELECT number, id, kind, name, seq, records FROM stream ORDER BY number")
    }
    for number, *member, home in session.rows(
        "SELECT m.stream, l.name, m.role, m.home FROM member m JOIN login l ON l.id = m.person ORDER BY l.name"
    ):
        found[number].members.append((member[0], member[1], bool(home)))
    return list(found.values())


def add_stream(database: Database, name: str) -> str:
    """A new territory called ``name``; gives its id, which is that of its record too."""
    checked = Territory.name.check(name.strip())
    if not checked:
        raise UserError(_("A territory needs a name."))
    return database.write(lambda session: _add_territory(session, checked))


def _add_territory(session: Session, name: str) -> str:
    from sfa.server.office import act

    if session.rows("SELECT 1 FROM stream WHERE kind = 'territory' AND name = ?", (name,)):
        raise UserError(_("There is a territory {name} already.").format(name=name))
    territory = new_id()
    new_stream(session, "territory", name, territory)
    act(session, "", _("New territory {name}").format(name=name), [("territory", territory, {"name": name})])
    return territory


def new_stream(session: Session, kind: str, name: str, stream: str) -> int:
    """Adds a stream with the id ``stream`` and gives its number."""
    number = int(session.rows("SELECT max(number) + 1 FROM stream")[0][0])
    session.execute("INSERT INTO stream (number, id, kind, name) VALUES (?, ?, ?, ?)", (number, stream, kind, name))
    return number


def find_stream(session: Session, name: str) -> tuple[int, str]:
    """Number and kind of the stream with this name, number or id, but of nobody's own; ``NotFound``."""
    rows = session.rows("SELECT number, kind, id, name FROM stream WHERE kind <> 'own' ORDER BY number")
    for number, kind, *names in rows:
        if name == str(number) or name.casefold() in (known.casefold() for known in names):
            return number, kind
    known = tuple(row[3] for row in rows)
    raise NotFound(_("There is no stream {name}.").format(name=name), _("sfa admin stream list shows them."), known)


def set_member(database: Database, user: str, stream: str, role: str | None, home: bool = False) -> None:
    """Makes ``user`` a member of ``stream`` in ``role``, or with None no longer one.

    ``home``: what the user adds under nothing else goes there. Everybody stays in the company's stream, and in the
    own stream alone. Raises ``NotFound`` and ``UserError``.
    """
    database.write(lambda session: _set_member(session, user, stream, role, home))


def _set_member(session: Session, user: str, stream: str, role: str | None, home: bool) -> None:
    from sfa.server.people.logins import find_user

    person, (number, kind) = find_user(session, user), find_stream(session, stream)
    if role is None and kind == "company":
        raise UserError(_("Everybody sees the company's records."), _("“sfa admin user disable” locks somebody out."))
    if home and kind == "company":
        raise UserError(_("The company's stream is nobody's home."))
    was_home = session.rows("SELECT home FROM member WHERE person = ? AND stream = ?", (person, number))
    join(session, person, number, role, home or (role is not None and bool(was_home and was_home[0][0])))
    if role is None and was_home and was_home[0][0]:
        own = "SELECT number FROM stream JOIN member ON stream = number WHERE kind = 'own' AND person = ?"
        session.execute(f"UPDATE member SET home = 1 WHERE person = ? AND stream = ({own})", (person, person))
    rights_changed(session, person)


def join(session: Session, person: str, stream: int, role: str | None, home: bool) -> None:
    """Writes the membership down; ``home`` moves the person's home there."""
    if role is not None and role not in ROLES:
        raise UserError(_("A role is one of {roles}, not {role}.").format(roles=", ".join(ROLES), role=role))
    if home:
        session.execute("UPDATE member SET home = 0 WHERE person = ?", (person,))
    session.execute("DELETE FROM member WHERE person = ? AND stream = ?", (person, stream))
    if role is not None:
        session.execute("INSERT INTO member VALUES (?, ?, ?, ?)", (person, stream, role, int(home)))


def rights_changed(session: Session, person: str) -> None:
    """Makes the person's laptops ask what they may see.

    The number is drawn: one that is counted on would come again where head office was put back to an older state.
    """
    session.execute("UPDATE login SET acl = ? WHERE id = ?", (int(new_id()[-12:], 16), person))
