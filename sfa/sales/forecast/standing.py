"""Where a period stands: won, committed, in best case, per rep and rolled up over the tree of managers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sfa.locales import today
from sfa.sales import teams
from sfa.sales.figures.money import Rates, amount_sql, base_of, in_use
from sfa.sales.figures.period import Period
from sfa.sales.forecast import history
from sfa.sales.forecast.calls import ADJUSTED, SUBMITTED, Call, calls, quotas
from sfa.sales.forecast.prediction import Outlook, Prediction, predict
from sfa.sales.teams import Person
from sfa.store.book import Book

CATEGORIES = ("Closed", "Commit", "Most Likely", "Best Case", "Pipeline", "Omitted")
_DEALS = """SELECT deal.owner, {category}, deal.currency, count(*), sum({amount}), sum({amount} * {probability}),
    sum(CASE WHEN {amount} IS NULL THEN deal.amount END)
    FROM opportunity AS deal JOIN stage ON stage.id = deal.stage WHERE deal.deleted_at IS NULL
    AND coalesce(?, deal.pipeline) = deal.pipeline AND {which} GROUP BY 1, 2, 3"""
_OPEN = "deal.closed_at IS NULL AND deal.close_date <= ?"  # what should have closed before the period may close in it
_WON = "deal.closed_at IS NOT NULL AND stage.type = 'Won' AND deal.close_date BETWEEN ? AND ?"


class Sheet(NamedTuple):
    """The deals of somebody: category → amount, how many are open, weighted by probability; minor units."""

    amounts: dict[str, int]
    weighted: int
    deals: int

    @property
    def closed(self) -> int:
        return self.amounts.get("Closed", 0)

    @property
    def commit(self) -> int:
        """Won, and committed to."""
        return self.closed + self.amounts.get("Commit", 0)

    @property
    def best_case(self) -> int:
        """Won, committed to, and what may come besides."""
        return self.commit + self.amounts.get("Most Likely", 0) + self.amounts.get("Best Case", 0)

    def plus(self, other: Sheet) -> Sheet:
        names = {**self.amounts, **other.amounts}
        amounts = {name: self.amounts.get(name, 0) + other.amounts.get(name, 0) for name in names}
        return Sheet(amounts, self.weighted + other.weighted, self.deals + other.deals)


EMPTY = Sheet({}, 0, 0)


class Row(NamedTuple):
    """A person's own deals and those of him and everybody below; calls are his own, ``call`` is what counts of him.

    ``outlook`` is of the team's open deals by the model that knows timing, on top of what is won.
    """

    person: Person
    own: Sheet
    team: Sheet
    quota: int | None
    submitted: Call | None
    adjusted: Call | None
    call: int
    outlook: Outlook | None
    has_team: bool


class Forecast(NamedTuple):
    """The period in ``currency``. ``left``: amounts without a rate, which are in no sum."""

    period: Period
    currency: str
    rows: list[Row]
    total: Sheet
    quota: int | None
    outlook: Outlook | None
    prediction: Prediction | None
    left: dict[str, int]


def forecast(book: Book, period: Period, pipeline: str | None = None, top: str | None = None) -> Forecast:
    """The forecast of ``period`` for everybody, or for the team of the user ``top``."""
    rates = Rates(book, base_of(book))
    sheets, left = _sheets(book, period, pipeline, rates.base)
    known = history.read(book, pipeline)
    prediction = predict(known, today(), period.last) if today() <= period.last else None
    owned: dict[str | None, set[str]] = {}
    for deal in known.deals:
        if deal.end is None:
            owned.setdefault(deal.owner, set()).add(deal.id)
    people = teams.tree(book, top)
    said, aims = calls(book, period, rates), quotas(book, period, rates)
    rows = [_row(people, place, sheets, said, aims, prediction, owned) for place in range(len(people))]
    rows = [row for row in rows if row.team != EMPTY or row.quota or row.submitted or row.adjusted]
    ours = {person.id for person in people}
    if top is None:
        ours |= {owner for owner in (*sheets, *owned) if owner}
        sheets[""] = sheets.pop(None, EMPTY)
        ours.add("")
    total = _sum(sheets.get(owner, EMPTY) for owner in ours)
    mine = {id for owner, ids in owned.items() if top is None or owner in ours for id in ids}
    quota = aims.get(top) or sum(aims.get(owner, 0) for owner in ours) or None
    outlook = _outlook(prediction, mine, total.closed)
    return Forecast(period, rates.base, rows, total, quota, outlook, prediction, left)


Sheets = dict[str | None, Sheet]


def _sheets(book: Book, period: Period, pipeline: str | None, base: str) -> tuple[Sheets, dict[str, int]]:
    """Each owner's deals, and the sums that no rate is known for."""
    amount = amount_sql("deal.amount", "deal.currency", "deal.close_date", base, in_use(book))
    probability = "coalesce(deal.probability, stage.probability, 0)"
    sheets, left = Sheets(), dict[str, int]()
    # An open deal that somebody called closed is one that he commits to.
    category = "replace(coalesce(deal.forecast_category, stage.forecast_category, 'Pipeline'), 'Closed', 'Commit')"
    for name, which, days in (
        (category, _OPEN, (period.last,)),
        ("'Closed'", _WON, (period.first, period.last)),
    ):
        sql = _DEALS.format(category=name, amount=amount, probability=probability, which=which)
        for owner, kind, currency, count, sum_, weighted, lost in book.rows(sql, (pipeline, *days)):
            share = 0 if kind == "Omitted" else round((weighted or 0) / 100)
            row = Sheet({kind: sum_ or 0}, share, count if which is _OPEN else 0)
            sheets[owner] = sheets.get(owner, EMPTY).plus(row)
            if lost:
                left[currency] = left.get(currency, 0) + lost
    return sheets, left


