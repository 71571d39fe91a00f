"""What a new head office starts with."""

from __future__ import annotations

from sfa.errors import BookError
from sfa.i18n import _
from sfa.models import new_id
from sfa.server import agenda
from sfa.server.database import Database, Session
from sfa.server.people.membership import COMPANY

VERSION = 2
"""Of the tables. 2: the agenda, an index of activities."""


def initialise(database: Database) -> None:
    """Gives an empty database its identity, the company's stream and what is shipped; brings an older one up to date.

    Raises ``BookError`` where a newer version of sfa made it.
    """
    if not database.read(_is_there):
        database.write(_begin)


def _is_there(session: Session) -> bool:
    version = _version(session)
    if version > VERSION:
        raise BookError(_("Head office's database was made by a newer version of sfa."), _("Update sfa."))
    return version == VERSION


def _version(session: Session) -> int:
    rows = session.rows("SELECT value FROM meta WHERE key = 'version'")
    return int(rows[0][0]) if rows else 0


def _begin(session: Session) -> None:
    from sfa.server.office import act
    from sfa.store.seed import shipped

    if _is_there(session):  # another server was faster
        return
    if _version(session):
        agenda.fill(session)
        session.execute("UPDATE meta SET value = ? WHERE key = 'version'", (str(VERSION),))
        return
    session.execute("INSERT INTO meta VALUES ('version', ?)", (str(VERSION),))
    session.execute("INSERT INTO meta VALUES ('server', ?)", (new_id(),))
    session.execute(
        "INSERT INTO stream (number, id, kind, name) VALUES (?, ?, 'company', ?)", (COMPANY, new_id(), _("Company"))
    )
    act(session, "", _("What is shipped"), shipped())
