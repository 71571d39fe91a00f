"""A calendar of 10,000 entries on a server of others (Radicale): what a sync costs where nothing is to be done."""

from __future__ import annotations

import http.client
import tempfile
import time
from base64 import b64encode
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from bench.report import Row, Setup, paired
from sfa.exchange.dav import remotes
from sfa.exchange.dav.collection import TOKEN
from sfa.exchange.dav.multistatus import sync_collection
from sfa.exchange.dav.reconciling import Outcome, sync
from sfa.exchange.dav.remotes import Remote
from sfa.store.book import Book
from sfa.sync import secrets
from tests.exchange.dav import servers
from tests.exchange.dav.servers import PASSWORD, USER

COUNT = 10_000
EVENT = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//bench//EN\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260101T000000Z\r\n"
    "DTSTART:{day}T090000Z\r\nDTEND:{day}T100000Z\r\nSUMMARY:Visit {uid}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def measure(setup: Setup) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder, servers.radicale(Path(folder) / "radicale") as server:
        url = server.collection("caldav", "large")
        _fill(Path(folder) / "radicale" / "files" / "collection-root" / USER / "large")
        book = Book.create(Path(folder) / "book.sfa", "Rita Rep")
        wanted = Remote("", "caldav", url, USER, "Large", secrets.ENVIRONMENT, "", {}, "", 0, "", "")
        remote = remotes.add(book, wanted, "")
        line = server.client()
        _timed(lambda: line.ask("REPORT", url, sync_collection(""), {"Depth": "0"}))  # the server reads its files once
        whole = _timed(lambda: line.ask("REPORT", url, sync_collection(""), {"Depth": "0"}))
        first = _timed(lambda: sync(book, remotes.find(book, remote.id), line=line))
        assert book.value("SELECT count(*) FROM activity") == COUNT
        pairs = []
        for number in range(setup.rounds * 3 + 1):
            known = remotes.find(book, remote.id)
            mine = _timed(lambda known=known: _nothing(sync(book, known, line=line)))  # type: ignore[misc]
            bare = _timed(lambda known=known: _bare(url, known.mark.removeprefix(TOKEN)))  # type: ignore[misc]
            if number:
                pairs.append(((mine,), (bare,)))
        line.close()
        book.close()
    return [
        paired(
            f"sync of {COUNT:,} items, nothing to be done",
            "one bare sync-collection request of http.client",
            "ms",
            pairs,
            (2.0,),
        ),
        paired(
            f"first sync, {COUNT:,} items into the book",
            "one bare list of them, without what they are",
            "ms",
            [((first,), (whole,))],
        ),
    ]


def _fill(folder: Path) -> None:
    """Entries as the server keeps them: put one after the other over the line they would take an hour."""
    for number in range(COUNT):
        day = date(2027, 1, 1) + timedelta(days=number % 300)
        (folder / f"{number}.ics").write_text(EVENT.format(uid=number, day=f"{day:%Y%m%d}"), "utf-8", newline="")


def _timed(work: Callable[[], object]) -> float:
    """Milliseconds."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def _nothing(outcome: Outcome) -> None:
    assert outcome == Outcome(0, 0, 0, 0, []), outcome


def _bare(url: str, token: str) -> None:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc)
    secret = b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    headers = {"Authorization": f"Basic {secret}", "Depth": "0", "Content-Type": "application/xml"}
    connection.request("REPORT", parts.path, sync_collection(token), headers)
    response = connection.getresponse()
    assert response.status == 207, response.status
    response.read()
    connection.close()
