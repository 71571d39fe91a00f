"""Goals and how far they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sfa.cli.command import Answer, Argument, Command
from sfa.cli.layout import Column, Table
from sfa.i18n import N_, _

if TYPE_CHECKING:
    from sfa.cli.session import Session


def goals(session: Session) -> Answer:
    """The goals that run now."""
    from sfa.locales import current
    from sfa.sales.goals import data, progress

    arguments, book = session.arguments, session.book
    user = session.lookup.resolve("user", arguments.of) if arguments.of else book.user
    found = progress(book, None if arguments.all else user)
    titles = (_("Whose"), _("Goal"), _("Period"), _("Reached"), _("Of"), "%", _("Pace"))
    columns = [Column(title, "right" if place > 2 else "left") for place, title in enumerate(titles)]
    percent = current().percent
    rows = [
        [
            session.lookup.title("user", one.user) if one.user else _("company"),
            _(one.measure),
            one.period.title,
            one.shown(one.reached),
            one.shown(one.target),
            percent(round(one.share)),
            f"{one.standing} ({percent(round(100 * one.passed))})",
        ]
        for one in found
    ]
    note = "" if rows else _("No goal runs now. sfa goals set 40 calls sets one for this quarter.")
    return Answer([data(one) for one in found], [Table(columns, rows)] if rows else [], note)


def set_(session: Session) -> Answer:
    """Sets a goal."""
    from sfa.models import Goal
    from sfa.models.record import read_values
    from sfa.sales import goals as room
    from sfa.sales.figures import period
    from sfa.sales.figures.money import base_of

    arguments, book = session.arguments, session.book
    measure = " ".join(arguments.measure)
    span = period.read(arguments.period or "this quarter")
    user = None if arguments.company else session.lookup.resolve("user", arguments.of) if arguments.of else book.user
    currency = base_of(book) if measure == room.AMOUNT else ""
    name = "amount" if currency else "target"
    texts = {name: arguments.target} | ({"currency": currency} if currency else {})
    target = read_values(Goal.fields, texts, {}, session.lookup)[name]
    goal = room.keep(book, measure, target, span, user, currency)
    return Answer(
        {"id": goal}, note=_("The goal of {measure} in {period} is set.").format(measure=_(measure), period=span.title)
    )


def measures() -> Iterable[str]:
    """What goals can be of."""
    from sfa.models.forecasts import MEASURES

    return MEASURES


OF = Argument("--of", N_("Of this user instead of yourself"), "USER")
COMMANDS = (
    Command(
        "goals",
        N_("Show how far the goals of the running periods are"),
        goals,
        (OF, Argument("--all", N_("Everybody's"))),
        ("sfa goals", "sfa goals --all --json"),
    ),
    Command(
        "goals set",
        N_("Set a goal of activity or revenue for a period"),
        set_,
        (
            Argument("target", N_("How many, or how much"), "TARGET"),
            Argument("measure", N_("Of what: won amount, won deals, new deals, calls, calls reached …"), "MEASURE", "+",
                     values=measures),
            Argument("--period", N_("For when: this week, this quarter (as without it), 2026-Q4 …"), "PERIOD"),
            OF,
            Argument("--company", N_("Of the whole company")),
        ),
        ("sfa goals set 200000 won amount --period 2026-Q4",
         "sfa goals set 40 calls --period 'this week' --of 'Anna Snelling'"),
    ),
)  # fmt: skip
