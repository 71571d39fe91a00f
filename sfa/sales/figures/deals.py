"""Reports over deals: the pipeline, wins, losses, velocity."""

from __future__ import annotations

from typing import Any

from sfa.i18n import N_
from sfa.sales.figures.dimensions import CYCLE, DEALS, of_deals
from sfa.sales.figures.report import Column, Declaration, Plot, Values, percent, ratio, share

WON, LOST = "{stage} IN ({won})", "{stage} IN ({lost})"


def _if(condition: str, value: str = "1") -> str:
    return f"sum(CASE WHEN {condition} THEN {value} END)"


PIPELINE = Declaration(
    "pipeline",
    N_("Pipeline"),
    N_("Open deals by stage, rep or category: how many, their amounts, and those by probability."),
    DEALS,
    (
        Column("deals", N_("Deals"), sql="count(*)"),
        Column("amount", N_("Amount"), "money", "sum({amount})"),
        Column("hundredths", "", "money", "sum({amount} * coalesce(deal.probability, 0))", shown=False),
        Column("weighted", N_("Weighted"), "money", derive=lambda values: (values["hundredths"] or 0) / 100),
        Column("priced", "", sql="count({amount})", shown=False),
        Column("average", N_("Average"), "money", derive=ratio("amount", "priced")),
    ),
    of_deals("stage", "rep", "category", "*"),
    Plot("bars", ("amount",)),
    "deal.stage IN ({open})",
    ("stage.type=Open|On Hold",),
)
WINS = Declaration(
    "wins",
    N_("Win rate and revenue"),
    N_("Deals that were closed: won and lost, the share won, what they brought and how long they took."),
    DEALS,
    (
        Column("won", N_("Won"), sql=_if(WON)),
        Column("lost", N_("Lost"), sql=_if(LOST)),
        Column("closed", "", sql="count(*)", shown=False),
        Column("rate", N_("Win rate"), "percent", derive=percent("won", "closed")),
        Column("revenue", N_("Revenue"), "money", _if(WON, "{amount}")),
        Column("priced", "", sql=f"count(CASE WHEN {WON} THEN {{amount}} END)", shown=False),
        Column("average", N_("Average won"), "money", derive=ratio("revenue", "priced")),
        Column("median", N_("Median won"), "money", median=f"CASE WHEN {WON} THEN {{amount}} END"),
        Column("won_days", "", sql=_if(WON, CYCLE), shown=False),
        Column("lost_days", "", sql=_if(LOST, CYCLE), shown=False),
        Column("cycle_won", N_("Days to win"), "days", derive=ratio("won_days", "won")),
        Column("cycle_lost", N_("Days to lose"), "days", derive=ratio("lost_days", "lost")),
    ),
    of_deals("product", "rep", "team", "region", "territory", "sector", "source", "size", "*"),
    Plot("bars", ("revenue",)),
    "{stage} IN ({closed})",
    ("stage.type=Won|Lost",),
)
LOSSES = Declaration(
    "losses",
    N_("Why deals are lost"),
    N_("Lost deals by reason: how many, their part in all, and what they would have brought."),
    DEALS,
    (
        Column("lost", N_("Lost"), sql="count(*)"),
        Column("share", N_("Share"), "percent", derive=share("lost")),
        Column("amount", N_("Amount"), "money", "sum({amount})"),
        Column("days", "", sql=f"sum({CYCLE})", shown=False),
        Column("cycle", N_("Days to lose"), "days", derive=ratio("days", "lost")),
    ),
    of_deals("reason", "competitor", "furthest", "rep", "product", "*"),
    Plot("bars", ("lost",)),
    LOST,
    ("stage.type=Lost",),
)


def _velocity(values: Values) -> Any:
    """What a day brings: open deals x win rate x average won / days to win."""
    parts = [values[name] for name in ("open", "rate", "average", "cycle")]
    if any(part is None for part in parts) or not values["cycle"]:
        return None
    return values["open"] * values["rate"] / 100 * values["average"] / values["cycle"]


VELOCITY = Declaration(
    "velocity",
    N_("Velocity"),
    N_("What a day brings: open deals, times the share won, times the average won, by the days it takes to win."),
    DEALS,
    (
        Column("open", N_("Open now"), sql=_if("{stage} IN ({open})")),
        Column("won", N_("Won"), sql=_if(f"{WON} AND {{inside}}")),
        Column("closed", "", sql=_if("{stage} IN ({closed}) AND {inside}"), shown=False),
        Column("rate", N_("Win rate"), "percent", derive=percent("won", "closed")),
        Column("revenue", "", "money", _if(f"{WON} AND {{inside}}", "{amount}"), shown=False),
        Column("average", N_("Average won"), "money", derive=ratio("revenue", "won")),
        Column("days", "", sql=_if(f"{WON} AND {{inside}}", CYCLE), shown=False),
        Column("cycle", N_("Days to win"), "days", derive=ratio("days", "won")),
        Column("velocity", N_("A day brings"), "money", derive=_velocity),
    ),
    of_deals("rep", "team", "region", "territory", "product", "sector", "source", "pipeline"),
    Plot("bars", ("velocity",)),
    dated=False,
)
