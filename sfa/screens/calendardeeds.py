"""What is done in the calendar: other times for an activity, and for one time of a series or more of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sfa import locales, quickdates
from sfa.i18n import _
from sfa.models.times import shift_day
from sfa.sales import calendar, series
from sfa.sales.calendar import Entry
from sfa.sales.calls import moment_of
from sfa.screens.deeds import delete_all, echo_date, local_now
from sfa.screens.picker import Option, Picker
from sfa.screens.prompt import Prompt

if TYPE_CHECKING:
    from sfa.app import SfaApp

Usual = Callable[[], None]
Deed = Callable[["SfaApp", Entry, Usual], None]


def day_of(instant: str) -> str:
    """The local day of an instant."""
    return locales.to_local(instant, locales.zone()).date().isoformat()


def moments(begin: int, end: int, all_day: bool) -> tuple[str, str]:
    """A span in seconds since 1970 as stored moments; the end of one whole day is left empty."""
    zone = ZoneInfo(locales.zone())
    start, stop = (locales.to_instant(datetime.fromtimestamp(moment, zone)) for moment in (begin, end))
    if not all_day:
        return start, stop
    first, last = day_of(start), shift_day(day_of(stop), -1)
    return first, last if last > first else ""


def moved(entry: Entry, begin: int, end: int, all_day: bool) -> tuple[str, str]:
    """Start and end of an entry at another time. One without an end keeps none, unless its length is another."""
    start, stop = moments(begin, end, all_day)
    length = datetime.fromisoformat(entry.until) - datetime.fromisoformat(entry.since)
    if not entry.end and not all_day and not entry.all_day and length.total_seconds() == end - begin:
        stop = ""
    if entry.all_day and not all_day:
        stop = ""
    return start, stop


def ask_scope(sfa: SfaApp, entry: Entry, heading: str, taken: Callable[[series.Scope], None]) -> None:
    """Asks whether one time of a series is meant, it and those after it, or all."""
    when = calendar.brief(entry.occurrence)
    options = [
        Option("this", _("Only this one"), when),
        Option("following", _("This and all that follow"), _("from {when}").format(when=when)),
        Option("all", _("The whole series")),
    ]

    def chosen(ids: list[str] | None) -> None:
        for scope in series.SCOPES:
            if ids == [scope]:
                taken(scope)

    sfa.push_screen(Picker(heading.format(name=entry.subject), options, at="this"), chosen)


def move_again(sfa: SfaApp, entry: Entry, start: str, end: str) -> None:
    """Moves one time of a series, those from it on, or all."""

    def taken(scope: series.Scope) -> None:
        sfa.perform(lambda: calendar.move(sfa.book, entry, start, end, scope))

    ask_scope(sfa, entry, _("Move {name}"), taken)


def waiting(sfa: SfaApp, entry: Entry) -> str:
    """The time that a series waits for: what is done to the activity everywhere else is done to this one."""
    return str(sfa.book.get("activity", entry.id).values["start"])


def edit(sfa: SfaApp, entry: Entry, usual: Usual) -> None:
    """Opens the form of the series, or of a later time of it, which is an activity of its own from then on."""
    from sfa.screens.form import edit_records

    made: list[str] = []

    def apart() -> None:
        made.append(series.edit(sfa.book, entry.id, entry.occurrence, {}, "this", "screen"))

    def one() -> None:
        sfa.perform(apart, lambda: edit_records(sfa, "activity", made))

    if waiting(sfa, entry) == entry.occurrence:
        usual()  # the form asks when it is saved
    else:
        _one_or_all(sfa, entry, _("Edit {name}"), one, usual)


def delete(sfa: SfaApp, entry: Entry, usual: Usual) -> None:
    """Leaves out a later time of a series, or deletes the series."""

    def one() -> None:
        sfa.perform(lambda: series.skip(sfa.book, entry.id, entry.occurrence, "screen"))

    if waiting(sfa, entry) == entry.occurrence:
        usual()  # which asks
    else:
        _one_or_all(sfa, entry, _("Delete {name}"), one, lambda: delete_all(sfa, "activity", [entry.id]))


def _one_or_all(sfa: SfaApp, entry: Entry, heading: str, one: Usual, all_: Usual) -> None:
    """Asks whether one time of a series is meant."""

    def taken(chosen: list[str] | None) -> None:
        if chosen:
            (one if chosen == ["this"] else all_)()

    when = calendar.brief(entry.occurrence)
    options = [Option("this", _("Only this one"), when), Option("all", _("The whole series"))]
    sfa.push_screen(Picker(heading.format(name=entry.subject), options, at="this"), taken)


def finish(sfa: SfaApp, entry: Entry, usual: Usual) -> None:
    """The times of a series are done one after the other."""
    first = waiting(sfa, entry)
    if first == entry.occurrence:
        usual()
    else:
        when = calendar.brief(first)
        sfa.notify(_("The one of {when} comes first.").format(when=when), severity="warning", markup=False)


def put_off(sfa: SfaApp, entry: Entry, usual: Usual) -> None:
    """Puts off one time of a series; the one that waits as everywhere else."""
    if waiting(sfa, entry) == entry.occurrence:
        usual()
        return

    def taken(text: str | None) -> None:
        if text is not None:
            _put_off(sfa, entry, text)

    heading = _("Put off {name} until").format(name=entry.subject)
    sfa.push_screen(Prompt(heading, example=_("tomorrow, fri 10, +1w"), echo=echo_date), taken)


def tomorrow(sfa: SfaApp, entry: Entry, usual: Usual) -> None:
    """Puts one time of a series off to tomorrow, at its time of day."""
    if waiting(sfa, entry) == entry.occurrence:
        usual()
    else:
        _put_off(sfa, entry, "+1d")


def _put_off(sfa: SfaApp, entry: Entry, text: str) -> None:
    when = quickdates.parse(text, local_now(), locales.current())
    if when.time is None and not entry.all_day:
        local = locales.to_local(entry.start, locales.zone())
        when = when._replace(time=f"{local:%H:%M}")
    sfa.perform(lambda: calendar.move(sfa.book, entry, moment_of(when), ""))


def ask_day(sfa: SfaApp, taken: Callable[[str], None]) -> None:
    """Asks for a day to go to."""

    def answered(text: str | None) -> None:
        if text is not None:
            taken(calendar.read_day(text))

    example = _("fri, +3w, next month, {date}").format(date=locales.current().date(locales.today()))

    def echo(text: str) -> str:
        return locales.current().long_day(calendar.read_day(text))

    sfa.push_screen(Prompt(_("Go to"), example=example, echo=echo), answered)


def ask_owner(sfa: SfaApp, at: str | None, taken: Callable[[str | None], None]) -> None:
    """Asks whose calendar to show; None is everybody's."""
    users = sfa.book.records("user")
    mine = [Option(user.id, user.heading, _("me") if user.id == sfa.book.user else "") for user in users]

    def chosen(ids: list[str] | None) -> None:
        if ids:
            taken(ids[0] or None)

    sfa.push_screen(Picker(_("Whose calendar"), [Option("", _("Everybody")), *mine], at=at or ""), chosen)
