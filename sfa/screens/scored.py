"""The score of deals and leads where they are shown: beside what people say, never in its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sfa.i18n import _
from sfa.models import Record
from sfa.sales.scoring import scores, words
from sfa.store.book import Book
from sfa.widgets.columns import Column
from sfa.widgets.fieldspane import Fact

if TYPE_CHECKING:
    from sfa.screens.place import Place

COLUMN = "~chance"
"""The name of the column in lists; no field is called that."""


def keep_learned(place: Place, kind: str) -> None:
    """Learns anew in the background where enough has ended since the last time; then the place shows it."""
    sfa = place.sfa

    def learn() -> None:
        known = scores.learned(sfa.book, kind)
        if scores.refresh(sfa.book, kind) != known:
            sfa.call_from_thread(place.book_changed)

    if kind in scores.KINDS:
        sfa.run_worker(learn, thread=True, exclusive=True, group="learn", exit_on_error=False)


def facts(book: Book, record: Record) -> list[Fact]:
    """The score of an open deal or lead, and why."""
    if record.kind not in scores.KINDS:
        return []
    score = scores.scores(book, record.kind, [record.id]).get(record.id)
    if score is None:
        return []
    why = "\n".join(words.reasons(book, record.kind, score, 3))
    return [Fact(_("Score"), "\n".join(filter(None, (f"{words.percent(score.chance)} {_('by your history')}", why))))]


def columns(book: Book, kind: str, rank: int) -> list[Column]:
    """The column of the scores, where there are any."""
    known = scores.learned(book, kind) if kind in scores.KINDS else None
    if known is None or known.model is None:
        return []
    return [Column(COLUMN, _("Chance"), 6, "right", weight=0, rank=rank)]


def chances(book: Book, kind: str, ids: Sequence[str]) -> list[str]:
    """The scores of records as a list shows them; empty for what has ended."""
    found = scores.scores(book, kind, ids)
    return [words.percent(found[id].chance) if id in found else "" for id in ids]
