"""Down: what head office has put into the logs of the user's streams comes into the book."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import TYPE_CHECKING

from sfa.i18n import _
from sfa.sync import bootstrap, outbox, rebase
from sfa.sync.cursors import follow
from sfa.sync.landing import Landing
from sfa.sync.messages import Page, Problem, decode
from sfa.sync.outbox import set_meta
from sfa.sync.parting import part_stream
from sfa.sync.steps import Reply, Report, Request, Restart, Result, accepted, decoded, problem_of, tell
from sfa.sync.strictness import Untrue

if TYPE_CHECKING:
    from sfa.store.book import Book


def pull(book: Book, result: Result, report: Report) -> Generator[Request, Reply, bool]:
    """Fetches and takes in what is new; whether rights changed, and more may be to be had.

    Raises ``Restart``, ``SyncError`` or ``Untrue``.
    """
    staged = _staged_position(book)
    until = ""
    fetched = 0
    while True:
        at = ".".join(f"{number}:{seq}:{known}" for number, (seq, known) in {**_cursors(book), **staged}.items())
        reply = yield Request("GET", f"/v1/pull?at={at}&acl={book.meta('acl') or 0}{until}")
        if reply.status == 204:
            _take_in(book, None, result)
            return False
        if reply.status in (409, 410):
            problem = problem_of(reply)
            if problem.code in ("history_changed", "below_floor"):
                raise Restart(rebase.rebase, problem, result)
        page = decoded(accepted(reply), Page)
        if page.streams is not None:
            fetched_anew = yield from bootstrap.load(book, page.streams, report)
            _take_rights(book, page)
            result.received += fetched_anew
            return True
        fetched += len(page.rows)
        report("pull", fetched, fetched + page.left)
        if not page.left:
            _take_in(book, page, result)
            return False
        if not page.rows:
            raise Untrue("a page without rows that is not the last")
        with book.transaction() as connection:
            connection.execute("INSERT INTO page (body) VALUES (?)", (reply.body,))
        staged = {stream: (seq, known) for stream, seq, known in page.at}
        until = "&until=" + ".".join(f"{stream}:{seq}" for stream, seq in page.until)


def _staged_position(book: Book) -> dict[int, tuple[int, str]]:
    """How far the pages reach that wait for the rest of their pull."""
    body = book.value("SELECT body FROM page ORDER BY n DESC LIMIT 1")
    return {stream: (seq, known) for stream, seq, known in decode(body, Page).at} if body else {}


def _take_in(book: Book, last: Page | None, result: Result) -> None:
    """Takes in a pull that has come to its end. Raises ``Restart`` where an own action that was taken is not in it."""
    missing = _take_pages(book, last, result)
    if missing:
        problem = Problem("history_changed", _("Head office was put back to an older state."), stream=missing)
        raise Restart(rebase.rebase, problem, result)


def _take_pages(book: Book, last: Page | None, result: Result) -> int:
    """Takes in all pages of a pull, and how far they reach, in one transaction.

    Gives a stream from which a row is missing that head office said is there.
    """
    numbers = [row[0] for row in book.rows("SELECT n FROM page ORDER BY n")]
    if last is None and not numbers and not book.value(f"SELECT 1 FROM outgoing WHERE {outbox.JUDGED} LIMIT 1"):
        return 0
    with book.transaction() as connection:
        landing = Landing(book, connection)
        at = _cursors(book)
        for page in _pages(book, numbers, last):
            _follow_on(at, page)
            landing.foresee(page.rows)
        for page in _pages(book, numbers, last):
            landing.land(page.rows)
        connection.executemany(
            "UPDATE stream SET seq = ?, mark = ? WHERE number = ?", [(*position, n) for n, position in at.items()]
        )
        missing = landing.settle_landed()
        connection.execute("DELETE FROM page")
        landing.close()
    result.received += landing.records
    tell(book, landing.kinds)
    return missing


def _cursors(book: Book) -> dict[int, tuple[int, str]]:
    """How far the book follows each stream: position and mark."""
    return {row[0]: (row[1], row[2]) for row in book.rows("SELECT number, seq, mark FROM stream")}


def _follow_on(at: dict[int, tuple[int, str]], page: Page) -> None:
    """Moves ``at`` on by a page. Raises ``Restart`` unless its rows follow without a gap on what the book has.

    They do not where another program has taken them in meanwhile, or head office does not say the truth.
    """
    for place in page.rows:
        if at.get(place.stream, (-1, ""))[0] != place.seq - 1:
            raise Restart(drop_pages)
        at[place.stream] = (place.seq, "")
    if any(at.get(stream, (0, ""))[0] != seq for stream, seq, _mark in page.at):
        raise Restart(drop_pages)
    at.update({stream: (seq, mark) for stream, seq, mark in page.at})


def drop_pages(book: Book) -> Generator[Request, Reply, None]:
    """Forgets the pages that were put aside; the next pull starts from what the book has."""
    with book.transaction() as connection:
        connection.execute("DELETE FROM page")
    yield from ()


def _pages(book: Book, numbers: Sequence[int], last: Page | None) -> Iterator[Page]:
    for number in numbers:
        yield decode(book.value("SELECT body FROM page WHERE n = ?", (number,)), Page)
    if last is not None:
        yield last


def _take_rights(book: Book, page: Page) -> None:
    """Follows the streams that the user may see now; what he may not goes, with everything that was in it."""
    streams = page.streams or []
    kinds: set[str] = set()
    with book.transaction() as connection:
        connection.execute("DELETE FROM page")
        numbers = {info.number for info in streams}
        revoked = [row[0] for row in book.rows("SELECT number FROM stream") if row[0] not in numbers]
        for number in revoked:
            kinds |= part_stream(book, connection, number)
        follow(connection, streams)
        home = next((info for info in streams if info.home), None)
        set_meta(connection, acl=page.acl, home=home.id if home and home.kind == "territory" else "")
        landing = Landing(book, connection)
        landing.settle_landed()
        landing.close()
    if revoked:
        outbox.scrub(book, kinds)
    tell(book, kinds | landing.kinds)
