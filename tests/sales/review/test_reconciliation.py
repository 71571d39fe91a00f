"""Opening + changes = closing, whatever was done in between and whatever part is looked at."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sfa.errors import SfaError
from sfa.sales import edit, merge, pipeline
from sfa.sales.review import moments
from sfa.sales.review.bridge import Bridge, Scope
from sfa.sales.review.moments import Moment
from sfa.sales.review.summary import review
from sfa.store.book import Book
from sfa.store.undo import redo, undo
from tests.sales.makers import make

Standing = dict[tuple[str, str, str], tuple[int, int]]  # owner, pipeline, currency → deals, amount
OPEN = """SELECT coalesce(owner, ''), pipeline, coalesce(currency, 'USD'), count(*), coalesce(sum(amount), 0)
    FROM opportunity WHERE deleted_at IS NULL AND closed_at IS NULL GROUP BY 1, 2, 3"""
DEEDS = (
    "new", "import", "amount", "currency", "close_date", "stage", "owner", "pipeline", "won", "lost", "delete",
    "restore", "merge", "undo", "redo", "mark",
)  # fmt: skip
HISTORIES = st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 10**6)), min_size=15, max_size=60)


def other_pipeline(book: Book) -> str:
    id = make(book, "pipeline", name="Renewals", position=2)
    for position, (name, type) in enumerate((("Talking", "Open"), ("Renewed", "Won"), ("Ended", "Lost")), 1):
        make(book, "stage", pipeline=id, name=name, position=position, type=type, probability=50)
    return id


class Teller:
    """Does what a history says with a book; what cannot be done is left out."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.users = [book.user, make(book, "user", name="Tom Two")]
        self.pipelines = [str(book.value("SELECT id FROM pipeline")), other_pipeline(book)]
        self.stages = [row[0] for row in book.rows("SELECT id FROM stage WHERE type = 'Open'")]
        self.reason = str(book.value("SELECT id FROM loss_reason"))
        self.marks: list[tuple[Moment, Standing]] = []

    def do(self, deed: str, dice: int) -> None:
        try:
            self._do(deed, dice)
        except SfaError:
            return

    def _do(self, deed: str, dice: int) -> None:
        book, ids = self.book, [row[0] for row in self.book.rows("SELECT id FROM opportunity ORDER BY n")]
        chosen = ids[dice % len(ids)] if ids else ""
        if deed == "mark":
            self.mark()
        elif deed in ("new", "import"):
            self._add(dice, 1 if deed == "new" else 3)
        elif deed == "undo":
            undo(book)
        elif deed == "redo":
            redo(book)
        elif not chosen:
            return
        elif deed == "won":
            pipeline.close_won(book, chosen)
        elif deed == "lost":
            pipeline.close_lost(book, [chosen], self.reason)
        elif deed == "merge":
            merge.merge(book, "opportunity", chosen, [ids[(dice + 1) % len(ids)]])
        elif deed in ("delete", "restore"):
            with book.change(deed, "screen") as change:
                getattr(change, deed)("opportunity", chosen)
        else:
            self._edit(deed, chosen, dice)

    def _add(self, dice: int, count: int) -> None:
        with self.book.change("Added", "import") as change:
            for number in range(count):
                values: dict[str, Any] = {"name": f"Deal {dice}", "owner": self.users[dice % 2]}
                if (dice + number) % 3:
                    values |= {"amount": dice % 977, "currency": ("EUR", "USD", "JPY")[dice % 3]}
                if (dice + number) % 5 == 0:
                    values["created_at"] = "2020-01-01T00:00:00Z"
                edit.create(change, "opportunity", values)

    def _edit(self, deed: str, id: str, dice: int) -> None:
        value: Any = {
            "amount": dice % 1009,
            "currency": ("EUR", "USD", "JPY")[dice % 3],
            "close_date": f"2026-12-{dice % 28 + 1:02}",
            "stage": self.stages[dice % len(self.stages)],
            "owner": self.users[dice % 2],
            "pipeline": self.pipelines[dice % 2],
        }[deed]
        with self.book.change("Changed", "screen") as change:
            edit.edit(change, "opportunity", id, {deed: value})

    def mark(self) -> None:
        standing = {(row[0], row[1], row[2]): (row[3], row[4]) for row in self.book.rows(OPEN)}
        self.marks.append((moments.present(self.book), standing))


def within(standing: Standing, scope: Scope) -> tuple[int, dict[str, int]]:
    """How many deals a scope holds, and their sums."""
    count, sums = 0, dict[str, int]()
    for (owner, place, currency), (deals, amount) in standing.items():
        if (scope.owners is None or owner in scope.owners) and scope.pipeline in (None, place):
            count, sums[currency] = count + deals, sums.get(currency, 0) + amount
    return count, nonzero(sums)


def nonzero(sums: dict[str, int]) -> dict[str, int]:
    return {currency: amount for currency, amount in sums.items() if amount}


def require_exact(bridge: Bridge, before: Standing, after: Standing, scope: Scope) -> None:
    assert (bridge.opening.count, nonzero(bridge.opening.sums)) == within(before, scope)
    assert (bridge.closing.count, nonzero(bridge.closing.sums)) == within(after, scope)
    total = dict(bridge.opening.sums)
    for line in bridge.lines:
        for currency, amount in line.sums.items():
            total[currency] = total.get(currency, 0) + amount
    assert nonzero(total) == nonzero(bridge.closing.sums)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=HISTORIES)
def test_opening_and_changes_make_the_closing(history: list[tuple[str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder, patch.dict(os.environ):
        book = Book.create(Path(folder) / "book.sfa", "Rita Rep")
        teller = Teller(book)
        teller.mark()
        for number, (deed, dice) in enumerate(history):
            os.environ["SFA_NOW"] = f"2026-11-19T{number // 60:02}:{number % 60:02}:00Z"
            teller.do(deed, dice)
        teller.mark()
        scopes = [Scope(), *(Scope(frozenset({user})) for user in teller.users), Scope(None, teller.pipelines[1])]
        pairs = zip(teller.marks, teller.marks[1:], strict=False)
        for (since, before), (until, after) in [*pairs, (teller.marks[0], teller.marks[-1])]:
            for scope in scopes:
                found = review(book, since, until, scope)
                require_exact(found.bridge, before, after, scope)
                for owner, bridge in found.owners.items():
                    require_exact(bridge, before, after, Scope(frozenset({owner or ""}), scope.pipeline))
        book.close()
