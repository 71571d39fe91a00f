"""Handing customers over to another territory: with everything under them, for whoever works there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sfa.i18n import _
from sfa.models import KINDS
from sfa.sales import edit
from sfa.store.book import Book


class Goal(NamedTuple):
    """A territory to hand over to; ``seen``: this laptop holds what is in it."""

    id: str
    name: str
    seen: bool


def goals(book: Book) -> list[Goal]:
    """The territories that there are."""
    followed = {row[0] for row in book.rows("SELECT id FROM stream WHERE kind = 'territory'")}
    return [Goal(record.id, record.heading, record.id in followed) for record in book.records("territory")]


def goals_for(book: Book, kind: str, ids: Sequence[str]) -> list[Goal]:
    """The territories that the user may give these records to: not where all are already.

    Who manages where they are may give them anywhere; others only to where they may write themselves.
    """
    marks = ", ".join("?" * len(ids))
    sql = f"""SELECT DISTINCT coalesce(stream.id, "{kind}".territory), coalesce(stream.role, 'writer') FROM "{kind}"
        LEFT JOIN stream ON stream.number = "{kind}".stream WHERE "{kind}".id IN ({marks})"""
    rows = book.rows(sql, ids)
    here, manages = {row[0] for row in rows}, all(row[1] == "manager" for row in rows)
    writes = {row[0] for row in book.rows("SELECT id FROM stream WHERE role != 'reader'")}
    return [goal for goal in goals(book) if {goal.id} != here and (manages or goal.id in writes)]


def places(book: Book, kind: str, ids: Sequence[str]) -> list[str]:
    """The names of the streams that records live in."""
    marks = ", ".join("?" * len(ids))
    sql = f"""SELECT DISTINCT stream.name FROM stream JOIN "{kind}" ON "{kind}".stream = stream.number
        WHERE "{kind}".id IN ({marks}) ORDER BY stream.name"""
    return [row[0] for row in book.rows(sql, ids)]


def hand_over(book: Book, kind: str, ids: Sequence[str], territory: str, origin: str = "command") -> str:
    """Gives accounts or leads to ``territory`` in one action; gives what it is called."""
    name = book.get(kind, ids[0]).heading
    what = name if len(ids) == 1 else _("{count} {kind}").format(count=len(ids), kind=_(KINDS[kind].plural).lower())
    title = _("Handed {what} over to {territory}").format(what=what, territory=book.get("territory", territory).heading)
    edit.bulk(book, kind, ids, {"territory": territory}, title, origin)
    return title
