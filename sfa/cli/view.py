"""``sfa show``: everything about one record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfa.cli.command import KIND, Answer, Argument, Command, natural
from sfa.cli.layout import Block, Column, Fields, Heading, Table
from sfa.i18n import N_, _

if TYPE_CHECKING:
    from sfa.cli.plain import Data
    from sfa.cli.session import Session
    from sfa.models import Record


def show(session: Session) -> Answer:
    from sfa.cli.plain import record_data

    kind = session.kind()
    record = session.record(kind.kind, session.arguments.id)
    data = record_data(session, record)
    blocks: list[Block] = [Heading(f"{_(kind.label)} {record.heading}"), Fields(_fields(session, record))]
    if session.arguments.history:
        _add_history(session, record, data, blocks)
    else:
        from sfa.cli import related

        data["related"] = related.add(session, record, session.arguments.limit, blocks)
    return Answer(data, blocks)


def _fields(session: Session, record: Record) -> list[tuple[str, str]]:
    """Label and value of every field that holds one, and the id."""
    from sfa.cli.changes import shown

    fields = session.book.fields(record.kind)
    filled = [
        (field.title, shown(session, record.kind, name, record.values[name], record.values))
        for name, field in fields.items()
        if name in record.values
    ]
    return [*filled, (_("Id"), record.id)]


def _add_history(session: Session, record: Record, data: Data, blocks: list[Block]) -> None:
    """Every value that every field ever had."""
    from sfa.cli.changes import delta_data, delta_rows
    from sfa.cli.plain import action_data
    from sfa.locales import current
    from sfa.models.times import show_moment
    from sfa.sales import changes

    kind, steps = record.kind, list(changes.of_history(session.book, record.kind, record.id))
    data["history"] = [
        action_data(session, action) | {"op": delta.op, "fields": delta_data(session, kind, delta)}
        for action, delta in steps
    ]
    rows: list[list[str]] = []
    for action, delta in steps:
        user = session.lookup.title("user", action.user) if action.user else ""
        when: list[Any] = [show_moment(action.at, current()), user, action.title]
        for row in delta_rows(session, kind, delta):
            rows.append([*when, *row])
            when = ["", "", ""]
    titles = (_("When"), _("Who"), _("What"), _("Field"), _("Before"), _("After"))
    blocks += [Heading(_("History")), Table([Column(title, whole=title == titles[0]) for title in titles], rows)]


SHOW = Command(
    "show",
    N_("Show everything about a record"),
    show,
    (
        KIND,
        Argument("id", N_("Which record, by id, the beginning of an id, or name"), "ID"),
        Argument("--history", N_("Show every change of every field instead of what is related")),
        Argument(
            "--limit", N_("At most so many lines each of people, deals and timeline; 0 for all"), "N", read=natural
        ),
    ),
    ("sfa show account Acme", "sfa show deal 'Big deal' --history", "sfa show contact 'Anna Schmidt' --json"),
)
