"""Commands that go with a telephone: dialling, who calls, and the list of calls to make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfa.cli.calls import NEXT, call, callable_kinds, next_step, outcomes, target
from sfa.cli.command import Answer, Argument, Command, UsageError
from sfa.i18n import N_, _

if TYPE_CHECKING:
    from sfa.cli.layout import Block
    from sfa.cli.session import Session
    from sfa.sales.callers import Call, Number
    from sfa.sales.calllist import PlannedCall

STATES = {"incoming": "rings", "answered": "answered", "ended": "ended"}
"""What a telephone tells of a call, option by option; and what the screens are told."""


def call_(session: Session) -> Answer:
    """Logs a call; or passes on what the telephone tells of one."""
    options = vars(session.arguments)
    told = {purpose: options[option] for option, purpose in STATES.items() if options[option] is not None}
    if len(told) > 1 or (told and session.arguments.target):
        raise UsageError(_("A telephone tells one thing at a time: --incoming, --answered or --ended."))
    if told:
        ((purpose, number),) = told.items()
        return _rings(session, purpose, number)
    if not session.arguments.target:
        raise UsageError(_("Say who was called."), _("sfa call next tells whom to call."))
    return call(session)


def _rings(session: Session, purpose: str, told: str) -> Answer:
    from sfa.desktop.doorbell import ring
    from sfa.sales.callers import incoming
    from sfa.store.knocks import Knock

    found = incoming(session.book, told)
    sure = found.callers[0] if len(found.callers) == 1 else None
    wish = Knock(purpose, sure.kind if sure else "", sure.id if sure else "", found.phone)
    shown = ring(session.book, wish)
    data = {
        "phone": found.phone,
        "callers": [{**caller._asdict(), "kind": caller.kind} for caller in found.callers],
        "shown": shown,
    }
    if shown:
        return Answer(data, [], _("The screens show it."))
    return Answer(data, _who(found), _advice(found))


def _who(found: Call) -> list[Block]:
    from sfa.cli.layout import Column, Line, Table
    from sfa.models import KINDS

    if not found.callers:
        return [Line(_("Nobody is known by the number {phone}.").format(phone=found.shown or _("(withheld)")))]
    rows = [
        [
            caller.name,
            _(KINDS[caller.kind].label),
            caller.detail,
            found.shown if caller.is_exact else _("{phone} (an extension)").format(phone=found.shown),
        ]
        for caller in found.callers
    ]
    return [Table([Column(_("Who")), Column(_("Kind")), Column(_("About")), Column(_("Phone"))], rows)]


def _advice(found: Call) -> str:
    """How to go on where no screens are open."""
    from shlex import quote

    if len(found.callers) == 1:
        return _("Log it: sfa call {name} --inbound --note …").format(name=quote(found.callers[0].name))
    if found.callers:
        return ""
    if not found.phone.startswith("+"):
        return ""
    return _("Add them: sfa new contact last_name=… phones={phone}").format(phone=quote(found.phone))


def dial(session: Session) -> Answer:
    """Hands a number to the system."""
    from shlex import quote

    from sfa.desktop import dialling
    from sfa.sales import callers

    record = target(session)
    if not session.arguments.anyway:
        callers.require_callable(session.book, record.kind, record.id)
    number = _chosen(callers.numbers(session.book, record.kind, record.id), session.arguments.number, record.heading)
    uri = dialling.dial(number.e164, session.settings.dial)
    data = {"number": number.e164, "label": number.label, "of": number.whose, "opened": uri}
    note = _("Dialled {number} ({label}) of {name}.").format(
        number=number.value, label=_(number.label), name=number.whose
    )
    return Answer(data, [], note + "\n" + _("Log it: sfa call {name} --note …").format(name=quote(record.heading)))


def _chosen(numbers: list[Number], wanted: str | None, name: str) -> Number:
    """The first number, or the one with the label or of the place ``wanted``. Raises ``UserError``."""
    from sfa.errors import NotFound

    if not numbers:
        raise NotFound(_("There is no number for {name}.").format(name=name))
    if not wanted:
        return numbers[0]
    for place, number in enumerate(numbers, 1):
        if wanted.casefold() in (str(place), number.label.casefold(), _(number.label).casefold()):
            return number
    known = ", ".join(f"{place} {number.value} ({_(number.label)})" for place, number in enumerate(numbers, 1))
    raise NotFound(_("{name} has no number “{wanted}”.").format(name=name, wanted=wanted), known)


def call_next(session: Session) -> Answer:
    """Shows the call to make now; logs it where it is said how it went, and shows the one after."""
    from sfa.sales.calllist import next_call

    arguments, notes = session.arguments, []
    owner = None if arguments.everybody else session.book.user
    found = next_call(session.book, owner)
    logged = None
    if found and (arguments.outcome or arguments.note or arguments.next):
        logged = _log(session, found)
        notes.append(logged.title)
        found = next_call(session.book, owner)
    if found is None:
        notes.append(_("No call is due. sfa today shows the rest of the day."))
        return Answer({"logged": logged and logged.call_id, "next": None}, [], "\n".join(notes))
    if arguments.dial:
        notes.append(_dial(session, found))
    else:
        notes.append(_("Log it: sfa call next --outcome … --note … --next …  ·  sfa call next --dial dials"))
    return Answer({"logged": logged and logged.call_id, "next": _call_data(found)}, _pictured(found), "\n".join(notes))


def _log(session: Session, found: PlannedCall) -> Any:
    from sfa.cli.deals import value_of
    from sfa.cli.session import ORIGIN
    from sfa.sales import calls

    arguments = session.arguments
    return calls.log_call(
        session.book,
        calls.targets_for(session.book, "activity", found.activity),
        arguments.note or "",
        session.lookup.resolve("call_outcome", arguments.outcome) if arguments.outcome else None,
        next_step(arguments.next),
        planned_activity=found.activity,
        duration=value_of(session, "activity", "duration", arguments.duration),
        origin=ORIGIN,
    )


def _dial(session: Session, found: PlannedCall) -> str:
    from sfa.desktop import dialling
    from sfa.sales import callers

    callers.require_callable(session.book, found.kind, found.record)
    number = _chosen(found.numbers, None, found.name)
    dialling.dial(number.e164, session.settings.dial)
    return _("Dialled {number}. Log it: sfa call next --outcome … --note … --next …").format(number=number.value)


def _call_data(found: PlannedCall) -> dict[str, Any]:
    return {**found._asdict(), "numbers": [number._asdict() for number in found.numbers]}


def _pictured(found: PlannedCall) -> list[Block]:
    from sfa.cli.layout import Fields, Heading
    from sfa.locales import current, today
    from sfa.models.times import local_day

    locale = current()
    numbers = [
        f"{one.value} ({_(one.label)}{'' if one.whose == found.name else ', ' + one.whose})" for one in found.numbers
    ]
    last = locale.day(local_day(found.noted_at), today()) if found.noted_at else ""
    pairs = [
        (_("Who"), " · ".join(filter(None, (found.name, found.detail)))),
        (_("Why"), "\n".join(filter(None, (found.subject, found.why)))),
        (_("When"), locale.day(local_day(found.when), today()) if found.when else ""),
        (_("Number"), "\n".join(numbers) or _("none")),
        (_("Last note"), "\n".join(filter(None, (last, found.note)))),
    ]
    title = _("Next of {count} calls") if found.left > 1 else _("The last call")
    return [Heading(title.format(count=locale.number(found.left))), Fields([pair for pair in pairs if pair[1]])]


KIND = Argument("--kind", N_("What WHO is, where several go by the name"), "KIND", values=callable_kinds)
COMMANDS = (
    Command(
        "call next",
        N_("Work the call list: whom to call, why, by which number; then log it"),
        call_next,
        (
            Argument("--outcome", N_("How it ended: a call outcome, by name"), "OUTCOME", values=outcomes),
            Argument("--note", N_("What was said"), "TEXT"),
            NEXT,
            Argument("--duration", N_("How long it took: 15m, 1h30"), "TIME"),
            Argument("--dial", N_("Dial the number")),
            Argument("--everybody", N_("Not only what is yours")),
        ),
        (
            "sfa call next --dial",
            "sfa call next --outcome Connected --note 'Wants an offer' --next 'fri 10:00 call'",
        ),
        N_("Without an outcome, note or next step it only shows the call. sfa postpone puts one off."),
    ),
    Command(
        "dial",
        N_("Hand a number to the system's telephone"),
        dial,
        (
            Argument("target", N_("Whom to call: a contact, lead, account or deal, by name or id"), "WHO"),
            Argument("--number", N_("Which, if not the first: work, mobile, or its place"), "WHICH"),
            Argument("--anyway", N_("Even where they asked not to be called")),
            KIND,
        ),
        ("sfa dial 'Anna Schmidt'", "sfa dial 'Anna Schmidt' --number mobile"),
        N_("The setting “dial” says what is opened: tel, sip, callto, or sip:{number}@pbx.example.com"),
    ),
)
