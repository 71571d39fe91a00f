"""When a laptop cannot just go on from where it stood: it is a copy, head office was put back, or a log starts later.

Nothing that was done on the laptop is lost by any of it: what waits goes on waiting, on top of what head office holds.
"""

from __future__ import annotations

from collections.abc import Generator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sfa.i18n import _
from sfa.locales import now, to_instant, to_local
from sfa.models import KINDS
from sfa.models.fields import Value
from sfa.sync import download, outbox
from sfa.sync.cursors import SOON, compare, reach
from sfa.sync.landing import Landing
from sfa.sync.messages import Page, Problem, Welcome
from sfa.sync.outbox import OWN, set_meta
from sfa.sync.overlay import Overlay
from sfa.sync.snapshot import opened
from sfa.sync.steps import Reply, Request, Result, SyncError, accepted, decoded, tell
from sfa.sync.strictness import Untrue, checked

if TYPE_CHECKING:
    from sqlcipher3.dbapi2 import Connection

    from sfa.store.book import Book

KEPT = timedelta(days=30)
"""How long after they were done own actions are sent once more to a head office that was put back."""
Steps = Generator[Any, Any, None]
Documents = dict[str, tuple[str, dict[str, Value]]]
"""Record → its kind and values."""


def become(book: Book, body: bytes) -> None:
    """Makes this book the laptop that a ``Welcome`` (``body``) has just enrolled.

    Its own actions of the last weeks wait once more, in their order: where head office was put back, it has lost some.
    Those that it knows it answers as before.
    """
    welcome = decoded(body, Welcome)
    with book.transaction() as connection:
        _send_again(book, connection)
        set_meta(connection, device=welcome.device)


def renew(book: Book, result: Result) -> Steps:
    """This book is a copy, or was put back to an older state, or head office was: it becomes a laptop of its own."""
    reply = yield Request("POST", "/v1/renew", renews=True)
    become(book, accepted(reply))
    result.renewed = True


def rebase(book: Book, problem: Problem, result: Result) -> Steps:
    """Starts over in one stream: from what head office holds of it now, with everything of one's own on top."""
    if problem.code == "history_changed" and not result.renewed:
        yield from renew(book, result)
    yield from reload(book, problem.stream)


def _send_again(book: Book, connection: Connection) -> None:
    since = to_instant(to_local(now(), "UTC") - KEPT)
    overlay = Overlay(book)
    known = f"SELECT action FROM outgoing WHERE outcome IS NULL OR NOT ({outbox.JUDGED})"
    sql = f"SELECT n FROM action WHERE {OWN} AND n <= ? AND at >= ? AND n NOT IN ({known}) ORDER BY n"
    again = [row[0] for row in book.rows(sql, (outbox.pushed(book), since))]
    for number in again:
        overlay.remember(number)
    connection.executemany("DELETE FROM outgoing WHERE action = ?", [(number,) for number in again])
    for number in again:
        outbox.seal(book, connection, number, "")
    outbox.chain_anew(book, connection)
    connection.execute("DELETE FROM page")
    overlay.reread()
    overlay.write(connection)


def reload(book: Book, stream: int) -> Steps:
    """Brings everything that lives in ``stream`` to what head office holds of it; own actions stay on top."""
    found = yield from holdings(book, stream, int(book.meta("acl") or 0))
    if found is not None:
        replace(book, stream, *found)


def holdings(book: Book, stream: int, acl: int) -> Generator[Request, Reply, tuple[Documents, int, str] | None]:
    """What head office holds of ``stream``, and up to which place: from its log or, where that is cut, a snapshot too.

    None where the user has no right to it any more; the next round tells what is left to do.
    """
    documents: Documents = {}
    at, until = (0, ""), ""
    while True:
        reply = yield Request("GET", f"/v1/pull?at={stream}:{at[0]}:{at[1]}&acl={acl}{until}")
        if reply.status == 204:
            break
        if reply.status == 410:
            (documents, at), until = (yield from _snapshot(book, stream)), ""
            continue
        page = decoded(accepted(reply), Page)
        if stream not in {number for number, _seq, _mark in page.at}:
            return None
        for place in page.rows:
            for entry in place.row.entries:
                _fold(book, documents, entry.kind, entry)
        at = next(((seq, mark) for number, seq, mark in page.at if number == stream), at)
        if not page.left:
            break
        until = "&until=" + ".".join(f"{number}:{seq}" for number, seq in page.until)
    return documents, at[0], at[1]


def _snapshot(book: Book, stream: int) -> Generator[Request, Reply, tuple[Documents, tuple[int, str]]]:
    fetched = yield from download.fetch(book, stream, lambda *_progress: None)
    if fetched is None:
        raise SyncError("snapshot_not_ready", _("Head office is still preparing what it holds."), wait=10)
    path, tag = fetched
    with opened(path, stream, tag.seq, tag.mark) as snapshot:
        snapshot.require_sound()
        batches = [batch.kinds for batch in snapshot.batches(book)]
    download.forget(book, stream)
    documents = {
        record: (kind, values) for kinds in batches for kind, found in kinds.items() for record, values in found.items()
    }
    return documents, (tag.seq, tag.mark)


def _fold(book: Book, documents: Documents, kind: str, entry: Any) -> None:
    if entry.op == "leave":
        documents.pop(entry.record, None)
        return
    if entry.op == "update" and entry.record not in documents:
        raise Untrue(f"a change of {entry.record}, which was never added")
    before = documents[entry.record][1] if entry.op == "update" else {}
    values = checked(book.fields(kind), entry) if kind in KINDS else entry.fields
    documents[entry.record] = (kind, {name: v for name, v in {**before, **values}.items() if v is not None})


def replace(book: Book, stream: int, documents: Documents, seq: int, mark: str) -> None:
    """Has the book hold ``documents`` of ``stream``, and nothing else of it but what waits to be sent."""
    with book.transaction() as connection:
        landing = Landing(book, connection)
        for kind, record in _held(book, landing, stream):
            if record not in documents:
                landing.replace(stream, kind, record, None)
        connection.execute("DELETE FROM stranger WHERE stream = ?", (stream,))
        for record, (kind, values) in documents.items():
            landing.replace(stream, kind, record, values)
        reach(connection, [(stream, seq, mark)])
        compare(connection, SOON)
        connection.execute("DELETE FROM page")
        landing.settle_landed(stream)
        landing.close()
    tell(book, landing.kinds)


def _held(book: Book, landing: Landing, stream: int) -> list[tuple[str, str]]:
    """Kind and id of all records that head office held in ``stream`` when last heard."""
    found: dict[tuple[str, str], None] = dict.fromkeys(landing.overlay.of_stream(stream))
    for kind in KINDS:
        rows = book.rows(f'SELECT id FROM "{kind}" WHERE stream = ?', (stream,))
        found.update(dict.fromkeys((kind, row[0]) for row in rows))
    return list(found)
