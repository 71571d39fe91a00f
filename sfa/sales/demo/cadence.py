"""What comes again and again in the demo's company: series, plans of steps, and reminders of dates."""

from __future__ import annotations

from sfa.models.defaults import EVENT_TYPES
from sfa.sales.alarms import due_at
from sfa.sales.demo.business import CADENCES, PLANS
from sfa.sales.demo.world import World

REMIND = (900, 86_400)  # seconds before a series' meeting: the same day and the day before
BEFORE_CLOSE = 5 * 86_400


def build(world: World, users: list[str]) -> None:
    """Adds them, for the first of ``users`` most; nothing of it is due today."""
    for name, description, steps in PLANS:
        plan = world.add("activity_plan", name=name, description=description)
        for position, (type_, subject, after, time) in enumerate(steps, 1):
            values = {"type": type_, "subject": subject, "after_days": after, "time": time, "position": position}
            world.add("plan_step", plan=plan["id"], before=900 if time else None, **values)
    accounts = [account for account in world.rows["account"] if account["owner"] == users[0]]
    for number, (type_, subject, rule, day, hour) in enumerate(CADENCES):
        owner, account = users[number % 2], accounts[number * 3]
        start = world.instant(day, hour) if hour else world.date(day)
        values = {"type": type_, "subject": subject, "start": start, "series_start": start, "rrule": rule}
        timed = {"tzid": world.zone} if hour else {}
        status = "Planned" if type_ in EVENT_TYPES else "Not Started"
        made = world.add("activity", account=account["id"], owner=owner, status=status, **values, **timed)
        for before in REMIND if hour else ():
            remind_at = due_at(start, before)
            world.add("reminder", activity=made["id"], user=owner, owner=owner, before=before, remind_at=remind_at)
    _before_closing(world, users[0])


def _before_closing(world: World, user: str) -> None:
    """Reminds the user of his next deals to close, some days before."""
    horizon = world.date(10)
    mine = [deal for deal in world.rows["opportunity"] if deal["owner"] == user and deal.get("close_date")]
    for deal in [deal for deal in mine if deal["close_date"] > horizon][:5]:
        remind_at = due_at(deal["close_date"], BEFORE_CLOSE)
        world.add(
            "reminder", opportunity=deal["id"], user=user, owner=user, field="close_date", before=BEFORE_CLOSE,
            remind_at=remind_at)  # fmt: skip
