"""What the demo company spends, sells and aims at: campaigns, orders, goals, forecasts, rates, own reports."""

from __future__ import annotations

from sfa.models.fields import Value
from sfa.sales.demo.deals import RATES, Deals
from sfa.sales.demo.world import Values, World
from sfa.sales.figures import period

CAMPAIGNS = (  # name, type, first day, last day, cost in euros, the sources that it may have brought
    ("Packaging fair, autumn", "Trade Show", -420, -416, 38_000, ("Trade Show", "External Referral")),
    ("Spring webinar on hygiene", "Event", -330, -330, 4_500, ("Web Form", "Web Site")),
    ("Brochure to food makers", "Mail", -260, -230, 9_800, ("Phone Inquiry", "Direct Mail")),
    ("Cold calls, south", "Telesales", -200, -140, 12_400, ("Cold Call",)),
    ("Partner days", "Referral", -120, -90, 7_200, ("Partner",)),
    ("Newsletter on spare parts", "Newsletter", -60, -1, 2_100, ("Web Form", "Email")),
)
FOLLOWED = 240  # days in which a campaign may still bring something
TAKEN = 45  # percent of what fits
RATE_DAYS = (-730, -365, -180, -30)
MARGIN = {"EUR": (0, 1, -1, 2), "GBP": (1, -1, 0, 1), "USD": (-2, 1, 3, 0)}  # hundredths that rates went up and down
CALLS_A_WEEK = 25
SPARES = (1, 2, 3)


def build(world: World, deals: Deals, me: str) -> None:
    """Adds all of it; ``me`` is who works with the book."""
    won = _won(world, deals)
    _rates(world)
    _campaigns(world)
    _orders(world, won)
    _aims(world, won, me)
    own = {"owner": me, "created_at": world.instant(-20, 9)}
    world.add("report", **own, name="Why we lose this year", shipped="losses", period="this year", is_pinned=1)
    world.add(
        "report", **own, name="Open deals by sector", of_kind="opportunity", where="stage.type=Open",
        group_by="account.industry", measure="count, sum amount",
    )  # fmt: skip


def _won(world: World, deals: Deals) -> list[tuple[Values, str]]:
    """The deals that are won at last, and the day of each."""
    types = {stage["id"]: stage["type"] for stage in (*deals.stages, *deals.care_stages)}
    last = {deal["id"]: (deal["stage"], deal["close_date"]) for deal in world.rows["opportunity"]}
    for move in deals.moves:
        last[move.deal["id"]] = (move.stage["id"], move.values.get("close_date") or move.deal["close_date"])
    found = ((deal, *last[deal["id"]]) for deal in world.rows["opportunity"])
    return [(deal, day) for deal, stage, day in found if types[stage] == "Won"]


def _rates(world: World) -> None:
    for number, day in enumerate(RATE_DAYS):
        worth = {code: RATES[code] + MARGIN[code][number] for code in RATES}
        for code in sorted(RATES):
            for base in sorted(RATES):
                if code != base:
                    rate = round(worth[base] / worth[code], 4)
                    world.add(
                        "exchange_rate", currency=code, base=base, starts_on=world.date(day, work=False), rate=rate
                    )


def _campaigns(world: World) -> None:
    """Each with its cost; some of the leads and deals of its sources that began soon after came of it."""
    made = []
    for name, type_, first, last, cost, sources in CAMPAIGNS:
        values = {
            "start_date": world.date(first),
            "end_date": world.date(last),
            "actual_cost": cost * 100,
            "currency": "EUR",
        }
        status = "Active" if last >= -1 else "Complete"
        campaign = world.add("campaign", name=name, type=type_, status=status, budget=cost * 110, **values)
        made.append((campaign["id"], world.date(first), world.date(first + FOLLOWED), sources))
    for kind, field in (("lead", "created_at"), ("opportunity", "engaged_on")):
        for row in world.rows[kind]:
            begun = str(row[field])[:10]
            fitting = [
                id for id, first, last, sources in made if row.get("lead_source") in sources and first <= begun <= last
            ]
            if fitting and world.chance(TAKEN):
                row["campaign"] = world.choose(fitting)


def _orders(world: World, won: list[tuple[Values, str]]) -> None:
    """What was won is ordered; good customers come back for spare parts."""
    number = 1000
    for deal, day in sorted(won, key=lambda entry: entry[1]):
        number += 1
        _order(world, deal, number, day, int(deal["amount"] or 0))
        for _again in range(world.choose((0, 0, 1, 2, 3))):
            later = world.between(20, 300)
            date = period.Period(day, day).moved(later).first
            if date <= world.date(0):
                number += 1
                _order(
                    world,
                    deal,
                    number,
                    date,
                    int(deal["amount"] or 0) * world.between(4, 14) // 10_000 * 100,
                    spare=True,
                )


def _order(world: World, deal: Values, number: int, day: str, amount: int, *, spare: bool = False) -> None:
    common: dict[str, Value] = {"owner": deal["owner"], "created_at": f"{day}T08:00:00Z"}
    link = {} if spare else {"opportunity": deal["id"]}
    order = world.add(
        "sales_order", number=f"O-{number}", account=deal["account"], order_date=day, currency=deal["currency"],
        amount=amount, status="Fulfilled", **link, **common,
    )  # fmt: skip
    count = world.choose(SPARES)
    world.add(
        "order_line", sales_order=order["id"], product=deal["product"], position=1, quantity=count,
        unit_price=amount // count, total=amount, currency=deal["currency"], **common,
        description="Spare parts" if spare else None,
    )  # fmt: skip


def _aims(world: World, won: list[tuple[Values, str]], me: str) -> None:
    """Goals of the quarter and of the week for everybody who leads nobody, and what each has said will close."""
    quarter, week = (period.of(unit, world.date(0, work=False)) for unit in ("quarter", "week"))
    sold, lately = dict[str, int](), dict[str, int]()
    for deal, day in won:
        owner, amount = str(deal["owner"]), int(deal["amount"] or 0) * 100 // RATES[str(deal["currency"])]
        sold[owner] = sold.get(owner, 0) + amount
        lately[owner] = lately.get(owner, 0) + (amount if day >= quarter.first else 0)
    for user in world.rows["user"]:
        sold.pop(str(user.get("manager")), None)  # what counts of a manager is what counts of his people
    made = world.instant(-30, 9)
    for owner, amount in sorted(sold.items()):
        target = max(round(amount / 8 * 1.15 / 500_000), 1) * 500_000
        common: dict[str, Value] = {"user": owner, "created_at": made}
        spans = {"period": "quarter", "starts_on": quarter.first}
        world.add("goal", measure="won amount", amount=target, currency="EUR", **spans, **common)
        world.add("goal", measure="calls", target=CALLS_A_WEEK, period="week", starts_on=week.first, **common)
        said = {"amount": lately[owner] + target * 2 // 10, "best_case": lately[owner] + target // 2, "currency": "EUR"}
        said_at = world.instant(-3 if owner == me else -4, 10)
        world.add("forecast_call", user=owner, type="submitted", said_at=said_at, created_at=said_at, **said, **spans)
