"""How a new book comes into being: beside its place, and then there at once."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from sfa.errors import BookError
from sfa.i18n import _
from sfa.models import new_id


def make(path: Path, user_name: str | None) -> None:
    """Makes a whole new book at ``path``, readable for its owner only; empty where ``user_name`` is None.

    Raises ``BookError``.
    """
    partial = path.with_name(f".{path.name}.{new_id()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        _fill(partial, user_name)
        _place(partial, path)
    except FileExistsError:
        raise BookError(_("There is a file at {path} already.").format(path=path), _("Name another place.")) from None
    except OSError as error:
        raise BookError(
            _("No book can be made at {path}: {reason}.").format(path=path, reason=error.strerror or error)
        ) from None
    finally:
        with suppress(OSError):
            partial.unlink()


def _fill(partial: Path, user_name: str | None) -> None:
    from sfa.store import migration
    from sfa.store.book import Book
    from sfa.store.change import Change
    from sfa.store.seed import seed

    book = Book(partial)
    try:
        with book.transaction() as connection:
            migration.create(connection)
            connection.execute("INSERT INTO meta VALUES ('device', ?)", (new_id(),))
            if user_name is not None:
                change = Change(book, connection, _("Made the book"), "setup")
                seed(change, user_name)
                change.finish()
    finally:
        book.close()


def _place(partial: Path, path: Path) -> None:
    """Gives the file its name; ``FileExistsError`` where another program was first."""
    try:
        os.link(partial, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if path.exists():
            raise FileExistsError from None
        partial.rename(path)
