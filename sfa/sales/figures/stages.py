"""Reports over the way through the stages: how far deals come, and how long they stay."""

from __future__ import annotations

from typing import Any

from sfa.i18n import N_, _
from sfa.sales.figures.deals import WON
from sfa.sales.figures.dimensions import DEALS, OF_DEALS
from sfa.sales.figures.engine import derive, within
from sfa.sales.figures.report import Column, Declaration, Dimension, Plot, Row, Subject, Table, ratio
from sfa.sales.figures.scope import Scope

BEGUN = Subject("opportunity", DEALS.source, "deal", "deal.engaged_on", DEALS.live)
NEWEST = 1000  # deals, among which it is seen whether this company notes when it engaged

_FUNNEL = (
    Column("reached", N_("Came here")),
    Column("step", N_("Of the stage before"), "percent"),
    Column("all", N_("Of all"), "percent"),
    Column("lost", N_("Lost from here")),
    Column("amount", N_("Amount"), "money"),
)


def _funnel(scope: Scope, by: Dimension) -> Table:
    """Deals begun in the period, by the furthest stage that they came to; what was won came through all."""
    field = _begun(scope)
    stages = _stages(scope)
    places = {id: place for place, (id, _name, _type) in enumerate(stages)}
    last = len(stages) - 1
    counts, lost, amounts = ([0] * len(stages) for _column in range(3))
    sql = f"""SELECT furthest_stage, {WON}, deal.stage IN ({{lost}}), count(*), sum({{amount}}) FROM {DEALS.source}
        WHERE {DEALS.live} AND deal.pipeline = {_pipeline(scope)} AND {scope.inside(f"deal.{field}")} AND {{filter}}
        GROUP BY 1, 2, 3"""
    for furthest, won, is_lost, count, amount in scope.rows(sql):
        place = last if won else places.get(furthest, 0)
        lost[place] += count if is_lost else 0
        for reached in range(place + 1):
            counts[reached] += count
            amounts[reached] += amount or 0
    rows = []
    for place, (_id, name, _type) in enumerate(stages):
        before = counts[place - 1] if place else 0
        beyond = "|".join(later for later, _name, _type in stages[place:])
        drill = (f"furthest_stage={beyond}", *scope.ask.where, *within(field, scope.ask.period)) if place else None
        shares = [100 * counts[place] / whole if whole else None for whole in (before, counts[0])]
        rows.append(Row(name, (name, counts[place], *shares, lost[place], amounts[place]), drill))
    return Table((Column("name", by.title, "text"), *_FUNNEL), rows)


def _begun(scope: Scope) -> str:
    """The field that says when deals began: the day they were engaged on, where the company notes that."""
    newest = f"SELECT engaged_on FROM opportunity ORDER BY n DESC LIMIT {NEWEST}"
    noted = scope.book.value(f"SELECT 1 FROM ({newest}) WHERE engaged_on IS NOT NULL LIMIT 1")
    return "engaged_on" if noted else "created_at"


def _pipeline(scope: Scope) -> str:
    """SQL of the pipeline: the one that a condition names, or the default one."""
    named = next((text.partition("=")[2] for text in scope.ask.where if text.startswith("pipeline=")), "")
    from sfa.sales.figures.scope import quoted
    from sfa.sales.pipeline import pipelines

    id = scope.lookup.resolve("pipeline", named) if named else next((row[0] for row in pipelines(scope.book)), "")
    return quoted([id])


def _stages(scope: Scope) -> list[tuple[str, str, str]]:
    """The stages that a deal passes, up to the won one."""
    return scope.book.rows(
        "SELECT id, name, type FROM stage WHERE deleted_at IS NULL AND type IN ('Open', 'Won')"
        f" AND pipeline = {_pipeline(scope)} ORDER BY type = 'Won', position, n"
    )


FUNNEL = Declaration(
    "funnel",
    N_("Funnel"),
    N_("How far the deals begun in a period came: by stage, with the share that went on."),
    BEGUN,
    by=(OF_DEALS["stage"],),
    plot=Plot("funnel", ("reached",)),
    read=_funnel,
)


def _times(values: Any) -> Any:
    won, now = values["won_average"], values["open_average"]
    return now / won if won and now is not None else None


_STAYS = (
    Column("won", N_("Won deals"), sql="1"),
    Column("won_days", "", "days", sql="1", shown=False),
    Column("won_average", N_("Days there"), "days", derive=ratio("won_days", "won")),
    Column("lost", N_("Lost deals"), sql="1"),
    Column("lost_days", "", "days", sql="1", shown=False),
    Column("lost_average", N_("Days there"), "days", derive=ratio("lost_days", "lost")),
    Column("open", N_("Open now"), sql="1"),
    Column("open_days", "", "days", sql="1", shown=False),
    Column("open_average", N_("Days so far"), "days", derive=ratio("open_days", "open")),
    Column("times", N_("Times won deals"), "number", derive=_times),
)
_MOVES = """WITH moves AS MATERIALIZED (
    SELECT entry.record AS record, json_extract(entry.fields, '$.stage[0]') AS stage, action.at AS at, entry.n AS n
    FROM entry JOIN action ON action.n = entry.action
    WHERE entry.kind = 'opportunity' AND entry.op = 'update' AND instr(entry.fields, '"stage":') AND action.at < {now}),
stays AS (
    SELECT record, stage, at, lag(at) OVER (PARTITION BY record ORDER BY n) AS since FROM moves)
SELECT stays.stage, deal.stage IN ({won}), count(*),
    sum(max(julianday(stays.at) - julianday(coalesce(since, deal.created_at)), 0))
FROM stays JOIN opportunity AS deal ON deal.id = stays.record
WHERE deal.deleted_at IS NULL AND deal.stage IN ({closed}) AND {inside} AND {filter} GROUP BY 1, 2"""
_NOW = """SELECT deal.stage, count(*), sum(max(julianday({now}) - julianday(deal.stage_entered_at), 0))
FROM opportunity AS deal WHERE deal.deleted_at IS NULL AND deal.stage IN ({open})
    AND deal.stage_entered_at IS NOT NULL AND {filter} GROUP BY 1"""


def _stays(scope: Scope, by: Dimension) -> Table:
    """Every stay in a stage that the journal knows, of deals closed in the period; and how long open ones wait."""
    found: dict[str, dict[str, Any]] = {}
    for stage, won, count, days in scope.rows(_MOVES):
        kind = "won" if won else "lost"
        found.setdefault(stage, {}).update({kind: count, f"{kind}_days": days})
    for stage, count, days in scope.rows(_NOW):
        found.setdefault(stage, {}).update({"open": count, "open_days": days})
    if not any("won" in figures for figures in found.values()):
        scope.notes.append(
            _("No won deal was moved from stage to stage in this book yet: there is nothing to compare with.")
        )
    shown = [column for column in _STAYS if column.shown]
    rows = []
    for id, name, type in _stages(scope):
        if type == "Open":
            row = {column.name: found.get(id, {}).get(column.name) for column in _STAYS}
            derive(_STAYS, row, {})
            values = tuple(row[column.name] for column in shown)
            rows.append(Row(name, (name, *values), (f"stage={id}", *scope.ask.where)))
    return Table((Column("name", by.title, "text"), *shown), rows)


STAYS = Declaration(
    "stage-time",
    N_("Time in stage"),
    N_("How long won and lost deals stayed in each stage, and how long the open ones have been there."),
    DEALS,
    by=(OF_DEALS["stage"],),
    plot=Plot("bars", ("won_average", "open_average")),
    read=_stays,
)
