"""Undo and redo: a new action that reverts an old one, only where everything is still as that action left it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfa.errors import UserError
from sfa.i18n import _
from sfa.models import KINDS, Link, Links
from sfa.models.fields import Value
from sfa.store import journal
from sfa.store.journal import Action, Entry

if TYPE_CHECKING:
    from sfa.store.book import Book
    from sfa.store.change import Change

_LAST_MODE = "(SELECT mode FROM action AS later WHERE later.root = action.n ORDER BY later.n DESC LIMIT 1)"
_UNDOABLE = f"""SELECT n FROM action WHERE mode = 'do' AND origin != 'setup' AND {_LAST_MODE} != 'undo' ORDER BY n DESC LIMIT 1"""
_REDOABLE = """SELECT root FROM action WHERE mode = 'undo' AND n > coalesce((SELECT max(n) FROM action WHERE mode = 'do'), 0)
    AND NOT EXISTS (SELECT 1 FROM action AS later WHERE later.root = action.root AND later.n > action.n) ORDER BY n DESC LIMIT 1"""


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
    done = target or next_undo(book)
    if done is None:
        raise UserError(_("There is nothing to undo."))
    last = _last_of(book, done.root)
    if last.mode == "undo":
        raise UserError(_("“{title}” is undone already.").format(title=done.title), _("Redo does it again."))
    if done.origin == "setup":
        raise UserError(_("The making of the book cannot be undone."))
    return _revert(book, last, "undo", origin)


def redo(book: Book, origin: str = "command") -> Action:
    """Does again what was undone last, and gives it. Raises ``UserError`` where there is nothing, or it cannot be."""
    undone = next_redo(book)
    if undone is None:
        raise UserError(_("There is nothing to redo."))
    return _revert(book, _last_of(book, undone.root), "redo", origin)


def _last_of(book: Book, root: int) -> Action:
    return journal.action(book, book.value("SELECT max(n) FROM action WHERE root = ?", (root,)))


def _revert(book: Book, last: Action, mode: str, origin: str) -> Action:
    root = journal.action(book, last.root)
    with book.change(root.title, origin) as change:
        change.mode, change.root = mode, root.number
        entries = journal.entries(book, last.number)[::-1]
        touched = {row[0] for row in book.rows(
            "SELECT record FROM entry WHERE n > (SELECT max(n) FROM entry WHERE action = ?)"
            " INTERSECT SELECT record FROM entry WHERE action = ?", (last.number, last.number))}  # fmt: skip
        for entry in entries:
            if entry.record in touched:
                _require_unchanged(book, root, entry)
        _revert_inserts(change, root, [entry for entry in entries if entry.op == "insert"])
        for kind, removed in _by_kind([entry for entry in entries if entry.op == "remove"][::-1]).items():
            _insert_again(change, kind, removed)
        for entry in entries:
            if entry.op == "update":
                change.put(entry.kind, entry.record, {name: old for name, (old, _new) in entry.fields.items()})
    return root


def _by_kind(entries: list[Entry]) -> dict[str, list[Entry]]:
    kinds: dict[str, list[Entry]] = {}
    for entry in entries:
        kinds.setdefault(entry.kind, []).append(entry)
    return kinds


def _insert_again(change: Change, kind: str, removed: list[Entry]) -> None:
    rows = [{"id": entry.record, **{name: old for name, (old, _new) in entry.fields.items()}} for entry in removed]
    names = tuple(dict.fromkeys(name for row in rows for name in row))
    change.insert_rows(kind, names, [tuple(row.get(name) for name in names) for row in rows])


def _require_unchanged(book: Book, root: Action, entry: Entry) -> None:
    """Raises ``UserError`` unless the record still is as ``entry`` left it."""
    record = book.find(entry.kind, entry.record)
    present: dict[str, Value] = dict(record.values) if record else {}
    if entry.op == "update":
        held = record is not None and all(present.get(name) == new for name, (_old, new) in entry.fields.items())
    else:
        after = journal.state(book, entry.kind, entry.record, entry.action) or {}
        held = {**present, "n": 0} == {**after, "n": 0}
    if held:
        return
    later = journal.action(book, journal.record_entries(book, entry.record, entry.action)[0].action)
    user = book.find("user", later.user or "")
    raise UserError(
        _("“{title}” cannot be undone: {record} was changed since, by {user} at {at} (“{later}”).").format(
            title=root.title, record=record.heading if record else entry.record, user=user.heading if user else "?",
            at=later.at, later=later.title,
        ),
        _("Undo that first."),
    )  # fmt: skip


def _revert_inserts(change: Change, root: Action, inserts: list[Entry]) -> None:
    removed = {kind: [entry.record for entry in entries] for kind, entries in _by_kind(inserts).items()}
    for kind, ids in removed.items():
        change.remove(kind, ids)
    for kind in removed:
        _require_unlinked(change, root, kind, set(removed[kind]))


def _require_unlinked(change: Change, root: Action, kind: str, removed: set[str]) -> None:
    """Raises ``UserError`` where a record that stays points to one that goes."""
    for other, record in KINDS.items():
        for name, field in change.book.fields(other).items():
            if not isinstance(field, (Link, Links)) or field.to != kind or field.custom or name == "created_by":
                continue
            rows = change.connection.execute(f'SELECT DISTINCT "{name}" FROM {other} WHERE "{name}" IS NOT NULL')
            for (value,) in rows:
                if value in removed or (isinstance(field, Links) and any(item in value for item in removed)):
                    raise UserError(
                        _("“{title}” cannot be undone: {kind} added since point to it.").format(title=root.title, kind=_(record.plural)),
                        _("Undo that first."),
                    )
