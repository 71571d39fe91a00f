"""What the reconciliation needs to know of what it reconciles: which records lie on a server, and as what texts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from sfa.exchange.dav.threeway import Parts
from sfa.models import Field, Text

if TYPE_CHECKING:
    from sfa.store.book import Book
    from sfa.store.change import Change


BEYOND = "beyond"
"""The value of a part that stands for all that its text says beyond our fields: a digest."""


def setlike(name: str) -> Field[Any]:
    """A value that is a list in no order, for the merge."""
    field: Field[Any] = Field(name)
    field.__set_name__(object, name)
    field.is_set = True
    return field


def beyond() -> Field[Any]:
    """What a text says beyond our fields: whichever, where both sides changed it."""
    field: Field[Any] = Text("Beyond", merge="greatest")
    field.__set_name__(object, BEYOND)
    return field


def digest(lines: Iterable[str]) -> str:
    """Stands for lines in no order; empty where there are none."""
    from hashlib import blake2b

    text = "\n".join(sorted(lines))
    return blake2b(text.encode(), digest_size=8).hexdigest() if text else ""


class Known:
    """Which live record of ``kind`` the world knows by which id: its own, or the one that it came with.

    Those that came are read once, when the first is asked for: there is no index of them. ``where`` leaves others out.
    """

    def __init__(self, book: Book, kind: str, where: str) -> None:
        self.book, self._live = book, f'SELECT id FROM "{kind}" WHERE id = ? AND deleted_at IS NULL AND {where}'
        self._all = (
            f'SELECT uid, id FROM "{kind}" WHERE uid IS NOT NULL AND deleted_at IS NULL AND {where} ORDER BY n DESC'
        )

    @cached_property
    def _came(self) -> dict[str, str]:
        return dict(self.book.rows(self._all))

    def find(self, uid: str) -> str | None:
        """The record that is known by ``uid``."""
        for record in (uid, self._came.get(uid)):
            if record and (found := self.book.value(self._live, (record,))):
                return str(found)
        return None

    def add(self, uid: str, record: str) -> None:
        """A record came."""
        self._came[uid] = record


class Thing(NamedTuple):
    """A text as it reads: the id that the world knows it by, and the values of its parts, all plain JSON.

    ``secret``: whoever wrote it keeps it to himself, so that the book takes no notice.
    """

    uid: str
    parts: Parts
    secret: bool = False


class Written(NamedTuple):
    """A record as the text that it is there; and how that reads: so both sides are compared in the same words."""

    text: str
    parts: Parts


class Kind(Protocol):
    """Calendars or address books: the records of one kind and their texts, in one book."""

    kind: str
    fields: Mapping[str, Field[Any]]
    """How each value of a part merges."""

    def read(self, text: str) -> Thing:
        """What a text says. Raises ``ValueError`` with the reason where it says nothing that the book could hold."""

    def written(self, ids: Collection[str]) -> dict[str, Written]:
        """Those of the records that are live and can be written down."""

    def chosen(self) -> set[str]:
        """The records that are to be there, though they may not be yet."""

    def staying(self, ids: Collection[str]) -> set[str]:
        """Those of the records, which are there, that are not to be taken away."""

    def touched(self, since: int) -> set[str]:
        """The records whose texts may have changed by actions after number ``since``."""

    def find(self, uid: str) -> str | None:
        """The live record that the world knows by ``uid``."""

    def likened(self, parts: Parts, before: Parts) -> Parts:
        """``parts`` as they read, with what servers cannot tell apart as it was ``before``."""

    def takes(self, thing: Thing) -> bool:
        """Whether the book takes in what somebody has put there."""

    def keeps(self, record: str) -> bool:
        """Whether the record stays in the book when it is deleted there: history does."""

    def part(self, record: str, part: str) -> str:
        """The record of one part, deleted or not; empty where the book holds none."""

    def apply(self, change: Change, record: str | None, text: str, before: Parts, after: Parts) -> str:
        """Makes a record that reads as ``before`` (a new one where None) read as ``after``; gives its id.

        ``text`` is what lies there. Raises ``UserError`` where it cannot be.
        """

    def delete(self, change: Change, record: str) -> None:
        """Deletes a record with all of its parts."""
