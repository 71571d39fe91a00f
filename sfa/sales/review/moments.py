"""Moments of the past in a rep's words: ``monday``, ``last review``, ``2 weeks ago``, ``2026-11-01``.

A moment is found again in the journal by a number: that of the last action that was in this book by then. The last
review is kept with its number, so that the next one misses nothing that head office brought late; of other moments only
the time is known, and what was done before them counts as known unless something later had arrived before it.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

from sfa.errors import UserError
from sfa.i18n import _
from sfa.locales import current, now, to_local, today, zone
from sfa.models.record import fold
from sfa.models.times import local_midnight, read_moment, shift_day
from sfa.sales.figures import period
from sfa.store.book import Book

_AGO = re.compile(r"-?(\d{1,4}) ?(d|days?|w|weeks?|m|months?)(?: ago)?$")
# Everything below the newest own action before a moment was there by then: own actions are in the order of the clock.
_BOUNDARY = """SELECT min(n) - 1 FROM action WHERE at > ?1 AND n >
    coalesce((SELECT n FROM action WHERE origin != 'sync' AND at <= ?1 ORDER BY n DESC LIMIT 1), 0)"""


class Moment(NamedTuple):
    """An instant, and the journal's last action by then (0 before the first)."""

    at: str
    number: int


def present(book: Book) -> Moment:
    """Now."""
    return Moment(now(), int(book.value("SELECT coalesce(max(n), 0) FROM action")))


def of(book: Book, at: str) -> Moment:
    """The moment of an instant."""
    found = book.value(_BOUNDARY, (at,))
    return present(book)._replace(at=at) if found is None else Moment(at, int(found))


def begin(book: Book) -> Moment:
    """When the book's journal begins; nothing is known from before."""
    return Moment(str(book.value("SELECT at FROM action ORDER BY n LIMIT 1") or now()), 0)


def last_review(book: Book) -> Moment | None:
    """When the last review was ended on this laptop."""
    at, _separator, number = book.meta("reviewed").partition(" ")
    return Moment(at, int(number)) if number.isdecimal() else None


def remember(book: Book, moment: Moment) -> None:
    """Has the next review begin where this one ended. Local: no action, nothing to undo."""
    with book.transaction() as connection:
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('reviewed', ?)", (f"{moment.at} {moment.number}",))


def read(book: Book, text: str, *, end: bool = False) -> Moment:
    """The moment that ``text`` names; a day means its beginning, or with ``end`` its end. Raises ``UserError``."""
    words = " ".join(fold(text).split())
    if words in {"now", _("now")}:
        return present(book)
    if words in {"last review", _("last review")}:
        found = last_review(book)
        if found is None:
            hint = _("Name a day, such as monday or {date}.")
            raise UserError(_("There was no review yet."), hint.format(date=current().date(shift_day(today(), -7))))
        return found
    if words in {"beginning", _("beginning")}:
        return begin(book)
    moment = _day(words) or _other(text.strip())
    if len(moment) == 10:
        moment = local_midnight(shift_day(moment, int(end)))
    return of(book, moment) if moment < now() else _require_past(book, moment, text, end)


def default(book: Book) -> Moment:
    """The last review, or a week ago."""
    return last_review(book) or of(book, local_midnight(shift_day(today(), -7)))


def span(book: Book, since: str, until: str = "") -> tuple[Moment, Moment | None]:
    """The two moments of a review as typed: the last review, and now (None), where none is named.

    Raises ``UserError``, also where the second comes first.
    """
    first = read(book, since) if since else default(book)
    last = read(book, until, end=True) if until else None
    if last and last.at <= first.at:
        raise UserError(_("“{until}” is not after {since}.").format(until=until, since=show(first)))
    return first, last


def show(moment: Moment, *, end: bool = False) -> str:
    """A moment for people: the day, and the time unless it is midnight; with ``end`` the day that ends then."""
    local, locale = to_local(moment.at, zone()), current()
    day, midnight = local.date().isoformat(), (local.hour, local.minute) == (0, 0)
    if midnight:
        return locale.date(shift_day(day, -1) if end else day)
    return f"{locale.date(day)} {locale.time(local.hour, local.minute)}"


def _require_past(book: Book, moment: str, text: str, end: bool) -> Moment:
    if end or moment <= now():
        return present(book)
    raise UserError(_("“{text}” is not over yet.").format(text=text.strip()))


def _day(words: str) -> str | None:
    """``yesterday``, a weekday (the last one before today), ``3 weeks ago``."""
    here = date.fromisoformat(today())
    weekday = current().weekdays.get(words.removeprefix("last "))
    if weekday is not None:
        return (here - timedelta((here.weekday() - weekday - 1) % 7 + 1)).isoformat()
    if words in {"yesterday", _("yesterday")}:
        return (here - timedelta(1)).isoformat()
    if not (found := _AGO.match(words)):
        return None
    count, unit = int(found[1]), found[2][0]
    if unit == "m":
        total = here.year * 12 + here.month - 1 - count
        year, month = divmod(max(total, 12), 12)
        return min(here.replace(day=1, year=year, month=month + 1) + timedelta(here.day - 1), here).isoformat()
    return max(here - timedelta(count * (7 if unit == "w" else 1)), date(1000, 1, 1)).isoformat()


def _other(text: str) -> str:
    """A date as the locale writes it, perhaps with a time, or the first day of a period such as ``this month``."""
    try:
        return read_moment(text)
    except (ValueError, UserError):
        pass
    try:
        return period.read(text).first if text else ""
    except UserError:
        example = current().date(shift_day(today(), -7))
        hint = _("Write a day that is over: monday, last week, 2 weeks ago, {date} or last review.")
        raise UserError(_("“{text}” names no moment.").format(text=text), hint.format(date=example)) from None
