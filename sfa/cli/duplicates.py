"""Commands against doubles: find them, and merge them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfa.cli.command import KIND, Answer, Argument, Command, natural
from sfa.cli.layout import Column, Table
from sfa.i18n import N_, _

if TYPE_CHECKING:
    from sfa.cli.session import Session
    from sfa.store.book import Book

PAIRS = 50
ALL = 2**31


def duplicates(session: Session) -> Answer:
    from sfa.sales import duplicates

    kind = session.kind().kind
    limit = session.arguments.limit
    pairs = duplicates.pairs(session.book, kind, PAIRS if limit is None else limit or ALL)
    data = [
        {
            "first": {"id": pair.first, "name": pair.first_title},
            "second": {"id": pair.second, "name": pair.second_title},
            "score": pair.score,
            "reason": pair.reason,
        }
        for pair in pairs
    ]
    rows = [
        [
            str(pair.score),
            f"{pair.first_title} ({short_id(session.book, kind, pair.first)})",
            f"{pair.second_title} ({short_id(session.book, kind, pair.second)})",
            pair.reason,
        ]
        for pair in pairs
    ]
    columns = [Column(_("Score"), "right"), Column(_("Record")), Column(_("Looks like")), Column(_("Because"))]
    note = _("sfa merge makes one of two.") if pairs else _("No duplicates were found.")
    return Answer(data, [Table(columns, rows)] if rows else [], note)


def short_id(book: Book, kind: str, record_id: str) -> str:
    """The shortest beginning of an id that no other record of the kind has."""
    before = book.value(f"SELECT max(id) FROM {kind} WHERE id < ?", (record_id,)) or ""
    after = book.value(f"SELECT min(id) FROM {kind} WHERE id > ?", (record_id,)) or ""
    shared = max(
        next((place for place, char in enumerate(record_id) if other[place : place + 1] != char), 0)
        for other in (before, after)
    )
    return record_id[: max(shared + 1, 4)]


def merge(session: Session) -> Answer:
    from sfa.cli.plain import record_data
    from sfa.cli.records import assignments
    from sfa.cli.session import ORIGIN
    from sfa.sales import edit
    from sfa.sales.merge import merge

    arguments = session.arguments
    kind = session.kind().kind
    winner = session.record(kind, arguments.winner)
    losers = [session.lookup.resolve(kind, name) for name in arguments.losers]
    choices = edit.read(session.book, kind, assignments(arguments.set), winner.values, session.lookup)
    merge(session.book, kind, winner.id, losers, choices, ORIGIN)
    note = _("Merged {count} into {name}. sfa undo takes it back.").format(count=len(losers), name=winner.heading)
    return Answer(record_data(session, session.book.get(kind, winner.id)), [], note)


COMMANDS = (
    Command(
        "duplicates",
        N_("List records that look like the same thing twice"),
        duplicates,
        (KIND, Argument("--limit", N_("At most so many pairs; 0 for all"), "N", read=natural)),
        ("sfa duplicates accounts", "sfa duplicates contacts --limit 20 --json"),
        N_("In brackets stands the beginning of the id, as sfa merge takes it."),
    ),
    Command(
        "merge",
        N_("Merge records into one; sfa undo takes them apart again"),
        merge,
        (
            KIND,
            Argument("winner", N_("The record that stays"), "WINNER"),
            Argument("losers", N_("The records that go; what they hold fills the winner's gaps"), "LOSER", "+"),
            Argument("--set", N_("A value to use, whatever the records hold"), "FIELD=VALUE", "+"),
        ),
        ("sfa merge account Acme 'Acme Corp.'", "sfa merge contacts 01a2004b4 'Anna Schmitt' --set last_name=Schmidt"),
    ),
)
