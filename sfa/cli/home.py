"""``sfa`` alone, and the two pictures of the day as text: today's agenda and the board."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfa.cli import screens
from sfa.cli.command import Answer, Argument, Command, natural
from sfa.cli.figures import stage_data, stage_table
from sfa.cli.layout import Block, Column, Heading, Line, Table
from sfa.i18n import N_, _

if TYPE_CHECKING:
    from sfa.cli.plain import Data
    from sfa.cli.session import Session
    from sfa.sales.agenda import Agenda, Item
    from sfa.sales.pipeline import Filter


def home(session: Session) -> Answer:
    """The screens on a terminal; today's agenda anywhere else."""
    if session.arguments.json or not screens.on_terminal():
        return today(session)
    if not session.path.exists():
        session.make_book()
    return Answer(None, code=screens.open_screens(session.path))


def today(session: Session) -> Answer:
    found, whose = chosen_agenda(session)
    note = "" if any(part.count for part in found.sections) else _("Nothing is due today.")
    return Answer(agenda_data(found), agenda_blocks(found, whose), note)


def chosen_agenda(session: Session) -> tuple[Agenda, str]:
    """The agenda of whom the arguments name, and whose it is in words.

    Without a name it is one's own; everybody's where that is empty, as for whoever keeps the book for others.
    """
    from sfa.sales import agenda

    arguments = vars(session.arguments)
    if name := arguments.get("owner"):
        owner = session.lookup.resolve("user", name)
        return agenda.today(session.book, owner), session.lookup.title("user", owner)
    own = agenda.today(session.book, session.book.user)
    if any(part.count for part in own.sections) and not arguments.get("everybody"):
        return own, _("mine")
    return agenda.today(session.book), _("everybody")


def agenda_data(agenda: Agenda) -> list[Data]:
    """The sections of the agenda, each with its items."""
    return [
        {
            "section": part.name,
            "title": part.title,
            "count": part.count,
            "items": [item_data(item) for item in part.items],
        }
        for part in agenda.sections
    ]


def item_data(item: Item) -> Data:
    """One line of the agenda, with its amount in major units."""
    from sfa.locales import current
    from sfa.models.quantities import major

    if item.amount is None:
        return item._asdict()
    currency = item.currency or current().default_currency()
    return item._asdict() | {"amount": major(item.amount, currency), "currency": currency}


def agenda_blocks(agenda: Agenda, whose: str) -> Iterator[Block]:
    """The agenda for people."""
    from sfa.locales import current

    yield Line(f"{current().long_day(agenda.day)} · {whose}")
    for part in agenda.sections:
        if not part.count:
            continue
        deals = part.items[0].kind == "opportunity"
        titles = (_("Closes"), _("Deal"), _("Stage")) if deals else (_("When"), _("What"), _("Deal"))
        columns = [Column(title, whole=title == titles[0]) for title in (*titles, _("Who"), _("Account"), _("Phone"))]
        yield Heading(f"{part.title} ({part.count})")
        yield Table(
            [*columns, Column(_("Amount"), "right")], [_item_cells(item, agenda.day) for item in part.items]
        ).filled()
        if part.count > len(part.items):
            yield Line(_("… and {count} more").format(count=part.count - len(part.items)))


def _item_cells(item: Item, day: str) -> list[str]:
    from sfa.locales import current

    locale = current()
    amount = "" if item.amount is None else locale.amount(item.amount, item.currency or locale.default_currency())
    when = told_when(item.when, day) if item.when else ""
    return [when, item.title, item.what, item.who, item.account, item.phone, amount]


def told_when(moment: str, day: str) -> str:
    """The time of what is on ``day``, the date of anything else."""
    from sfa.locales import current, to_local, zone
    from sfa.models.times import local_day

    locale = current()
    if local_day(moment) != day:
        return locale.date(local_day(moment))
    if len(moment) == 10:
        return ""
    local = to_local(moment, zone())
    return locale.time(local.hour, local.minute)


def chosen_pipeline(session: Session, name: str | None = None) -> str:
    """The id of the pipeline called ``name``, or of the first. Raises ``NotFound``."""
    from sfa.errors import NotFound
    from sfa.sales.pipeline import pipelines

    if name:
        return session.lookup.resolve("pipeline", name)
    found = pipelines(session.book)
    if not found:
        raise NotFound(_("There is no pipeline."), _("Add one: sfa new pipeline name=Sales"))
    return found[0][0]


def board(session: Session) -> Answer:
    from sfa.cli.deals import value_of
    from sfa.sales.pipeline import Filter

    arguments = session.arguments
    filter = Filter(
        owner=session.lookup.resolve("user", arguments.owner) if arguments.owner else None,
        text=arguments.search or "",
        closes_before=value_of(session, "opportunity", "close_date", arguments.before),
        closes_after=value_of(session, "opportunity", "close_date", arguments.after),
    )
    return pictured(session, chosen_pipeline(session, arguments.pipeline), filter, arguments.cards or 0)


def pictured(session: Session, pipeline_id: str, filter: Filter, cards: int) -> Answer:
    """A pipeline stage by stage, with the first ``cards`` deals of each."""
    from sfa.cli.figures import card_data, card_table
    from sfa.sales import pipeline

    sums = pipeline.stage_sums(session.book, pipeline_id, filter)
    data = [stage_data(entry) for entry in sums]
    blocks: list[Block] = [stage_table(sums)]
    if cards:
        board = pipeline.cards(session.book, pipeline_id, filter, cards)
        for entry, column in zip(sums, data, strict=True):
            first = board[entry.stage.id][:cards]
            column["deals"] = [card_data(session, card) for card in first]
            if first:
                blocks += [Heading(entry.stage.name), card_table(first, _("Account"), lambda card: card.account)]
    return Answer(data, blocks)


OWNER = Argument("--owner", N_("Only what belongs to this user; me for yourself"), "USER")

HOME = Command(
    "",
    N_("Open the screens; into a pipe, print today's agenda"),
    home,
    (),
    ("sfa", "sfa --book ~/demo.sfa"),
    makes_book=True,
)
COMMANDS = (
    Command(
        "today",
        N_("Show what is overdue, due, to be met, and which deals need a step"),
        today,
        (OWNER, Argument("--everybody", N_("Not only what is yours"))),
        ("sfa today", "sfa today --everybody --json", "sfa today --owner 'Rita Rep'"),
    ),
    Command(
        "board",
        N_("Show the pipeline, stage by stage"),
        board,
        (
            Argument("--pipeline", N_("Which pipeline, if not the first"), "NAME"),
            OWNER,
            Argument("--search", N_("Only deals with these words in their own or the account's name"), "TEXT"),
            Argument("--before", N_("Only deals that close on or before this day"), "DATE"),
            Argument("--after", N_("Only deals that close on or after this day"), "DATE"),
            Argument("--cards", N_("Also show the first N deals of each stage"), "N", read=natural),
        ),
        ("sfa board", "sfa board --owner me --cards 5", "sfa board --pipeline Renewals --before 2026-12-31 --json"),
    ),
)
