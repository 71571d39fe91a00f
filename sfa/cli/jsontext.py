"""JSON as we print it: amounts as exact decimal numbers, and no character that a terminal obeys."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

INDENT = "  "
_quote = json.JSONEncoder(ensure_ascii=False).encode
_ascii = json.JSONEncoder().encode


def pieces(value: Any, indent: str = "", ascii_only: bool = False) -> Iterator[str]:
    """The text of ``value`` bit by bit; any iterable that is no text or mapping is an array."""
    inner = indent + INDENT
    if isinstance(value, Mapping):
        members = (
            [f"{string(str(name), ascii_only)}: ", *pieces(item, inner, ascii_only)] for name, item in value.items()
        )
        yield from _enclosed("{", "}", members, indent)
    elif isinstance(value, str):
        yield string(value, ascii_only)
    elif isinstance(value, Decimal):
        yield f"{value:f}"
    elif isinstance(value, Iterable):
        yield from _enclosed("[", "]", (pieces(item, inner, ascii_only) for item in value), indent)
    else:
        yield _quote(value)


def _enclosed(start: str, end: str, members: Iterable[Iterable[str]], indent: str) -> Iterator[str]:
    empty = True
    for member in members:
        yield f"{start}\n{indent}{INDENT}" if empty else f",\n{indent}{INDENT}"
        yield from member
        empty = False
    yield start + end if empty else f"\n{indent}{end}"


def string(text: str, ascii_only: bool = False) -> str:
    """``text`` in quotes, exactly, with everything escaped that is not plainly visible."""
    if ascii_only:
        return _ascii(text)
    quoted = _quote(text)
    return quoted if quoted.isprintable() else "".join(c if c.isprintable() else _ascii(c)[1:-1] for c in quoted)
