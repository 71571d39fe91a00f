"""A new laptop that joins a head office with a large territory, and goes on from there.

    python -m bench.newcomer PORT FOLDER

does the steps that ``bench.firstsync`` asks for.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from bench.laptops import Laptop
from bench.sides import serve
from sfa.sales.find import find
from sfa.sync.steps import Request

PATIENCE = 600.0


class Newcomer(Laptop):
    """What is asked of it is one call each."""

    def prepared(self) -> None:
        """Waits until head office has the territory's snapshot."""
        (number,) = (stream.number for stream in self.welcome.streams if stream.kind == "territory")
        request = Request("GET", f"/v1/snapshot/{number}", headers={"Range": "bytes=0-99"})
        end = time.monotonic() + PATIENCE
        while self.line.ask(request).status != 206:
            if time.monotonic() > end:
                raise TimeoutError("no snapshot")
            time.sleep(0.2)

    def nothing(self) -> None:
        self.sync()

    def count(self) -> tuple[int, int]:
        """Contacts, and how many of those called Smith the search shows."""
        return self.book.value("SELECT count(*) FROM contact"), len(find(self.book, "smith"))


if __name__ == "__main__":
    serve(Newcomer("newcomer", int(sys.argv[1]), Path(sys.argv[2])))
