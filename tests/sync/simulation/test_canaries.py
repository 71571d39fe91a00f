"""Known ways to lose work, built into the real code: the simulator finds each of them."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sfa.locales import now
from sfa.store.book import Book
from sfa.sync import client, outbox, pulling, pushing
from sfa.sync.codec import chained
from sfa.sync.landing import Landing
from sfa.sync.messages import Action, Page, Pushed, decode, encode
from sfa.sync.outbox import Sealed
from sfa.sync.steps import Report, Result, tell
from tests.sync.simulation.world import Broken, run

LIMIT = 150
"""Seeds within which each canary dies."""


def found() -> str:
    """What the first seed that fails says."""
    for seed in range(LIMIT):
        try:
            run(seed)
        except Broken as broken:
            return broken.what
    return ""


def test_an_outbox_whose_counter_restarts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers begin again at 1 whenever nothing waits, as row numbers of an emptied table do."""
    seal, take = outbox.seal, pushing._take_answers

    def restarted(book: Book, connection: Any, number: int, before: str) -> str:
        seal(book, connection, number, before)
        waiting = book.value("SELECT count(*) FROM outgoing WHERE outcome IS NOT 'rejected'")
        parts = [encode(msgspec.structs.replace(part, n=waiting)) for part in _parts(book, number)]
        chain = chained(before, parts)
        values = (b"\n".join(parts).decode(), chain, number)
        connection.execute("UPDATE outgoing SET parts = ?, chain = ? WHERE action = ?", values)
        return chain

    def _parts(book: Book, number: int) -> Iterator[Action]:
        text = book.value("SELECT parts FROM outgoing WHERE action = ?", (number,))
        return (decode(part, Action) for part in text.encode().split(b"\n"))

    def translated(book: Book, asked: set[int], pushed: Pushed, result: Result) -> None:
        numbers = {next(_parts(book, number)).n: number for number in sorted(asked)}
        answers = [msgspec.structs.replace(one, n=numbers.get(one.n, one.n)) for one in pushed.answers]
        take(book, asked, msgspec.structs.replace(pushed, answers=answers), result)

    monkeypatch.setattr(outbox, "seal", restarted)
    monkeypatch.setattr(pushing, "_take_answers", translated)
    assert found()


def test_a_retry_that_does_not_send_what_was_sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed, sent = outbox.sealed, set[tuple[Path, str]]()

    def written_anew(book: Book) -> Iterator[Sealed]:
        for one in sealed(book):
            actions = [decode(part, Action) for part in one.parts]
            again = (book.path, actions[0].id) in sent
            sent.add((book.path, actions[0].id))
            anew = [encode(msgspec.structs.replace(action, at=now())) for action in actions]
            yield one._replace(parts=anew if again else one.parts)

    monkeypatch.setattr(outbox, "sealed", written_anew)
    assert found()


def test_a_cursor_committed_before_its_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    def in_two_transactions(book: Book, last: Page | None, result: Result) -> int:
        pages = [*pulling._pages(book, [row[0] for row in book.rows("SELECT n FROM page ORDER BY n")], last)]
        with book.transaction() as connection:
            at = pulling._cursors(book)
            for page in pages:
                pulling._follow_on(at, page)
            positions = [(*position, number) for number, position in at.items()]
            connection.executemany("UPDATE stream SET seq = ?, mark = ? WHERE number = ?", positions)
            connection.execute("DELETE FROM page")
        with book.transaction() as connection:
            landing = Landing(book, connection)
            for page in pages:
                landing.foresee(page.rows)
            for page in pages:
                landing.land(page.rows)
            missing = landing.settle_landed()
            landing.close()
        tell(book, landing.kinds)
        return missing

    monkeypatch.setattr(pulling, "_take_pages", in_two_transactions)
    assert found()


def test_a_pull_that_meets_own_actions_whose_fate_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pulling first, and taking what comes for somebody else's."""
    push, pull, begin = pushing.push, pulling.pull, Landing.__init__

    def pull_first(book: Book, result: Result, report: Report) -> Generator[Any, Any, bool]:
        yield from pull(book, result, report)
        return False

    def push_then(book: Book, result: Result, report: Report) -> Generator[Any, Any, bool]:
        yield from push(book, result, report)
        return False

    def unknowing(self: Landing, book: Book, connection: Any) -> None:
        begin(self, book, connection)
        self._own = {}

    monkeypatch.setattr(client, "push", pull_first)
    monkeypatch.setattr(client, "pull", push_then)
    monkeypatch.setattr(Landing, "__init__", unknowing)
    assert found()
