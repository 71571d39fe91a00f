"""The forecast that models timing, on deals whose fate is known, and on a real year."""

from __future__ import annotations

import random
from datetime import date

import pytest

from bench.forecast import FILES, HORIZONS, PAGE, PLANS, measured, within
from sfa.exchange.importing import run_import
from sfa.sales.forecast import history
from sfa.sales.forecast.backtest import error, trials
from sfa.sales.forecast.history import Deal, History
from sfa.sales.forecast.prediction import came, predict
from sfa.sales.forecast.timing import Timing
from sfa.store.book import Book
from tests.sales.makers import deal
from tests.shared import real

DAY = 730_000


def life(began: int, end: int | None, won: bool = False, amount: int = 100) -> Deal:
    return Deal(f"{began}-{end}-{won}", None, None, began, end, won, amount if won else None, amount)


@pytest.fixture
def maven(book: Book) -> Book:
    folder = real("sales", "maven_crm")
    run_import(book, [(folder / f"{name}.csv", kind) for name, kind in FILES.items()], PLANS)
    return book


def test_a_chance_knows_the_age_and_the_horizon() -> None:
    """Half of the deals are won at the age of ten days, the others are never closed."""
    deals = [life(DAY - 100 - n, DAY - 90 - n, won=True) for n in range(200)]
    deals += [life(DAY - 100 - n, None) for n in range(200)]
    timing = Timing(History(deals, DAY - 400, "EUR"), DAY)
    assert timing.chance(0, 5) < 0.05
    assert timing.chance(0, 30) == pytest.approx(0.5, abs=0.05)
    assert timing.chance(50, 30) < 0.01
    assert timing.chance(5000, 30) < 0.01


def test_deals_that_closed_before_the_books_time_do_not_count_as_never_closing() -> None:
    """Each deal is won at 50 days; the book saw only closes of the last 30."""
    deals = [life(DAY - 80 + n, DAY - 30 + n, won=True) for n in range(30) for _same in range(10)]
    deals += [life(DAY - 50 + n, None) for n in range(1, 50) for _same in range(10)]
    timing = Timing(History(deals, DAY - 30, "EUR"), DAY)
    assert timing.chance(30, 30) > 0.9


def test_with_few_closed_deals_nothing_is_said(book: Book) -> None:
    deal(book, "one", amount=100_00, currency="USD")
    assert predict(history.read(book), "2026-11-18", "2026-12-31") is None


def test_the_interval_holds_most_of_what_comes() -> None:
    """Deals that are won at a steady rate, many times over: about four of five results lie within."""
    inside = 0
    for seed in range(40):
        dice = random.Random(seed)
        deals = []
        for number in range(900):
            began = DAY - dice.randrange(1, 700)
            end = began + int(dice.expovariate(1 / 120)) + 1
            known = None if end > DAY + 90 else end
            deals.append(life(began, known, known is not None and dice.random() < 0.4, 50 + number))
        known_then = History(deals, min(one.end for one in deals if one.end), "EUR")
        days = [_iso(DAY), _iso(DAY + 90)]
        found = predict(known_then, *days)
        assert found is not None
        inside += found.outlook.low <= came(known_then, *days) <= found.outlook.high
    assert inside >= 28


def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()


def test_the_year_of_a_real_company(maven: Book) -> None:
    known = history.read(maven)
    quarters = {trial.day: trial for trial in trials(known, 3)}
    said = {day: (round(trial.weighted / 100), trial.came // 100) for day, trial in quarters.items()}
    assert said["2017-06-30"] == (2_809_631, 1_441_450)
    assert said["2017-09-30"] == (3_709_805, 1_251_928)
    for months in HORIZONS:
        found = list(trials(known, months))
        ours, weighted = error(found)
        assert ours <= weighted / 2
        inside = [trial.outlook.low <= trial.came <= trial.outlook.high for trial in found]
        assert sum(inside) / len(inside) > 0.7
    assert within(PAGE.read_text("utf-8")) == measured(maven)


def test_the_future_is_not_looked_at(maven: Book) -> None:
    """Whatever becomes of the deals after a day, the forecast of that day stays the same."""
    known, day = history.read(maven), "2017-06-30"
    now = date.fromisoformat(day).toordinal()
    changed = [
        one._replace(end=one.end + 500, won=not one.won, amount=1) if one.end is not None and one.end > now else one
        for one in known.deals
    ]
    first, second = (predict(some, day, "2017-09-30") for some in (known, known._replace(deals=changed)))
    assert first is not None
    assert second is not None
    assert (first.outlook, first.chances, first.values) == (second.outlook, second.chances, second.values)
