"""A laptop that head office has locked out: its book is closed, with all that it holds and never sent.

First the book says so itself, then no program opens it any more; then its file, and every copy that sfa made beside it,
is encrypted with a key that only head office has. What was interrupted is finished at the next contact.
"""

from __future__ import annotations

from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from sfa.errors import UserError
from sfa.i18n import _
from sfa.store import cipher
from sfa.sync import download, secrets
from sfa.sync.outbox import set_meta

if TYPE_CHECKING:
    from sfa.store.book import Book

COPIES = ("before-upgrade", "before-restore")
"""What copies are called that sfa leaves beside a book."""


def lock(book: Book, key: str, code: str) -> None:
    """Closes ``book``, in this program and as a file, for the reason ``code``. Raises ``BookError``."""
    place, account = book.meta("token_place"), secrets.account(book.meta("server_id"), book.device)
    with book.transaction() as connection:
        set_meta(connection, locked=code, locked_by=_digest(key))
    download.forget(book)
    book.close()
    for path in (book.path, *_copies(book.path)):
        if not cipher.is_closed(path):
            cipher.close(path, key)
    secrets.forget(place, account)


def unlock(path: Path, key: str) -> None:
    """Opens the book at ``path`` again, and its copies. Raises ``UserError`` where ``key`` is not the one."""
    key = key.strip().lower()
    if cipher.is_closed(path):
        cipher.reopen(path, key)
    else:
        _unlock_open(path, key)
    for copy in filter(cipher.is_closed, _copies(path)):
        with suppress(UserError):  # it may have been closed another time
            cipher.reopen(copy, key)


def _unlock_open(path: Path, key: str) -> None:
    """Opens a book whose file had not been closed yet."""
    from sfa.store.book import Book

    book = Book.open(path, even_locked=True)
    try:
        if not book.meta("locked"):
            raise UserError(_("{path} is not locked.").format(path=path))
        if book.meta("locked_by") != _digest(key):
            raise UserError(_("This key does not open {path}.").format(path=path))
        release(book)
    finally:
        book.close()


def release(book: Book) -> None:
    """Has the book no longer say that it is locked."""
    with book.transaction() as connection:
        connection.execute("DELETE FROM meta WHERE key IN ('locked', 'locked_by')")


def _digest(key: str) -> str:
    return blake2b(key.encode(), digest_size=16).hexdigest()


def _copies(path: Path) -> list[Path]:
    """The copies of the book that sfa made beside it."""
    names = tuple(f"{path.stem}-{copy}-" for copy in COPIES)
    return [
        file for file in sorted(path.parent.iterdir()) if file.name.startswith(names) and file.suffix == path.suffix
    ]
