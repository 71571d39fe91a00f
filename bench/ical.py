"""Export of 10,000 follow-ups as iCalendar against the bare icalendar library, which builds and serialises the same.

    python -m bench.ical BOOK

does both sides once. Ours reads the book too: everything from the call to the text.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.report import Row, Setup, paired
from sfa.models import new_ids
from sfa.sales import edit
from sfa.store.book import Book
from sfa.store.query import Query

FOLLOW_UPS = 10_000
CONTACTS = 1000
AT = "2026-11-18T09:00:00Z"
FIELDS = (
    "id", "type", "subject", "start", "end", "tzid", "status", "priority", "contact", "body", "location", "latitude",
    "longitude", "tags",
)  # fmt: skip


def make_book(path: Path) -> None:
    """Half meetings, half tasks; each with its customer, a note, a tag and a reminder."""
    book = Book.create(path, "Rita Rep")
    with book.change("People") as change:
        people = [("Anna", f"Schmidt{n}", [{"label": "work", "value": f"a{n}@x.example"}]) for n in range(CONTACTS)]
        contacts = change.insert_rows("contact", ("first_name", "last_name", "emails"), people)
        edit.edit(change, "user", book.user, {"email": [{"label": "work", "value": "rita@rep.example"}]})
        tags = change.insert_rows("tag", ("name",), [("VIP",), ("Trade show",)])
    with book.change("Follow-ups") as change:
        ids = change.insert_rows("activity", FIELDS, _activities(contacts, tags))
        rows = [(one, book.user, 900, AT) for one in ids]
        change.insert_rows("reminder", ("activity", "user", "before", "remind_at"), rows)
    book.close()


def _activities(contacts: list[str], tags: list[str]) -> Iterator[tuple[Any, ...]]:
    place, nowhere = ("Köln, Hauptbahnhof", 50.943, 6.959), (None, None, None)
    for n, one in enumerate(new_ids(FOLLOW_UPS)):
        day, hour = f"2026-{n % 12 + 1:02}-{n % 28 + 1:02}", n % 9 + 8
        who = (contacts[n % CONTACTS], f"Talk about offer {n}, delivery and terms of payment")
        meeting = (f"{day}T{hour:02}:00:00Z", f"{day}T{hour:02}:45:00Z", "Europe/Berlin", "Planned", "High")
        task = (day, None, None, "Not Started", "Normal")
        if n % 2:
            yield (one, "meeting", f"Meeting {n} with Müller & Söhne", *meeting, *who, *place, [tags[n % 3 % 2]])
        else:
            yield (one, "task", f"Send offer {n}", *task, *who, *nowhere, [tags[n % 3 % 2]])


def export_both(path: str) -> None:
    """Prints the CPU seconds of the first export, of the library, and of an export after ten changes."""
    from bench.limits.ical import build
    from sfa.exchange.calendars.exporting import export_ical
    from sfa.exchange.calendars.gathering import sources

    def export() -> None:
        assert export_ical(book, Query("activity"), io.StringIO(newline="")) == FOLLOW_UPS

    book = Book.open(Path(path))
    first = _timed(export)
    at_hand = sources(book)
    limit = _timed(lambda: build(at_hand))
    with book.change("Ten changes") as change:
        for source in at_hand[:10]:
            edit.edit(change, "activity", source.values["id"], {"subject": f"Changed at {time.time()}"})
    again = _timed(export)
    book.close()
    print(json.dumps({"first": first, "limit": limit, "again": again}))


def _timed(work: Callable[[], object]) -> float:
    """CPU time: neither side waits for anything, and other load is nobody's merit."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


def measure(setup: Setup) -> list[Row]:
    """Both, in fresh processes."""
    rounds = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "book.sfa")
        make_book(path)
        for _round in range(setup.rounds):
            command = [sys.executable, "-m", "bench.ical", str(path)]
            rounds.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    against = "icalendar building and serialising the same"
    return [
        paired(what, against, "s", [((one[name],), (one["limit"],)) for one in rounds], (goal,))
        for what, name, goal in (
            (f"export of {FOLLOW_UPS:,} follow-ups, CPU time", "first", 1.0),
            ("again, after ten changes, CPU time", "again", 0.05),
        )
    ]


if __name__ == "__main__":
    export_both(sys.argv[1])
