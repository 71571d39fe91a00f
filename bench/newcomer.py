"""A new laptop that joins a head office with a large territory, and goes on from there.

    python -m bench.newcomer PORT FOLDER

does the steps that ``bench.firstsync`` asks for.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bench.laptops import Laptop
from bench.sides import serve
from sfa.sales.find import find
from sfa.sync.steps import Request


class Newcomer(Laptop):
    """What is asked of it is one call each."""

    def nothing(self) -> None:
        self.sync()

    def count(self) -> tuple[int, int]:
        """Contacts, and how many of those called Smith the search shows."""
        return self.book.value("SELECT count(*) FROM contact"), len(find(self.book, "smith"))

    def leave(self) -> None:
        """Head office forgets it."""
        self.line.ask(Request("POST", "/v1/logout"))


if __name__ == "__main__":
    serve(Newcomer("newcomer", int(sys.argv[1]), Path(sys.argv[2])))
