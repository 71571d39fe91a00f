"""Scores of deals and leads: learned from the book's own history, kept on this laptop, learned anew as cases end.

A score is never a field: the probability of a deal is its stage's or a person's, and stays so. What was learned is no
record either: it is not journaled, not shared, and can be learned again at any time.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from sfa.sales.scoring import traits
from sfa.sales.scoring.model import Model, Score, Trait, learn
from sfa.store.book import Book
from sfa.store.columns import dumps

KINDS = tuple(traits.FEATURES)
SHARE = 0.02  # of the cases: so many new ones are worth learning anew
_SINCE = """SELECT count(*) FROM entry WHERE n > ?1 AND kind = '{kind}' AND (op = 'remove' OR fields LIKE ?2
    OR op = 'insert' AND EXISTS (SELECT 1 FROM "{kind}" AS record WHERE record.id = entry.record AND {ended}))"""
_SIGNS = {"opportunity": '%"closed_at"%', "lead": '%"status"%'}

Reached = dict[str, dict[int, tuple[int, int]]]  # as ``traits.reached`` gives


class Learned(NamedTuple):
    """What was learned of a kind; ``model`` None: too little. ``through`` is the journal's last entry then."""

    model: Model | None
    through: int
    reached: Reached


def refresh(book: Book, kind: str) -> Learned:
    """What the book teaches of ``kind``; learned anew (up to some seconds) where enough ended since the last time."""
    known = learned(book, kind)
    if known is not None and not _is_stale(book, kind, known):
        return known
    through = int(book.value("SELECT coalesce(max(n), 0) FROM entry"))
    text = _written(Learned(learn(traits.cases(book, kind)), through, traits.reached(book)))
    with book.transaction() as connection:
        connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (f"score {kind}", text))
    return _read(text)


def learned(book: Book, kind: str) -> Learned | None:
    """What was learned last; None where nothing was yet."""
    text = book.meta(f"score {kind}")
    return _read(text) if text else None


def _is_stale(book: Book, kind: str, known: Learned) -> bool:
    sql = _SINCE.format(kind=kind, ended=traits.ENDED[kind])
    ended = int(book.value(sql, (known.through, _SIGNS[kind])))
    return ended > (SHARE * known.model.cases if known.model else 0)


def scores(book: Book, kind: str, ids: Sequence[str]) -> dict[str, Score]:
    """Record → its score, of those that are not decided yet; none where nothing was learned."""
    known = learned(book, kind)
    if known is None or known.model is None:
        return {}
    stages = traits.stages_of(book, ids) if kind == "opportunity" else {}
    found = {}
    for id, features in traits.features_of(book, kind, ids).items():
        stage = stages.get(id)
        extra = [_stage_evidence(known.reached, *stage)] if stage else []
        found[id] = known.model.score(features, extra)
    return found


def _stage_evidence(reached: Reached, pipeline: str, name: str, position: int) -> tuple[str, str, float]:
    """That a deal came so far: all won ones did, and so many of the lost."""
    so_far, lost = reached.get(pipeline, {}).get(position, (0, 0))
    return "stage", name, math.log((lost + 2) / (so_far + 2))


def _written(found: Learned) -> str:
    model = found.model
    weights = [[*trait, round(weight, 6)] for trait, weight in model.weights.items()] if model else []
    return dumps([model and [*model._replace(weights={})], weights, found.through, found.reached])


@lru_cache(4)
def _read(text: str) -> Learned:
    model, weights, through, reached = json.loads(text)
    places = {
        pipeline: {int(at): (so, all) for at, (so, all) in counts.items()} for pipeline, counts in reached.items()
    }
    if model is None:
        return Learned(None, through, places)
    made = Model._make(model)
    known: dict[Trait, float] = {(name, value): weight for name, value, weight in weights}
    return Learned(made._replace(weights=known, pairs=[(one, two) for one, two in made.pairs]), through, places)


def undecided(book: Book, kind: str) -> list[str]:
    """The records that have a score: what has not ended."""
    sql = f'SELECT id FROM "{kind}" AS record WHERE deleted_at IS NULL AND NOT ({traits.ENDED[kind]}) ORDER BY n'
    return [row[0] for row in book.rows(sql)]
