"""A model of who says yes: logistic regression over the traits of past cases, in plain Python.

A case is a mapping of features to values (text, numbers, or None). Numbers of many values are cut at their quantiles,
so each feature is one of a few traits, each of which has a weight. Pairs of features that together say more than each
alone (a month is good, but not for those with a mortgage) are found by a score test and get weights of their own.
Learning takes some seconds for tens of thousands of cases. Naive Bayes, which only counts, was measured and told less
(docs/scoring.md).
"""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

Features = Mapping[str, Any]
Case = tuple[Features, bool]
Trait = tuple[str, str]  # feature (or two, joined by PAIR) and value

PAIR = " × "
BINS, DISTINCT = 20, 31  # numbers of more distinct values are cut into bins
PASSES, RATE, DECAY, SEED = 5, 0.1, 0.01, 1
LEAST_CASES, LEAST_PAIRED = 20, 500
MOST_PAIRS, SAMPLE, CLEAR = 4, 12_000, 4.0  # how many standard deviations beyond chance a pair must say more
HELD_OUT = 5  # every fifth case judges what the others taught


class Reason(NamedTuple):
    """What a trait does to a chance, in percentage points against the average case."""

    feature: str
    value: str
    points: float


class Score(NamedTuple):
    """A chance from 0 to 1, and what speaks for and against it, the weightiest first."""

    chance: float
    reasons: list[Reason]


class Model(NamedTuple):
    """What was learned. ``auc`` and ``slope`` are of cases that were held out: how well it tells yes from no, and how
    far its logits may be trusted (0: not at all, then everybody has the average chance)."""

    base: float
    weights: dict[Trait, float]
    means: dict[str, float]
    cuts: dict[str, list[float]]
    pairs: list[tuple[str, str]]
    slope: float
    auc: float
    cases: int
    yes: int

    def traits(self, features: Features) -> list[Trait]:
        """The traits of a case."""
        found = [(name, self._value(name, value)) for name, value in features.items()]
        values = dict(found)
        found += [(one + PAIR + two, f"{values.get(one, '')}{PAIR}{values.get(two, '')}") for one, two in self.pairs]
        return found

    def _value(self, name: str, value: Any) -> str:
        if value is None or value == "":
            return ""
        if name in self.cuts:
            return str(bisect_right(self.cuts[name], float(value)))
        return str(value)

    def logit(self, features: Features) -> float:
        return self.base + self.slope * self._evidence(features)

    def _evidence(self, features: Features) -> float:
        """What the traits say beyond the average case."""
        return sum(
            self.weights[trait] - self.means.get(trait[0], 0.0)
            for trait in self.traits(features)
            if trait in self.weights
        )

    def chance(self, features: Features, extra: float = 0.0) -> float:
        """From 0 to 1; ``extra`` is evidence from elsewhere, as a logit."""
        return _logistic(self.logit(features) + extra)

    def score(self, features: Features, extra: Iterable[tuple[str, str, float]] = ()) -> Score:
        """The chance and its reasons; ``extra``: feature, value and logit of evidence from elsewhere."""
        said = [
            (*trait, self.slope * (self.weights[trait] - self.means.get(trait[0], 0.0)))
            for trait in self.traits(features)
            if trait in self.weights
        ]
        said += extra
        logit = self.base + sum(weight for _name, _value, weight in said)
        chance = _logistic(logit)
        shown = dict(features)
        reasons = [
            Reason(name, self._shown(name, value, shown), 100 * (chance - _logistic(logit - weight)))
            for name, value, weight in said
        ]
        return Score(chance, sorted(reasons, key=lambda reason: -abs(reason.points)))

    def _shown(self, name: str, value: str, features: Features) -> str:
        if PAIR in name:
            values = (features.get(one) for one in name.split(PAIR))
            return PAIR.join("–" if value in (None, "") else str(value) for value in values)
        given = features.get(name, value)
        return "" if given is None else str(given)


def learn(cases: Sequence[Case]) -> Model | None:
    """What ``cases`` teach; None where they are too few, or all ended alike."""
    yes = sum(said for _features, said in cases)
    if len(cases) < LEAST_CASES or not 0 < yes < len(cases):
        return None
    shuffled = list(cases)
    random.Random(SEED).shuffle(shuffled)
    held = [case for place, case in enumerate(shuffled) if place % HELD_OUT == 0]
    rest = [case for place, case in enumerate(shuffled) if place % HELD_OUT]
    judge = _fitted(rest, [])
    if len(rest) >= LEAST_PAIRED and (pairs := _pairs(judge, rest)):
        judge = _fitted(rest, pairs)
    seen = [(judge.logit(features), said) for features, said in held]
    final = _fitted(shuffled, judge.pairs)
    return final._replace(slope=_slope(seen, judge.base), auc=auc(seen))


def auc(seen: Sequence[tuple[float, bool]]) -> float:
    """How often a case that ended well had the higher figure than one that did not (0.5: by chance)."""
    ranks, wins, place = 0.0, sum(said for _figure, said in seen), 0
    ordered = sorted(seen)
    while place < len(ordered):
        end = place
        while end < len(ordered) and ordered[end][0] == ordered[place][0]:
            end += 1
        ranks += (place + end + 1) / 2 * sum(said for _figure, said in ordered[place:end])
        place = end
    losses = len(seen) - wins
    return (ranks - wins * (wins + 1) / 2) / (wins * losses) if wins and losses else 0.5


