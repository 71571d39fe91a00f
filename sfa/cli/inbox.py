"""Commands for what a sync leaves to be decided: conflicts, and actions that head office refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfa.cli.command import Answer, Argument, Command, UsageError, natural
from sfa.cli.layout import Column, Fields, Heading, Table
from sfa.errors import NotFound
from sfa.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sfa.cli.session import Session
    from sfa.models.fields import Value
    from sfa.sync.inbox import Conflict, Rejected

SIDES = ("mine", "theirs")
WHY = {
    "edited": N_("somebody else changed the same"),
    "deleted": N_("it was deleted meanwhile"),
    "delete": N_("it was changed by somebody else before you deleted it"),
    "parent": N_("something was added under it, but it is deleted"),
}
THERE = {
    "edited": N_("it was changed both here and in {place}"),
    "deleted": N_("it was changed in {place}, but it is deleted here"),
    "delete": N_("it was deleted in {place}, but changed here"),
}


def conflicts(session: Session) -> Answer:
    from sfa.sync import inbox

    arguments = session.arguments
    if not arguments.conflict:
        if arguments.take or arguments.set:
            raise UsageError(_("Name the conflict."))
        return _listed(session, inbox.conflicts(session.book, everybody=arguments.all))
    found = _conflict(session, arguments.conflict)
    if bool(arguments.take) and bool(arguments.set):
        raise UsageError(_("Take a side, or set fields; not both."))
    if arguments.take or arguments.set:
        return _resolved(session, found)
    return _shown(session, found)


def _conflict(session: Session, text: str) -> Conflict:
    """The open conflict whose id is, or begins with, ``text``. Raises ``NotFound``."""
    from sfa.sync import inbox

    found = [one for one in inbox.conflicts(session.book, everybody=True) if one.id.startswith(text.lower())]
    if len(found) > 1:
        raise NotFound(_("Several conflicts begin with {id}.").format(id=text), _("sfa conflicts lists them."))
    if not found:
        raise NotFound(_("There is no open conflict {id}.").format(id=text), _("sfa conflicts lists them."))
    return found[0]


def _listed(session: Session, found: Iterable[Conflict]) -> Answer:
    from sfa.cli.duplicates import short_id
    from sfa.locales import current
    from sfa.models.times import show_moment

    found = list(found)
    columns = [
        Column(_("Id"), whole=True),
        Column(_("Record")),
        Column(_("Why")),
        Column(_("What was done")),
        Column(_("When")),
    ]
    rows = [
        [
            short_id(session.book, "conflict", one.id),
            one.title,
            _why(one),
            one.action_title,
            show_moment(one.made_at, current()),
        ]
        for one in found
    ]
    note = "" if found else _("There are no conflicts.")
    return Answer([_data(session, one) for one in found], [Table(columns, rows)] if rows else [], note)


def _shown(session: Session, found: Conflict) -> Answer:
    from sfa.models import KINDS

    record = found.record.values if found.record else {}
    mine, theirs = _("Mine"), _("Theirs")
    if found.place:
        mine, theirs = _("Mine, in {place}").format(place=found.place), _("Theirs: stands here")
    columns = [Column(_("Field")), Column(_("Before")), Column(mine), Column(theirs)]
    fields = session.book.fields(found.kind) if found.kind in KINDS else {}
    rows = [
        [fields[name].title if name in fields else name, *_texts(session, found, name, record)]
        for name in found.differing
    ]
    pairs = [
        (_("Why"), _why(found)),
        (_("What was done"), found.action_title),
        (mine, _who(session, found.user, found.made_at)),
        (theirs, _theirs(session, found)),
    ]
    table = [Table(columns, rows)] if rows else []
    return Answer(_data(session, found), [Heading(found.title), Fields(pairs), *table])


def _why(found: Conflict) -> str:
    if found.place:
        return _(THERE[found.reason]).format(place=found.place)
    return _(WHY[found.reason])


def _texts(session: Session, found: Conflict, name: str, record: Mapping[str, Value]) -> list[str]:
    from sfa.cli.changes import shown

    return [
        shown(session, found.kind, name, side.get(name), {**record, **side})
        for side in (found.base, found.mine, found.theirs)
    ]


def _who(session: Session, user: str, at: str) -> str:
    from sfa.locales import current
    from sfa.models.times import show_moment

    return f"{session.lookup.title('user', user) if user else _('somebody')}, {show_moment(at, current())}"


def _theirs(session: Session, found: Conflict) -> str:
    who = _who(session, found.other, found.other_at) if found.other_at else _("somebody else")
    return f"{who}: {found.other_title}" if found.other_title else who


def _data(session: Session, found: Conflict) -> dict[str, Any]:
    from sfa.cli.plain import field_data, reference

    record = found.record.values if found.record else {}

    def plain(side: Mapping[str, Value]) -> dict[str, Any]:
        peers = {**record, **side}
        return {name: field_data(session, found.kind, name, value, peers) for name, value in side.items()}

    return {
        "id": found.id, "kind": found.kind, "record": found.record.id if found.record else None, "title": found.title,
        "reason": found.reason, "base": plain(found.base), "mine": plain(found.mine), "theirs": plain(found.theirs),
        "user": reference(session, "user", found.user), "at": found.made_at, "action": found.action_title,
        "place": found.place or None,
        "other": reference(session, "user", found.other), "other_at": found.other_at or None,
        "other_action": found.other_title or None,
    }  # fmt: skip


def _resolved(session: Session, found: Conflict) -> Answer:
    from sfa.cli.records import assignments
    from sfa.cli.session import ORIGIN
    from sfa.sales import edit
    from sfa.sync import inbox

    values: Mapping[str, Value] = {}
    if session.arguments.set:
        record = found.record.values if found.record else {}
        values = edit.read(session.book, found.kind, assignments(session.arguments.set), record, session.lookup)
    how = session.arguments.take or "edited"
    title = inbox.resolve(session.book, found.id, how, values, ORIGIN)
    data = {"id": found.id, "resolution": how, "title": title}
    return Answer(data, [], _("{title}. sfa undo takes it back.").format(title=title))


# Refused actions


def rejected(session: Session) -> Answer:
    from sfa.sync import inbox

    arguments = session.arguments
    chosen = [arguments.again, bool(arguments.set), arguments.discard]
    if sum(chosen) > 1:
        raise UsageError(_("Do it again, with other values, or discard it: one of these."))
    if arguments.action is None:
        if any(chosen):
            raise UsageError(_("Name the action."))
        return _refused(inbox.rejected(session.book))
    found = inbox.refusal(session.book, arguments.action)
    if arguments.discard:
        title = inbox.discard(session.book, found.action)
        return Answer({"action": found.action, "discarded": True}, [], _("Discarded: {title}.").format(title=title))
    if arguments.again or arguments.set:
        return _again(session, found)
    return _refusal(session, found)


def _refused(found: list[Rejected]) -> Answer:
    columns = [Column(_("Action"), "right"), Column(_("What was done")), Column(_("Why head office refused it"))]
    rows = [[str(one.action), one.title, one.reason] for one in found]
    note = "" if found else _("Head office refused nothing.")
    return Answer([_refusal_data(one) for one in found], [Table(columns, rows)] if rows else [], note)


def _refusal_data(found: Rejected) -> dict[str, Any]:
    from sfa.sync.inbox import wanted

    entries = [
        {
            "kind": entry.kind,
            "record": entry.record,
            "op": entry.op,
            "values": wanted(entry) if entry.op != "remove" else {},
        }
        for entry in found.entries
    ]
    fields = ("action", "title", "at", "code", "reason", "field")
    return {name: getattr(found, name) for name in fields} | {"entries": entries}


def _refusal(session: Session, found: Rejected) -> Answer:
    from sfa.cli.changes import shown
    from sfa.models import KINDS
    from sfa.sync.inbox import wanted

    columns = [Column(_("Kind")), Column(_("Record")), Column(_("Field")), Column(_("Wanted"))]
    rows = []
    for entry in found.entries:
        known = entry.kind in KINDS
        fields = session.book.fields(entry.kind) if known else {}
        values = wanted(entry) if entry.op != "remove" else {}
        name = KINDS[entry.kind].heading_of(values) if known else ""
        label = _(KINDS[entry.kind].label) if known else entry.kind
        present = session.book.find(entry.kind, entry.record) if known else None
        rows += [
            [label, name or (present.heading if present else entry.record[:13]),
             fields[field].title if field in fields else field, shown(session, entry.kind, field, value, values)]
            for field, value in values.items()
            if known and value is not None
        ] or [[label, name or entry.record[:13], "", _("deleted") if entry.op == "remove" else ""]]  # fmt: skip
    pairs = [(_("Why"), found.reason), (_("Code"), found.code)]
    return Answer(_refusal_data(found), [Heading(found.title), Fields(pairs), Table(columns, rows)])


def _again(session: Session, found: Rejected) -> Answer:
    from sfa.cli.records import assignments
    from sfa.cli.session import ORIGIN
    from sfa.sales import edit
    from sfa.sync import inbox

    corrections: dict[str, Mapping[str, Value]] = {}
    if session.arguments.set:
        entry = found.faulty
        if entry is None:
            raise UsageError(_("There are no values in it to correct."))
        texts = assignments(session.arguments.set)
        corrections[entry.record] = edit.read(session.book, entry.kind, texts, inbox.wanted(entry), session.lookup)
    title = inbox.correct(session.book, found.action, corrections, ORIGIN)
    note = _("Done again: {title}. The next sync sends it.").format(title=title)
    return Answer({"action": found.action, "title": title}, [], note)


COMMANDS = (
    Command(
        "conflicts",
        N_("Show or decide where your change and somebody else's met"),
        conflicts,
        (
            Argument("conflict", N_("One conflict, by its id or the beginning of it"), "ID", "?"),
            Argument("--take", N_("Decide it: take mine or theirs"), "SIDE", values=lambda: SIDES, strict=True),
            Argument("--set", N_("Decide it with a value of its own; may be repeated"), "FIELD=VALUE", "+"),
            Argument("--all", N_("Also conflicts of others")),
        ),
        ("sfa conflicts", "sfa conflicts 01a1b2c3 --take mine", "sfa conflicts 01a1b2c3 --set amount=1500"),
        N_("Theirs stands until it is decided. sfa undo takes a decision back."),
    ),
    Command(
        "rejected",
        N_("Show, correct or discard what head office refused"),
        rejected,
        (
            Argument("action", N_("One action, by its number"), "ACTION", "?", read=natural),
            Argument("--again", N_("Do it again, as it was")),
            Argument("--set", N_("Do it again with this value; may be repeated"), "FIELD=VALUE", "+"),
            Argument("--discard", N_("Forget it")),
        ),
        ("sfa rejected", "sfa rejected 42 --set close_date=2026-12-31", "sfa rejected 42 --discard"),
        N_("What was refused is no longer in the book; its history tells of it."),
    ),
)
