"""What became of a deal between two moments: the steps that take its amount from the first sum into the second.

Each step takes an amount out of one place (owner, pipeline, currency) and puts one into another; the steps of a deal
are a chain from where it stood to where it stands. So opening + changes = closing, whatever part is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sfa.i18n import N_
from sfa.sales.pipeline import StageInfo
from sfa.sales.review.states import Span, State

LABELS = {
    "new": N_("New"),
    "reopened": N_("Reopened"),
    "restored": N_("Restored"),
    "handed_over": N_("Handed over"),
    "moved_pipeline": N_("Other pipeline"),
    "currency": N_("Other currency"),
    "amount_up": N_("Amount up"),
    "amount_down": N_("Amount down"),
    "won": N_("Won"),
    "lost": N_("Lost"),
    "deleted": N_("Deleted"),
    "merged": N_("Merged"),
    "advanced": N_("Advanced"),
    "moved_back": N_("Moved back"),
    "pulled_in": N_("Pulled in"),
    "pushed": N_("Pushed"),
    "category": N_("Forecast category"),
    "slipped": N_("Slipped"),
    "no_next_step": N_("No next step"),
    "idle": N_("Idle"),
}
IN_SUMS = tuple(LABELS)[:12]
"""The kinds of change that move amounts; the others tell how the same amounts stand."""


class Cell(NamedTuple):
    """An amount (minor units) and where it is counted."""

    owner: str | None
    pipeline: str | None
    currency: str
    amount: int


class Step(NamedTuple):
    """One change of a deal's place in the sums: ``source`` None where it comes in, ``target`` None where it goes."""

    kind: str
    source: Cell | None
    target: Cell | None


def steps(span: Span, stages: Mapping[str, StageInfo], since: str) -> list[Step]:
    """The chain of a deal: from its cell at the first moment (``since``) to its cell at the second."""
    before, after = span.before, span.after
    if before is not None and before.is_open:
        return list(_from_open(before, after, stages))
    entered = _entry(before, after, since)
    if after is None or not entered:
        return []
    cell = _cell(after)
    chain = [Step(entered, None, cell)]
    return chain if after.is_open else [*chain, Step(_exit(after, stages), cell, None)]


def _entry(before: State | None, after: State | None, since: str) -> str:
    """How a deal that was not open came to be, or to be closed; empty where it never was in the pipeline."""
    if after is None or after.deleted_at:
        return ""
    if not after.is_open and (after.closed_at or "") <= since:
        return ""  # a deal of long ago that came into the book, or was put right
    if before is None:
        return "new"
    if before.deleted_at:
        return "restored"
    same = not after.is_open and (before.stage, before.closed_at) == (after.stage, after.closed_at)
    return "" if same else "reopened"


def _from_open(before: State, after: State | None, stages: Mapping[str, StageInfo]) -> Iterator[Step]:
    cell = _cell(before)
    if after is not None:
        goal = _cell(after)
        for kind, part in (
            ("handed_over", cell._replace(owner=goal.owner)),
            ("moved_pipeline", cell._replace(owner=goal.owner, pipeline=goal.pipeline)),
        ):
            if part != cell:
                yield Step(kind, cell, part)
                cell = part
        if cell.amount or goal.amount:
            up = "amount_up" if goal.amount > cell.amount else "amount_down"
            if cell.amount and goal.currency != cell.currency:
                yield Step("currency", cell, goal)
            elif goal != cell:
                yield Step(up, cell, goal)
        cell = goal
    if after is None or not after.is_open:
        yield Step(_exit(after, stages), cell, None)


def _exit(after: State | None, stages: Mapping[str, StageInfo]) -> str:
    if after is None or after.deleted_at:
        return "merged" if after is not None and after.merged_into else "deleted"
    stage = stages.get(after.stage or "")
    return "won" if stage is not None and stage.type == "Won" else "lost"


def _cell(state: State) -> Cell:
    return Cell(state.owner, state.pipeline, *state.money)


def turns(span: Span, stages: Mapping[str, StageInfo], day: str) -> list[str]:
    """How a deal that is open at the end (on ``day``) moved besides its amount."""
    before, after = span.before, span.after
    if after is None or not after.is_open:
        return []
    found = []
    if after.close_date and after.close_date < day:
        found.append("slipped")
    if before is None or not before.is_open:
        return found
    old, new = stages.get(before.stage or ""), stages.get(after.stage or "")
    if old and new and old.pipeline == new.pipeline and old.position != new.position:
        found.append("advanced" if new.position > old.position else "moved_back")
    if before.close_date and after.close_date and before.close_date != after.close_date:
        found.append("pushed" if after.close_date > before.close_date else "pulled_in")
    if before.forecast_category != after.forecast_category:
        found.append("category")
    return found


def standing(state: State | None) -> Cell | None:
    """Where an open deal is counted; None for what is not open."""
    return _cell(state) if state is not None and state.is_open else None
