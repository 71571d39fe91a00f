"""Reminders that are due: told once, by whichever program comes first, and in sight until they are done with.

The moments of reminders are instants and dates (the hour at which that day begins for the user); their texts sort by
time but for that hour, which the conditions here mind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sfa.errors import UserError
from sfa.i18n import _
from sfa.locales import current, now, to_instant, to_local, today, zone
from sfa.models.fields import Value
from sfa.models.times import shift_day, show_moment
from sfa.sales import edit
from sfa.sales.alarms import DAY, REMINDED, day_begin
from sfa.store.book import Book

ORIGIN = "reminder"
"""The origin of the actions that reminding takes; undo leaves them alone."""
LIVE = "reminder.deleted_at IS NULL AND reminder.dismissed_at IS NULL AND reminder.user = ?"


class Due(NamedTuple):
    """A reminder that is due, or was: ``at`` says since when (an instant).

    ``kind`` and ``record`` are what it is of, ``title`` that record's heading, ``when`` the date that it is before (an
    activity's start), ``who`` the person or company, with a ``phone``.
    """

    id: str
    at: str
    kind: str
    record: str
    title: str
    when: str | None
    who: str
    phone: str
    type: str


_CONTACT = "trim(coalesce(contact.first_name, '') || ' ' || coalesce(contact.last_name, ''))"
_LEAD = "trim(coalesce(lead.first_name, '') || ' ' || coalesce(lead.last_name, ''))"
_READ = f"""SELECT reminder.id, coalesce(reminder.remind_at, reminder.fired_at), reminder.activity,
    reminder.opportunity, reminder.contact, reminder.lead, reminder.account, reminder.field,
    activity.subject, deal.name, {_CONTACT}, {_LEAD}, coalesce(account.name, lead.company, ''), activity.start,
    deal.close_date, coalesce(
        json_extract(contact.phones, '$[0].value'), json_extract(lead.phones, '$[0].value'),
        json_extract(account.phones, '$[0].value'), ''), activity.type
    FROM reminder LEFT JOIN activity ON activity.id = reminder.activity
    LEFT JOIN opportunity AS deal ON deal.id = coalesce(reminder.opportunity, activity.opportunity)
    LEFT JOIN contact ON contact.id = coalesce(reminder.contact, activity.contact, deal.primary_contact)
    LEFT JOIN lead ON lead.id = coalesce(reminder.lead, activity.lead)
    LEFT JOIN account ON account.id = coalesce(reminder.account, activity.account, deal.account, contact.account)
    WHERE {LIVE} AND {{which}}
    AND (reminder.activity IS NULL OR (activity.deleted_at IS NULL AND activity.completed_at IS NULL))
    AND (reminder.opportunity IS NULL OR deal.deleted_at IS NULL)
    AND (reminder.contact IS NULL OR contact.deleted_at IS NULL) AND (reminder.lead IS NULL OR lead.deleted_at IS NULL)
    AND (reminder.account IS NULL OR account.deleted_at IS NULL)"""
_DUE = _READ.format(which="reminder.remind_at <= ?")
_FIRED = _READ.format(which="reminder.fired_at > '' AND reminder.remind_at IS NULL")
_PENDING = _READ.format(which="reminder.remind_at IS NOT NULL")
_UNTIL = f"SELECT id, remind_at FROM reminder WHERE {LIVE} AND remind_at <= ?"


def due(book: Book, at: str | None = None) -> list[Due]:
    """What is to be reminded of by now (or ``at``, an instant) and was not yet, by time."""
    moment = at or now()
    return [reminder for reminder in _read(book, _DUE, max(moment, _day(moment))) if reminder.at <= moment]


def fired(book: Book) -> list[Due]:
    """What was reminded of and is neither done nor dismissed, by time."""
    return _read(book, _FIRED)


def _day(instant: str) -> str:
    """The local day of an instant."""
    return to_local(instant, zone()).date().isoformat()


def _read(book: Book, sql: str, *parameters: str) -> list[Due]:
    rows = book.rows(sql, (book.user, *parameters))
    return sorted((_due(row) for row in rows), key=lambda reminder: (reminder.at, reminder.id))


def _due(row: tuple[Any, ...]) -> Due:
    id, moment, *targets = row[:7]
    field, subject, deal, contact, lead, company, start, close_date, phone, type_ = row[7:]
    kind, record = next(
        ((kind, record) for kind, record in zip(REMINDED, targets, strict=True) if record), ("reminder", id)
    )
    titles = {"activity": subject, "opportunity": deal, "contact": contact, "lead": lead, "account": company}
    title = titles.get(kind) or company or contact or lead or ""
    whens = {"activity": start, "opportunity": close_date if field in (None, "close_date") else None}
    who = contact or lead or company
    return Due(
        id, as_instant(moment), kind, record, title, whens.get(kind), "" if who == title else who, phone, type_ or ""
    )


def as_instant(moment: str) -> str:
    """When a reminder is due: a date at the hour at which that day begins for the user."""
    return moment if len(moment) > 10 else day_begin(moment)


def next_due(book: Book) -> str | None:
    """The instant at which the next reminder is due, past or to come; None where there is none.

    One look into the index, and a second as a date may come before an instant whose text is less.
    """
    sql = f"SELECT remind_at FROM reminder WHERE {LIVE} AND remind_at {{}} ORDER BY remind_at LIMIT 1"
    first = book.value(sql.format("IS NOT NULL"), (book.user,))
    if first is None:
        return None
    at = as_instant(first)
    if len(first) == 10:
        sooner = book.value(sql.format("> ? AND remind_at < ?"), (book.user, first, at))
    else:
        sooner = book.value(sql.format("= ?"), (book.user, shift_day(first[:10], 1)))
    return min(at, as_instant(sooner)) if sooner else at


def claim(book: Book, at: str | None = None) -> list[Due]:
    """What is due, taken by this program: no other tells of it, on this laptop. By time; empty where there is nothing.

    It takes no lock where nothing is due. The action is not the user's, and undo does not know it. What would remind of
    something that is gone, as another laptop deleted it, is dismissed in silence.
    """
    moment = at or now()
    if (next_due(book) or "~") > moment:
        return []
    with book.change("", ORIGIN) as change:
        found = due(book, moment)  # another program may have been faster
        change.title = _titled(found)
        for reminder in found:
            change.put("reminder", reminder.id, {"remind_at": None, "fired_at": moment})
        rest = book.rows(_UNTIL, (book.user, max(moment, _day(moment))))
        for gone, since in rest:
            if as_instant(since) <= moment:
                change.put("reminder", gone, {"dismissed_at": moment})
    return found


def put_back(book: Book, claimed: Sequence[Due]) -> None:
    """What was claimed and could not be shown is due as before, unless something else became of it meanwhile."""
    with book.change(_("Could not remind"), ORIGIN) as change:
        for reminder in claimed:
            values = change.get("reminder", reminder.id).values
            if not {"remind_at", "dismissed_at", "deleted_at"} & values.keys():
                change.put("reminder", reminder.id, {"remind_at": reminder.at, "fired_at": None})


def _titled(found: Sequence[Due]) -> str:
    if len(found) == 1:
        return _("Reminded of {name}").format(name=found[0].title)
    return _("Reminded of {count} things").format(count=len(found))


def add(
    book: Book,
    kind: str,
    record_id: str,
    *,
    before: int | None = None,
    at: str | None = None,
    field: str | None = None,
    origin: str = "command",
) -> str:
    """Adds a reminder of a record and gives its id.

    Either ``before`` so many seconds ahead of a date of the record (``field``; an activity's start, a deal's close date
    where None), or ``at`` a moment. Raises ``UserError``, ``FieldError``.
    """
    if kind not in REMINDED or (before is None) == (at is None):
        raise UserError(_("Say of what to remind, and when."))
    record = book.get(kind, record_id)
    values: dict[str, Value] = {kind: record_id, "before": before, "remind_at": at, "field": field}
    known = [one.get("remind_at") for one in of_record(book, kind, record_id) if one.get("user") == book.user]
    with book.change(_("Added a reminder of {name}").format(name=record.heading), origin) as change:
        made = edit.create(change, "reminder", {name: value for name, value in values.items() if value is not None})
        moment = change.get("reminder", made).values["remind_at"]
        if moment in known:
            raise UserError(_("You are reminded then already."))
        if as_instant(moment) < now() and before is not None and _is_past(moment, before):
            raise UserError(_("{moment} is over").format(moment=show_moment(moment, current())))
    return made


def _is_past(moment: str, before: int) -> bool:
    """Whether also the date is over that a reminder is a span before; a day is until its end."""
    if len(moment) == 10:
        return shift_day(moment, before // DAY) < today()
    return to_instant(datetime.fromisoformat(moment) + timedelta(seconds=before)) < now()


def snooze(book: Book, ids: Sequence[str], when: str, origin: str = "command") -> None:
    """Has reminders remind again at ``when``, a moment; counted."""
    title = _("Reminder put off to {when}").format(when=show_moment(when, current()))
    with book.change(title, origin) as change:
        for reminder_id in ids:
            count = change.get("reminder", reminder_id).values.get("snoozes") or 0
            put: Mapping[str, Value] = {
                "remind_at": when,
                "snoozed_until": when,
                "snoozes": count + 1,
                "dismissed_at": None,
            }
            change.update("reminder", reminder_id, put)


def dismiss(book: Book, ids: Sequence[str], origin: str = "command") -> None:
    """Is done with reminders: they remind no more."""
    title = _("Dismissed a reminder") if len(ids) == 1 else _("Dismissed {count} reminders").format(count=len(ids))
    with book.change(title, origin) as change:
        for reminder_id in ids:
            change.update("reminder", reminder_id, {"dismissed_at": change.at})


def of_record(book: Book, kind: str, record_id: str) -> list[Mapping[str, Value]]:
    """The values of the reminders of a record that are not done with, the next first."""
    found = [
        record.values for record in book.records("reminder", f'"{kind}" = ? AND dismissed_at IS NULL', (record_id,))
    ]
    return sorted(found, key=lambda values: as_instant(values.get("remind_at") or values.get("fired_at") or now()))


def pending(book: Book) -> list[Due]:
    """What reminded and waits, and what will remind, by time."""
    return sorted([*fired(book), *_read(book, _PENDING)], key=lambda reminder: reminder.at)
