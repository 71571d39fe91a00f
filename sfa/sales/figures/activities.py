"""Reports over what reps do: calls, outcomes, talk time, meetings; and how fast leads are answered."""

from __future__ import annotations

from functools import cache, partial
from typing import Any

from sfa.clock import to_local, zone
from sfa.i18n import N_
from sfa.locales import current
from sfa.sales.figures.report import Column, Declaration, Dimension, Plot, Subject, percent, ratio

DONE = Subject("activity", "activity AS act", "act", "act.completed_at", "act.deleted_at IS NULL")
REP = "LEFT JOIN user AS rep ON rep.id = {}.owner"
HOUR = "substr(act.completed_at, 1, {grain})"


@cache
def _local(instant: str, zone: str) -> tuple[str, int, int]:
    """The local day, hour and weekday of an instant to the hour or minute."""
    moment = to_local(f"{instant}:00:00"[:19] + "Z", zone)
    return moment.date().isoformat(), moment.hour, moment.weekday()


def _hour(at: str) -> int:
    return _local(at, zone())[1]


def _weekday(at: str) -> int:
    return _local(at, zone())[2]


def _months(at: str, unit: str) -> int:
    """The months from the year 0 to the first of the unit that an instant is in."""
    from sfa.sales.figures.period import of

    first = of(unit, _local(at, zone())[0]).first
    return int(first[:4]) * 12 + int(first[5:7]) - 1


def _call(condition: str = "1", value: str = "1") -> str:
    return f"sum(CASE WHEN act.type = 'call' AND {condition} THEN {value} END)"


ACTIVITY = Declaration(
    "activity",
    N_("Activity"),
    N_("What was done: calls, how many were reached, talk time, meetings and visits, e-mails, tasks."),
    DONE,
    (
        Column("calls", N_("Calls"), sql=_call()),
        Column("reached", N_("Reached"), sql=_call("act.outcome IN ({reached})")),
        Column("rate", N_("Reached"), "percent", derive=percent("reached", "calls")),
        Column("talk", N_("Talk time"), "seconds", _call(value="act.duration")),
        Column("meetings", N_("Meetings"), sql="sum(act.type IN ('meeting', 'visit'))"),
        Column("emails", N_("E-mails"), sql="sum(act.type = 'email')"),
        Column("tasks", N_("Tasks"), sql="sum(act.type = 'task')"),
        Column("all", N_("All"), sql="count(*)"),
    ),
    (
        Dimension("rep", N_("Rep"), "act.owner", link="user", path="owner"),
        Dimension("team", N_("Team"), "rep.manager", REP.format("act"), "user", "owner.manager"),
        Dimension("outcome", N_("Outcome"), "act.outcome", link="call_outcome", path="outcome"),
        Dimension("hour", N_("Hour"), HOUR, fold=_hour, label=lambda hour: current().time(hour, 0)),
        Dimension("weekday", N_("Weekday"), HOUR, fold=_weekday,
                  label=lambda day: current().weekday_names[day]),
        Dimension("month", N_("Month"), HOUR, unit="month", fold=partial(_months, unit="month")),
        Dimension("quarter", N_("Quarter"), HOUR, unit="quarter", fold=partial(_months, unit="quarter")),
        Dimension("type", N_("Type"), "act.type", path="type"),
        Dimension("account", N_("Account"), "act.account", link="account", path="account"),
    ),
    Plot("bars", ("calls", "reached")),
    "act.completed_at IS NOT NULL AND coalesce(act.status, '') NOT IN ('Canceled', 'Not Held')",
    ("completed_at!=", "status!=Canceled|Not Held"),
    period="last 90 days",
)  # fmt: skip

_TOUCHED = """LEFT JOIN (SELECT act.lead AS id, min(act.completed_at) AS at FROM activity AS act
    WHERE act.lead IS NOT NULL AND act.deleted_at IS NULL GROUP BY 1) AS touch ON touch.id = lead.id"""
LEADS = Subject("lead", f"lead {_TOUCHED}", "lead", "lead.created_at", "lead.deleted_at IS NULL")
_ANSWERED = "touch.at"
_HOURS = f"max((julianday({_ANSWERED}) - julianday(lead.created_at)) * 24, 0)"


def _answered(within: int) -> Any:
    return f"sum(CASE WHEN {_ANSWERED} IS NOT NULL AND {_HOURS} <= {within} THEN 1 END)"


RESPONSE = Declaration(
    "response",
    N_("Lead response time"),
    N_("How long leads wait until somebody first calls, writes or meets them."),
    LEADS,
    (
        Column("leads", N_("Leads"), sql="count(*)"),
        Column("answered", N_("Answered"), sql=f"count({_ANSWERED})"),
        Column("hours", "", "hours", f"sum({_HOURS})", shown=False),
        Column("average", N_("Hours, average"), "hours", derive=ratio("hours", "answered")),
        Column("median", N_("Hours, median"), "hours", median=_HOURS),
        Column("in_hour", "", sql=_answered(1), shown=False),
        Column("in_day", "", sql=_answered(24), shown=False),
        Column("hour_share", N_("Within an hour"), "percent", derive=percent("in_hour", "leads")),
        Column("day_share", N_("Within a day"), "percent", derive=percent("in_day", "leads")),
    ),
    (
        Dimension("rep", N_("Rep"), "lead.owner", link="user", path="owner"),
        Dimension("source", N_("Source"), "lead.lead_source", path="lead_source"),
        Dimension("campaign", N_("Campaign"), "lead.campaign", link="campaign", path="campaign"),
        Dimension("status", N_("Status"), "lead.status", path="status"),
        Dimension("team", N_("Team"), "rep.manager", REP.format("lead"), "user", "owner.manager"),
    ),
    Plot("bars", ("average",)),
    period="last 365 days",
)  # fmt: skip
