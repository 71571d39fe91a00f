"""Reports on a large book against hand-written SQL, and whether the board's sums depend on what was ever closed.

Closed deals go back in time, a thousand a day: a book with ten times as many has ten times the past.
"""

# ruff: noqa: E501 - statements read better in lines as long as they are

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import sqlcipher3.dbapi2 as driver

from bench.report import Row, Setup, paired
from sfa import locales
from sfa.models.times import shift_day
from sfa.sales import goals, pipeline
from sfa.sales.figures import engine, period
from sfa.sales.figures.catalogue import REPORTS
from sfa.sales.figures.report import Ask
from sfa.store.book import Book
from sfa.store.schema import FIGURES, SUM_UP, create_indexes

PER_DAY = 1_000  # deals closed
OPEN = 50_000
AGAINST = "hand-written SQL on the bare driver"


class Sizes(NamedTuple):
    deals: int = 1_000_000
    activities: int = 5_000_000
    accounts: int = 100_000


NUMBERS = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)"
DEALS = f"""INSERT INTO opportunity (id, name, sort_key, owner, account, product, pipeline, stage, furthest_stage, amount,
    currency, probability, engaged_on, close_date, closed_at, stage_entered_at, created_at, lead_source, campaign,
    loss_reason)
{NUMBERS}, deal AS (
    SELECT n, (n * 2654435761) % 1000003 AS dice, CASE WHEN n <= {OPEN} THEN n % 5 WHEN (n * 7919) % 100 < 55 THEN 5
        ELSE 6 END AS place, n <= {OPEN} AS is_open,
        date(:today, '-' || (CASE WHEN n <= {OPEN} THEN n % 30 ELSE (n - {OPEN}) / {PER_DAY} END) || ' days') AS day
    FROM numbers)
SELECT printf('01a30000-0000-7000-8000-%012x', n), 'Deal ' || n, 'deal ' || n,
    (SELECT id FROM temp.rep WHERE place = dice % 50), printf('01a30000-0000-7000-9000-%012x', dice % :accounts + 1),
    (SELECT id FROM temp.ware WHERE place = dice % 20), :pipeline, (SELECT id FROM temp.step WHERE temp.step.place = deal.place),
    (SELECT id FROM temp.step WHERE temp.step.place = CASE WHEN deal.place = 6 THEN n % 5 ELSE deal.place END),
    (dice % 9973) * 100 + 5000, 'USD', CASE deal.place WHEN 5 THEN 100 WHEN 6 THEN 0 ELSE 10 + 15 * deal.place END,
    date(day, '-' || (dice % 120) || ' days'), CASE WHEN is_open THEN date(:today, '+' || (n % 90) || ' days') ELSE day END,
    CASE WHEN is_open THEN NULL ELSE day || 'T09:00:00Z' END, day || 'T09:00:00Z',
    date(day, '-' || (dice % 120) || ' days') || 'T09:00:00Z', (SELECT name FROM temp.origin WHERE place = dice % 8),
    (SELECT id FROM temp.effort WHERE place = dice % 200),
    CASE WHEN deal.place = 6 THEN (SELECT id FROM temp.why WHERE place = dice % 13) END FROM deal"""
