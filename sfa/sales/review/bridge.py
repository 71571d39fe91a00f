"""From the opening to the closing sum of a pipeline: opening + changes = closing, for everybody and for each owner."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sfa.sales import teams
from sfa.sales.review.movements import IN_SUMS, Cell, Step, standing
from sfa.sales.review.states import Span
from sfa.store.book import Book

Sums = dict[str, int]  # currency → minor units
Chains = list[tuple[Span, list[Step]]]


class Scope(NamedTuple):
    """Whose deals (all users where None), in which pipeline (all where None)."""

    owners: frozenset[str] | None = None
    pipeline: str | None = None

    def holds(self, cell: Cell | None) -> bool:
        return (
            cell is not None
            and (self.owners is None or cell.owner in self.owners)
            and self.pipeline in (None, cell.pipeline)
        )


EVERYTHING = Scope()


class Line(NamedTuple):
    """One kind of change: how many deals, and what it does to the sums."""

    kind: str
    count: int  # type: ignore[assignment]  # and not the tuple's method
    sums: Sums


class Bridge(NamedTuple):
    """Of open deals: opening + all lines = closing, per currency."""

    opening: Line
    lines: list[Line]
    closing: Line


def scope_of(book: Book, user: str | None = None, team: str | None = None, pipeline: str | None = None) -> Scope:
    """The deals of a ``user``, or of a manager's ``team`` with his own."""
    owners = frozenset({user}) if user else teams.members(book, team) if team else None
    return Scope(owners, pipeline)


class _Sheet:
    """The lines of one bridge while they are added up."""

    def __init__(self) -> None:
        self.lines: dict[str, tuple[list[int], Sums]] = {}

    def add(self, kind: str, cell: Cell, sign: int, deals: int) -> None:
        count, sums = self.lines.setdefault(kind, ([0], {}))
        count[0] += deals
        sums[cell.currency] = sums.get(cell.currency, 0) + sign * cell.amount

    def line(self, kind: str) -> Line:
        count, sums = self.lines.get(kind, ([0], {}))
        return Line(kind, count[0], sums)

    def bridge(self) -> Bridge:
        return Bridge(
            self.line("opening"), [self.line(kind) for kind in IN_SUMS if kind in self.lines], self.line("closing")
        )


def bridges(chains: Chains, scope: Scope) -> tuple[Bridge, dict[str | None, Bridge]]:
    """The bridge of all deals in ``scope``, and those of each owner in it."""
    whole, owners = _Sheet(), dict[str | None, _Sheet]()
    for span, chain in chains:
        sides = [("opening", standing(span.before), 1), ("closing", standing(span.after), 1)]
        for kind, cell, sign in sides:
            _count(whole, owners, scope, [(kind, cell, sign)])
        for step in chain:
            _count(whole, owners, scope, [(step.kind, step.source, -1), (step.kind, step.target, 1)])
    return whole.bridge(), {owner: sheet.bridge() for owner, sheet in owners.items()}


def _count(
    whole: _Sheet, owners: dict[str | None, _Sheet], scope: Scope, sides: Iterable[tuple[str, Cell | None, int]]
) -> None:
    """Adds the sides of one change, which counts as one deal on each sheet that it is on."""
    seen: set[_Sheet] = set()
    for kind, cell, sign in sides:
        if cell is None or not scope.holds(cell):
            continue
        for sheet in (whole, owners.setdefault(cell.owner, _Sheet())):
            sheet.add(kind, cell, sign, int(sheet not in seen))
            seen.add(sheet)
