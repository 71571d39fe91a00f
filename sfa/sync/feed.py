"""The user's calendar feed at head office, made, looked at and ended from the laptop."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from sfa.sync.membership import close, line
from sfa.sync.messages import Feed
from sfa.sync.steps import LockedOut, Request, accepted, decoded

if TYPE_CHECKING:
    from sfa.store.book import Book

PATH = "/v1/feed"


def look(book: Book) -> Feed | None:
    """The feed, without its address; None where there is none. Raises ``SyncError``."""
    found = decoded(_asked(book, "GET"), Feed)
    return found if found.created_at else None


def begin(book: Book) -> str:
    """The address of a new feed, told this once; an earlier one ends. Raises ``SyncError``."""
    return book.meta("server").rstrip("/") + decoded(_asked(book, "POST"), Feed).path


def end(book: Book) -> None:
    """Ends the feed. Raises ``SyncError``."""
    _asked(book, "DELETE")


def _asked(book: Book, method: str) -> bytes:
    try:
        with closing(line(book)) as own:
            return accepted(own.ask(Request(method, PATH)))
    except LockedOut as refused:
        close(book, refused)
