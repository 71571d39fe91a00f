"""Who is meant by a few typed words: names in full, or the beginnings of their words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sfa.errors import NotFound
from sfa.i18n import _
from sfa.models import KINDS
from sfa.store.book import Book
from sfa.store.lookup import Lookup
from sfa.store.search import hits, words

PARTIES = ("account", "contact", "opportunity", "lead")
LOOKED_AT = 20  # hits of a search that are compared by name


class Mention(NamedTuple):
    kind: str
    id: str


def mentions(book: Book, text: str, kinds: Sequence[str] = PARTIES, account: str | None = None) -> list[Mention]:
    """The records of the first of ``kinds`` that has any called ``text``; with ``account`` only its contacts.

    A whole name goes before the beginnings of its words.
    """
    if account is not None:
        people = book.rows("SELECT id FROM contact WHERE deleted_at IS NULL AND account = ?", (account,))
        return [Mention("contact", row[0]) for row in people if _begins(book, Mention("contact", row[0]), text)]
    for kind in kinds:
        if exact := Lookup(book).named(kind, text):
            return [Mention(kind, record_id) for record_id in exact]
    for kind in kinds:
        numbers = [hit.n for hit in hits(book, text, (kind,), LOOKED_AT)]
        rows = book.rows(f"SELECT id FROM {kind} WHERE n IN ({', '.join(map(str, numbers))})")
        if found := [mention for row in rows if _begins(book, mention := Mention(kind, row[0]), text)]:
            return found
    return []


def one_mention(book: Book, text: str, kinds: Sequence[str] = PARTIES, account: str | None = None) -> Mention:
    """The one record that ``text`` means; raises ``NotFound``."""
    found = mentions(book, text, kinds, account)
    if len(found) == 1:
        return found[0]
    if not found:
        raise NotFound(_("There is nobody called “{name}”.").format(name=text))
    names = tuple(book.get(*mention).heading for mention in found[:3])
    hint = _("Write more of the name: {names}.").format(names=_(" or ").join(f"“{name}”" for name in names))
    raise NotFound(_("“{name}” may mean several.").format(name=text), hint, names)


def last_mention(book: Book, typed: Sequence[str], kinds: Sequence[str], keep: int) -> tuple[list[str], Mention | None]:
    """The words of ``typed`` (``keep`` at least) before those that name one record, and that record."""
    for start in range(keep, len(typed)):
        found = mentions(book, " ".join(typed[start:]), kinds)
        if len(found) == 1:
            return list(typed[:start]), found[0]
    return list(typed), None


def first_mention(
    book: Book, typed: Sequence[str], kinds: Sequence[str], account: str | None = None
) -> tuple[Mention | None, list[str]]:
    """The one record (or contact of ``account``) that the first words of ``typed`` name, and the words after."""
    for stop in range(min(len(typed), 4), 0, -1):
        found = mentions(book, " ".join(typed[:stop]), kinds, account)
        if len(found) == 1:
            return found[0], list(typed[stop:])
    return None, list(typed)


def _begins(book: Book, mention: Mention, text: str) -> bool:
    """Whether each word of ``text`` begins a word of the record's name."""
    record = book.get(*mention)
    name = words(KINDS[mention.kind].heading_of(record.values))
    typed = words(text)
    return bool(typed) and all(any(part.startswith(word) for part in name) for word in typed)
