"""Up: the laptop's own actions go to head office, and how it judged each is taken in."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sfa.i18n import _
from sfa.locales import now
from sfa.store.columns import dumps
from sfa.sync import outbox, rebase
from sfa.sync.codec import standing
from sfa.sync.landing import Landing
from sfa.sync.messages import Answer, Push, Pushed, encode
from sfa.sync.outbox import Sealed
from sfa.sync.steps import Reply, Report, Request, Restart, Result, accepted, decoded, problem_of, tell
from sfa.sync.strictness import Untrue

if TYPE_CHECKING:
    from sfa.store.book import Book

SEND_BYTES = 6_500_000
"""The size from which on a push is closed."""
UNREADABLE = frozenset({"invalid_action", "too_large"})


def push(book: Book, result: Result, report: Report) -> Generator[Request, Reply, bool]:
    """Sends what waits, and takes in the answers; whether that leaves nothing to fetch, and the sync is noted.

    Raises ``Restart`` or ``SyncError``.
    """
    done = 0
    level = False
    while True:
        with book.transaction() as connection:
            outbox.freeze(book, connection)
        batches = list(_batches(outbox.sealed(book)))
        if not batches:
            return level
        for sealed, parts in batches:
            body = Push(book.meta("server_id"), sealed[0].before, _raw(parts))
            reply = yield Request("POST", "/v1/push", encode(body))
            if reply.status >= 400:
                _require_known_refusal(book, reply, {one.action for one in sealed}, result)
            pushed = decoded(accepted(reply), Pushed)
            _take_answers(book, {one.action for one in sealed}, pushed, result)
            level = _is_level(book, pushed)
            done += len(pushed.answers)
            report("push", done, done + outbox.waiting(book))


def _is_level(book: Book, pushed: Pushed) -> bool:
    """Whether the book stands where all of the user's logs stand, with nothing put aside to be taken in."""
    if book.value(f"SELECT 1 FROM page UNION ALL SELECT 1 FROM outgoing WHERE {outbox.JUDGED} LIMIT 1"):
        return False
    places = book.rows("SELECT number, seq, mark FROM stream")
    return pushed.standing == standing(int(book.meta("acl") or 0), places)


def _require_known_refusal(book: Book, reply: Reply, asked: set[int], result: Result) -> None:
    """Starts over where that puts a push right that was refused as a whole.

    An action that head office cannot even read is set aside as refused: it must not keep back what follows it.
    """
    problem = problem_of(reply)
    if problem.code in UNREADABLE and problem.n in asked:
        answer = Answer(problem.n, "rejected", code=problem.code, reason=problem.reason)
        _take_answers(book, asked, Pushed([answer], [], []), result)
    if problem.code == "client_forked" or (problem.code in UNREADABLE and problem.n in asked):
        raise Restart(rebase.renew, result)
    if problem.code == "parts_missing":
        raise Restart(_again)


def _again(_book: Book) -> Generator[Request, Reply, None]:
    """Nothing is to be put right; what was not judged is sent once more."""
    yield from ()


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
        _take_off(book, landing, [answer for answer in pushed.answers if answer.outcome == "rejected"])
        at = {row[0]: (row[1], row[2]) for row in book.rows("SELECT number, seq, mark FROM stream")}
        simple = _followed_on(at, pushed)
        for answer in pushed.answers:
            result.sent[answer.outcome] = result.sent.get(answer.outcome, 0) + 1
            if simple and answer.at:
                landing.taken(answer.n, answer.at[0][0])
                connection.execute("DELETE FROM outgoing WHERE action = ?", (answer.n,))
                continue
            ahead = [place for place in answer.at if place[1] > at.get(place[0], (0, ""))[0]]
            connection.execute(
                "UPDATE outgoing SET outcome = ?, places = ?, code = ?, reason = ?, field = ? WHERE action = ?",
                (answer.outcome, dumps(ahead), answer.code, answer.reason, answer.field, answer.n),
            )
        if simple:
            connection.executemany(
                "UPDATE stream SET seq = ?, mark = ? WHERE number = ?",
                [(seq, mark, n) for n, seq, mark in pushed.after],
            )
        landing.close()
        if _is_level(book, pushed):  # then the sync ends here, and costs the disk no further commit
            outbox.set_meta(connection, synced_at=now())
    tell(book, landing.kinds)


def _take_off(book: Book, landing: Landing, refused: Sequence[Answer]) -> None:
    """Takes the effects of refused actions off the book; to be called while they still count as waiting."""
    for answer in refused:
        title = book.value("SELECT title FROM outgoing WHERE action = ?", (answer.n,))
        landing.settle([answer.n], _("Head office refused: {title}").format(title=title))


def _followed_on(at: Mapping[int, tuple[int, str]], pushed: Pushed) -> bool:
    """Whether this laptop had all that came before its own actions, which were taken as they were just now."""
    begun = {stream: seq for stream, seq, _mark in pushed.before}
    return all(at.get(stream) == (seq, mark) for stream, seq, mark in pushed.before) and all(
        answer.outcome in ("applied", "rejected")
        and len(answer.at) <= 1
        and all(seq > begun.get(stream, seq) for stream, seq in answer.at)
        for answer in pushed.answers
    )
