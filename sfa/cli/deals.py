"""Commands that sell: move a deal, win or lose it, convert a lead, report."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sfa.cli.command import Answer, Argument, Command, UsageError
from sfa.i18n import N_, _

if TYPE_CHECKING:
    from sfa.cli.session import Session
    from sfa.models import Record


def value_of(session: Session, kind: str, field: str, text: str | None, record: Record | None = None) -> Any:
    """The stored value that ``text`` means in a field of ``kind``; None for nothing. Raises ``FieldError``."""
    from sfa.sales import edit

    return (
        edit.read(session.book, kind, {field: text}, record.values if record else {}, session.lookup)[field]
        if text
        else None
    )


def deal_answer(session: Session, ids: Iterable[str], note: str) -> Answer:
    """The deals as they are now, one alone without a list around it."""
    from sfa.cli.plain import record_data

    data = [record_data(session, session.book.get("opportunity", deal)) for deal in ids]
    return Answer(data[0] if len(data) == 1 else data, [], note)


def move(session: Session) -> Answer:
    from sfa.cli.session import ORIGIN
    from sfa.sales import pipeline

    *names, stage_name = session.arguments.words
    if not names:
        raise UsageError(_("Name a deal and a stage."))
    deals = [session.record("opportunity", name) for name in names]
    if len({deal.values["pipeline"] for deal in deals}) > 1:
        raise UsageError(_("These deals are in different pipelines; move those of one at a time."))
    stage = session.book.get("stage", session.lookup.resolve("stage", stage_name, deals[0].values))
    ids = [deal.id for deal in deals]
    count = pipeline.move(session.book, ids, stage.id, ORIGIN)
    name = deals[0].heading if len(deals) == 1 else _("{count} deals").format(count=count)
    note = _("Moved {name} to {stage}.").format(name=name, stage=stage.heading) if count else _("Nothing changed.")
    return deal_answer(session, ids, note)


def won(session: Session) -> Answer:
    from sfa.cli.session import ORIGIN
    from sfa.locales import today
    from sfa.sales import pipeline

    arguments = session.arguments
    deal = session.record("opportunity", arguments.deal)
    day = value_of(session, "opportunity", "close_date", arguments.date) or today()
    amount = value_of(session, "opportunity", "amount", arguments.amount, deal)
    pipeline.close_won(session.book, deal.id, day, amount, origin=ORIGIN)
    return deal_answer(session, [deal.id], _("Won: {name}. sfa undo takes it back.").format(name=deal.heading))


def lost(session: Session) -> Answer:
    from sfa.cli.session import ORIGIN
    from sfa.sales import pipeline

    arguments = session.arguments
    deal = session.record("opportunity", arguments.deal)
    reason = session.lookup.resolve("loss_reason", arguments.reason)
    competitor = session.lookup.resolve("competitor", arguments.competitor) if arguments.competitor else None
    pipeline.close_lost(session.book, [deal.id], reason, competitor, arguments.note, origin=ORIGIN)
    return deal_answer(session, [deal.id], _("Lost: {name}. sfa undo takes it back.").format(name=deal.heading))


def convert(session: Session) -> Answer:
    from sfa.cli.plain import record_data
    from sfa.cli.session import ORIGIN
    from sfa.sales.leads import convert

    arguments = session.arguments
    lead = session.record("lead", arguments.lead)
    converted = convert(
        session.book,
        lead.id,
        account_id=session.lookup.resolve("account", arguments.account) if arguments.account else None,
        deal_name=arguments.deal or None,
        amount=value_of(session, "opportunity", "amount", arguments.amount),
        origin=ORIGIN,
    )
    made = {
        kind: getattr(converted, kind) for kind in ("account", "contact", "opportunity") if getattr(converted, kind)
    }
    data = {kind: record_data(session, session.book.get(kind, record_id)) for kind, record_id in made.items()}
    note = _("Converted {name}. sfa undo takes it back.").format(name=lead.heading)
    return Answer({"opportunity": None} | data, [], note)


DEAL = Argument("deal", N_("Which deal, by name or id"), "DEAL")

COMMANDS = (
    Command(
        "move",
        N_("Move deals to a stage"),
        move,
        (Argument("words", N_("Which deals, by name or id, and last the stage"), "DEAL… STAGE", "+"),),
        ("sfa move 'Big deal' Negotiation", "sfa move 'Big deal' 'Small deal' Qualification"),
    ),
    Command(
        "won",
        N_("Close a deal as won"),
        won,
        (
            DEAL,
            Argument("--amount", N_("What was agreed, if not the deal's amount"), "AMOUNT"),
            Argument("--date", N_("When, if not today"), "DATE"),
        ),
        ("sfa won 'Big deal'", "sfa won 'Big deal' --amount 11500 --date 2026-11-20"),
    ),
    Command(
        "lost",
        N_("Close a deal as lost, with the reason"),
        lost,
        (
            DEAL,
            Argument("--reason", N_("Why (required): a loss reason, by name"), "REASON", required=True),
            Argument("--competitor", N_("To whom"), "NAME"),
            Argument("--note", N_("What there is to say about it"), "TEXT"),
        ),
        (
            "sfa lost 'Big deal' --reason Pricing",
            "sfa lost 'Big deal' --reason Competition --competitor Globex --note Cheaper",
        ),
    ),
    Command(
        "convert",
        N_("Turn a lead into an account, a contact and a deal"),
        convert,
        (
            Argument("lead", N_("Which lead, by name or id"), "LEAD"),
            Argument("--account", N_("Use this account instead of a new one"), "NAME"),
            Argument("--deal", N_("Add a deal of this name"), "NAME"),
            Argument("--amount", N_("The deal's amount"), "AMOUNT"),
        ),
        ("sfa convert 'Anna Schmidt'", "sfa convert 'Anna Schmidt' --account Acme --deal 'Pilot' --amount 5000"),
    ),
)
