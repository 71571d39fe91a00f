"""What reports over deals can be read by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sfa.i18n import N_, _
from sfa.locales import current
from sfa.sales.figures.report import NONE, Dimension, Subject

DEALS = Subject("opportunity", "opportunity AS deal", "deal", "deal.close_date", "deal.deleted_at IS NULL")
REP = "LEFT JOIN user AS rep ON rep.id = deal.owner"
ACCOUNT = "LEFT JOIN account ON account.id = deal.account"
AMOUNTS = (500, 1_000, 5_000, 10_000, 50_000, 100_000)  # major units
PEOPLE = (10, 50, 200, 1_000, 5_000)
DAYS = (15, 31, 61, 91, 121, 181)
CYCLE = "max(julianday(deal.close_date) - julianday(coalesce(deal.engaged_on, substr(deal.created_at, 1, 10))), 0)"


def bucket(expression: str, bounds: tuple[int, ...]) -> str:
    """SQL of the place of a number among ``bounds``: 0 below the first; NULL where there is none."""
    cases = " ".join(f"WHEN {expression} < {bound} THEN {place}" for place, bound in enumerate(bounds))
    return f"CASE WHEN {expression} IS NULL THEN NULL {cases} ELSE {len(bounds)} END"


def bucket_label(bounds: tuple[int, ...], unit: str = "") -> Callable[[Any], str]:
    """What a bucket is called: ``under 500``, ``500 – 999``, ``100,000 and more``."""

    def label(place: Any) -> str:
        number = current().number
        if place is None:
            return _(NONE)
        if place == 0:
            text = _("under {bound}").format(bound=number(bounds[0]))
        elif place == len(bounds):
            text = _("{bound} and more").format(bound=number(bounds[-1]))
        else:
            text = f"{number(bounds[place - 1])} – {number(bounds[place] - 1)}"
        return f"{text} {_(unit)}".strip()

    return label


def bucket_drill(path: str, bounds: tuple[int, ...]) -> Callable[[Any], tuple[str, ...]]:
    """The conditions of a bucket."""

    def drill(place: Any) -> tuple[str, ...]:
        if place is None:
            return (f"{path}=",)
        least = (f"{path}>={bounds[place - 1]}",) if place else ()
        return (*least, f"{path}<{bounds[place]}") if place < len(bounds) else least

    return drill


def _of_deals() -> dict[str, Dimension]:
    amounts = "({amount}) / {scale}"
    found = (
        Dimension("product", N_("Product"), "deal.product", link="product", path="product"),
        Dimension("family", N_("Product family"), "product.family",
                  "LEFT JOIN product ON product.id = deal.product", path="product.family"),
        Dimension("rep", N_("Rep"), "deal.owner", link="user", path="owner"),
        Dimension("team", N_("Team"), "rep.manager", REP, "user", "owner.manager"),
        Dimension("region", N_("Region"), "rep.region", REP, path="owner.region"),
        Dimension("territory", N_("Territory"), "account.territory", ACCOUNT, "territory", "account.territory"),
        Dimension("sector", N_("Sector"), "account.industry", ACCOUNT, path="account.industry"),
        Dimension("country", N_("Country"), "account.billing_country", ACCOUNT, path="account.billing_country"),
        Dimension("company", N_("Company size"), bucket("account.number_of_employees", PEOPLE), ACCOUNT,
                  label=bucket_label(PEOPLE, N_("employees")),
                  drill=bucket_drill("account.number_of_employees", PEOPLE)),
        Dimension("source", N_("Source"), "deal.lead_source", path="lead_source"),
        Dimension("campaign", N_("Campaign"), "deal.campaign", link="campaign", path="campaign"),
        Dimension("size", N_("Deal size"), bucket(amounts, AMOUNTS), label=bucket_label(AMOUNTS),
                  path="amount", drill=bucket_drill("amount", AMOUNTS)),
        Dimension("cycle", N_("Sales cycle"), bucket(CYCLE, DAYS), label=bucket_label(DAYS, N_("days"))),
        Dimension("reason", N_("Loss reason"), "deal.loss_reason", link="loss_reason", path="loss_reason"),
        Dimension("competitor", N_("Competitor"), "deal.winning_competitor",
                  link="competitor", path="winning_competitor"),
        Dimension("account", N_("Account"), "deal.account", link="account", path="account"),
        Dimension("pipeline", N_("Pipeline"), "deal.pipeline", link="pipeline", path="pipeline"),
        Dimension("stage", N_("Stage"), "deal.stage", link="stage", path="stage"),
        Dimension("furthest", N_("Furthest stage"), "deal.furthest_stage", link="stage", path="furthest_stage"),
        Dimension("category", N_("Forecast category"), "deal.forecast_category", path="forecast_category"),
        Dimension("type", N_("Type"), "deal.type", path="type"),
        *(Dimension(unit, title, f"{{{unit}}}", unit=unit) for unit, title in UNITS.items()),
    )  # fmt: skip
    return {dimension.name: dimension for dimension in found}


UNITS = {"month": N_("Month"), "quarter": N_("Quarter"), "year": N_("Year")}
OF_DEALS = _of_deals()


def of_deals(*names: str) -> tuple[Dimension, ...]:
    """The dimensions of those names, in that order; all others follow where the last is ``*``."""
    chosen = [name for name in names if name != "*"]
    rest = [name for name in OF_DEALS if name not in chosen] if "*" in names else []
    return tuple(OF_DEALS[name] for name in (*chosen, *rest))