ACTIVITIES = f"""INSERT INTO activity (id, subject, sort_key, type, owner, account, opportunity, lead, start, completed_at, status,
    outcome, duration)
{NUMBERS}, act AS (SELECT n, (n * 2654435761) % 1000003 AS dice FROM numbers)
SELECT printf('01a30000-0000-7000-a000-%012x', n), 'Activity ' || n, 'activity ' || n,
    CASE n % 4 WHEN 0 THEN 'meeting' WHEN 1 THEN 'email' ELSE 'call' END, (SELECT id FROM temp.rep WHERE place = dice % 50),
    printf('01a30000-0000-7000-9000-%012x', dice % :accounts + 1),
    printf('01a30000-0000-7000-8000-%012x', n % :deals + 1),
    CASE WHEN n % 40 = 0 THEN printf('01a30000-0000-7000-b000-%012x', n / 40 + 1) END, at, at, 'Held',
    CASE WHEN n % 4 > 1 THEN (SELECT id FROM temp.outcome WHERE place = dice % 14) END, dice % 900
FROM (SELECT n, dice, strftime('%Y-%m-%dT%H:%M:00Z', :now - (n * 7907) % 80000000, 'unixepoch') AS at FROM act)"""
ACTIONS = f"""INSERT INTO action (id, at, user, device, origin, title, mode, root)
{NUMBERS} SELECT 'bench-' || n, date(:today, '-' || (n / 10) || ' days') || 'T08:00:00Z', :user, 'bench', 'demo', 'Moved', 'do', n
FROM numbers"""
MOVES = """INSERT INTO entry (action, kind, record, op, fields)
SELECT (SELECT max(n) FROM action) - (deal.n / 100) % :actions, 'opportunity', deal.id, 'update',
    json_object('stage', json_array((SELECT id FROM temp.step WHERE place = deal.n % 5), deal.stage)) FROM opportunity AS deal
WHERE deal.closed_at IS NOT NULL"""
LEADS = f"""INSERT INTO lead (id, last_name, company, sort_key, owner, lead_source, campaign, created_at, converted_at)
{NUMBERS} SELECT printf('01a30000-0000-7000-b000-%012x', n), 'Lead ' || n, 'Firm', 'lead ' || n,
    (SELECT id FROM temp.rep WHERE place = n % 50), (SELECT name FROM temp.origin WHERE place = n % 8),
    (SELECT id FROM temp.effort WHERE place = n % 200), date(:today, '-' || (n % 700) || ' days') || 'T08:00:00Z',
    CASE WHEN n % 3 = 0 THEN :today || 'T08:00:00Z' END FROM numbers"""


def made(folder: Path, sizes: Sizes) -> Path:
    """The book to report on, made by plain SQL where it is not there yet."""
    path = folder / f"figures-{'-'.join(map(str, sizes))}-{locales.today()}.sfa"
    if not path.exists():
        half = path.with_suffix(".half")
        half.unlink(missing_ok=True)
        book = Book.create(half, "Rita Rep")
        _fill(book, sizes)
        book.close()
        half.rename(path)
    return path


