"""What is said to somebody who is reminded: one thing, or at once all that was missed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sfa.i18n import _
from sfa.locales import current, to_local, today, zone
from sfa.models.times import local_day
from sfa.printable import clean
from sfa.sales.reminders import Due

LISTED = 8
"""Reminders that a digest names; the others it counts."""


class Notice(NamedTuple):
    """A title and some lines; and the record to open, of no kind where it is about several."""

    title: str
    body: str
    kind: str = ""
    record: str = ""


def notice(due: Sequence[Due]) -> Notice:
    """What is told of reminders, in order; several are one notice, never as many as there are."""
    if len(due) == 1:
        (one,) = due
        parts = (when(one.when or one.at), one.who, one.phone)
        return Notice(clean(one.title), clean(" · ".join(filter(None, parts))), one.kind, one.record)
    title = _("{count} reminders").format(count=current().number(len(due)))
    lines = [line(one) for one in due[:LISTED]]
    if more := len(due) - len(lines):
        lines.append(_("… and {count} more").format(count=current().number(more)))
    return Notice(title, "\n".join(lines))


def line(due: Due) -> str:
    """A reminder in one line."""
    return clean("  ".join(filter(None, (when(due.when or due.at), " · ".join(filter(None, (due.title, due.who)))))))


def when(moment: str | None) -> str:
    """The time of what is today, with its day what is not."""
    if not moment:
        return ""
    locale, day = current(), local_day(moment)
    if len(moment) == 10:
        return _("today") if day == today() else locale.day(day, today())
    local = to_local(moment, zone())
    time = locale.time(local.hour, local.minute)
    return time if day == today() else f"{locale.day(day, today())} {time}"
