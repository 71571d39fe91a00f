"""Our head office, for the benchmarks: ready for laptops, with one user and one territory.

    python -m bench.office PORT DATABASE FOLDER

``DATABASE`` is the path of a new SQLite file or the URL of an empty database of PostgreSQL. Served as by ``sfa serve``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from sfa.server import people
from sfa.server.database import Database, connect
from sfa.server.office import Office
from sfa.server.service import prepare, serve

NAME, PASSWORD, TERRITORY = "rita", "a password that is long enough", "North"


def begin(address: str) -> Database:
    """A new head office."""
    database = connect(address)
    people.initialise(database)
    people.add_stream(database, TERRITORY)
    people.add_user(database, NAME, "Rita Rep", PASSWORD, territory=TERRITORY)
    return database


def main(port: int, address: str, folder: Path) -> None:
    office = Office(begin(address), folder)
    serve(office, prepare(f"127.0.0.1:{port}", None, None, behind_proxy=False))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