def _fill(book: Book, sizes: Sizes) -> None:
    _people(book)
    run = book.connection.execute
    run("PRAGMA synchronous = OFF")
    today = locales.today()
    common = {"today": today, "accounts": sizes.accounts, "user": book.user}
    with book.transaction():
        indexes = create_indexes()
        for name in indexes:
            run(f"DROP INDEX {name}")
        for statement in FIGURES[1:]:
            run(f"DROP TRIGGER {statement.split()[2]}")
        run(
            f"""INSERT INTO account (id, name, sort_key, industry, billing_country, number_of_employees) {NUMBERS}
            SELECT printf('01a30000-0000-7000-9000-%012x', n), 'Account ' || n, 'account ' || n,
                CASE n % 5 WHEN 0 THEN 'Retail' WHEN 1 THEN 'Finance' ELSE 'Software' END, 'US', n % 9000 FROM numbers""",
            (sizes.accounts,),
        )
        for sql, count, more in (
            (DEALS, sizes.deals, {"pipeline": pipeline.pipelines(book)[0][0]}),
            (LEADS, sizes.deals // 10, {}),
            (ACTIVITIES, sizes.activities, {"now": int(time.time()), "deals": sizes.deals}),
            (ACTIONS, sizes.deals // 100, {}),
            (MOVES, 0, {"actions": sizes.deals // 100}),
        ):
            run(sql.replace("n < ?", f"n < {count}"), {**common, **more})
        for statement in (*indexes.values(), *FIGURES[1:], "DELETE FROM deal_sum", SUM_UP):
            run(statement)
    run("ANALYZE")
    run("PRAGMA wal_checkpoint(TRUNCATE)")


def _people(book: Book) -> None:
    """Reps, products, campaigns; and what the rows point to, numbered from 0."""
    with book.change("Set up", "demo") as change:
        change.insert_rows("user", ("name", "region"), [(f"Rep {n}", f"Region {n % 4}") for n in range(50)])
        change.insert_rows("product", ("name",), [(f"Product {n}",) for n in range(20)])
        cost = [(f"Campaign {n}", 100_00 * n, "USD", locales.today()) for n in range(200)]
        change.insert_rows("campaign", ("name", "actual_cost", "currency", "start_date"), cost)
    numbered = {
        "rep": "SELECT id FROM user WHERE name LIKE 'Rep %'", "ware": "SELECT id FROM product", "why": "SELECT id FROM loss_reason",
        "step": "SELECT id FROM stage ORDER BY position", "outcome": "SELECT id FROM call_outcome",
        "effort": "SELECT id FROM campaign", "origin": "SELECT value FROM json_each('[\"Partner\", \"Web Site\", \"Email\"]')",
    }  # fmt: skip
    for name, sql in numbered.items():
        rows = [row[0] for row in book.rows(sql)]
        column = "name" if name == "origin" else "id"
        book.connection.execute(f"CREATE TEMP TABLE {name} (place INTEGER PRIMARY KEY, {column} TEXT)")
        book.connection.executemany(f"INSERT INTO temp.{name} VALUES (?, ?)", enumerate(rows))


CYCLE = "julianday(d.close_date) - julianday(d.engaged_on)"
CLOSED = (
    """FROM opportunity d JOIN stage s ON s.id = d.stage WHERE d.deleted_at IS NULL AND s.type IN ('Won', 'Lost')"""
)
WON = "FROM opportunity d JOIN stage s ON s.id = d.stage WHERE d.deleted_at IS NULL AND s.type = 'Won'"
MEDIAN = """SELECT k, avg(v) FROM (SELECT {key} AS k, d.amount AS v, row_number() OVER (PARTITION BY {key} ORDER BY d.amount) AS r,
    count(*) OVER (PARTITION BY {key}) AS c {won} AND d.amount IS NOT NULL) WHERE r IN ((c + 1) / 2, (c + 2) / 2) GROUP BY k"""
MONTHS = "(CAST(substr(d.close_date, 1, 4) AS INTEGER) * 12 + CAST(substr(d.close_date, 6, 2) AS INTEGER) - 1)"
QUARTER = f"{MONTHS} / 3"
VISITS = f"SELECT DISTINCT d.account AS a, {QUARTER} AS q {WON}"


def by_hand(day: str) -> dict[tuple[str, str], list[str]]:
    """What somebody would write who wants just these figures: the report, what it is read by, its statements."""
    sums = f"""sum(s.type = 'Won'), sum(s.type = 'Lost'), sum(CASE WHEN s.type = 'Won' THEN d.amount END),
        sum(CASE WHEN s.type = 'Won' THEN {CYCLE} END), sum(CASE WHEN s.type = 'Lost' THEN {CYCLE} END)"""
    first = "(SELECT min(a.completed_at) FROM activity a WHERE a.lead = l.id AND a.deleted_at IS NULL)"
    calls = """sum(a.type = 'call'), sum(a.type = 'call' AND o.reached = 1), sum(CASE WHEN a.type = 'call' THEN a.duration END),
        sum(a.type IN ('meeting', 'visit')), sum(a.type = 'email'), sum(a.type = 'task'), count(*) FROM activity a
        LEFT JOIN call_outcome o ON o.id = a.outcome WHERE a.deleted_at IS NULL AND a.completed_at IS NOT NULL
        AND coalesce(a.status, '') NOT IN ('Canceled', 'Not Held')"""
    from_ = shift_day(day, -89)
    return {
        ("pipeline", "stage"): ["""SELECT s.name, count(*), sum(d.amount), sum(d.amount * d.probability), avg(d.amount)
            FROM opportunity d JOIN stage s ON s.id = d.stage WHERE d.deleted_at IS NULL AND s.type IN ('Open', 'On Hold')
            GROUP BY d.stage"""],
        ("funnel", "stage"): ["""SELECT d.furthest_stage, s.type, count(*), sum(d.amount) FROM opportunity d
            JOIN stage s ON s.id = d.stage WHERE d.deleted_at IS NULL GROUP BY 1, 2"""],
        ("wins", "product"): [f"SELECT d.product, {sums} {CLOSED} GROUP BY 1", MEDIAN.format(key="d.product", won=WON),
                              MEDIAN.format(key="1", won=WON)],
        ("losses", "reason"): [f"""SELECT d.loss_reason, count(*), sum(d.amount), sum({CYCLE}) FROM opportunity d
            JOIN stage s ON s.id = d.stage WHERE d.deleted_at IS NULL AND s.type = 'Lost' GROUP BY 1"""],
        ("velocity", "rep"): [f"""SELECT d.owner, sum(s.type NOT IN ('Won', 'Lost')), {sums} FROM opportunity d
            JOIN stage s ON s.id = d.stage WHERE d.deleted_at IS NULL GROUP BY 1"""],
        ("stage-time", "stage"): ["""WITH m AS (SELECT e.record, json_extract(e.fields, '$.stage[0]') AS stage, a.at, e.n,
                lag(a.at) OVER (PARTITION BY e.record ORDER BY e.n) AS since FROM entry e JOIN action a ON a.n = e.action
                WHERE e.kind = 'opportunity' AND e.op = 'update' AND json_extract(e.fields, '$.stage') IS NOT NULL)
            SELECT m.stage, s.type, count(*), sum(julianday(m.at) - julianday(coalesce(since, d.created_at))) FROM m
            JOIN opportunity d ON d.id = m.record JOIN stage s ON s.id = d.stage
            WHERE d.deleted_at IS NULL AND s.type IN ('Won', 'Lost') GROUP BY 1, 2""",
            """SELECT d.stage, count(*), avg(julianday('now') - julianday(d.stage_entered_at)) FROM opportunity d
            JOIN stage s ON s.id = d.stage WHERE d.deleted_at IS NULL AND s.type NOT IN ('Won', 'Lost') GROUP BY 1"""],
        ("activity", "rep"): [f"SELECT a.owner, {calls} AND a.completed_at >= '{from_}' GROUP BY 1"],
        ("activity", "hour"): [f"SELECT substr(a.completed_at, 12, 2), {calls} AND a.completed_at >= '{from_}' GROUP BY 1"],
        ("response", "rep"): [f"""SELECT owner, count(*), count(t), avg(julianday(t) - julianday(created_at)) FROM
            (SELECT l.owner, l.created_at, {first} AS t FROM lead l WHERE l.deleted_at IS NULL) GROUP BY 1""",
            *(f"""SELECT k, avg(v) FROM (SELECT k, v, row_number() OVER (PARTITION BY k ORDER BY v) AS r, count(*) OVER (PARTITION BY k) AS c
            FROM (SELECT {key} AS k, julianday({first}) - julianday(l.created_at) AS v FROM lead l WHERE l.deleted_at IS NULL)
            WHERE v IS NOT NULL) WHERE r IN ((c + 1) / 2, (c + 2) / 2) GROUP BY k""" for key in ("l.owner", "1"))],
        ("sources", "source"): ["SELECT lead_source, count(*), count(converted_at) FROM lead WHERE deleted_at IS NULL GROUP BY 1",
            """SELECT d.lead_source, count(*), sum(s.type = 'Won'), sum(CASE WHEN s.type = 'Won' THEN d.amount END)
            FROM opportunity d JOIN stage s ON s.id = d.stage WHERE d.deleted_at IS NULL GROUP BY 1"""],
        ("campaigns", "campaign"): ["SELECT campaign, count(*), count(converted_at) FROM lead WHERE deleted_at IS NULL GROUP BY 1",
            """SELECT d.campaign, count(*), sum(s.type = 'Won'), sum(CASE WHEN s.type = 'Won' THEN d.amount END)
            FROM opportunity d JOIN stage s ON s.id = d.stage WHERE d.deleted_at IS NULL GROUP BY 1""",
            "SELECT id, actual_cost FROM campaign WHERE deleted_at IS NULL"],
        ("orders", "quarter"): [f"SELECT {QUARTER}, count(*), sum(d.amount), count(DISTINCT d.account) {WON} GROUP BY 1",
            f"SELECT count(*), sum(d.amount), count(DISTINCT d.account) {WON}"],
        ("retention", "quarter"): [f"""SELECT q, count(*), sum(b IS NULL), sum(b = q - 1), sum(b < q - 1) FROM
            (SELECT q, lag(q) OVER (PARTITION BY a ORDER BY q) AS b FROM ({VISITS})) GROUP BY 1"""],
        ("cohorts", "quarter"): [f"""WITH v AS MATERIALIZED ({VISITS}) SELECT b, q - b, count(*) FROM v
            JOIN (SELECT a AS w, min(q) AS b FROM v GROUP BY 1) ON w = a GROUP BY 1, 2"""],
        ("lifetime", "year"): [f"""SELECT substr(f, 1, 4), count(*), sum(o), sum(m), sum(julianday(l) - julianday(f)) FROM
            (SELECT d.account, count(*) AS o, sum(d.amount) AS m, min(d.close_date) AS f, max(d.close_date) AS l {WON}
            GROUP BY 1) GROUP BY 1"""],
        ("rfm", "segment"): [f"""SELECT account, ntile(5) OVER (ORDER BY r), ntile(5) OVER (ORDER BY f), ntile(5) OVER (ORDER BY m)
            FROM (SELECT d.account, max(d.close_date) AS r, count(*) AS f, sum(d.amount) AS m {WON} GROUP BY 1)"""],
    }  # fmt: skip


def measure(setup: Setup) -> list[Row]:
    sizes = Sizes()
    return report_rows(made(setup.books, sizes), max(setup.rounds // 3, 1)) + constant_rows(setup, sizes)


def report_rows(path: Path, rounds: int) -> list[Row]:
    """Each report against its statements by hand, in turn."""
    book, day, rows = Book.open(path), locales.today(), []
    hand = driver.connect(str(path), isolation_level=None)
    for (name, by), statements in by_hand(day).items():
        span = period.read("last 90 days") if name == "activity" else period.ALL
        ask = Ask(by, period.Period(period.FIRST, day) if REPORTS[name].period and span.is_all else span)

        def ours(name: str = name, ask: Ask = ask) -> object:
            return engine.read(book, REPORTS[name], ask)

        def theirs(statements: list[str] = statements) -> object:
            return [hand.execute(sql).fetchall() for sql in statements]

        pairs = [_timed(ours, theirs, number) for number in range(-1, rounds)][1:]
        rows.append(paired(f"report {name} by {by}", AGAINST, "ms", pairs, (2.0,)))
    book.close()
    hand.close()
    return rows


def _timed(ours: Callable[[], Any], theirs: Callable[[], Any], number: int) -> tuple[tuple[float], tuple[float]]:
    times = [0.0, 0.0]
    for side in (0, 1) if number % 2 else (1, 0):
        began = time.perf_counter()
        (ours, theirs)[side]()
        times[side] = (time.perf_counter() - began) * 1e3
    return (times[0],), (times[1],)


def constant_rows(setup: Setup, sizes: Sizes) -> list[Row]:
    """The sums of Board and Today in the large book and in one with a tenth of the closed deals."""
    few = sizes._replace(deals=(sizes.deals - OPEN) // 10 + OPEN, activities=sizes.activities // 10)
    large, small = (Book.open(made(setup.books, one)) for one in (sizes, few))
    pipelines = {book.path: pipeline.pipelines(book)[0][0] for book in (large, small)}
    for book in (large, small):
        rep = book.value("SELECT id FROM user WHERE name = 'Rep 1'")
        goals.keep(book, "won amount", 10**6, period.read("this week"), rep, "USD")
        goals.keep(book, "calls", 100, period.read("this week"), rep)
    readings: dict[str, Callable[[Book], object]] = {
        "sums of the board": lambda book: pipeline.stage_sums(book, pipelines[book.path]),
        "sums of the board, one owner's": lambda book: pipeline.stage_sums(
            book, pipelines[book.path], pipeline.Filter(book.user)
        ),
        "goals on Today": lambda book: goals.progress(book, None),
    }
    rows = []
    for what, reading in readings.items():
        ours, theirs = partial(reading, large), partial(reading, small)
        pairs = [_timed(ours, theirs, number) for number in range(-5, setup.rounds * 5)]
        rows.append(paired(f"{what}: 10 times the closed deals", "a tenth of them", "ms", pairs[5:], (1.5,)))
    large.close()
    small.close()
    return rows
