"""What reminds of a date: when it is due, and that it goes with the date wherever that is moved."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from sfa import settings
from sfa.errors import FieldError
from sfa.i18n import _
from sfa.locales import now, to_instant, today, zone
from sfa.models import Date
from sfa.models.fields import Value
from sfa.models.times import Birthday
from sfa.store.change import Change

Values = dict[str, Value]
REMINDED = ("activity", "opportunity", "contact", "lead", "account")  # what a reminder may be of
DAY = 86_400


def reminder(change: Change, before: Mapping[str, Value], edit: Mapping[str, Value]) -> Values:
    """Whom it reminds, and when it is due, where it is given as a span before a date."""
    merged = {**before, **edit}
    added: Values = {} if merged.get("user") else {"user": change.user}
    if merged.get("before") is None or edit.get("remind_at"):
        return added
    kind, record_id = target_of(merged)
    name = field_of(merged)
    field = change.book.fields(kind).get(name)
    if not isinstance(field, Date):
        raise FieldError("field", _("Of the date"), _("{kind} has no date “{name}”").format(kind=kind, name=name))
    moment = change.get(kind, record_id).values.get(name)
    if not moment:
        reason = _("the activity has no time") if kind == "activity" else _("there is no {name} yet")
        raise FieldError("before", _("Before the start"), reason.format(name=field.title.lower()))
    return {**added, "remind_at": due_at(_anniversary(field, moment), merged["before"])}


def target_of(values: Mapping[str, Value]) -> tuple[str, str]:
    """Kind and id of what a reminder is of. Raises ``FieldError``."""
    for kind in REMINDED:
        if values.get(kind):
            return kind, values[kind]
    raise FieldError("activity", _("Activity"), _("say what this is to remind of"))


def field_of(values: Mapping[str, Value]) -> str:
    """The name of the date before which a reminder is due."""
    if values.get("field"):
        return str(values["field"])
    return "start" if values.get("activity") else "close_date" if values.get("opportunity") else "birthday"


def due_at(moment: str, before: int) -> str:
    """When something is due to be reminded of, ``before`` seconds ahead of its ``moment``.

    Whole days before a date are a date: it is due at the hour when that day begins for the user, wherever he is.
    """
    if len(moment) > 10:
        return to_instant(datetime.fromisoformat(moment) - timedelta(seconds=before))
    if before % DAY == 0:
        return (date.fromisoformat(moment) - timedelta(days=before // DAY)).isoformat()
    return to_instant(datetime.fromisoformat(day_begin(moment)) - timedelta(seconds=before))


def day_begin(day: str) -> str:
    """The instant at which the user's ``day`` begins, where the laptop is."""
    hour = time.fromisoformat(_opening(str(settings.config_path())))
    return to_instant(datetime.combine(date.fromisoformat(day), hour, ZoneInfo(zone())))


@lru_cache(4)
def _opening(_path: str) -> str:
    return str(settings.load().day_begins)


def _anniversary(field: Date, moment: str) -> str:
    """A birthday's next one; of other dates, the date."""
    if not isinstance(field, Birthday):
        return moment
    day = moment[-5:]
    for year in range(date.fromisoformat(today()).year, 9999):
        this = f"{year}-{day}" if day != "02-29" or not year % 4 else f"{year}-02-28"
        if this >= today():
            return this
    return moment


def _is_over(kind: str, values: Mapping[str, Value], field: str) -> bool:
    """Whether nothing is left to remind of. A contract's end, say, matters after its deal is won."""
    closes = {"activity": "completed_at", "opportunity": "closed_at" if field == "close_date" else ""}
    return bool(values.get("deleted_at") or values.get(closes.get(kind, "")))


def moved(change: Change, kind: str, before: Mapping[str, Value], edit: Mapping[str, Value]) -> set[str]:
    """The dates that an edit moved, of a kind of record that there are reminders of."""
    if kind not in REMINDED:
        return set()
    fields = change.book.fields(kind)
    return {name for name in edit if isinstance(fields.get(name), Date) and before.get(name) != edit[name]}


def settle(change: Change, kind: str, after: Mapping[str, Value], moved: Collection[str]) -> None:
    """Has the reminders of a record follow the dates of it that were ``moved``."""
    fields = change.book.fields(kind)
    for reminder in change.book.records("reminder", f'"{kind}" = ?', (after["id"],)):
        values = reminder.values
        if _is_over(kind, after, field_of(values)):
            if not values.get("dismissed_at"):
                change.put("reminder", reminder.id, {"dismissed_at": change.at})
        elif values.get("before") is not None and {field_of(values), "completed_at", "closed_at"} & {*moved}:
            _rearm(change, reminder.id, values, fields.get(field_of(values)), after.get(field_of(values)))


def silence(change: Change, kind: str, record_id: str) -> None:
    """Nothing reminds any more of a record."""
    if kind in REMINDED:
        for reminder in change.book.records("reminder", f'"{kind}" = ? AND dismissed_at IS NULL', (record_id,)):
            change.put("reminder", reminder.id, {"dismissed_at": change.at})


def _rearm(change: Change, reminder: str, values: Mapping[str, Value], field: object, moment: str | None) -> None:
    """Has a reminder remind again of a date that was moved; not of one that is over."""
    again: Values = {"fired_at": None, "dismissed_at": None, "snoozed_until": None, "remind_at": None}
    if moment and isinstance(field, Date):
        moment = _anniversary(field, moment)
        if moment >= (now() if len(moment) > 10 else today()):
            again["remind_at"] = due_at(moment, values["before"])
    change.put("reminder", reminder, again)
