"""Commands for calls and what is to be done next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfa.cli.command import Answer, Argument, Command, UsageError
from sfa.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sfa.cli.plain import Data
    from sfa.cli.session import Session
    from sfa.models import Record
    from sfa.quickdates import QuickDate

CALLABLE = ("contact", "lead", "account", "opportunity")


def callable_kinds() -> Iterable[str]:
    """What can be called."""
    return CALLABLE


def outcomes() -> Iterable[str]:
    """The outcomes that a book ships with."""
    from sfa.models.defaults import CALL_OUTCOMES

    return [outcome["name"] for outcome in CALL_OUTCOMES]


def target(session: Session) -> Record:
    """The one record that the call is with. Raises ``NotFound`` where none, or several kinds, have the name."""
    from sfa.errors import NotFound
    from sfa.models import KINDS

    name, kind = session.arguments.target, session.arguments.kind
    if kind:
        return session.record(session.kind(kind).kind, name)
    found: dict[str, str] = {}
    refusals: list[NotFound] = []
    for possible in CALLABLE:
        try:
            found[possible] = session.lookup.resolve(possible, name)
        except NotFound as error:
            refusals.append(error)
    if len(found) == 1:
        ((only, record_id),) = found.items()
        return session.book.get(only, record_id)
    if found:
        labels = _(" and ").join(_(KINDS[kind].label).lower() for kind in found)
        raise NotFound(_("“{name}” is {kinds}.").format(name=name, kinds=labels), _("Say which with --kind."))
    raise next((error for error in refusals if error.candidates), None) or NotFound(
        _("There is nobody called “{name}”.").format(name=name), _like(session, name)
    )


def _like(session: Session, name: str) -> str:
    """Who has ``name`` somewhere in theirs, as a hint."""
    from sfa.sales.find import find

    names = [f"“{found.title}”" for found in find(session.book, name, CALLABLE, 2)]
    return (
        _("Did you mean {names}?").format(names=_(" or ").join(names[:3])) if names else _("sfa find looks for more.")
    )


def next_step(text: str | None) -> QuickDate | None:
    """The next step as typed, such as ``fri 10:00 call``. Raises ``UserError``."""
    from sfa.locales import current, now, to_local, zone
    from sfa.quickdates import parse

    return parse(text, to_local(now(), zone()), current()) if text else None


def call(session: Session) -> Answer:
    from sfa.cli.deals import value_of
    from sfa.cli.session import ORIGIN
    from sfa.sales import calls

    arguments = session.arguments
    record = target(session)
    outcome = session.lookup.resolve("call_outcome", arguments.outcome) if arguments.outcome else None
    logged = calls.log_call(
        session.book,
        calls.targets_for(session.book, record.kind, record.id),
        arguments.note or "",
        outcome,
        next_step(arguments.next),
        planned_activity=due_call(session, record),
        duration=value_of(session, "activity", "duration", arguments.duration),
        direction="Inbound" if arguments.inbound else "Outbound",
        origin=ORIGIN,
    )
    note = logged.title
    if outcome and not arguments.next and (usual := calls.suggest_next(session.book, outcome)):
        note += "\n" + _("Usual next step: --next '{step}'").format(step=usual)
    data = {"title": logged.title, "call": activity(session, logged.call_id), "next": activity(session, logged.next_id)}
    return Answer(data, [], note)


def due_call(session: Session, record: Record) -> str | None:
    """The call with ``record`` that was planned for now, which is done by the one that is logged."""
    from sfa.locales import today
    from sfa.models.times import local_day
    from sfa.sales.agenda import next_step as planned

    step = planned(session.book, record.kind, record.id)
    due = step is not None and step.type == "call" and step.when is not None and local_day(step.when) <= today()
    return step.id if step is not None and due else None


def activity(session: Session, record_id: str | None) -> Data | None:
    """An activity as data."""
    from sfa.cli.plain import record_data

    return record_data(session, session.book.get("activity", record_id)) if record_id else None


def opened(session: Session, name: str) -> str:
    """The id of the open activity called ``name``; the next one of a series. Raises ``NotFound``."""
    found = [session.book.get("activity", one) for one in session.lookup.named("activity", name)]
    waiting = [one for one in found if "completed_at" not in one.values]
    if len({_first_series(session, one) for one in waiting}) == 1:
        return min(waiting, key=lambda one: one.values.get("start") or "").id
    return session.lookup.resolve("activity", name)


def _first_series(session: Session, activity: Record) -> str:
    """The series that an activity is a time of, or goes on with from a day on; itself where it is of none."""
    first = activity.values.get("series", activity.id)
    while "rrule" in (one := session.book.get("activity", first).values) and "came_from" in one:
        before = session.book.find("activity", one["came_from"])
        if not before or "rrule" not in before.values:
            break
        first = before.id
    return str(first)


def done(session: Session) -> Answer:
    from sfa.cli.session import ORIGIN
    from sfa.sales import calls

    ids = [opened(session, name) for name in session.arguments.activities]
    next_id = calls.complete(session.book, ids, next_step(session.arguments.next), ORIGIN)
    data = {"done": [activity(session, one) for one in ids], "next": activity(session, next_id)}
    return Answer(data, [], _("Done. sfa undo takes it back."))


def postpone(session: Session) -> Answer:
    from sfa.cli.session import ORIGIN
    from sfa.locales import current
    from sfa.sales import calls

    when = next_step(session.arguments.to)
    if when is None:
        raise UsageError(_("Say until when: --to 'fri 10:00'."))
    ids = [opened(session, name) for name in session.arguments.activities]
    count = calls.reschedule(session.book, ids, when, ORIGIN)
    data = [activity(session, one) for one in ids]
    note = _("Put off to {when}.").format(when=when.echo(current())) if count else _("Nothing changed.")
    return Answer(data, [], note)


NEXT = Argument("--next", N_("The next step: when, what kind and what about"), "TEXT")
ACTIVITIES = Argument("activities", N_("Which activities, by subject or id"), "ACTIVITY", "+")


def telephone(session: Session) -> Answer:
    from sfa.cli.telephone import call_

    return call_(session)


COMMANDS = (
    Command(
        "call",
        N_("Log a call, its outcome and the next step; or tell of one that comes in"),
        telephone,
        (
            Argument("target", N_("Who was called: a contact, lead, account or deal, by name or id"), "WHO", "?"),
            Argument("--outcome", N_("How it ended: a call outcome, by name"), "OUTCOME", values=outcomes),
            Argument("--note", N_("What was said"), "TEXT"),
            NEXT,
            Argument("--duration", N_("How long it took: 15m, 1h30"), "TIME"),
            Argument("--inbound", N_("They called us")),
            Argument("--kind", N_("What WHO is, where several go by the name"), "KIND", values=callable_kinds),
            Argument(
                "--incoming", N_("The telephone rings: show who calls, on the screens if they are open"), "NUMBER"
            ),
            Argument("--answered", N_("This call was answered: its time runs"), "NUMBER"),
            Argument("--ended", N_("This call is over: its time stops"), "NUMBER"),
        ),
        (
            "sfa call 'Anna Schmidt' --outcome Connected --note 'Wants an offer' --next 'fri 10:00 call'",
            "sfa call Acme --kind account --outcome 'No answer' --next '+1d'",
            "sfa call --incoming +49301234567",
        ),
        N_("A call with them that was due is done by this; the outcome does what it entails."),
    ),
    Command(
        "done",
        N_("Finish activities, perhaps with a next step"),
        done,
        (ACTIVITIES, NEXT),
        ("sfa done 'Send the offer'", "sfa done 'Send the offer' --next 'tue 14:00 call about the offer'"),
    ),
    Command(
        "postpone",
        N_("Put activities off to another time"),
        postpone,
        (ACTIVITIES, Argument("--to", N_("When instead: fri, +2d, tomorrow 14:00"), "WHEN", required=True)),
        ("sfa postpone 'Send the offer' --to fri", "sfa postpone 'Call back' --to 'tomorrow 14:00' --json"),
    ),
)
