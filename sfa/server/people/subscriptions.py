"""Calendar feeds: one for each user, behind a secret that is shown once. Head office has its hash."""

from __future__ import annotations

import secrets
from hashlib import sha256
from hmac import compare_digest
from typing import NamedTuple

from sfa.clock import now
from sfa.errors import NotFound
from sfa.i18n import _
from sfa.server.database import Database, Session
from sfa.server.people.enrolment import Who
from sfa.server.people.logins import find_user, full_name
from sfa.server.refusal import Refused

LONGEST = 200
"""The most characters of a secret."""
STANDING = """FROM feed f JOIN login l ON l.id = f.person JOIN device d ON d.id = f.device
    LEFT JOIN record r ON r.id = l.id WHERE d.revoked_at IS NULL AND l.disabled = 0"""


class Feed(NamedTuple):
    """A feed as head office sees it; ``user`` is the name of whose it is, ``device`` the laptop that asked for it."""

    user: str
    device: str
    created_at: str
    read_at: str | None


def hashed(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def make_feed(database: Database, who: Who) -> str:
    """A new feed of the user, in the place of an earlier one; gives its secret, which is told this once."""
    secret = secrets.token_urlsafe(32)
    row = (who.user, hashed(secret), who.device, now())

    def work(session: Session) -> None:
        session.execute("DELETE FROM feed WHERE person = ?", (who.user,))
        session.execute("INSERT INTO feed (person, secret, device, created_at) VALUES (?, ?, ?, ?)", row)

    database.write(work)
    return secret


def feed_of(database: Database, who: Who) -> Feed | None:
    """The user's feed; None where there is none (any more)."""
    return next(iter(database.read(lambda session: _feeds(session, who.user))), None)


def feeds(database: Database) -> list[Feed]:
    """All feeds that can be read, by the names of the users."""
    return database.read(_feeds)


def _feeds(session: Session, user: str = "") -> list[Feed]:
    condition, values = (" AND f.person = ?", (user,)) if user else ("", ())
    rows = session.rows(
        f"SELECT l.name, f.device, f.created_at, f.read_at {STANDING}{condition} ORDER BY l.name", values
    )
    return [Feed(*row) for row in rows]


def end_feed(database: Database, who: Who) -> None:
    """The user's feed is nobody's from now on."""
    database.write(lambda session: session.execute("DELETE FROM feed WHERE person = ?", (who.user,)))


def revoke_feed(database: Database, name: str) -> None:
    """Ends the feed of the user with this name or id. Raises ``NotFound``."""

    def work(session: Session) -> None:
        if not session.execute("DELETE FROM feed WHERE person = ?", (find_user(session, name),)):
            raise NotFound(_("{name} has no feed.").format(name=name), _("sfa admin feed list shows them."))

    database.write(work)


def subscriber(session: Session, secret: str) -> tuple[str, str, str | None]:
    """Whose feed is behind ``secret``: id, full name, and when it was last read. Raises ``Refused`` 404."""
    known = hashed(secret)
    rows = session.rows(f"SELECT f.secret, f.person, r.doc, l.name, f.read_at {STANDING} AND f.secret = ?", (known,))
    if not rows or not compare_digest(rows[0][0], known):
        raise Refused(404, "not_found", _("There is no such calendar."))
    _secret, user, document, login, read_at = rows[0]
    return user, full_name(document, login), read_at
