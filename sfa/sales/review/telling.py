"""A review in words: the same lines for the screen, the terminal, Markdown and paper."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sfa.i18n import N_, _
from sfa.locales import current
from sfa.sales.pipeline import StageInfo
from sfa.sales.review import moments
from sfa.sales.review.bridge import Bridge, Line, Sums
from sfa.sales.review.movements import LABELS
from sfa.sales.review.states import State
from sfa.sales.review.summary import Finding, Review
from sfa.store.book import Book
from sfa.store.lookup import Lookup

ENDS = {"opening": N_("Opening"), "closing": N_("Closing")}
ORDINALS = {1: N_("the first time"), 2: N_("the second time"), 3: N_("the third time")}


class Told(NamedTuple):
    """A deal under the kind of change it is told for."""

    id: str
    name: str
    what: str
    owner: str
    amount: str


class Owned(NamedTuple):
    """What became of a rep's deals; ``id`` is empty for those of nobody."""

    name: str
    opening: str
    won: str
    other: str
    closing: str
    id: str


class Part(NamedTuple):
    """A kind of change and the deals to which it happened."""

    kind: str
    title: str
    deals: list[Told]
    sums: str


def amounts(sums: Sums, *, sign: bool = False, brief: bool = False) -> str:
    """Sums of several currencies in a line, in whole units; ``brief``: in few cells where there are several."""
    locale, several = current(), sum(1 for minor in sums.values() if minor) > 1
    texts = [
        ("+" if sign and minor > 0 else "")
        + (locale.short_amount(minor, currency) if brief and several else locale.amount(minor, currency, whole=True))
        for currency, minor in sorted(sums.items())
        if minor or len(sums) == 1
    ]
    return " ".join(texts) or "–"


def headline(book: Book, review: Review) -> str:
    """From when to when, and whose deals."""
    lookup, span = Lookup(book), _("{since} – {until}")
    parts = [span.format(since=moments.show(review.since), until=moments.show(review.until, end=True))]
    if review.scope.owners:
        names = sorted(lookup.title("user", owner) for owner in review.scope.owners)
        parts.append(", ".join(names) if len(names) < 4 else _("{count} users").format(count=len(names)))
    if review.scope.pipeline:
        parts.append(lookup.title("pipeline", review.scope.pipeline))
    return " · ".join(parts)


def known_from(review: Review) -> str:
    """What must be said where the book knows nothing of the beginning; empty otherwise."""
    if not review.known:
        return ""
    text = _("The journal of this book begins on {day}; what was before is what the records say of themselves.")
    return text.format(day=moments.show(moments.Moment(review.known, 0)))


def sums(bridge: Bridge, *, brief: bool = False) -> list[tuple[str, str, str]]:
    """Opening, each kind of change, closing: what it is, how many deals, how much."""
    return [_summed(line, brief) for line in (bridge.opening, *bridge.lines, bridge.closing)]


def _summed(line: Line, brief: bool) -> tuple[str, str, str]:
    title = ENDS.get(line.kind) or LABELS[line.kind]
    return _(title), current().number(line.count), amounts(line.sums, sign=line.kind in LABELS, brief=brief)


def owners(book: Book, review: Review, *, brief: bool = False) -> list[Owned]:
    """Each rep: opening, won, all other changes, closing; by name. Opening - won + other changes = closing."""
    lookup = Lookup(book)
    rows = []
    for owner, bridge in review.owners.items():
        won = next((line.sums for line in bridge.lines if line.kind == "won"), {})
        name = lookup.title("user", owner) if owner else _("(nobody)")
        gained = {currency: -amount for currency, amount in won.items()}
        other = Sums()
        for line in bridge.lines:
            for currency, amount in line.sums.items():
                other[currency] = other.get(currency, 0) + (amount if line.kind != "won" else 0)
        opening, came, closing = (
            amounts(sums, brief=brief) for sums in (bridge.opening.sums, gained, bridge.closing.sums)
        )
        rows.append(Owned(name, opening, came, amounts(other, sign=True, brief=brief), closing, owner or ""))
    return sorted(rows)


def parts(book: Book, review: Review) -> Iterator[Part]:
    """The deals, kind by kind, the largest first."""
    lookup = Lookup(book)
    for kind, title in LABELS.items():
        found = review.of_kind(kind)
        if found:
            whole = Sums()
            for finding in found:
                currency, amount = finding.state.money
                whole[currency] = whole.get(currency, 0) + amount
            deals = [_told(kind, finding, lookup, review.stages) for finding in found]
            yield Part(kind, _(title), deals, amounts(whole, brief=True))


def _told(kind: str, finding: Finding, lookup: Lookup, stages: dict[str, StageInfo]) -> Told:
    state = finding.state
    currency, amount = state.money
    owner = lookup.title("user", state.owner) if state.owner else ""
    shown = current().amount(amount, currency, whole=True) if state.amount is not None else ""
    return Told(state.id, state.name, what(kind, finding, lookup, stages), owner, shown)


def what(kind: str, finding: Finding, lookup: Lookup, stages: dict[str, StageInfo]) -> str:
    """What a kind of change was for this deal: ``12/1 → 1/15, the third time``."""
    if kind in ("slipped", "no_next_step", "idle", "new"):
        day = finding.state.close_date
        return _("closes {day}").format(day=current().date(day)) if day else _("no close date")
    before, after = finding.span.before, finding.span.after
    if before is None or after is None or kind not in _ASPECTS:
        return ""
    text = " → ".join(_aspect(_ASPECTS[kind], state, lookup, stages) or "–" for state in (before, after))
    return f"{text}, {_nth(finding.pushes)}" if kind == "pushed" and finding.pushes else text


_ASPECTS = {
    "pushed": "close_date", "pulled_in": "close_date", "advanced": "stage", "moved_back": "stage",
    "amount_up": "amount", "amount_down": "amount", "currency": "amount", "category": "forecast_category",
    "handed_over": "owner", "moved_pipeline": "pipeline",
}  # fmt: skip
"""What a kind of change is about."""


def _aspect(name: str, state: State, lookup: Lookup, stages: dict[str, StageInfo]) -> str:
    """One side of a deal, as people read it."""
    value = getattr(state, name)
    if name == "amount":
        return current().amount(state.money[1], state.money[0], whole=True)
    if not value:
        return ""
    if name == "stage":
        return stages[value].name if value in stages else ""
    if name in ("owner", "pipeline"):
        return lookup.title({"owner": "user"}.get(name, name), value)
    return current().date(value) if name == "close_date" else _(value)


def _nth(times: int) -> str:
    return _(ORDINALS[times]) if times in ORDINALS else _("{count} times in all").format(count=times)
