"""One reconciliation with head office: what was done here goes up, what was done elsewhere comes down.

``sync`` is a generator that asks for requests to be made and is sent their replies; so whoever drives it decides how,
and the tests decide what goes wrong at each of them. Between two requests nothing is open: every step is one
transaction, and the program may end at any point. Pushing comes first, always; then a pull never meets an action whose
fate is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from sfa.errors import UserError
from sfa.i18n import _
from sfa.locales import now
from sfa.store.columns import dumps, loads
from sfa.sync import bootstrap, outbox, rebase
from sfa.sync.landing import Landing
from sfa.sync.messages import Answer, Page, Problem, Push, Pushed, StreamInfo, decode, encode
from sfa.sync.outbox import Sealed, set_meta
from sfa.sync.parting import part_stream
from sfa.sync.strictness import Untrue

if TYPE_CHECKING:
    from sqlcipher3.dbapi2 import Connection

    from sfa.store.book import Book

SEND_BYTES = 6_500_000
"""The size from which on a push is closed."""
JUDGED = "outcome IN ('applied', 'merged', 'conflict')"
ROUNDS = 5
"""How often one sync starts over, when rights changed or a log was put back meanwhile."""


class Request(NamedTuple):
    """What head office is to be asked."""

    method: str
    path: str
    body: bytes = b""
    renews: bool = False
    """The reply is a ``Welcome``, whose token is to be kept."""


class Reply(NamedTuple):
    """What it answered; the body unpacked."""

    status: int
    body: bytes = b""


class SyncError(UserError):
    """Why a sync ended early; nothing is lost, and the next one goes on from here. ``code`` as head office said it.

    ``wait``: seconds that head office wants to be left alone.
    """

    def __init__(self, code: str, message: str, hint: str = "", wait: float = 0) -> None:
        super().__init__(message, hint)
        self.code, self.wait = code, wait


@dataclass
class Result:
    """What a sync did: own actions by outcome, and how many records came."""

    sent: dict[str, int] = field(default_factory=dict)
    received: int = 0
    renewed: bool = False


Steps = Generator[Request, Reply, Result]
Report = Callable[[str, int, int], None]
"""Told how it goes: ``push`` or ``pull``, how much is done, and of how much."""


def sync(book: Book, report: Report = lambda *_progress: None) -> Steps:
    """Reconciles ``book`` with its head office. Raises ``SyncError``, ``Untrue`` or ``BookError``."""
    if not book.meta("server"):
        raise SyncError("alone", _("This book belongs to no head office."), _("sfa login URL joins it to one."))
    result = Result()
    for _round in range(ROUNDS):
        try:
            yield from _push(book, result, report)
            again = yield from _pull(book, result, report)
        except Restart as restart:
            yield from restart.then(book, *restart.arguments)
            continue
        if not again and not outbox.waiting(book):
            break
    with book.transaction() as connection:
        set_meta(connection, synced_at=now())
    return result


class Restart(Exception):
    """Something must be put right before a sync can go on."""

    def __init__(self, then: Callable[..., Generator[Request, Reply, None]], *arguments: Any) -> None:
        super().__init__()
        self.then, self.arguments = then, arguments


# Up


def _push(book: Book, result: Result, report: Report) -> Generator[Request, Reply, None]:
    done = 0
    while True:
        with book.transaction() as connection:
            outbox.freeze(book, connection)
        batches = list(_batches(outbox.sealed(book)))
        if not batches:
            return
        for sealed, parts in batches:
            push = Push(book.meta("server_id"), sealed[0].before, _raw(parts))
            reply = yield Request("POST", "/v1/push", encode(push))
            if reply.status == 409 and _problem(reply).code == "client_forked":
                raise Restart(_renew, result)
            pushed = _decoded(_accepted(reply), Pushed)
            _take_answers(book, {one.action for one in sealed}, pushed, result)
            done += len(pushed.answers)
            report("push", done, done + outbox.waiting(book))


def _raw(parts: Sequence[bytes]) -> list[Any]:
    from msgspec import Raw

    return [Raw(part) for part in parts]


def _batches(sealed: Iterator[Sealed]) -> Iterator[tuple[list[Sealed], list[bytes]]]:
    """What goes into one request each: actions (each at least begun before), and the bytes of their parts."""
    actions: list[Sealed] = []
    parts: list[bytes] = []
    size = 0
    for one in sealed:
        for part in one.parts:
            if parts and (size + len(part) > SEND_BYTES or len(parts) >= outbox.BATCH):
                yield actions, parts
                actions, parts, size = [], [], 0
            if one not in actions[-1:]:
                actions.append(one)
            parts.append(part)
            size += len(part)
    if parts:
        yield actions, parts


def _take_answers(book: Book, asked: set[int], pushed: Pushed, result: Result) -> None:
    """Writes down how own actions were judged, and takes off the book what was refused, in one transaction."""
    if not {answer.n for answer in pushed.answers} <= asked:
        raise Untrue("answers to what was not asked")
    with book.transaction() as connection:
        landing = Landing(book, connection)
        refused: list[Answer] = []
        simple = _followed_on(book, pushed)
        for answer in pushed.answers:
            result.sent[answer.outcome] = result.sent.get(answer.outcome, 0) + 1
            if answer.outcome == "applied" and (simple or not answer.at) and len(answer.at) <= 1:
                landing.taken(answer.n, answer.at[0][0] if answer.at else 0)
                connection.execute("DELETE FROM outgoing WHERE action = ?", (answer.n,))
                continue
            if answer.outcome == "rejected":
                refused.append(answer)
            connection.execute(
                "UPDATE outgoing SET outcome = ?, places = ?, code = ?, reason = ?, field = ? WHERE action = ?",
                (answer.outcome, dumps(answer.at), answer.code, answer.reason, answer.field, answer.n),
            )
        if simple:
            connection.executemany(
                "UPDATE stream SET seq = ?, mark = ? WHERE number = ?",
                [(seq, mark, n) for n, seq, mark in pushed.after],
            )
        for answer in refused:
            title = book.value("SELECT title FROM outgoing WHERE action = ?", (answer.n,))
            landing.settle([answer.n], _("Head office refused: {title}").format(title=title))
        landing.close()
    _tell(book, landing.kinds)


def _followed_on(book: Book, pushed: Pushed) -> bool:
    """Whether this laptop had all that came before its own actions, which were taken as they were."""
    at = dict(book.rows("SELECT number, seq FROM stream"))
    return all(at.get(stream) == seq for stream, seq in pushed.before) and all(
        answer.outcome in ("applied", "rejected") and len(answer.at) <= 1 for answer in pushed.answers
    )


# Down


def _pull(book: Book, result: Result, report: Report) -> Generator[Request, Reply, bool]:
    """Fetches and takes in what is new; whether rights changed, and more may be to be had."""
    staged = _staged_position(book)
    until = ""
    fetched = 0
    while True:
        cursors = {row[0]: (row[1], row[2]) for row in book.rows("SELECT number, seq, mark FROM stream")}
        at = ".".join(f"{n}:{seq}:{mark}" for n, (seq, mark) in {**cursors, **staged}.items())
        reply = yield Request("GET", f"/v1/pull?at={at}&acl={book.meta('acl') or 0}{until}")
        if reply.status == 204:
            _take_pages(book, None, result)
            return False
        if reply.status in (409, 410):
            problem = _problem(reply)
            if problem.code in ("history_changed", "below_floor"):
                raise Restart(rebase.rebase, problem)
        page = _decoded(_accepted(reply), Page)
        if page.streams is not None:
            fetched_anew = yield from bootstrap.load(book, page.streams, report)
            _take_rights(book, page)
            result.received += fetched_anew
            return True
        fetched += len(page.rows)
        report("pull", fetched, fetched + page.left)
        if not page.left:
            _take_pages(book, page, result)
            return False
        if not page.rows:
            raise Untrue("a page without rows that is not the last")
        with book.transaction() as connection:
            connection.execute("INSERT INTO page (body) VALUES (?)", (reply.body,))
        staged = {stream: (seq, mark) for stream, seq, mark in page.at}
        until = "&until=" + ".".join(f"{stream}:{seq}" for stream, seq in page.until)


def _staged_position(book: Book) -> dict[int, tuple[int, str]]:
    """How far the pages reach that wait for the rest of their pull."""
    body = book.value("SELECT body FROM page ORDER BY n DESC LIMIT 1")
    return {stream: (seq, mark) for stream, seq, mark in decode(body, Page).at} if body else {}


def _take_pages(book: Book, last: Page | None, result: Result) -> None:
    """Takes in all pages of a pull, and how far they reach, in one transaction."""
    numbers = [row[0] for row in book.rows("SELECT n FROM page ORDER BY n")]
    if last is None and not numbers and not book.value(f"SELECT 1 FROM outgoing WHERE {JUDGED} LIMIT 1"):
        return
    with book.transaction() as connection:
        landing = Landing(book, connection)
        at: dict[int, tuple[int, str]] = {}
        for page in _pages(book, numbers, last):
            landing.foresee(page.rows)
        for page in _pages(book, numbers, last):
            landing.land(page.rows)
            at.update({stream: (seq, mark) for stream, seq, mark in page.at})
        connection.executemany(
            "UPDATE stream SET seq = ?, mark = ? WHERE number = ?", [(seq, mark, n) for n, (seq, mark) in at.items()]
        )
        _settle(book, connection, landing)
        connection.execute("DELETE FROM page")
        landing.close()
    result.received += landing.records
    _tell(book, landing.kinds)


def _pages(book: Book, numbers: Sequence[int], last: Page | None) -> Iterator[Page]:
    for number in numbers:
        yield decode(book.value("SELECT body FROM page WHERE n = ?", (number,)), Page)
    if last is not None:
        yield last


def _settle(book: Book, connection: Connection, landing: Landing) -> None:
    """Own actions whose rows have all come no longer wait."""
    at = dict(book.rows("SELECT number, seq FROM stream"))
    rows = book.rows(f"SELECT action, places FROM outgoing WHERE {JUDGED}")
    landed = [row[0] for row in rows if all(at.get(stream, seq) >= seq for stream, seq in loads(row[1]))]
    if landed:
        landing.settle(landed)
        connection.executemany("DELETE FROM outgoing WHERE action = ?", [(number,) for number in landed])


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
        _settle(book, connection, landing)
        landing.close()
    if revoked:
        outbox.scrub(book, kinds)
    _tell(book, kinds | landing.kinds)


def follow(connection: Connection, streams: Sequence[StreamInfo]) -> None:
    """Notes the streams that the user may see; those that are new from their beginning."""
    connection.executemany(
        "INSERT INTO stream (number, id, kind, name, role, home) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (number)"
        " DO UPDATE SET id = excluded.id, name = excluded.name, role = excluded.role, home = excluded.home",
        [(info.number, info.id, info.kind, info.name, info.role, int(info.home)) for info in streams],
    )


def _tell(book: Book, kinds: set[str]) -> None:
    if kinds:
        for listener in tuple(book.listeners):
            listener(frozenset(kinds))


# A laptop that is not the one it was


def _renew(book: Book, result: Result) -> Generator[Request, Reply, None]:
    """This book is a copy, or was put back to an older state: it becomes a laptop of its own, and sends what waits."""
    reply = yield Request("POST", "/v1/renew", renews=True)
    rebase.become(book, _accepted(reply))
    result.renewed = True


# What replies say


def _problem(reply: Reply) -> Problem:
    try:
        return decode(reply.body, Problem)
    except ValueError:
        return Problem("unavailable", _("Head office answered {status}.").format(status=reply.status))


def _accepted(reply: Reply) -> bytes:
    """The body of a reply that says yes. Raises ``SyncError``."""
    if 200 <= reply.status < 300:
        return reply.body
    problem = _problem(reply)
    raise SyncError(problem.code, _("Head office: {reason}").format(reason=problem.reason))


def _decoded(body: bytes, form: type[Any]) -> Any:
    try:
        return decode(body, form)
    except ValueError as error:
        raise Untrue(str(error)) from None
