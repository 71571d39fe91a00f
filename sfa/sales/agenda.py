"""What needs a rep today: late and due activities, meetings, deals without a next step and deals that rot.

Today is painted first, so it is read with plain SQL from the indexes of what is open, and counts are exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sfa import locales
from sfa.i18n import N_, _
from sfa.models.times import days_between, shift_day
from sfa.sales.steps import LATE, OPEN, OPEN_TYPES, TOUCHING, WITHIN, is_late, late, rot_limit, within
from sfa.store.book import Book
from sfa.store.columns import dumps

TITLES = {
    "reminded": N_("Reminders"),
    "overdue": N_("Overdue"),
    "due": N_("Due today"),
    "meetings": N_("Meetings today"),
    "no_next_step": N_("No next step"),
    "rotting": N_("Rotting"),
}
_MEETING = "activity.type IN ('meeting', 'visit')"
_BY_TIME = "ORDER BY activity.start, activity.n"


class Item(NamedTuple):
    """An activity or a deal that waits.

    ``when`` is its moment (a deal's: its close date), ``what`` the deal of an activity or the stage of a deal, ``type``
    the activity's. ``overdue_days`` counts days since an activity was due, or since something happened with a deal that
    rots; 0 elsewhere. ``repeats``: it is the next of a series; ``put_off`` counts how often it was.
    """

    kind: str
    id: str
    when: str | None
    title: str
    what: str
    who: str
    account: str
    phone: str
    section: str
    amount: int | None
    currency: str | None
    type: str
    overdue_days: int
    repeats: bool = False
    put_off: int = 0


class Section(NamedTuple):
    """A part of the agenda: ``count`` is of all, ``items`` are the first of them."""

    name: str
    title: str
    count: int  # type: ignore[assignment]  # and not the tuple's method
    items: list[Item]


class Agenda(NamedTuple):
    """The sections of one day, in the order in which they matter."""

    day: str
    sections: list[Section]


_CONTACT = "trim(coalesce(contact.first_name, '') || ' ' || coalesce(contact.last_name, ''))"
_LEAD = "trim(coalesce(lead.first_name, '') || ' ' || coalesce(lead.last_name, ''))"
_PHONE = "coalesce(json_extract(contact.phones, '$[0].value'), json_extract(account.phones, '$[0].value'), '')"
_ACTIVITY = f"""SELECT activity.id, activity.start, activity.subject, coalesce(deal.name, ''), {_CONTACT}, {_LEAD},
    coalesce(account.name, lead.company, ''), coalesce(json_extract(lead.phones, '$[0].value'), {_PHONE}),
    deal.amount, deal.currency, activity.type, activity.rrule IS NOT NULL, coalesce(activity.put_off, 0)
    FROM {{activity}} LEFT JOIN contact ON contact.id = activity.contact LEFT JOIN lead ON lead.id = activity.lead
    LEFT JOIN account ON account.id = activity.account
    LEFT JOIN opportunity AS deal ON deal.id = activity.opportunity"""
_DEAL = f"""SELECT deal.id, deal.close_date, deal.name, coalesce(stage.name, ''), {_CONTACT},
    coalesce(account.name, ''), {_PHONE}, deal.amount, deal.currency, max(coalesce(deal.stage_entered_at, ''), coalesce(
        (SELECT max(activity.completed_at) FROM activity WHERE activity.opportunity = deal.id AND {TOUCHING}), ''))
    FROM opportunity AS deal LEFT JOIN stage ON stage.id = deal.stage LEFT JOIN account ON account.id = deal.account
    LEFT JOIN contact ON contact.id = deal.primary_contact WHERE deal.id IN"""


def today(book: Book, owner: str | None = None, limit_per_section: int = 50) -> Agenda:
    """The agenda of today, of one owner's records or (None) of all."""
    parts = (planned, neglected)
    return Agenda(locales.today(), [section for part in parts for section in part(book, owner, limit_per_section)])


def planned(book: Book, owner: str | None = None, limit: int = 50) -> list[Section]:
    """What is late, due or met today; read in a millisecond, however large the book."""
    day = locales.today()
    parts = {
        "overdue": _owned(LATE, late(day), owner),
        "due": _owned(f"{WITHIN} AND NOT {_MEETING}", within(day, day), owner),
        "meetings": _owned(f"{WITHIN} AND {_MEETING}", within(day, day), owner),
    }
    sections = [_planned(book, name, condition, limit) for name, condition in parts.items()]
    reminded = _reminded(book, sections, owner)
    return [reminded, *sections] if reminded.count else sections


_FIRED = """SELECT 1 FROM reminder
    WHERE deleted_at IS NULL AND dismissed_at IS NULL AND user = ? AND fired_at > '' LIMIT 1"""


def _reminded(book: Book, sections: list[Section], owner: str | None) -> Section:
    """What the user was reminded of and waits for him, but for what is due anyway."""
    from sfa.sales import reminders  # which most starts do not need

    there = {item.id for section in sections for item in section.items}
    waiting = reminders.fired(book) if owner in (None, book.user) and book.value(_FIRED, (book.user,)) else []
    found = {one.record: one for one in waiting if one.record not in there}
    day = locales.today()
    items = [
        Item(one.kind, one.record, one.when, one.title, "", one.who, "", one.phone, "reminded", None, None, one.type, 0)
        for one in found.values()
        if not (one.when and one.kind == "activity" and is_late(one.when, day))
    ]
    return Section("reminded", _(TITLES["reminded"]), len(items), items)


def upcoming(book: Book, days: int, owner: str | None = None, limit: int = 500) -> list[Item]:
    """What is planned on the ``days`` days after today, in order."""
    day = locales.today()
    span = within(shift_day(day, 1), shift_day(day, days))
    return _activities(book, "upcoming", _owned(WITHIN, span, owner), limit)


def call_list(book: Book, owner: str | None = None) -> list[str]:
    """The ids of the open calls that are late or due today, in the order to make them."""
    where, parameters = _owned(LATE, late(shift_day(locales.today(), 1)), owner)
    sql = f"SELECT activity.id FROM activity WHERE {OPEN} AND activity.type = 'call' AND {where} {_BY_TIME}"
    return [row[0] for row in book.rows(sql, parameters)]


def next_step(book: Book, kind: str, record_id: str) -> Item | None:
    """The earliest open activity with an account, contact, lead or deal; one without a time only where no other is."""
    read = _ACTIVITY.format(activity=f"activity INDEXED BY ix_activity_open_{kind}_start")
    for when in ("NOT NULL", "NULL"):
        where = f"{OPEN} AND activity.{kind} = ? AND activity.start IS {when}"
        if rows := book.rows(f"{read} WHERE {where} {_BY_TIME} LIMIT 1", (record_id,)):
            return _activity_item("next", locales.today(), rows[0])
    return None


def without_step(book: Book, ids: Sequence[str]) -> set[str]:
    """Those of these deals that are open and have no next step."""
    sql = f"""SELECT id FROM opportunity WHERE id IN (SELECT value FROM json_each(?)) AND closed_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM activity INDEXED BY ix_activity_open_opportunity_start
            WHERE {OPEN} AND activity.opportunity = opportunity.id AND start IS NOT NULL)"""
    return {row[0] for row in book.rows(sql, (dumps(list(ids)),))}


Condition = tuple[str, tuple[Any, ...]]  # SQL and its parameters


def _owned(where: str, parameters: tuple[Any, ...], owner: str | None) -> Condition:
    return (f"{where} AND activity.owner = ?", (*parameters, owner)) if owner else (where, parameters)


def _planned(book: Book, name: str, condition: Condition, limit: int) -> Section:
    items = _activities(book, name, condition, limit)
    count = len(items)
    if count == limit:
        where, parameters = condition
        count = book.value(f"SELECT count(*) FROM activity WHERE {OPEN} AND {where}", parameters)
    return Section(name, _(TITLES[name]), count, items)


def _activities(book: Book, name: str, condition: Condition, limit: int) -> list[Item]:
    where, parameters = condition
    sql = f"{_ACTIVITY.format(activity='activity')} WHERE {OPEN} AND {where} {_BY_TIME} LIMIT ?"
    day = locales.today()
    return [_activity_item(name, day, row) for row in book.rows(sql, (*parameters, limit))]


def _activity_item(section: str, day: str, row: tuple[Any, ...]) -> Item:
    id, when, title, what, contact, lead, account, phone, amount, currency, type, repeats, put_off = row
    days = max(0, days_between(when, day)) if when else 0
    who = contact or lead
    known = (when, title, what, who, account, phone, section, amount, currency, type, days, bool(repeats), put_off)
    return Item("activity", id, *known)


def neglected(book: Book, owner: str | None = None, limit: int = 50) -> list[Section]:
    """The deals without a next step, and those that rot: both from one look at all open deals."""
    day = locales.today()
    live = "SELECT id, coalesce(rot_days, 0) FROM stage WHERE deleted_at IS NULL AND type IN (?, ?)"
    stages = book.rows(live, OPEN_TYPES)
    if not stages:
        return [Section(name, _(TITLES[name]), 0, []) for name in ("no_next_step", "rotting")]
    sql, parameters = _neglected_sql(stages, day, owner)
    counts, *found = book.rows(sql, (*parameters, limit, limit))
    details = _details(book, [row[1] for row in found]) if found else {}
    sections = []
    for place, name in enumerate(("no_next_step", "rotting"), 1):
        items = [_deal_item(name, day, details[row[1]]) for row in found if row[0] == name]
        sections.append(Section(name, _(TITLES[name]), counts[place] or 0, items))
    return sections


def _neglected_sql(stages: list[tuple[str, int]], day: str, owner: str | None) -> tuple[str, tuple[Any, ...]]:
    """Counts, then the first deals of both sections.

    ``loose`` deals have no next step, or a late one. EXCEPT walks two indexes side by side, as a merge join would;
    looking for the next step of each deal takes twice as long.
    """
    whose, owners = ("AND owner = ?", (owner,)) if owner else ("", ())
    limits = [part for id, rot_days in stages for part in (id, rot_limit(rot_days, day) if rot_days else "")]
    sql = f"""
    WITH loose (id, is_late) AS (
        SELECT id, 0 FROM (
            SELECT id FROM opportunity INDEXED BY {_OPEN_DEALS}
                WHERE deleted_at IS NULL AND closed_at IS NULL {whose}
            EXCEPT SELECT opportunity FROM activity INDEXED BY ix_activity_open_opportunity_start
                WHERE {OPEN} AND start IS NOT NULL AND opportunity IS NOT NULL ORDER BY 1)
        UNION ALL SELECT DISTINCT opportunity, 1 FROM activity INDEXED BY ix_activity_open_start_owner_type
            WHERE {OPEN} AND {LATE} AND opportunity IS NOT NULL),
    candidate AS (
        SELECT opportunity.id, is_late, close_date, coalesce(stage_entered_at, '') AS entered,
            CASE stage {"WHEN ? THEN ? " * len(stages)} END AS rot_limit
        FROM loose CROSS JOIN opportunity INDEXED BY {_OPEN_DEALS} ON opportunity.id = loose.id
            AND deleted_at IS NULL AND closed_at IS NULL {whose}),
    neglected AS MATERIALIZED (
        SELECT id, is_late, close_date, entered < rot_limit AND NOT EXISTS (
            SELECT 1 FROM activity WHERE activity.opportunity = candidate.id AND {TOUCHING}
                AND activity.completed_at >= rot_limit) AS rots
        FROM candidate WHERE rot_limit IS NOT NULL)
    SELECT 'counts', sum(NOT is_late), sum(rots) FROM neglected
    UNION ALL SELECT * FROM (SELECT 'no_next_step', id, 0 FROM neglected WHERE NOT is_late {_SOONEST})
    UNION ALL SELECT * FROM (SELECT 'rotting', id, 0 FROM neglected WHERE rots {_SOONEST})"""
    return sql, (*owners, *late(day), *limits, *owners)


_OPEN_DEALS = "ix_opportunity_open_id_owner_stage_stage_entered_at_close_date"
_SOONEST = "ORDER BY close_date IS NULL, close_date, id LIMIT ?"


def _details(book: Book, ids: list[str]) -> dict[str, tuple[Any, ...]]:
    marks = ", ".join("?" * len(ids))
    return {row[0]: row for row in book.rows(f"{_DEAL} ({marks})", ids)}


def _deal_item(section: str, day: str, row: tuple[Any, ...]) -> Item:
    id, when, title, stage, who, account, phone, amount, currency, touched = row
    days = days_between(touched, day) if section == "rotting" else 0
    return Item("opportunity", id, when, title, stage, who, account, phone, section, amount, currency, "", days)
