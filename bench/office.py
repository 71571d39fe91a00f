"""Our head office, for the benchmarks: ready for laptops, with one user and one territory.

    python -m bench.office PORT DATABASE FOLDER [CONTACTS]

``DATABASE`` is the path of an SQLite file or the URL of an empty database of PostgreSQL. Where it is new, it gets so
many contacts first. Served as by ``sfa serve``.
"""

from __future__ import annotations

import shutil
import sys
from functools import partial
from hashlib import blake2b
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
from sfa.server.tables import DDL
from sfa.store.columns import fingerprint
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


def make(folder: Path, address: str, count: int) -> None:
    """A new head office with so many contacts, and the snapshot that it keeps of them, its files in ``folder``."""
    database = begin(address)
    fill(database, count)
    snapshots = Office(database, folder).snapshots
    for stream in database.read(lambda session: session.rows("SELECT number FROM stream")):
        if database.read(partial(snapshots.is_due, stream=stream[0])):
            snapshots.make(stream[0])
    database.close()


def kept(folder: Path, count: int) -> Path:
    """The folder of a head office with so many contacts, made where it is not there yet; its database is office.db."""
    tables = blake2b((fingerprint() + " ".join(DDL)).encode(), digest_size=4).hexdigest()
    there = folder / f"office-{count}-{tables}"
    if not there.exists():
        half = there.with_suffix(".half")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir()
        make(half, str(half / "office.db"), count)
        half.rename(there)
    return there


def main(port: int, address: str, folder: Path, count: int) -> None:
    if not Path(address).exists():
        make(folder, address, count)
    serve(Office(connect(address), folder), prepare(f"127.0.0.1:{port}", None, None, behind_proxy=False))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]) if sys.argv[4:] else 0)
