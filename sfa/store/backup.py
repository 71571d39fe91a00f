"""A whole copy of the book, taken while it is in use, and checked before it counts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as driver

from sfa.errors import BookError, UserError
from sfa.i18n import _

if TYPE_CHECKING:
    from sfa.store.book import Book


def backup(book: Book, target: Path) -> None:
    """Copies the book to the new file ``target``. Raises ``UserError`` where it exists, ``BookError`` where it fails."""
    if target.exists():
        raise UserError(_("{path} exists already.").format(path=target), _("Name a new file."))
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    try:
        book.connection.execute("VACUUM INTO ?", (str(partial),))
        check(partial)
        partial.replace(target)
    except (driver.Error, OSError) as error:
        raise BookError(_("The backup {path} cannot be written: {error}.").format(path=target, error=error)) from None
    finally:
        partial.unlink(missing_ok=True)


def check(path: Path) -> None:
    """Raises ``BookError`` unless the file is a whole, sound book."""
    connection = driver.connect(str(path))
    try:
        found = connection.execute("PRAGMA integrity_check").fetchone()[0]
    except driver.Error as error:
        found = str(error)
    finally:
        connection.close()
    if found != "ok":
        raise BookError(_("{path} is damaged: {error}.").format(path=path, error=found))


def restore(source: Path, target: Path) -> Path | None:
    """Puts the backup ``source`` in the place of the book ``target``; gives where the replaced book was kept."""
    import shutil

    from sfa.models import new_id
    from sfa.store.book import Book

    if not source.is_file():
        raise UserError(_("There is no file {path}.").format(path=source))
    check(source)
    partial = target.with_name(target.name + ".partial")
    shutil.copyfile(source, partial)
    Book.open(partial).close()  # refuses what is no book, before anything is replaced
    kept = None
    if target.exists():
        old = Book.open(target)
        kept = target.with_name(f"{target.stem}-before-restore-{new_id()[:13]}.sfa")
        backup(old, kept)
        old.close()
    for suffix in ("-wal", "-shm"):
        Path(f"{target}{suffix}").unlink(missing_ok=True)
        Path(f"{partial}{suffix}").unlink(missing_ok=True)
    partial.replace(target)
    return kept
