"""Undo and redo: a new action that reverts an old one, only where everything is still as that action left it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfa.errors import UserError
from sfa.i18n import _
from sfa.locales import current
from sfa.models import KINDS, Link, Links
from sfa.models.fields import Value
from sfa.models.times import show_moment
from sfa.store import journal
from sfa.store.columns import dumps, loads
from sfa.store.journal import Action, Entry

if TYPE_CHECKING:
    from sfa.store.book import Book
    from sfa.store.change import Change

_LAST_MODE = "(SELECT mode FROM action AS later WHERE later.root = action.n ORDER BY later.n DESC LIMIT 1)"
_UNDOABLE = f"""SELECT n FROM action
    WHERE mode = 'do' AND origin NOT IN ('setup', 'demo', 'sync', 'reminder') AND {_LAST_MODE} != 'undo'
    ORDER BY n DESC LIMIT 1"""
_REDOABLE = """SELECT root FROM action
    WHERE mode = 'undo' AND origin != 'sync'
    AND n > coalesce((SELECT max(n) FROM action WHERE mode = 'do' AND origin NOT IN ('sync', 'reminder')), 0)
    AND NOT EXISTS (SELECT 1 FROM action AS later WHERE later.root = action.root AND later.n > action.n)
    ORDER BY n DESC LIMIT 1"""


def next_undo(book: Book) -> Action | None:
    """The action that undo would take back: the newest that is not undone."""
    number = book.value(_UNDOABLE)
    return journal.action(book, number) if number else None


def next_redo(book: Book) -> Action | None:
    """The action that redo would do again: the one undone last, unless something new was done since."""
    number = book.value(_REDOABLE)
    return journal.action(book, number) if number else None


def undo(book: Book, target: Action | None = None, origin: str = "command") -> Action:
    """Takes back ``target`` (the newest action where None) and gives it. Raises ``UserError`` where it cannot be."""
    with book.change("", origin) as change:
        done = target or next_undo(book)
        if done is None:
            raise UserError(_("There is nothing to undo."))
        last = _last_of(book, done.root)
        if last.mode == "undo":
            raise UserError(_("“{title}” is undone already.").format(title=done.title), _("Redo does it again."))
        if done.origin in ("setup", "demo"):
            raise UserError(_("The making of the book cannot be undone."))
        return _revert(change, last, "undo")


def redo(book: Book, origin: str = "command") -> Action:
    """Does again what was undone last, and gives it. Raises ``UserError`` where there is nothing, or it cannot be."""
    with book.change("", origin) as change:
        undone = next_redo(book)
        if undone is None:
            raise UserError(_("There is nothing to redo."))
        return _revert(change, _last_of(book, undone.root), "redo")


def _last_of(book: Book, root: int) -> Action:
    return journal.action(book, book.value("SELECT max(n) FROM action WHERE root = ?", (root,)))


def _revert(change: Change, last: Action, mode: str) -> Action:
    """Makes ``change`` the reverse of ``last``; gives the action that was first done."""
    book = change.book
    root = journal.action(book, last.root)
    change.title, change.mode, change.root = root.title, mode, root.number
    entries = journal.entries(book, last.number)[::-1]
    _require_unchanged(change, last, entries)
    for entry in entries:
        if entry.op == "update":
            change.put(entry.kind, entry.record, {name: old for name, (old, _new) in entry.fields.items()})
    for kind, removed in _by_kind(entries, "remove").items():
        there = _among(change, kind, {entry.record for entry in removed})  # deleted: head office got them meanwhile
        for record in sorted(there):
            change.restore(kind, record)
        change.insert_again(
            kind,
            [
                {"id": entry.record, **{name: old for name, (old, _new) in entry.fields.items()}}
                for entry in removed
                if entry.record not in there
            ],
        )
    for kind, inserted in _by_kind(entries, "insert").items():
        records = {entry.record for entry in inserted}
        shared = _among(change, kind, records, "stream IS NOT NULL")  # with head office: to be deleted like any
        for record in sorted(shared):
            change.delete(kind, record)
        change.remove(kind, sorted(records - shared))
        _require_unlinked(change, last, kind, records)
    return root


def _among(change: Change, kind: str, records: set[str], where: str = "1") -> set[str]:
    """Those of the records that the book holds, and for which the SQL condition ``where`` holds."""
    sql = f'SELECT id FROM "{kind}" WHERE {where} AND id IN (SELECT value FROM json_each(?))'
    return {row[0] for row in change.book.rows(sql, (dumps(sorted(records)),))}


def _by_kind(entries: list[Entry], op: str) -> dict[str, list[Entry]]:
    kinds: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.op == op:
            kinds.setdefault(entry.kind, []).append(entry)
    return kinds


def _refusal(change: Change, why: str) -> UserError:
    text = (
        _("“{title}” cannot be undone: {why}") if change.mode == "undo" else _("“{title}” cannot be done again: {why}")
    )
    return UserError(text.format(title=change.title, why=why), _("Undo that first."))


def _require_unchanged(change: Change, last: Action, entries: list[Entry]) -> None:
    """Raises ``UserError`` unless all records still are as ``last`` left them."""
    since = change.book.rows(
        "SELECT record FROM entry WHERE action > ? INTERSECT SELECT record FROM entry WHERE action = ?",
        (last.number, last.number),
    )
    touched = {row[0] for row in since}
    for entry in entries:
        if entry.record in touched and (lost := _changed(change.book, entry) - _told(change.book, entry)):
            raise _refusal(change, _who_changed(change.book, entry, lost))


def _told(book: Book, entry: Entry) -> set[str]:
    """What reminding changed of a record since ``entry``: no deed of anybody, and in nobody's way."""
    later = journal.record_entries(book, entry.record, entry.action)
    return {name for step in later if journal.action(book, step.action).origin == "reminder" for name in step.fields}


