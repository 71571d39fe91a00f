"""Names to ids and back: how people point at records."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from sfa.errors import NotFound
from sfa.i18n import _
from sfa.models import KINDS, fold, is_id
from sfa.models.fields import Peers
from sfa.store.columns import sayable

if TYPE_CHECKING:
    from sfa.store.book import Book

ID_START = 4  # characters of an id that are worth looking for
NAME_WORDS = 8  # words of a person's name that are turned around
NAMES_COMPARED = 20_000  # near matches are looked for among this many names


class Lookup:
    """Finds records by id, by an id's beginning or name, and remembers what it found: one for a task, not for long."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._found: dict[tuple[str, str, Any], str] = {}
        self._given: set[tuple[str, str, Any]] = set()
        self._titles: dict[str, str] = {}
        self._names: dict[str, dict[str, str]] = {}  # kind → name without spaces, folded → name

    def resolve(self, kind: str, text: str, peers: Peers | None = None) -> str:
        """The id of the one live record of ``kind`` that goes by ``text``. Raises ``NotFound`` with near matches."""
        scope = (peers or {}).get(KINDS[kind].scoped_by)
        key = (kind, text, None) if (kind, text, None) in self._given else (kind, text, scope)
        if key not in self._found:
            self._found[key] = self._resolve(kind, text, scope)
        return self._found[key]

    def remember(self, kind: str, text: str, record_id: str) -> None:
        """Takes ``text`` for this record from now on (a mapping that the user gave)."""
        self._found[kind, text, None] = record_id
        self._given.add((kind, text, None))

    def _resolve(self, kind: str, text: str, scope: str | None) -> str:
        if kind == "user" and text.casefold() in ("me", _("me")):
            return self.book.user
        if is_id(text) and self.book.find(kind, text):
            return text
        ids = self.named(kind, text, scope) or self._by_start_of_id(kind, text)
        if len(ids) == 1:
            return ids[0]
        label = _(KINDS[kind].label)
        if ids:
            raise NotFound(
                _("{count} records of kind {kind} are called “{name}”.").format(count=len(ids), kind=label, name=text),
                _("Give the beginning of an id: {ids}.").format(ids=", ".join(ids[:3])),
                tuple(ids),
            )
        near = tuple(name for name in self.near(kind, text) if fold(name) != fold(text))  # else of another pipeline
        hint = _("Did you mean {names}?").format(names=_(" or ").join(f"“{name}”" for name in near)) if near else ""
        raise NotFound(_("There is no {kind} called “{name}”.").format(kind=label, name=text), hint, near)

    def named(self, kind: str, text: str, scope: str | None = None) -> list[str]:
        """The ids of the live ``kind`` records called ``text``, whatever the case, accents and order of names.

        A shipped record also goes by its aliases, where none of its pipeline has that very name.
        """
        record, word = KINDS[kind], fold(sayable(text))
        alias = fold(record.aliases.get(word, ""))
        words = word.replace(",", " ").split()
        turns = range(min(len(words), NAME_WORDS)) if record.sorted_by else ()
        spellings = [*filter(None, (word, alias)), *(" ".join(words[turn:] + words[:turn]) for turn in turns)]
        marks = ", ".join("?" * len(spellings))
        parent = f'"{record.scoped_by}"' if record.scoped_by else "NULL"
        rows = self.book.rows(
            f'SELECT id, {parent}, sort_key FROM "{kind}" WHERE deleted_at IS NULL AND sort_key IN ({marks})', spellings
        )
        if record.scoped_by and scope:
            rows = [row for row in rows if row[1] == scope]
        elif record.scoped_by and len(rows) > 1:
            parents = {row[0] for row in self.book.rows(f"SELECT id FROM {parent} WHERE is_default = 1")}
            rows = [row for row in rows if row[1] in parents] or rows
        by_name = [row[0] for row in rows if row[2] != alias]
        return by_name or [row[0] for row in rows]

    def _by_start_of_id(self, kind: str, text: str) -> list[str]:
        word = text.casefold()
        if len(word) < ID_START or not set(word) <= set("0123456789abcdef-"):
            return []
        sql = f'SELECT id FROM "{kind}" WHERE deleted_at IS NULL AND id >= ? AND id < ? LIMIT 5'
        return [row[0] for row in self.book.rows(sql, (word, word + "g"))]

    def near(self, kind: str, text: str) -> tuple[str, ...]:
        """Up to three names of ``kind`` that look like ``text``."""
        if kind not in self._names:
            record = KINDS[kind]
            parts = ", ".join(f'"{name}"' for name in record.named_by)
            rows = self.book.rows(f'SELECT {parts} FROM "{kind}" WHERE deleted_at IS NULL LIMIT {NAMES_COMPARED}')
            names = [record.heading_of(dict(zip(record.named_by, row, strict=True))) for row in rows]
            self._names[kind] = {fold(name).replace(" ", ""): name for name in names}
        squeezed = self._names[kind]
        close = difflib.get_close_matches(fold(text).replace(" ", ""), squeezed, 3, 0.75)
        return tuple(squeezed[name] for name in close)

    def title(self, kind: str, record_id: str) -> str:
        """What the record is called; its id where it has no name or does not exist."""
        if record_id not in self._titles:
            record = self.book.find(kind, record_id)
            self._titles[record_id] = (record and record.heading) or record_id
        return self._titles[record_id]
