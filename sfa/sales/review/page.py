"""Everything about one deal of a review on one page: what changed, its way, its people, what was done, its score."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sfa.i18n import _
from sfa.locales import current, now
from sfa.models import Record
from sfa.sales import changes, timeline
from sfa.sales.figures import catalogue, engine
from sfa.sales.figures.report import Ask
from sfa.sales.review.moments import Moment
from sfa.sales.scoring.model import Score
from sfa.sales.scoring.scores import scores
from sfa.store import journal
from sfa.store.book import Book
from sfa.store.lookup import Lookup

_DAY = 86_400
_LATEST = 6  # things done


class Stay(NamedTuple):
    """A time in a stage; ``typical`` is how long won deals stay there, None where none was seen."""

    stage: str
    since: str
    days: float
    typical: float | None


class Change(NamedTuple):
    """A field that changed: when, by whom, what."""

    at: str
    by: str
    what: str


class Page(NamedTuple):
    """What a review shows of a deal."""

    deal: Record
    changed: list[Change]
    stays: list[Stay]
    happened: list[timeline.Entry]
    people: list[timeline.Person]
    score: Score | None


def typical_stays(book: Book) -> dict[str, float]:
    """Stage's name → the days that won deals spent in it."""
    figures = engine.read(book, catalogue.find("stage-time"), Ask())
    place = next(at for at, column in enumerate(figures.columns) if column.name == "won_average")
    return {str(row.values[0]): float(row.values[place]) for row in figures.rows if row.values[place]}


def page(book: Book, deal_id: str, since: Moment, typical: Mapping[str, float]) -> Page:
    """The page of a deal. Raises ``NotFound``."""
    deal = book.get("opportunity", deal_id)
    steps = list(journal.history(book, "opportunity", deal_id))
    return Page(
        deal,
        _changes(book, deal, steps, since),
        _stays(book, deal, steps, typical),
        timeline.timeline(book, "opportunity", deal_id, _LATEST),
        timeline.people(book, "opportunity", deal_id),
        scores(book, "opportunity", [deal_id]).get(deal_id),
    )


def _changes(book: Book, deal: Record, steps: list[journal.Step], since: Moment) -> list[Change]:
    lookup, fields = Lookup(book), book.fields("opportunity")
    found: list[Change] = []
    for step in steps:
        if step.action.number <= since.number:
            break
        who = lookup.title("user", step.action.user) if step.action.user else _("head office")
        if step.op == "insert":
            found.append(Change(step.action.at, who, _("came into the book")))
            continue
        texts = changes.lines(fields, step.fields, deal.values, lookup)
        found += [Change(step.action.at, who, text) for text in texts]
    return found


def _stays(book: Book, deal: Record, steps: list[journal.Step], typical: Mapping[str, float]) -> list[Stay]:
    """The stages that a deal was in, newest first."""
    names = dict(book.rows("SELECT id, name FROM stage"))
    end, stage = now(), deal.values["stage"]
    found: list[Stay] = []
    for step in steps:
        old, new = step.fields.get("stage") or (None, None)
        if new != stage:
            continue
        begin = _entered(deal, step)
        found.append(_stay(names.get(stage, ""), begin, end, typical))
        end, stage = begin, old
    if stage and not found:
        found.append(_stay(names.get(stage, ""), str(deal.values.get("stage_entered_at") or end), end, typical))
    return found


def _entered(deal: Record, step: journal.Step) -> str:
    """When a deal says that it entered the stage that ``step`` took it to."""
    stated = (step.fields.get("stage_entered_at") or (None, None))[1]
    return str(stated or deal.values.get("created_at") or step.action.at)


def _stay(name: str, begin: str, end: str, typical: Mapping[str, float]) -> Stay:
    spent = datetime.fromisoformat(end) - datetime.fromisoformat(begin)
    return Stay(name, begin, max(spent.total_seconds() / _DAY, 0.0), typical.get(name))


def told(stay: Stay) -> str:
    """``34 days · 2.1 × won deals``."""
    days = _("{days} days").format(days=current().number(round(stay.days)))
    if not stay.typical:
        return days
    times = current().number(round(stay.days / stay.typical, 1), 1)
    return _("{days} · {times} × won deals").format(days=days, times=times)
