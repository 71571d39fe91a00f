"""Our head office, for the benchmarks: ready for laptops, with one user and one territory.

    python -m bench.office PORT DATABASE FOLDER [CONTACTS]

``DATABASE`` is the path of a new SQLite file or the URL of an empty database of PostgreSQL; it gets so many contacts.
Served as by ``sfa serve``.
"""

from __future__ import annotations

import sys
from functools import partial
from itertools import islice
from pathlib import Path

from bench.people import Contact, contacts
from sfa.clock import now
from sfa.models import new_id
from sfa.server import people
from sfa.server.database import Database, Session, connect
from sfa.server.ledger import Held, Ledger
from sfa.server.office import Office
from sfa.server.service import prepare, serve
from sfa.sync.messages import LogEntry, LogRow

BATCH = 5_000
"""Contacts of one action."""
NAME, PASSWORD, TERRITORY = "rita", "a password that is long enough", "North"


def begin(address: str) -> Database:
    """A new head office."""
    database = connect(address)
    people.initialise(database)
    people.add_stream(database, TERRITORY)
    people.add_user(database, NAME, "Rita Rep", PASSWORD, territory=TERRITORY)
    return database


def fill(database: Database, count: int) -> None:
    """Gives the territory ``count`` contacts, each with its place in the log, as if laptops had sent them."""
    found = contacts(count)
    while some := list(islice(found, BATCH)):
        database.write(partial(_add, some))


def _add(some: list[Contact], session: Session) -> None:
    ((user,),) = session.rows("SELECT id FROM login")
    ((stream,),) = session.rows("SELECT number FROM stream WHERE kind = 'territory'")
    ledger, at = Ledger(session), now()
    ledger.known.update(dict.fromkeys(contact["id"] for contact in some))
    for contact in some:
        values = {"owner": user, "created_at": at, "created_by": user, **contact}
        record = values.pop("id")
        ledger.put(Held(record, "contact", stream, None, values), LogEntry("contact", record, "insert", values))
    ledger.grow(stream, len(some))
    ledger.accept(LogRow(new_id(), "bench", 0, user, at, "import", "Contacts", []))
    ledger.flush()


def main(port: int, address: str, folder: Path, count: int) -> None:
    database = begin(address)
    fill(database, count)
    serve(Office(database, folder), prepare(f"127.0.0.1:{port}", None, None, behind_proxy=False))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]) if sys.argv[4:] else 0)
