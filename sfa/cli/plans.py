"""Commands for activity plans: the usual steps with a lead or a deal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfa.cli.command import Answer, Argument, Command, UsageError
from sfa.cli.layout import Column, Heading, Table
from sfa.i18n import N_, _

if TYPE_CHECKING:
    from sfa.cli.layout import Block
    from sfa.cli.session import Session
    from sfa.models import Record


def list_(session: Session) -> Answer:
    from sfa.locales import current
    from sfa.sales import plans

    blocks: list[Block] = []
    data: list[dict[str, Any]] = []
    before = session.book.fields("plan_step")["before"]
    for plan in plans.plans(session.book):
        steps = [step.values for step in plans.steps(session.book, plan.id)]
        rows = [
            [
                _("day {day}").format(day=step.get("after_days") or 0),
                step.get("time") or "",
                _(step["type"]),
                step["subject"],
                before.show(step.get("before"), {}, current()),
            ]
            for step in steps
        ]
        titles = (_("Day"), _("Time"), _("Type"), _("Subject"), _("Reminder"))
        blocks += [Heading(plan.heading), Table([Column(title) for title in titles], rows)]
        data.append({"id": plan.id, "name": plan.heading, "steps": steps})
    note = (
        "" if data else _("There is no plan. sfa plan add NAME '0 call First call' '3 10:00 meeting Offer' makes one.")
    )
    return Answer(data, blocks, note)


def step_of(text: str) -> dict[str, Any]:
    """A step as typed: ``3 10:00 call Ask for a meeting`` (day, time if any, type, subject). Raises ``UsageError``."""
    import re

    from sfa.models.defaults import ACTIVITY_TYPES

    types = "|".join(ACTIVITY_TYPES)
    found = re.fullmatch(rf"\+?(\d{{1,3}})d?\s+(?:(\d{{1,2}}:\d\d)\s+)?({types})\s+(\S.*)", text.strip(), re.IGNORECASE)
    if not found:
        example = "3 10:00 call Ask for a meeting"
        raise UsageError(_("“{text}” is no step; write it like “{example}”.").format(text=text, example=example))
    day, clock, type_, subject = found.groups()
    step: dict[str, Any] = {"after_days": int(day), "type": type_.lower(), "subject": subject}
    return {**step, "time": clock.zfill(5), "before": 900} if clock else step


def add(session: Session) -> Answer:
    from sfa.cli.session import ORIGIN
    from sfa.sales import plans

    arguments = session.arguments
    plan = plans.make(session.book, arguments.name, [step_of(text) for text in arguments.steps], ORIGIN)
    return Answer({"id": plan}, [], _("Added the plan {name}.").format(name=arguments.name))


def _applied(session: Session) -> tuple[str, Record]:
    """The plan and the record that are meant: a lead or a deal of that name. Raises ``NotFound``."""
    from sfa.cli.calls import target

    return session.record("activity_plan", session.arguments.plan).id, target(session)


def apply(session: Session) -> Answer:
    from sfa.cli.calls import activity, next_step
    from sfa.cli.session import ORIGIN
    from sfa.sales import plans

    plan, record = _applied(session)
    first = next_step(session.arguments.first)
    made = plans.apply(session.book, plan, record.kind, record.id, first.date if first else None, ORIGIN)
    note = _("Planned {count} steps with {name}.").format(count=len(made), name=record.heading)
    return Answer([activity(session, one) for one in made], [], note)


def shift(session: Session) -> Answer:
    from sfa.cli.calls import next_step
    from sfa.cli.session import ORIGIN
    from sfa.sales import plans

    plan, record = _applied(session)
    to = next_step(session.arguments.to)
    if to is None:
        raise UsageError(_("Say to when: --to 'mon'."))
    count = plans.shift_to(session.book, plan, record.kind, record.id, to.date, ORIGIN)
    return Answer({"shifted": count}, [], _("Shifted {count} steps.").format(count=count))


def stop(session: Session) -> Answer:
    from sfa.cli.session import ORIGIN
    from sfa.sales import plans

    plan, record = _applied(session)
    count = plans.stop(session.book, plan, record.kind, record.id, ORIGIN)
    return Answer({"stopped": count}, [], _("Took back {count} steps. sfa undo plans them again.").format(count=count))


def possible() -> tuple[str, ...]:
    """What plans are applied to."""
    return ("lead", "opportunity", "account", "contact")


WHICH = (
    Argument("plan", N_("Which plan, by name or id"), "PLAN"),
    Argument("target", N_("With whom: a lead, deal, account or contact, by name or id"), "WHO"),
    Argument("--kind", N_("What WHO is, where several go by the name"), "KIND", values=possible),
)
COMMANDS = (
    Command("plan", N_("Show the activity plans and their steps"), list_, (), ("sfa plan", "sfa plan --json")),
    Command(
        "plan add",
        N_("Add an activity plan"),
        add,
        (
            Argument("name", N_("Its name"), "NAME"),
            Argument("steps", N_("Its steps: day, time if any, type, subject"), "STEP", "+"),
        ),
        ("sfa plan add 'New lead' '0 call First call' '1 email Brochure' '4 10:00 call Ask for a meeting'",),
    ),
    Command(
        "plan apply",
        N_("Plan all steps with a lead or a deal"),
        apply,
        (*WHICH, Argument("--first", N_("The first day: mon, 31.12., +3d; today unless said"), "WHEN")),
        ("sfa plan apply 'New lead' 'Voss AG' --first mon",),
    ),
    Command(
        "plan shift",
        N_("Move all open steps, so that the next is on a day"),
        shift,
        (*WHICH, Argument("--to", N_("The day: mon, 31.12., +3d"), "WHEN", required=True)),
        ("sfa plan shift 'New lead' 'Voss AG' --to 'next week'",),
    ),
    Command("plan stop", N_("Take back all open steps"), stop, WHICH, ("sfa plan stop 'New lead' 'Voss AG'",)),
)