def calibration(seen: Sequence[tuple[float, bool]], parts: int = 10) -> list[tuple[float, float, int]]:
    """Cases in order of their chance, in equal parts: the mean chance, the share that ended well, how many."""
    ordered = sorted(seen)
    found = []
    for part in range(parts):
        some = ordered[len(ordered) * part // parts : len(ordered) * (part + 1) // parts]
        if some:
            found.append((_mean(chance for chance, _said in some), _mean(said for _chance, said in some), len(some)))
    return found


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0


def _logistic(logit: float) -> float:
    return 1 / (1 + math.exp(-max(min(logit, 35.0), -35.0)))


def _fitted(cases: Sequence[Case], pairs: list[tuple[str, str]]) -> Model:
    """The weights of all traits, those of ``pairs`` among them."""
    yes = sum(said for _features, said in cases)
    share = (yes + 0.5) / (len(cases) + 1)
    empty = Model(math.log(share / (1 - share)), {}, {}, _cuts(cases), pairs, 1.0, 0.5, len(cases), yes)
    traits = [empty.traits(features) for features, _said in cases]
    base, weights = _descend(traits, [said for _features, said in cases], empty.base)
    counts = Counter(trait for some in traits for trait in some)
    means: dict[str, float] = {}
    for trait, count in counts.items():
        means[trait[0]] = means.get(trait[0], 0.0) + weights[trait] * count / len(cases)
    return empty._replace(base=base + sum(means.values()), weights=weights, means=means)


def _cuts(cases: Sequence[Case]) -> dict[str, list[float]]:
    """Where numbers of many values are cut: at their quantiles."""
    columns: dict[str, list[float]] = {}
    for features, _said in cases:
        for name, value in features.items():
            if isinstance(value, (int, float)):
                columns.setdefault(name, []).append(float(value))
    cuts = {}
    for name, values in columns.items():
        if len(set(values)) > DISTINCT:
            values.sort()
            cuts[name] = sorted({values[len(values) * part // BINS] for part in range(1, BINS)})
    return cuts


def _descend(
    traits: Sequence[Sequence[Trait]], outcomes: Sequence[bool], base: float
) -> tuple[float, dict[Trait, float]]:
    """Base and weights by stochastic gradient descent: each weight at its own pace (AdaGrad), drawn towards 0."""
    weights = dict.fromkeys((trait for some in traits for trait in some), 0.0)
    pace = dict.fromkeys(weights, 1.0)
    order, dice = list(range(len(traits))), random.Random(SEED)
    for _pass in range(PASSES):
        dice.shuffle(order)
        for place in order:
            some = traits[place]
            logit = base
            for trait in some:
                logit += weights[trait]
            error = _logistic(logit) - outcomes[place]
            base -= 0.005 * error
            for trait in some:
                slope = error + DECAY * weights[trait]
                pace[trait] += slope * slope
                weights[trait] -= RATE * slope / math.sqrt(pace[trait])
    return base, weights


def _pairs(model: Model, cases: Sequence[Case]) -> list[tuple[str, str]]:
    """The pairs of features that explain what a model of each alone leaves over (a score test on a sample)."""
    cells: dict[tuple[Trait, Trait], list[float]] = {}
    for features, said in cases[:: max(len(cases) // SAMPLE, 1)]:
        some, chance = model.traits(features), model.chance(features)
        left, doubt = said - chance, chance * (1 - chance)
        for at, one in enumerate(some):
            for two in some[at + 1 :]:
                cell = cells.setdefault((one, two), [0.0, 0.0])
                cell[0] += left
                cell[1] += doubt
    found: dict[tuple[str, str], list[float]] = {}
    for (one, two), (left, doubt) in cells.items():
        sums = found.setdefault((one[0], two[0]), [0.0, 0.0])
        sums[0] += left * left / (doubt + 1.0)
        sums[1] += doubt / (doubt + 1.0)  # what chance alone would make of it
    beyond = {pair: (seen - due) / math.sqrt(2 * due) for pair, (seen, due) in found.items() if due > 0}
    best = sorted((pair for pair in beyond if beyond[pair] > CLEAR), key=lambda pair: -beyond[pair])
    return best[:MOST_PAIRS]


def _slope(seen: Sequence[tuple[float, bool]], base: float) -> float:
    """How much of the logits' distance from ``base`` held-out cases bear out, from 0 to 1 (Newton's method)."""
    slope = 1.0
    for _step in range(20):
        gradient, curve = 0.0, 1e-6
        for logit, said in seen:
            beyond = logit - base
            chance = _logistic(base + slope * beyond)
            gradient += (said - chance) * beyond
            curve += chance * (1 - chance) * beyond * beyond
        move = max(min(gradient / curve, 0.5), -0.5)
        slope = max(min(slope + move, 1.0), 0.0)
    return slope