def _row(
    people: list[Person],
    place: int,
    sheets: Sheets,
    said: dict[tuple[str, str], Call],
    aims: dict[str | None, int],
    prediction: Prediction | None,
    owned: dict[str | None, set[str]],
) -> Row:
    person, below = people[place], _below(people, place)
    own = sheets.get(person.id, EMPTY)
    team = _sum([own, *(sheets.get(other.id, EMPTY) for other in below)])
    deals = {id for other in (person, *below) for id in owned.get(other.id, ())}
    quota = aims.get(person.id) or sum(aims.get(other.id, 0) for other in below) or None
    calls_of = said.get((person.id, SUBMITTED)), said.get((person.id, ADJUSTED))
    call = _call(people, place, sheets, said)
    return Row(person, own, team, quota, *calls_of, call, _outlook(prediction, deals, team.closed), bool(below))


def _call(people: list[Person], place: int, sheets: Sheets, said: dict[tuple[str, str], Call]) -> int:
    """What counts of a person: his manager's figure, else his own, else his commit and what counts of his people."""
    person = people[place]
    for type_ in (ADJUSTED, SUBMITTED):
        if call := said.get((person.id, type_)):
            return call.amount
    direct = [
        place + 1 + at for at, other in enumerate(_below(people, place)) if other.depth == person.depth + 1
    ]  # fmt: skip
    return sheets.get(person.id, EMPTY).commit + sum(_call(people, at, sheets, said) for at in direct)


def _below(people: list[Person], place: int) -> list[Person]:
    """Everybody below: those that follow in the tree, as long as they stand deeper."""
    found = []
    for other in people[place + 1 :]:
        if other.depth <= people[place].depth:
            break
        found.append(other)
    return found


def _sum(sheets: Iterable[Sheet]) -> Sheet:
    total = EMPTY
    for sheet in sheets:
        total = total.plus(sheet)
    return total


def _outlook(prediction: Prediction | None, deals: set[str], closed: int) -> Outlook | None:
    """What is won, and what the open deals will bring on top."""
    return None if prediction is None else Outlook(*(closed + amount for amount in prediction.of(deals)))
