"""What was done and what is planned, out of a line of text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from sfa.i18n import N_, _
from sfa.locales import current, now, to_local, today, zone
from sfa.models import fold
from sfa.models.defaults import ACTIVITY_TYPES, EVENT_TYPES
from sfa.models.fields import Value
from sfa.quickdates import NoDay, QuickDate, parse
from sfa.sales.calls import SUBJECTS, moment_of, open_status, targets_for
from sfa.sales.mentions import PARTIES, Mention, first_mention, last_mention, one_mention
from sfa.store.book import Book

DONE = {
    "call": N_("called rang phoned"),
    "meeting": N_("met"),
    "visit": N_("visited"),
    "email": N_("mailed emailed wrote"),
    "note": N_("note noted"),
}
PIECES = re.compile(r"[,;]\s+")


class Step(NamedTuple):
    """A record to add: ``links`` are fields that take the id of an earlier step, ``echo`` says in words what it is."""

    kind: str
    values: dict[str, Value]
    links: Mapping[str, int]
    echo: str


def jotted(book: Book, head: str, text: str) -> list[Step]:
    """What the pieces of ``text`` say about whom ``head`` names: a piece with a day is planned, others are done."""
    type_, *who = head.split()
    if who and type_.casefold() in ACTIVITY_TYPES:
        mention = one_mention(book, " ".join(who))
    else:
        type_, mention = "note", one_mention(book, head.strip())
    steps: list[Step] = []
    for piece in PIECES.split(text.strip()):
        try:
            when = parse(piece, to_local(now(), zone()), current(), told=True)
        except NoDay:
            if steps and "completed_at" in steps[-1].values and _verb(piece) is None:
                steps[-1] = _told(steps[-1], piece)
            else:
                steps.append(_done(book, mention, piece, type_))
        else:
            steps.append(_next(book, mention, when))
    return steps


def planned(book: Book, text: str) -> Step | None:
    """An activity in one line: its type, with whom and when; None where ``text`` says neither type nor day."""
    try:
        when = parse(text, to_local(now(), zone()), current())
    except NoDay:
        first, *others = text.split()
        if first.casefold() not in ACTIVITY_TYPES:
            return None
        when = QuickDate(today(), None, first.casefold(), " ".join(others))
    typed = when.rest.split()
    if when.kind in (None, "task"):
        typed, mention = last_mention(book, typed, PARTIES, keep=1)
    else:
        mention, typed = first_mention(book, typed, PARTIES)
    if mention is not None:
        return _next(book, mention, when._replace(rest=" ".join(typed)))
    subject = when.rest or _(when.kind or "task").capitalize()
    return _step(when._replace(rest=subject), {})


def _verb(piece: str) -> str | None:
    word = fold(piece.split(maxsplit=1)[0])
    return next((type_ for type_, verbs in DONE.items() if word in f"{verbs} {_(verbs)}".split()), None)


def _told(step: Step, piece: str) -> Step:
    """The step with one more piece in its note."""
    body = ", ".join(part for part in (step.values.get("body"), piece) if part)
    return step._replace(values={**step.values, "body": body}, echo=f"{step.echo}, {piece}")


def _done(book: Book, mention: Mention, piece: str, usual: str) -> Step:
    type_, typed = _verb(piece), piece.split()
    person, rest = _person(book, mention, typed[1:]) if type_ else (None, typed)
    type_ = type_ or usual
    whom = person or mention
    name, body = book.get(*whom).heading, " ".join(rest)
    subject = _(SUBJECTS[type_]).format(name=name)
    values = {"type": type_, "subject": subject, "completed_at": now(), **targets_for(book, *whom)}
    echo = " · ".join(part for part in (subject, _("done"), body) if part)
    return Step("activity", {**values, "body": body} if body else values, {}, echo)


def _next(book: Book, mention: Mention, when: QuickDate) -> Step:
    type_ = when.kind or "task"
    person, rest = _person(book, mention, when.rest.split()) if type_ in EVENT_TYPES else (None, when.rest.split())
    whom = person or mention
    subject = " ".join(rest) or _(SUBJECTS[type_]).format(name=book.get(*whom).heading)
    return _step(when._replace(kind=type_, rest=subject), targets_for(book, *whom))


def _person(book: Book, mention: Mention, typed: list[str]) -> tuple[Mention | None, list[str]]:
    """The contact of a company that the first words name, and the words after."""
    return first_mention(book, typed, ("contact",), mention.id) if mention.kind == "account" else (None, typed)


def _step(when: QuickDate, targets: Mapping[str, str]) -> Step:
    type_ = when.kind or "task"
    start, status = moment_of(when), open_status(type_)
    values = {"type": type_, "subject": when.rest, "start": start, "status": status, **targets}
    return Step("activity", values, {}, when._replace(kind=type_).echo(current()))
