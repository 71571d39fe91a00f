"""What a new head office starts with."""

from __future__ import annotations

from sfa.errors import BookError
from sfa.i18n import _
from sfa.models import new_id
from sfa.server.database import Database, Session
from sfa.server.people.membership import COMPANY

VERSION = 1
"""Of the tables."""


def initialise(database: Database) -> None:
    """Gives an empty database its identity, the company's stream and what is shipped; leaves any other as it is.

    Raises ``BookError`` where a newer version of sfa made it.
    """
    if not database.read(_is_there):
        database.write(_begin)


def _is_there(session: Session) -> bool:
    rows = session.rows("SELECT value FROM meta WHERE key = 'version'")
    if rows and int(rows[0][0]) > VERSION:
        raise BookError(_("Head office's database was made by a newer version of sfa."), _("Update sfa."))
    return bool(rows)


def _begin(session: Session) -> None:
    from sfa.server.office import act
    from sfa.store.seed import shipped

    if _is_there(session):  # another server was faster
        return
    session.execute("INSERT INTO meta VALUES ('version', ?)", (str(VERSION),))
    session.execute("INSERT INTO meta VALUES ('server', ?)", (new_id(),))
    session.execute(
        "INSERT INTO stream (number, id, kind, name) VALUES (?, ?, 'company', ?)", (COMPANY, new_id(), _("Company"))
    )
    act(session, "", _("What is shipped"), shipped())
