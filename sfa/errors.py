"""Errors, by who must act.

    SfaError
    ├── UserError        the user: input, file or request refused; ``message`` says what and where, ``hint`` what to do
    │   ├── FieldError   one field of one record holds a value that it may not
    │   └── NotFound     no record, kind, field or file by that name (or more than one)
    └── BookError        the book itself: missing, locked, damaged, from a newer version

Faces print ``str(error)`` as one line and never a traceback.
"""

from __future__ import annotations


class SfaError(Exception):
    """Anything that stops an operation with a clear line for the user."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class UserError(SfaError):
    """The request cannot be done as given; nothing was changed."""


class FieldError(UserError):
    """A value that ``field`` may not hold; ``reason`` says why, without the field's name."""

    def __init__(self, field: str, label: str, reason: str) -> None:
        super().__init__(f"{label}: {reason}")
        self.field = field
        self.reason = reason


class NotFound(UserError):
    """Nothing, or more than one thing, goes by the name given; ``candidates`` are near matches."""

    def __init__(self, message: str, hint: str = "", candidates: tuple[str, ...] = ()) -> None:
        super().__init__(message, hint)
        self.candidates = candidates


class BookError(SfaError):
    """The book cannot be opened or written."""
