"""A review: what changed in the pipeline between two moments, in sums that add up and deal by deal."""

from __future__ import annotations

from typing import NamedTuple

from sfa.models.times import local_day
from sfa.sales.pipeline import StageInfo
from sfa.sales.review import movements, states
from sfa.sales.review.bridge import EVERYTHING, Bridge, Chains, Scope, bridges
from sfa.sales.review.moments import Moment, begin, present
from sfa.sales.review.movements import LABELS, standing
from sfa.sales.review.states import Span, State
from sfa.sales.steps import TOUCHING
from sfa.store.book import Book, collector_resting
from sfa.store.columns import dumps

_STAGES = """SELECT id, name, type, coalesce(probability, 0), coalesce(rot_days, 0), position, pipeline
    FROM stage ORDER BY position, n"""
_ASKED = "SELECT deal.value FROM json_each(?) AS deal WHERE"
_WITHOUT_STEP = f"""{_ASKED} NOT EXISTS (SELECT 1 FROM activity WHERE opportunity = deal.value AND deleted_at IS NULL
    AND created_at <= ? AND (completed_at IS NULL OR completed_at > ?))"""
_UNTOUCHED = f"""{_ASKED} NOT EXISTS (SELECT 1 FROM activity WHERE opportunity = deal.value AND {TOUCHING}
    AND completed_at > ? AND completed_at <= ?)"""
# What was undone was never put off; nor is it what closes a deal.
_PUSHES = """SELECT entry.record, count(*) FROM json_each(?2) AS deal JOIN entry ON entry.record = deal.value
    JOIN action ON action.n = entry.action WHERE entry.op = 'update' AND action.mode = 'do' AND action.n <= ?1
    AND json_extract(entry.fields, '$.close_date[1]') > json_extract(entry.fields, '$.close_date[0]')
    AND json_extract(entry.fields, '$.closed_at[1]') IS NULL
    AND (SELECT mode FROM action AS later WHERE later.root = action.root AND later.n <= ?1
        ORDER BY later.n DESC LIMIT 1) != 'undo' GROUP BY entry.record"""


_ENDS = {"opening": "before", "closing": "after"}


class Finding(NamedTuple):
    """What became of a deal: its states at both moments, kinds of change, how often its close was put off in all."""

    span: Span
    kinds: tuple[str, ...]
    pushes: int

    @property
    def state(self) -> State:
        return self.span.latest


class Review(NamedTuple):
    """What changed between two moments. ``known``: when the journal begins, where that is after the first moment.

    ``chains``: the steps of every deal that is in one of the sums.
    """

    since: Moment
    until: Moment
    scope: Scope
    known: str
    bridge: Bridge
    owners: dict[str | None, Bridge]
    findings: list[Finding]
    stages: dict[str, StageInfo]
    chains: Chains

    def held(self, end: str) -> list[str]:
        """The deals that the ``opening`` or ``closing`` sum is of: those that something happened to come first."""
        spans = [span for span, _chain in self.chains]
        ours = {span.latest.id for span in spans if self.scope.holds(standing(getattr(span, _ENDS[end])))}
        told = [finding.state.id for finding in self.findings if finding.state.id in ours]
        return [*told, *sorted(ours.difference(told))]

    def of_kind(self, kind: str) -> list[Finding]:
        """The deals to which this happened, the largest first."""
        found = [finding for finding in self.findings if kind in finding.kinds]
        return sorted(found, key=lambda finding: (-finding.state.money[1], finding.state.name))


def review(book: Book, since: Moment, until: Moment | None = None, scope: Scope = EVERYTHING) -> Review:
    """What changed from ``since`` to ``until`` (now where None) in the deals of ``scope``."""
    with collector_resting():  # what is read holds no cycles
        return _read(book, since, until or present(book), scope)


def _read(book: Book, since: Moment, until: Moment, scope: Scope) -> Review:
    known = begin(book).at
    stages = {row[0]: StageInfo(*row) for row in book.rows(_STAGES)}
    chains: Chains = []
    for span in states.between(book, since, until, known):
        chain = movements.steps(span, stages, since.at)
        if chain or standing(span.after):
            chains.append((span, chain))
    whole, owners = bridges(chains, scope)
    findings = _findings(book, chains, stages, since, until, scope)
    return Review(since, until, scope, known if since.at < known else "", whole, owners, findings, stages, chains)


def _findings(
    book: Book, chains: Chains, stages: dict[str, StageInfo], since: Moment, until: Moment, scope: Scope
) -> list[Finding]:
    day = local_day(until.at)
    ours = [span for span, _chain in chains if scope.holds(standing(span.after))]
    stepless = _ids(book, _WITHOUT_STEP, ours, until.at, until.at)
    quiet = [span for span in ours if not span.touched and span.before is not None]
    idle = _ids(book, _UNTOUCHED, quiet, since.at, until.at)
    found: list[tuple[Span, tuple[str, ...]]] = []
    for span, chain in chains:
        kinds = [step.kind for step in chain if scope.holds(step.source) or scope.holds(step.target)]
        if scope.holds(standing(span.after)):
            id = span.latest.id
            kinds += movements.turns(span, stages, day)
            kinds += [kind for kind, ids in (("no_next_step", stepless), ("idle", idle)) if id in ids]
        if kinds:
            found.append((span, tuple(kinds)))
    pushes = _pushes(book, [span for span, kinds in found if "pushed" in kinds], until)
    order = {kind: place for place, kind in enumerate(LABELS)}
    found.sort(key=lambda entry: (order[entry[1][0]], -entry[0].latest.money[1], entry[0].latest.name))
    return [Finding(span, kinds, pushes.get(span.latest.id, 0)) for span, kinds in found]


def _ids(book: Book, sql: str, spans: list[Span], *parameters: str) -> set[str]:
    """Those of the deals for which ``sql`` holds."""
    asked = dumps([span.latest.id for span in spans])
    return {row[0] for row in book.rows(sql, (asked, *parameters))}


def _pushes(book: Book, spans: list[Span], until: Moment) -> dict[str, int]:
    """How often the close of each deal was ever moved to a later day."""
    asked = dumps([span.latest.id for span in spans])
    return dict(book.rows(_PUSHES, (until.number, asked)))
