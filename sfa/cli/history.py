"""Commands for what was done: undo, redo, log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sfa.cli.command import Answer, Argument, Command, natural
from sfa.cli.layout import Column, Heading, Line, Table
from sfa.errors import UserError
from sfa.i18n import N_, _

if TYPE_CHECKING:
    from sfa.cli.session import Session
    from sfa.store.journal import Action

PAGE = 200


def find_action(session: Session, text: str) -> Action:
    """The action with this number or beginning of an id. Raises ``NotFound``."""
    from sfa.errors import NotFound
    from sfa.store import journal

    action = journal.find_action(session.book, text)
    if action is None:
        raise NotFound(_("There is no action {text}.").format(text=text), _("sfa log lists them."))
    return action


def undo(session: Session) -> Answer:
    from sfa.cli.plain import action_data
    from sfa.cli.session import ORIGIN
    from sfa.store import undo

    target = find_action(session, session.arguments.action) if session.arguments.action else None
    undone = undo.undo(session.book, target, ORIGIN)
    return Answer(
        action_data(session, undone), [], _("Undone: {title}. sfa redo does it again.").format(title=undone.title)
    )


def redo(session: Session) -> Answer:
    from sfa.cli.plain import action_data
    from sfa.cli.session import ORIGIN
    from sfa.store import undo

    done = undo.redo(session.book, ORIGIN)
    return Answer(
        action_data(session, done), [], _("Done again: {title}. sfa undo takes it back.").format(title=done.title)
    )


def log(session: Session) -> Answer:
    if session.arguments.action:
        return _one(session, find_action(session, session.arguments.action))
    from sfa.cli.plain import action_data

    found = _actions(session, session.arguments.limit, session.arguments.since or "")
    return Answer([action_data(session, action) for action in found], [_table(session, found)])


def _actions(session: Session, limit: int | None, since: str) -> list[Action]:
    """The newest actions first, at most ``limit`` (20, or all that are not older than ``since``)."""
    from sfa.store import journal

    earliest = _instant(since) if since else ""
    most = limit if limit is not None else (0 if since else 20)
    found: list[Action] = []
    before: int | None = None
    while page := journal.actions(session.book, PAGE, before):
        found += [action for action in page if action.at >= earliest]
        before = page[-1].number
        if (most and len(found) >= most) or page[-1].at < earliest:
            break
    return found[:most] if most else found


def _instant(text: str) -> str:
    """The moment, or the beginning of the day, that ``--since`` names. Raises ``UserError``."""
    from sfa.models.times import local_midnight, read_moment

    try:
        moment = read_moment(text)
    except ValueError as reason:
        raise UserError(f"--since: {reason}") from None
    return local_midnight(moment) if len(moment) == 10 else moment


def _table(session: Session, actions: Sequence[Action]) -> Table:
    from sfa.locales import current
    from sfa.models.times import show_moment
    from sfa.sales.changes import door

    words = {"undo": _("undone: {title}"), "redo": _("done again: {title}")}
    columns = [
        Column("", "right"),
        Column(_("When"), whole=True),
        Column(_("Who")),
        Column(_("How")),
        Column(_("What")),
    ]
    return Table(
        columns,
        [
            [
                str(action.number),
                show_moment(action.at, current()),
                session.lookup.title("user", action.user) if action.user else "",
                door(action.origin),
                words.get(action.mode, "{title}").replace("{title}", action.title),
            ]
            for action in actions
        ],
    )


def _one(session: Session, action: Action) -> Answer:
    """An action with everything that it did."""
    from sfa.cli.changes import delta_data, delta_rows
    from sfa.cli.plain import action_data, reference
    from sfa.models import KINDS
    from sfa.sales import changes
    from sfa.store import journal

    entries = [(entry, changes.of_entry(session.book, entry)) for entry in journal.entries(session.book, action.number)]
    data = action_data(session, action) | {
        "entries": [
            {
                "kind": entry.kind,
                "record": reference(session, entry.kind, entry.record),
                "op": entry.op,
                "fields": delta_data(session, entry.kind, delta),
            }
            for entry, delta in entries
        ]
    }
    rows = [
        [_(KINDS[entry.kind].label), session.lookup.title(entry.kind, entry.record), *row]
        for entry, delta in entries
        for row in delta_rows(session, entry.kind, delta)
    ]
    columns = [Column(_("Kind")), Column(_("Record")), Column(_("Field")), Column(_("Before")), Column(_("After"))]
    return Answer(data, [Heading(action.title), Line(_table_line(session, action)), Table(columns, rows)])


def _table_line(session: Session, action: Action) -> str:
    return "  ".join(_table(session, [action]).rows[0][1:4])


COMMANDS = (
    Command(
        "undo",
        N_("Take back what was done last, or any action of the log"),
        undo,
        (Argument("action", N_("The action's number in sfa log, or the beginning of its id"), "ACTION", "?"),),
        ("sfa undo", "sfa undo 42"),
        N_("Takes back single changes and whole imports. Refuses where something was changed since."),
    ),
    Command("redo", N_("Do again what was undone last"), redo, (), ("sfa redo",)),
    Command(
        "log",
        N_("Show what was done, when and by whom"),
        log,
        (
            Argument("action", N_("Show everything that this action changed"), "ACTION", "?"),
            Argument("--limit", N_("At most so many; 0 for all"), "N", read=natural),
            Argument("--since", N_("Only what was done on or after this day"), "DATE"),
        ),
        ("sfa log", "sfa log 42", "sfa log --since 2026-11-16 --json"),
    ),
)
