"""What the journal tells, in words: for a record step by step, for the book action by action."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sfa.i18n import _
from sfa.models import KINDS
from sfa.sales import changes
from sfa.sales.changes import Delta
from sfa.screens.moments import briefly
from sfa.store import journal
from sfa.store.book import Book
from sfa.store.journal import Action
from sfa.store.lookup import Lookup
from sfa.widgets.fieldspane import Fact
from sfa.widgets.pages import Row
from sfa.widgets.timeline import Entry

RECORDS_TOLD = 100
"""Records of one action that are told one by one."""


class Life:
    """Everything that ever happened to a record, newest first."""

    def __init__(self, book: Book, kind: str, record_id: str) -> None:
        steps = [*changes.of_history(book, kind, record_id)]
        modes = _last_modes(action for action, _delta in steps)
        lookup = Lookup(book)
        self.actions = [action for action, _delta in steps]
        self._entries = [
            Entry(
                str(action.number),
                _head(action, modes),
                briefly(action.at),
                "\n".join(_lines(book, kind, action, delta, lookup)),
            )
            for action, delta in steps
        ]
        self.count = len(self._entries)

    def page(self, start: int, stop: int) -> Sequence[Entry]:
        return self._entries[start:stop]


def _lines(book: Book, kind: str, action: Action, delta: Delta, lookup: Lookup) -> Iterator[str]:
    """Who and by which door, then field by field."""
    yield " · ".join(filter(None, _author(action, lookup)))
    yield from (f"{label}: {value}" for label, value in told(book, kind, delta, lookup))


class Log:
    """All actions of the book, newest first, as rows of a table; read as far as they are looked at."""

    def __init__(self, book: Book) -> None:
        self._book, self._lookup = book, Lookup(book)
        self._actions: list[Action] = []
        self.count = journal.count(book)

    def _read(self, start: int, stop: int) -> list[Action]:
        missing = stop - len(self._actions)
        if missing > 0:
            before = self._actions[-1].number if self._actions else None
            self._actions += journal.actions(self._book, missing, before)
        return self._actions[start:stop]

    def page(self, start: int, stop: int) -> Sequence[Row]:
        actions = self._read(start, stop)
        modes = _last_modes(self._actions)
        return [
            Row(str(action.number), (briefly(action.at), _head(action, modes), *_author(action, self._lookup)))
            for action in actions
        ]

    def ids(self, start: int, stop: int) -> Sequence[str]:
        return [str(action.number) for action in self._read(start, stop)]

    def index(self, id: str) -> int | None:
        return journal.count(self._book, int(id))


def _last_modes(newest_first: Iterable[Action]) -> dict[int, str]:
    """What was last done with each action: do, undo or redo."""
    modes: dict[int, str] = {}
    for action in newest_first:
        modes.setdefault(action.root, action.mode)
    return modes


def _head(action: Action, modes: dict[int, str]) -> str:
    undone = action.mode != "undo" and modes.get(action.root) == "undo"
    return _("{title} (undone since)").format(title=title(action)) if undone else title(action)


def title(action: Action) -> str:
    """What an action did, also where it took another back."""
    forms = {"undo": _("Undone: {title}"), "redo": _("Done again: {title}")}
    return forms.get(action.mode, "{title}").format(title=action.title)


def signature(action: Action, lookup: Lookup) -> str:
    """When, who, and by which door."""
    return " · ".join(filter(None, (briefly(action.at), *_author(action, lookup))))


def _author(action: Action, lookup: Lookup) -> tuple[str, str]:
    who = lookup.title("user", action.user) if action.user else ""
    return who, changes.door(action.origin)


def told(book: Book, kind: str, delta: Delta, lookup: Lookup) -> Iterator[tuple[str, str]]:
    """Label and ``old → new`` of every changed field, those that the user does not write last; new alone at birth."""
    fields = book.fields(kind)
    for name in sorted(
        delta.fields, key=lambda name: (name not in fields or not fields[name].form, [*fields, name].index(name))
    ):
        field, change = fields.get(name), delta.fields[name]
        if field is None:  # of a newer version, or a field of the company's that was removed
            old, new = ("—" if value is None else str(value) for value in change)
        else:
            old, new = changes.told(field, change, delta.after, lookup, delta.before)
        yield field.title if field else name, new if delta.op == "insert" else f"{old} → {new}"


def whole(book: Book, action: Action) -> list[Fact]:
    """Everything that an action changed, record by record."""
    lookup, facts = Lookup(book), []
    entries = journal.entries(book, action.number, RECORDS_TOLD + 1)
    for entry in entries[:RECORDS_TOLD]:
        facts.append(
            Fact(_(KINDS[entry.kind].label), lookup.title(entry.kind, entry.record), f"{entry.kind} {entry.record}")
        )
        facts += [
            Fact(f"  {label}", value) for label, value in told(book, entry.kind, changes.of_entry(book, entry), lookup)
        ]
    if len(entries) > RECORDS_TOLD:
        facts.append(Fact("", _("… and more; sfa log {number} shows all").format(number=action.number)))
    return facts
