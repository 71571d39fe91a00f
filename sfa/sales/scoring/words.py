"""A score in words: what speaks for a deal or lead, and what against it."""

from __future__ import annotations

from sfa.i18n import _
from sfa.locales import current
from sfa.models import YesNo
from sfa.sales.scoring import traits
from sfa.sales.scoring.model import PAIR, Model, Reason, Score
from sfa.sales.scoring.scores import Learned
from sfa.store.book import Book

LEAST = 0.5  # percentage points worth a word
DOUBTFUL, FAIR, GOOD = 0.55, 0.65, 0.75


def reasons(book: Book, kind: str, score: Score, most: int = 5) -> list[str]:
    """``+12 Stage reached: Proposal``: the weightiest reasons, in percentage points."""
    return [
        f"{reason.points:+.0f} {told(book, kind, reason)}"
        for reason in score.reasons[:most]
        if abs(reason.points) >= LEAST
    ]


def told(book: Book, kind: str, reason: Reason) -> str:
    """A reason by the names that people know: ``Lead source: Trade Show``."""
    names = reason.feature.split(PAIR)
    values = reason.value.split(PAIR) if len(names) > 1 else [reason.value]
    said = [
        f"{_(traits.title_of(book, kind, name))}: {_value(book, kind, name, value)}"
        for name, value in zip(names, values, strict=False)
    ]
    return " + ".join(said)


def _value(book: Book, kind: str, name: str, value: str) -> str:
    if value in ("", "–"):
        return _("none")
    field = book.fields(kind).get(name) if name not in traits.FEATURES[kind] else None
    if name in traits.KNOWN or isinstance(field, YesNo):
        return _("yes") if value == "1" else _("no")
    if name == "price":
        return current().short_amount(int(float(value)), current().default_currency())
    return _(value)


def worth(known: Learned) -> str:
    """How far the scores of this book may be trusted."""
    model = known.model
    if model is None:
        return _("Too few have ended yet to learn from.")
    measured = _("Of 100 pairs not seen before it ranks {share} rightly; learned from {cases}.")
    text = measured.format(share=round(100 * model.auc), cases=model.cases)
    return f"{_grade(model)} {text}"


def _grade(model: Model) -> str:
    if model.auc < DOUBTFUL or model.slope == 0:
        return _("Your history hardly tells them apart: all are near the average.")
    if model.auc < FAIR:
        return _("A weak hint.")
    return _("A fair guide.") if model.auc < GOOD else _("A good guide.")


def percent(chance: float) -> str:
    """A chance as people read it."""
    return current().percent(round(100 * chance))
