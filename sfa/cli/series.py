"""Commands for what comes again: look ahead, move, leave out, end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfa.cli.command import Answer, Argument, Command, UsageError
from sfa.cli.layout import Column, Table
from sfa.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sfa.cli.session import Session
    from sfa.models import Record


def scopes() -> Iterable[str]:
    """How much of a series is meant."""
    from sfa.sales.series import SCOPES

    return SCOPES


def _series(session: Session, day: str | None = None) -> Record:
    """The series that is meant, that which comes on ``day`` where several have the name; none of the times moved apart
    from one, which have its name too. Raises ``NotFound``.
    """
    name = session.arguments.name
    named = [session.book.get("activity", one) for one in session.lookup.named("activity", name)]
    found = [one for one in named if "rrule" in one.values and "completed_at" not in one.values]
    if len(found) > 1 and day:
        found = [one for one in found if _on(session, one, day)]
    return found[0] if len(found) == 1 else session.record("activity", name)


def _on(session: Session, series: Record, day: str) -> str | None:
    """The occurrence of a series on a day, if it has one."""
    from sfa.sales.series import occurrences

    return next((start for start, _end in occurrences(session.book, series.values, day, day)), None)


def _occurrence(session: Session) -> tuple[Record, str]:
    """The series, and its occurrence on the day that is meant; the one that waits where none is named.

    Raises ``UserError``.
    """
    from sfa.errors import UserError
    from sfa.sales.calendar import read_day

    on = session.arguments.on
    day = read_day(on) if on else None
    series = _series(session, day)
    occurrence = _on(session, series, day) if day else str(series.values.get("start"))
    if not occurrence:
        raise UserError(_("“{name}” does not come on {moment}.").format(name=series.heading, moment=on))
    return series, occurrence


def list_(session: Session) -> Answer:
    from sfa.locales import current, today
    from sfa.models.times import shift_day, show_moment
    from sfa.rulewords import describe
    from sfa.sales.series import occurrences

    locale = current()
    found = session.book.records("activity", "rrule IS NOT NULL AND completed_at IS NULL")
    data, rows = [], []
    for series in found:
        coming = [
            start for start, _end in occurrences(session.book, series.values, "1900-01-01", shift_day(today(), 366))
        ]
        rule = describe(series.values["rrule"], locale)
        shown = ", ".join(show_moment(moment, locale) for moment in coming[:3])
        rows.append([series.heading, rule, shown])
        data.append({"id": series.id, "subject": series.heading, "rule": series.values["rrule"], "next": coming[:10]})
    titles = (_("Subject"), _("Repeats"), _("Next"))
    table = Table([Column(title) for title in titles], rows)
    note = "" if rows else _("Nothing repeats. sfa new activity … start='mon 9:00' rrule=weekly makes a series.")
    return Answer(data, [table] if rows else [], note)


def move(session: Session) -> Answer:
    from sfa.cli.calls import activity, next_step
    from sfa.cli.session import ORIGIN
    from sfa.locales import current, to_local, zone
    from sfa.sales import series
    from sfa.sales.calls import moment_of

    when = next_step(session.arguments.to)
    if when is None:
        raise UsageError(_("Say to when: --to 'fri 10:00'."))
    record, occurrence = _occurrence(session)
    if when.time is None and len(occurrence) > 10:
        when = when._replace(time=f"{to_local(occurrence, zone()):%H:%M}")
    made = series.move(
        session.book, record.id, occurrence, moment_of(when), None, session.arguments.scope or "this", ORIGIN
    )
    return Answer(activity(session, made), [], _("Moved to {when}.").format(when=when.echo(current())))


def skip(session: Session) -> Answer:
    from sfa.cli.calls import activity
    from sfa.cli.session import ORIGIN
    from sfa.sales import series

    record, occurrence = _occurrence(session)
    series.skip(session.book, record.id, occurrence, ORIGIN)
    return Answer(activity(session, record.id), [], _("Left out. sfa undo takes it back."))


def end(session: Session) -> Answer:
    from sfa.cli.calls import activity
    from sfa.cli.session import ORIGIN
    from sfa.sales import series

    record = _series(session)
    series.stop(session.book, record.id, ORIGIN)
    return Answer(activity(session, record.id), [], _("Ended. sfa undo takes it back."))


NAME = Argument("name", N_("Which series, by subject or id"), "SERIES")
ON = Argument("--on", N_("Which time of it, by its day; the next where not said"), "DAY")
COMMANDS = (
    Command("series", N_("Show what repeats, and its next times"), list_, (), ("sfa series", "sfa series --json")),
    Command(
        "series move",
        N_("Move one time of a series, it and all that follow, or all"),
        move,
        (
            NAME,
            ON,
            Argument("--to", N_("To when: fri 10:00"), "WHEN", required=True),
            Argument(
                "--scope", N_("How much: this (unless said), following or all"), "SCOPE", values=scopes, strict=True
            ),
        ),
        (
            "sfa series move 'Weekly call' --to 'tue 10:00'",
            "sfa series move 'Weekly call' --on 2026-12-07 --to 2026-12-09 --scope following",
        ),
    ),
    Command("series skip", N_("Leave out one time of a series"), skip, (NAME, ON), ("sfa series skip 'Weekly call'",)),
    Command(
        "series end", N_("End a series: nothing of it is to come"), end, (NAME,), ("sfa series end 'Weekly call'",)
    ),
)
