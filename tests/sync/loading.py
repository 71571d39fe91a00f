"""A laptop's first load in a process of its own, which says each step: so that it can be killed at any.

    python -m tests.sync.loading FOLDER [NAME]

joins the book ``new.sfa`` of Bob to the office in ``FOLDER``. With a ``NAME`` it is a book that holds things already.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from sfa.server.database import connect
from sfa.server.office import Office
from sfa.store import replacement
from sfa.sync.enrolment import join
from sfa.sync.unpacking import Unpacking
from tests.sync.newcomers import Line, make_small

T = TypeVar("T")


def say(step: str, *_progress: int) -> None:
    """Tells of a step, and goes on once that was heard."""
    print(step, flush=True)
    sys.stdin.readline()


def saying(step: Callable[..., T], before: str, after: str) -> Callable[..., T]:
    """``step``, told of before and after."""

    def told(*given: object) -> T:
        say(before)
        result = step(*given)
        say(after)
        return result

    return told


def main(folder: Path, name: str | None) -> None:
    patch = pytest.MonkeyPatch()
    make_small(patch)
    patch.setattr(replacement, "_rename", saying(replacement._rename, "rename", "renamed"))
    patch.setattr(Unpacking, "finish", saying(Unpacking.finish, "unpack", "unpacked"))
    office = Office(connect(str(folder / "office.db")), folder / "snapshots")
    bob = Line(office, folder / "new.sfa", name=name)
    bob.drive(join(bob.book, "https://office.example", bob.welcome, say))
    say("done")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if sys.argv[2:] else None)
