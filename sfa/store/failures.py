"""What SQLite says when it cannot, in words for the rep: one clear line, and what to do."""

from __future__ import annotations

from pathlib import Path

from sqlcipher3.dbapi2 import Error

from sfa.errors import BookError
from sfa.i18n import N_, _

_REASONS = {
    "BUSY": (N_("another program is writing to it"), N_("Try again in a moment.")),
    "LOCKED": (N_("another program is writing to it"), N_("Try again in a moment.")),
    "FULL": (N_("the disk is full"), N_("Make room and try again.")),
    "READONLY": (N_("it may only be read"), N_("Look at the rights of the file and its folder.")),
    "CANTOPEN": (N_("the file cannot be opened"), N_("Look at the rights of the file and its folder.")),
    "PERM": (N_("the file cannot be opened"), N_("Look at the rights of the file and its folder.")),
    "IOERR": (N_("the disk gives an error"), N_("Look whether it is full or failing.")),
    "NOTADB": (N_("it is no book of sfa, or damaged"), N_("“sfa restore FILE” brings back a backup.")),
    "CORRUPT": (N_("it is damaged"), N_("“sfa restore FILE” brings back a backup.")),
}


# The driver's own; where it cannot even say what is damaged, or a damaged length asks for too much memory.
FAILURES = (Error, UnicodeDecodeError, MemoryError)


def code(error: Exception) -> str:
    """SQLite's name for the kind of failure, such as ``BUSY``; empty for a mistake in the statement itself."""
    name = getattr(error, "sqlite_errorname", None) or ""
    if "decode" in str(error) or isinstance(error, MemoryError):  # the driver's own: a text is none
        return "CORRUPT"
    kind = str(name).removeprefix("SQLITE_").partition("_")[0]
    return "" if kind in ("ERROR", "MISUSE", "RANGE") else kind


def locked(path: Path) -> BookError:
    """The error to raise for a book that head office has locked."""
    return BookError(
        _("{path} was locked by head office.").format(path=path),
        _("“sfa unlock” opens it, with a key that head office has."),
    )


def unreadable(path: Path, error: Exception) -> Exception:
    """The error to raise for a read that failed; a mistake in the statement stays what it is."""
    if code(error) == "NOTADB":
        from sfa.store.cipher import is_closed

        if is_closed(path):
            return locked(path)
    return _book_error(_("{path} cannot be read: {reason}."), path, error) if code(error) else error


def unwritable(path: Path, error: Exception) -> BookError:
    """The error to raise for a change that failed; all of it was taken back."""
    return _book_error(_("{path} cannot be written: {reason}. Nothing was changed."), path, error)


def _book_error(message: str, path: Path, error: Exception) -> BookError:
    reason, hint = _REASONS.get(code(error), (str(error), ""))
    return BookError(message.format(path=path, reason=_(reason)), _(hint))