def _changed(book: Book, entry: Entry) -> set[str]:
    """The fields that are not as ``entry`` left them.

    An update only minds its own fields, and that the record is there.
    """
    record = book.find(entry.kind, entry.record)
    if record is not None and entry.op == "remove" and record.deleted_at:
        return set()
    present: dict[str, Value] = dict(record.values) if record else {}
    after = (
        {name: new for name, (_old, new) in entry.fields.items()}
        if entry.op == "update"
        else (journal.state(book, entry.kind, entry.record, entry.action) or {})
    )
    names = {"id", *after} if entry.op == "update" else {*after, *present} - {"n"}
    return {name for name in names if present.get(name) != (entry.record if name == "id" else after.get(name))}


def _who_changed(book: Book, entry: Entry, lost: set[str]) -> str:
    """Which later action changed one of the fields ``lost`` of a record, whose it was and when."""
    later = journal.record_entries(book, entry.record, entry.action)
    to_blame = next((step for step in later if step.op != "update" or lost & set(step.fields)), later[0])
    action, record = journal.action(book, to_blame.action), book.find(entry.kind, entry.record)
    user = book.find("user", action.user or "")
    return _("{record} was changed since, by {user} on {at} (“{later}”).").format(
        record=record.heading if record else _(KINDS[entry.kind].label),
        user=user.heading if user else _("head office") if action.origin == "sync" else _("somebody"),
        at=show_moment(action.at, current()),
        later=action.title,
    )


def _require_unlinked(change: Change, last: Action, kind: str, removed: set[str]) -> None:
    """Raises ``UserError`` where a record that stays points to one that goes.

    Whatever points to it was written after it came into the book; so only what was touched since is looked at.
    """
    for (other,) in change.book.rows("SELECT DISTINCT kind FROM entry WHERE action > ?", (last.number,)):
        for field in change.book.fields(other).values():
            if isinstance(field, (Link, Links)) and field.to == kind and removed & _targets(change, last, other, field):
                reason = _("{kind} added or changed since point to it ({field}).")
                raise _refusal(change, reason.format(kind=_(KINDS[other].plural), field=field.title))


def _targets(change: Change, last: Action, kind: str, field: Link | Links) -> set[str]:
    """What the records of ``kind`` touched after ``last`` point to by ``field``."""
    source = f"json_extract(custom, '$.\"{field.name}\"')" if field.custom else f'"{field.name}"'
    touched = "id IN (SELECT record FROM entry WHERE action > ? AND kind = ?)"
    rows = change.book.rows(f'SELECT DISTINCT {source} FROM "{kind}" WHERE {touched}', (last.number, kind))
    found = {row[0] for row in rows if row[0]}
    return {item for value in found for item in loads(value)} if field.in_json else found
