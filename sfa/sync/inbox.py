"""What a sync leaves to be decided: conflicts, and actions that head office refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from sfa.errors import NotFound, UserError
from sfa.i18n import _
from sfa.locales import now
from sfa.models import KINDS, Field, Link, Links, Record, new_id
from sfa.models.fields import Value
from sfa.sales import edit
from sfa.sync import outbox
from sfa.sync.merge import MARKS, merge
from sfa.sync.messages import Action, Entry, decode

if TYPE_CHECKING:
    from sfa.store.book import Book
    from sfa.store.change import Change

Values = dict[str, Value]
RESTORED: Values = dict.fromkeys(sorted(MARKS))


class Conflict(NamedTuple):
    """Two changes that could not both be: all values of both, and of before, by field.

    ``record`` is as it is in the book now, None where it has left. ``reason`` as in ``sfa.models.reconciliation``;
    ``other`` is the user who did the other side, empty where head office could not tell. ``place`` names the calendar
    or address book where the user changed it, empty where that was in a book.
    """

    id: str
    kind: str
    title: str
    record: Record | None
    reason: str
    base: Values
    mine: Values
    theirs: Values
    user: str
    made_at: str
    action_title: str
    other: str
    other_at: str
    other_title: str
    place: str = ""

    @property
    def fields(self) -> list[str]:
        """The fields at issue, without the marks of deletion."""
        return [name for name in dict.fromkeys([*self.base, *self.mine, *self.theirs]) if name not in MARKS]

    @property
    def differing(self) -> list[str]:
        """The fields at issue that are not the same on all sides."""
        sides = (self.base, self.mine, self.theirs)
        return [name for name in self.fields if any(side.get(name) != self.mine.get(name) for side in sides)]


class Rejected(NamedTuple):
    """An action that head office refused: ``field`` is what was wrong with its values, if it was that."""

    action: int
    title: str
    at: str
    code: str
    reason: str
    field: str
    entries: list[Entry]

    @property
    def faulty(self) -> Entry | None:
        """The entry to correct: the one with the field at fault, else the first that holds values."""
        holding = [entry for entry in self.entries if entry.op != "remove" and entry.kind in KINDS]
        return next((entry for entry in holding if self.field in entry.fields), holding[0] if holding else None)


# Conflicts


def conflicts(book: Book, *, everybody: bool = False) -> list[Conflict]:
    """The open conflicts that the user has to decide, oldest first; with ``everybody`` also those of others."""
    whose, parameters = ("", ()) if everybody else ("AND user = ?", (book.user,))
    found = book.records("conflict", f"resolved_at IS NULL {whose}", parameters)
    return [_conflict(book, record) for record in sorted(found, key=lambda one: (one.values["made_at"], one.id))]


def conflict(book: Book, conflict_id: str) -> Conflict:
    """One conflict. Raises ``NotFound``."""
    return _conflict(book, book.get("conflict", conflict_id))


def _conflict(book: Book, found: Record) -> Conflict:
    values: dict[str, Any] = found.values
    kind = str(values["of_kind"])
    record = book.find(kind, values["record"]) if kind in KINDS else None
    base, mine, theirs = (json.loads(values.get(side) or "{}") for side in ("base", "mine", "theirs"))
    return Conflict(
        found.id, kind, found.heading, record, values["reason"], base, mine, theirs, values.get("user") or "",
        values.get("made_at") or "", values.get("action_title") or "",
        values.get("other") or "", values.get("other_at") or "", values.get("other_title") or "",
        values.get("place") or "",
    )  # fmt: skip


def resolve(book: Book, conflict_id: str, how: str, values: Mapping[str, Value] | None = None, origin: str = "") -> str:
    """Decides a conflict in one action and gives its title: ``mine``, ``theirs``, or ``edited`` with ``values``.

    Raises ``UserError`` where it is decided already or the record has left, ``FieldError`` for bad values.
    """
    found = conflict(book, conflict_id)
    titles = {
        "mine": _("Took mine for {name}"),
        "theirs": _("Kept theirs for {name}"),
        "edited": _("Settled the conflict on {name}"),
    }
    title = titles[how].format(name=found.title)
    with book.change(title, origin or "command") as change:
        if change.get("conflict", conflict_id).values.get("resolved_at"):
            raise UserError(_("The conflict on {name} is decided already.").format(name=found.title))
        if how == "mine":
            _take_mine(change, found)
        elif how == "edited":
            _restore(change, found)
            edit.edit(change, found.kind, _record_of(found).id, values or {})
        change.update("conflict", conflict_id, {"resolved_at": now(), "resolution": how})
    return title


def _record_of(found: Conflict) -> Record:
    if found.record is None:
        raise NotFound(_("{name} is not in this book any more.").format(name=found.title))
    return found.record


def _restore(change: Change, found: Conflict) -> None:
    record = _record_of(found)
    if record.deleted_at:
        change.put(found.kind, record.id, RESTORED)


def _take_mine(change: Change, found: Conflict) -> None:
    """What the user wanted, exactly: its rules were applied when it was done."""
    record = _record_of(found)
    if found.reason == "delete":
        edit.delete(change, found.kind, [record.id])
        change.put(found.kind, record.id, {name: value for name, value in found.mine.items() if name == "merged_into"})
        return
    _restore(change, found)
    change.put(found.kind, record.id, {name: value for name, value in found.mine.items() if name not in MARKS})


# Refused actions


def rejected(book: Book) -> list[Rejected]:
    """The actions that head office refused and that nobody has looked after yet, oldest first."""
    return [_rejected(*row) for row in book.rows(f"{_REJECTED} ORDER BY action")]


def refusal(book: Book, action: int) -> Rejected:
    """One refused action. Raises ``NotFound``."""
    for row in book.rows(f"{_REJECTED} AND action = ?", (action,)):
        return _rejected(*row)
    raise NotFound(_("Head office refused no action {number}.").format(number=action))


_REJECTED = "SELECT action, title, parts, code, reason, field FROM outgoing WHERE outcome = 'rejected'"


def _rejected(action: int, title: str, parts: str, code: str, reason: str, field: str) -> Rejected:
    sent = [decode(part, Action) for part in parts.encode().split(b"\n")]
    entries = [entry for part in sent for entry in part.entries]
    return Rejected(action, title, sent[0].at, code or "", reason or "", field or "", entries)


def wanted(entry: Entry) -> Values:
    """The values that an entry set."""
    return dict(entry.fields) if entry.op == "insert" else {name: new for name, (_old, new) in entry.fields.items()}


def correct(
    book: Book, action: int, corrections: Mapping[str, Mapping[str, Value]] | None = None, origin: str = ""
) -> str:
    """Does a refused action again, with other values by record, as a new action that is sent; gives its title.

    Raises ``FieldError`` for bad values, ``NotFound``.
    """
    found = refusal(book, action)
    renamed = {entry.record: new_id() for entry in found.entries if entry.op == "insert" and found.code == "id_taken"}
    with book.change(found.title, origin or "command") as change:
        for entry in found.entries:
            _again(change, entry, (corrections or {}).get(entry.record, {}), renamed)
        change.connection.execute(outbox.DROPPED, (action,))
    return found.title


def _again(change: Change, entry: Entry, corrections: Mapping[str, Value], renamed: Mapping[str, str]) -> None:
    """Does to a record as it is now what ``entry`` did; ``renamed``: new ids for records whose own were taken."""
    fields, record_id = change.book.fields(entry.kind), renamed.get(entry.record, entry.record)
    present = change.book.find(entry.kind, record_id)
    if entry.op == "insert" and present is None:
        values = {**_relinked(fields, entry.fields, renamed), **corrections, "id": record_id}
        edit.create(change, entry.kind, {name: value for name, value in values.items() if value is not None})
        return
    if present is None:
        raise NotFound(_("{kind} {id} is not in this book any more.").format(kind=entry.kind, id=entry.record))
    if entry.op == "remove" or wanted(entry).get("deleted_at"):
        edit.delete(change, entry.kind, [record_id])
        return
    values = dict(entry.fields) if entry.op == "insert" else _on_top(change, entry, present.values)
    edit.edit(change, entry.kind, record_id, {**_relinked(fields, values, renamed), **corrections})


def _on_top(change: Change, entry: Entry, present: Values) -> Values:
    """What an update sets in the record as it is now: lists and notes keep what others added, else it is the user's."""

    def position(kind: str, record_id: str) -> float:
        record = change.book.find(kind, record_id)
        return float(record.values.get("position") or 0) if record else -1.0

    merged = merge(change.book.fields(entry.kind), present, entry.fields, entry.context, position)
    clashes = {name: value for clash in merged.clashes for name, value in clash.mine.items() if name in entry.fields}
    return {**merged.values, **clashes}


def _relinked(fields: Mapping[str, Field[Any]], values: Mapping[str, Value], renamed: Mapping[str, str]) -> Values:
    result = dict(values)
    for name, value in values.items() if renamed else ():
        if isinstance(fields.get(name), Link):
            result[name] = renamed.get(value, value)
        elif isinstance(fields.get(name), Links) and value:
            result[name] = sorted(renamed.get(item, item) for item in value)
    return result


def discard(book: Book, action: int) -> str:
    """Forgets a refused action; gives its title. The history of the book still tells of it."""
    title = refusal(book, action).title
    with book.transaction() as connection:
        connection.execute(outbox.DROPPED, (action,))
    return title
