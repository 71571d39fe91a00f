"""When a laptop cannot just go on from where it stood: it is a copy, head office was put back, or a log starts later.

Nothing that was done on the laptop is lost by any of it: what waits goes on waiting, on top of what head office holds.
"""

from __future__ import annotations

from collections.abc import Generator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sfa.locales import now, to_instant, to_local
from sfa.models import KINDS
from sfa.models.fields import Value
from sfa.sync.codec import chained
from sfa.sync.landing import Landing
from sfa.sync.messages import Page, Problem, Welcome
from sfa.sync.outbox import OWN, set_meta
from sfa.sync.steps import Request, accepted, decoded, tell
from sfa.sync.strictness import Untrue, checked

if TYPE_CHECKING:
    from sfa.store.book import Book

KEPT = timedelta(days=30)
"""How long after they were done own actions are sent once more to a head office that was put back."""
Steps = Generator[Any, Any, None]
Documents = dict[str, tuple[str, dict[str, Value]]]
"""Record → its kind and values."""


def become(book: Book, body: bytes) -> None:
    """Makes this book the laptop that head office has just enrolled (``body``: a ``Welcome``); chains anew what waits."""
    welcome = decoded(body, Welcome)
    with book.transaction() as connection:
        chain = ""
        for number, parts in book.rows("SELECT action, parts FROM outgoing WHERE outcome IS NULL ORDER BY action"):
            before, chain = chain, chained(chain, parts.encode().split(b"\n"))
            connection.execute("UPDATE outgoing SET before = ?, chain = ? WHERE action = ?", (before, chain, number))
        set_meta(connection, device=welcome.device, chain=chain)


def rebase(book: Book, problem: Problem) -> Steps:
    """Starts over in one stream: from what head office holds of it now, with everything of one's own on top."""
    if problem.code == "history_changed":
        reply = yield Request("POST", "/v1/renew", renews=True)
        become(book, accepted(reply))
        _send_again(book)
    yield from reload(book, problem.stream)


def _send_again(book: Book) -> None:
    """Has own actions of the last weeks wait once more: a head office that was put back may have lost them."""
    since = to_instant(to_local(now(), "UTC") - KEPT)
    with book.transaction() as connection:
        first = book.value(f"SELECT min(n) FROM action WHERE {OWN} AND at >= ?", (since,))
        if first is not None:
            connection.execute("DELETE FROM outgoing WHERE outcome IS NOT 'rejected'")
            set_meta(connection, pushed=min(int(book.meta("pushed") or 0), first - 1), chain="")
        connection.execute("DELETE FROM page")


def reload(book: Book, stream: int) -> Steps:
    """Brings everything that lives in ``stream`` to what head office holds of it, read from the log's beginning."""
    documents: Documents = {}
    at, until = (0, ""), ""
    while True:
        path = f"/v1/pull?at={stream}:{at[0]}:{at[1]}&acl={book.meta('acl') or 0}{until}"
        reply = yield Request("GET", path)
        if reply.status == 204:
            break
        page = decoded(accepted(reply), Page)
        if page.streams is not None:
            return  # rights changed; the next round tells what is left to do
        for place in page.rows:
            for entry in place.row.entries:
                _fold(book, documents, entry.kind, entry)
        at = next(((seq, mark) for number, seq, mark in page.at if number == stream), at)
        if not page.left:
            break
        until = "&until=" + ".".join(f"{number}:{seq}" for number, seq in page.until)
    replace(book, stream, documents, *at)


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
        for kind in KINDS:
            rows = connection.execute(f'SELECT id FROM "{kind}" WHERE stream = ?', (stream,)).fetchall()
            for (record,) in rows:
                if record not in documents:
                    landing.replace(stream, kind, record, None)
        for record, (kind, values) in documents.items():
            if kind in KINDS:
                landing.replace(stream, kind, record, values)
        connection.execute("UPDATE stream SET seq = ?, mark = ? WHERE number = ?", (seq, mark, stream))
        connection.execute("DELETE FROM page")
        landing.settle_landed()
        landing.close()
    tell(book, landing.kinds)
