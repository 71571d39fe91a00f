"""The reminders of a record: seen, added, put off and dismissed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from sfa import locales, quickdates
from sfa.i18n import N_, _
from sfa.models import Date
from sfa.models.fields import Value
from sfa.models.times import Duration, show_moment
from sfa.sales.alarms import due_at
from sfa.sales.reminders import as_instant
from sfa.screens.deeds import echo_date, local_now, named
from sfa.screens.picker import Option, Picker
from sfa.screens.prompt import Prompt

if TYPE_CHECKING:
    from sfa.app import SfaApp

OFFERED = {  # seconds before, and how they are called
    "activity": ((0, N_("when it starts")), (900, N_("15 minutes before")), (3600, N_("1 hour before")),
                 (86_400, N_("1 day before"))),
    "opportunity": ((86_400, N_("1 day before it closes")), (432_000, N_("5 days before it closes"))),
    "contact": ((0, N_("on the birthday")), (604_800, N_("a week before the birthday"))),
}  # fmt: skip
DATES = {"activity": "start", "opportunity": "close_date", "contact": "birthday"}
LATER = ("+15min", "+1h", "tomorrow")
"""Until when a reminder is put off with two keys; texts as a rep types them."""
SPAN = re.compile(r"((?:\d+ ?(?:d|h|m|min) ?)+)(?:before)?", re.IGNORECASE)


def open_reminders(sfa: SfaApp, kind: str, record_id: str) -> None:
    """Shows what reminds of a record, and what could."""
    from sfa.sales import reminders

    known = {values["id"]: values for values in reminders.of_record(sfa.book, kind, record_id)}
    options = [Option(id, *_told(sfa, kind, values)) for id, values in known.items()]
    options += _offered(sfa, kind, record_id, [values.get("before") for values in known.values()])
    options.append(Option("other", _("Add another time …"), _("fri 10, tomorrow")))

    def taken(chosen: list[str] | None) -> None:
        if not chosen:
            return
        if chosen[0] in known:
            _deal_with(sfa, chosen[0])
        elif chosen[0] == "other":
            _ask(sfa, kind, record_id)
        elif chosen[0].startswith("field "):
            _ask(sfa, kind, record_id, chosen[0].removeprefix("field "))
        else:
            sfa.perform(
                lambda: reminders.add(sfa.book, kind, record_id, before=int(chosen[0].split()[1]), origin="screen")
            )

    heading = _("Reminders of {name}").format(name=named(sfa, kind, [record_id]))
    sfa.push_screen(Picker(heading, options), taken)


def _told(sfa: SfaApp, kind: str, values: Mapping[str, Value]) -> tuple[str, str]:
    """A reminder in words: when it reminds, and what it follows; how often it was put off."""
    locale, moment = locales.current(), values.get("remind_at")
    when = show_moment(moment, locale) if moment else _("reminded, waits for you")
    before = values.get("before")
    rest = _("{span} before").format(span=span(before)) if before is not None else ""
    if values.get("field"):
        field = sfa.book.fields(kind).get(values["field"])
        rest = _("{span} {date}").format(span=rest, date=field.title.lower() if field else values["field"])
    count = values.get("snoozes")
    again = _("put off {count}×").format(count=count) if count else ""
    return f"◷ {when}", " · ".join(filter(None, (rest, again)))


def span(seconds: int) -> str:
    """A length of time in a word: ``5 days``, ``15m``."""
    days, rest = divmod(seconds, 86_400)
    if days and not rest:
        return _("1 day") if days == 1 else _("{count} days").format(count=days)
    return Duration().show(seconds, {}, locales.current())


def _offered(sfa: SfaApp, kind: str, record_id: str, taken: list[Value]) -> list[Option]:
    """The usual spans before the usual date, and the other dates of the record that may be followed."""
    values = sfa.book.get(kind, record_id).values
    usual = DATES.get(kind, "")
    options = []
    if values.get(usual) and not values.get("completed_at"):
        spans = [
            (before, title)
            for before, title in OFFERED[kind]
            if before not in taken and (kind == "contact" or as_instant(due_at(values[usual], before)) > locales.now())
        ]
        options = [Option(f"before {before}", _("Add: {when}").format(when=_(title))) for before, title in spans]
    for name, field in sfa.book.fields(kind).items():
        if isinstance(field, Date) and field.custom and values.get(name):
            title = _("Add: before {date} …").format(date=field.title.lower())
            options.append(Option(f"field {name}", title, field.show(values[name], {}, locales.current())))
    return options


def _ask(sfa: SfaApp, kind: str, record_id: str, field: str = "") -> None:
    """Asks for a span before a date, or for a moment, and adds the reminder."""
    from sfa.sales import reminders

    dated = bool(field or sfa.book.get(kind, record_id).values.get(DATES.get(kind, "")))

    def echo(text: str) -> str:
        before = _span(sfa, text) if dated else None
        if before is not None:
            return _("{span} before").format(span=span(before))
        if field:
            raise ValueError(_("must be a length of time such as 5d or 2h"))
        return echo_date(text)

    def taken(text: str | None) -> None:
        if text is None:
            return
        before = _span(sfa, text) if dated else None
        at = None if before is not None else moment(text)
        sfa.perform(
            lambda: reminders.add(sfa.book, kind, record_id, before=before, at=at, field=field or None, origin="screen")
        )

    example = _("5d, 2h") if field else _("fri 10, tomorrow, 15m before")
    sfa.push_screen(Prompt(_("When to remind"), example=example, echo=echo), taken)


def _span(sfa: SfaApp, text: str) -> int | None:
    """The seconds of ``15m``, ``2h before``, ``5d``; None for what is no length of time."""
    from sfa.sales import edit

    found = SPAN.fullmatch(text.strip())
    return int(edit.read(sfa.book, "reminder", {"before": found[1]})["before"]) if found else None


def moment(text: str) -> str:
    """A quick date as a stored moment."""
    from sfa.sales.calls import moment_of

    return moment_of(quickdates.parse(text, local_now(), locales.current()))


def _deal_with(sfa: SfaApp, reminder_id: str) -> None:
    """Asks what becomes of a reminder."""
    from sfa.sales import reminders

    options = [Option("dismiss", _("Dismiss"))]
    options += [Option(f"to {text}", _("Put off"), text) for text in LATER]
    options.append(Option("ask", _("Put off until …"), _("fri 10")))

    def put_off(text: str | None) -> None:
        if text:
            sfa.perform(lambda: reminders.snooze(sfa.book, [reminder_id], moment(text), "screen"))

    def taken(chosen: list[str] | None) -> None:
        if not chosen:
            return
        if chosen[0] == "dismiss":
            sfa.perform(lambda: reminders.dismiss(sfa.book, [reminder_id], "screen"))
        elif chosen[0] == "ask":
            sfa.push_screen(Prompt(_("Put off until"), example=_("tomorrow, fri 10"), echo=echo_date), put_off)
        else:
            put_off(chosen[0].removeprefix("to "))

    sfa.push_screen(Picker(_("This reminder"), options), taken)
