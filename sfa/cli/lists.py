"""Commands that look at records of every kind: list, show, find."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfa.cli.command import KIND, WHERE, Answer, Argument, Command, kinds, natural
from sfa.cli.layout import Column, Table
from sfa.cli.view import SHOW
from sfa.i18n import N_, _

if TYPE_CHECKING:
    from sfa.cli.session import Session
    from sfa.store.query import Query

FOUND = 8  # hits of each kind


def list_(session: Session) -> Answer:
    from sfa.cli.figures import counted
    from sfa.cli.listing import Rows
    from sfa.locales import current

    query = _query(session)
    rows = Rows(session, query, session.arguments.limit)
    told = counted(rows.count, query.kind)
    if rows.shown < rows.count:
        told = _("{shown} of {records}").format(shown=current().number(rows.shown), records=told)
    if query.raw:
        return Answer(rows.data(), note=told)
    return Answer([], [rows.table()] if rows.shown else [], told)


def _query(session: Session) -> Query:
    """What the arguments ask for, on top of the saved view where one is named."""
    from sfa.cli.listing import conditions, default_columns, words
    from sfa.store.query import Query

    arguments = session.arguments
    kind = session.kind().kind
    where, sort, columns, text = list(arguments.where), arguments.sort, arguments.columns, ""
    if arguments.view:
        view = session.record("saved_view", arguments.view).values
        where = [line for line in view.get("where", "").splitlines() if line.strip()] + where
        sort, columns = sort or view.get("sort", ""), columns or view.get("columns", "")
        text = view.get("text", "")
    shown = tuple(session.book.fields(kind)) if arguments.json else default_columns(session, kind)
    order = words(sort) or (("position",) if "position" in session.book.fields(kind) else ())
    return Query(kind, words(columns) or shown, conditions(where), order, arguments.search or text, arguments.json)


def find(session: Session) -> Answer:
    from sfa.models import KINDS
    from sfa.sales.find import find

    chosen_kinds = tuple(session.kind(name).kind for name in session.arguments.kind)
    limit = session.arguments.limit
    found = find(session.book, " ".join(session.arguments.text), chosen_kinds, FOUND if limit is None else limit)
    columns = [Column(_("Kind")), Column(_("Name")), Column("")]
    rows = [[_(KINDS[item.kind].label), item.title, item.subtitle] for item in found]
    note = "" if found else _("Nothing found.")
    return Answer([item._asdict() for item in found], [Table(columns, rows)] if rows else [], note)


COMMANDS = (
    Command(
        "list",
        N_("List records, filtered and sorted"),
        list_,
        (
            KIND,
            WHERE,
            Argument("--search", N_("Only records in which these words occur"), "TEXT"),
            Argument(
                "--sort", N_("Fields to sort by, with commas between; a minus before one for descending"), "FIELDS"
            ),
            Argument("--limit", N_("At most so many; 0 for all"), "N", read=natural),
            Argument(
                "--columns", N_("Fields to show, with commas between; account.industry for a linked record's"), "FIELDS"
            ),
            Argument("--view", N_("Start from a saved view"), "NAME"),
        ),
        (
            "sfa list contacts --where 'account~acme' --sort -name --limit 20",
            "sfa list deals --where 'amount>10000' --columns name,account.industry,amount,stage",
            "sfa list activities --where owner=me --where completed_at= --sort start --json",
        ),
    ),
    SHOW,
    Command(
        "find",
        N_("Find records by any of their words, a phone number or an e-mail address"),
        find,
        (
            Argument("text", N_("What to look for; the beginning of each word is enough"), "TEXT", "+"),
            Argument("--kind", N_("Only this kind; may be repeated"), "KIND", "+", values=kinds),
            Argument("--limit", N_("At most so many of each kind"), "N", read=natural),
        ),
        ("sfa find anna schm", "sfa find 030 901820 --kind contact", "sfa find acme --json"),
    ),
)
