"""Commands for what reminds: what is due, of whom, and until when it is put off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfa.cli.command import Answer, Argument, Command, UsageError, kinds
from sfa.cli.layout import Column, Table
from sfa.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sfa.cli.session import Session
    from sfa.models import Record
    from sfa.models.fields import Value


def remind(session: Session) -> Answer:
    """What reminded and waits, and what reminds next; with ``--watch`` it goes on reminding."""
    if session.arguments.watch:
        from sfa.cli.watch import watch

        return watch(session)
    return list_(session)


def list_(session: Session) -> Answer:
    from sfa.locales import current, now
    from sfa.models.times import show_moment
    from sfa.sales.reminders import pending

    found = pending(session.book)
    rows = [
        [
            one.id[-8:],
            show_moment(one.at, current()) if one.at > now() else _("now"),
            one.title,
            one.who,
            show_moment(one.when, current()) if one.when else "",
        ]
        for one in found
    ]
    titles = (_("Id"), _("Reminds"), _("Of"), _("Who"), _("When"))
    table = Table([Column(title) for title in titles], rows)
    note = (
        "" if found else _("Nothing is to be reminded of. “sfa remind add activity NAME --before 15m” adds something.")
    )
    return Answer([one._asdict() for one in found], [table] if rows else [], note)


def _record(session: Session) -> Record:
    kind = session.kind().kind
    if kind == "activity":
        from sfa.cli.calls import opened

        return session.book.get(kind, opened(session, session.arguments.name))
    return session.record(kind, session.arguments.name)


def add(session: Session) -> Answer:
    from sfa.cli.deals import value_of
    from sfa.cli.session import ORIGIN
    from sfa.locales import current
    from sfa.models.times import show_moment
    from sfa.sales import reminders

    arguments = session.arguments
    if (arguments.before is None) == (arguments.at is None):
        raise UsageError(_("Say when: --before 15m, or --at 'fri 10'."))
    record = _record(session)
    made = reminders.add(
        session.book,
        record.kind,
        record.id,
        before=value_of(session, "reminder", "before", arguments.before),
        at=_moment(arguments.at),
        field=arguments.of,
        origin=ORIGIN,
    )
    values = session.book.get("reminder", made).values
    note = _("Reminds of {name}: {when}").format(name=record.heading, when=show_moment(values["remind_at"], current()))
    return Answer(_data(values), [], note)


def _moment(text: str | None) -> str | None:
    """A quick date as a stored moment."""
    from sfa.cli.calls import next_step
    from sfa.sales.calls import moment_of

    when = next_step(text)
    return moment_of(when) if when else None


def _data(values: Mapping[str, Value]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != "n"}


def _named(session: Session) -> list[str]:
    """The reminders that are meant: by the end of their id as ``sfa remind`` shows it, or what they are of."""
    from sfa.errors import NotFound
    from sfa.sales.reminders import pending

    found: list[str] = []
    for name in session.arguments.reminders:
        word = name.casefold()
        ids = [one.id for one in pending(session.book) if one.id.endswith(word) or one.title.casefold() == word]
        if not ids:
            raise NotFound(_("Nothing reminds of “{name}”.").format(name=name), _("sfa remind lists what does."))
        found += ids
    return found


def snooze(session: Session) -> Answer:
    from sfa.cli.session import ORIGIN
    from sfa.locales import current
    from sfa.models.times import show_moment
    from sfa.sales import reminders

    moment = _moment(session.arguments.to)
    if moment is None:
        raise UsageError(_("Say until when: --to 'fri 10:00'."))
    ids = _named(session)
    reminders.snooze(session.book, ids, moment, ORIGIN)
    return _told(session, ids, _("Reminds again: {when}").format(when=show_moment(moment, current())))


def dismiss(session: Session) -> Answer:
    from sfa.cli.session import ORIGIN
    from sfa.sales import reminders

    ids = _named(session)
    reminders.dismiss(session.book, ids, ORIGIN)
    return _told(session, ids, _("Reminds no more. sfa undo takes it back."))


def _told(session: Session, ids: Sequence[str], note: str) -> Answer:
    return Answer([_data(session.book.get("reminder", one).values) for one in ids], [], note)


NAMED = Argument("reminders", N_("Which, by id or by what they remind of"), "REMINDER", "+")
COMMANDS = (
    Command(
        "remind",
        N_("Show what reminds next, or keep reminding"),
        remind,
        (Argument("--watch", N_("Keep reminding, as notifications of the desktop, until stopped")),),
        ("sfa remind", "sfa remind --watch", "sfa remind --json"),
        N_("What reminded already stays here, and on Today, until it is done, put off or dismissed."),
    ),
    Command(
        "remind add",
        N_("Have something remind you"),
        add,
        (
            Argument("kind", N_("The kind of record: activity, deal, contact, lead or account"), "KIND", values=kinds),
            Argument("name", N_("Of which, by name or id"), "NAME"),
            Argument("--before", N_("How long before its date: 15m, 2h, 5d"), "TIME"),
            Argument("--of", N_("Before which date: an activity's start and a deal's close_date unless said"), "FIELD"),
            Argument("--at", N_("When: fri 10, tomorrow, +2h"), "WHEN"),
        ),
        (
            "sfa remind add activity 'Call Anna' --before 15m",
            "sfa remind add deal 'New line' --before 5d",
            "sfa remind add deal 'New line' --before 30d --of contract_end",
            "sfa remind add contact 'Anna Schmidt' --at 'fri 10'",
        ),
    ),
    Command(
        "remind snooze",
        N_("Put a reminder off"),
        snooze,
        (NAMED, Argument("--to", N_("Until when: +1h, tomorrow, fri 10:00"), "WHEN", required=True)),
        ("sfa remind snooze 'Call Anna' --to +1h",),
    ),
    Command("remind dismiss", N_("Be done with a reminder"), dismiss, (NAMED,), ("sfa remind dismiss 'Call Anna'",)),
)
