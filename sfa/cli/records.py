"""Commands that change records of every kind: add, set, delete."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sfa.cli.command import KIND, WHERE, Answer, Argument, Command, UsageError
from sfa.cli.layout import Line
from sfa.i18n import N_, _

if TYPE_CHECKING:
    from sfa.cli.session import Session
    from sfa.models import Record

ASSIGNMENT = re.compile(r"(?P<field>\w+)=(?P<text>.*)$", re.DOTALL)


def assignments(words: Sequence[str]) -> dict[str, str]:
    """``FIELD=VALUE`` words as a mapping. Raises ``UsageError``."""
    texts: dict[str, str] = {}
    for word in words:
        found = ASSIGNMENT.match(word)
        if not found:
            raise UsageError(_("“{word}” is not FIELD=VALUE.").format(word=word))
        if found["field"] in texts:
            raise UsageError(_("{field} is given twice.").format(field=found["field"]))
        texts[found["field"]] = found["text"]
    return texts


def new(session: Session) -> Answer:
    from sfa.cli.plain import record_data
    from sfa.cli.session import ORIGIN
    from sfa.sales import edit

    kind = session.kind().kind
    texts = assignments(session.arguments.assignments)
    values = edit.read(session.book, kind, texts, {}, session.lookup)
    title = edit.created_title(kind, values)
    with session.book.change(title, ORIGIN) as change:
        record_id = edit.create(change, kind, values)
    record = session.book.get(kind, record_id)
    return Answer(record_data(session, record), [Line(record_id)], "\n".join([title, *_similar(session, record)]))


def _similar(session: Session, record: Record) -> list[str]:
    """Records that the new one may be the same as."""
    from sfa.sales import duplicates

    hints = duplicates.hints(session.book, record.kind, record.values, exclude=record.id, limit=3)
    return [_("Looks like {title} ({reason}).").format(title=hint.title, reason=hint.reason) for hint in hints]


def chosen(session: Session, kind: str, names: Sequence[str]) -> list[Record]:
    """The records that are named, or for which every ``--where`` holds. Raises ``NotFound``, ``UsageError``."""
    from sfa.cli.listing import ids

    where = session.arguments.where
    if bool(names) == bool(where):
        raise UsageError(_("Name the records, or say which with --where."))
    found = ids(session, kind, where) if where else [session.lookup.resolve(kind, name) for name in names]
    return [session.book.get(kind, record_id) for record_id in dict.fromkeys(found)]


def several(kind: str, records: Sequence[Record], one: str, many: str) -> str:
    """An action's title: ``one`` with kind and name, or ``many`` with how many."""
    from sfa.cli.figures import counted
    from sfa.models import KINDS

    if len(records) == 1:
        return one.format(kind=_(KINDS[kind].label).lower(), name=records[0].heading)
    return many.format(records=counted(len(records), kind))


def set_(session: Session) -> Answer:
    from sfa.cli.plain import record_data
    from sfa.cli.session import ORIGIN
    from sfa.sales import edit

    kind, words = session.kind().kind, session.arguments.words
    texts = assignments([word for word in words if ASSIGNMENT.match(word)])
    if not texts:
        raise UsageError(_("Say what to set: FIELD=VALUE."))
    records = chosen(session, kind, [word for word in words if not ASSIGNMENT.match(word)])
    title = several(kind, records, _("Changed {kind} {name}"), _("Changed {records}"))
    changed = 0
    with session.book.change(title, ORIGIN) as change:
        for record in records:
            values = edit.read(session.book, kind, texts, record.values, session.lookup)
            changed += edit.edit(change, kind, record.id, values)
    data = [record_data(session, session.book.get(kind, record.id)) for record in records]
    note = title if changed else _("Nothing changed.")
    return Answer(data if session.arguments.where or len(data) != 1 else data[0], [], note)


def delete(session: Session) -> Answer:
    from sfa.cli.session import ORIGIN
    from sfa.sales import edit

    kind = session.kind().kind
    records = chosen(session, kind, session.arguments.ids)
    title = several(kind, records, _("Deleted {kind} {name}"), _("Deleted {records}"))
    with session.book.change(title, ORIGIN) as change:
        count = edit.delete(change, kind, [record.id for record in records])
    data = {"kind": kind, "deleted": count, "ids": [record.id for record in records]}
    return Answer(
        data,
        [],
        _("{title}. sfa undo brings back what was deleted.").format(title=title) if count else _("Nothing changed."),
    )


COMMANDS = (
    Command(
        "new",
        N_("Add a record"),
        new,
        (
            KIND,
            Argument("assignments", N_("What its fields hold; links by name or id"), "FIELD=VALUE", "+"),
        ),
        (
            "sfa new account name=Acme industry=Retail",
            "sfa new contact first_name=Anna last_name=Schmidt account=Acme phones='+49 30 901820'",
            "sfa new deal name='Big deal' account=Acme amount=12000 close_date=2026-12-31",
            "sfa new activity type=task subject='Send the offer' start='2026-11-27 14:00' contact='Anna Schmidt'",
            "sfa new custom_field of_kind=account name=segment type=choice options='A; B; C'",
        ),
        N_("Prints the id of the new record."),
        makes_book=True,
    ),
    Command(
        "set",
        N_("Change fields of a record, or of many at once"),
        set_,
        (
            KIND,
            Argument(
                "words",
                N_("Which records, by id or name, and what to set; no VALUE empties the field"),
                "ID… FIELD=VALUE",
                "+",
            ),
            WHERE,
        ),
        (
            "sfa set deal 'Big deal' amount=12000 stage=Won",
            "sfa set contact 'Anna Schmidt' title='Head of Purchasing' account=",
            "sfa set deals --where owner=me --where 'close_date<2026-12-01' forecast_category=Commit",
        ),
    ),
    Command(
        "delete",
        N_("Delete records; sfa undo brings them back"),
        delete,
        (KIND, Argument("ids", N_("Which records, by id or name"), "ID", "*"), WHERE),
        ("sfa delete contact 'Anna Schmidt'", "sfa delete leads --where status=Junk"),
    ),
)
