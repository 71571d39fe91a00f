"""Cards out of a file: vCard 2.1, 3.0 and 4.0, and what programs take for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from sfa.formats.contentlines import Line, escape, write_line
from sfa.formats.vcard.lines import OLD, logical, physical, read_line

NEWEST, COMMON = "4.0", "3.0"
_BOUND = re.compile(rb"\s*(BEGIN|END)\s*:\s*VCARD\s*$", re.IGNORECASE)
_VERSION = re.compile(rb"\s*VERSION\s*:\s*(\d\.\d)", re.IGNORECASE)
_FRAME = frozenset({"BEGIN", "END", "VERSION"})
URN = "urn:uuid:"


class Card(NamedTuple):
    """One card: its properties in their order, without its frame. ``version`` says how they are written: 3.0 or 4.0.

    A card within a card is an ``AGENT`` whose value is that card's text.
    """

    version: str
    lines: tuple[Line, ...]

    def first(self, name: str) -> Line | None:
        """The first property of that name."""
        return next((line for line in self.lines if line.name == name), None)

    @property
    def uid(self) -> str:
        """What it is known by everywhere; empty where it says nothing."""
        line = self.first("UID")
        return line.value.strip().removeprefix(URN) if line else ""

    @property
    def is_group(self) -> bool:
        """Whether it is a list of people rather than one."""
        kind = self.first("KIND") or self.first("X-ADDRESSBOOKSERVER-KIND")
        return kind is not None and kind.value.strip().lower() == "group"


def read(data: bytes | str, encoding: str = "") -> list[Card]:
    """All cards of a file, none where there are none. ``encoding``: that of letters of which nothing is said.

    Without it, UTF-8 where they are that, else as Windows in the west wrote them.
    """
    lines = physical(data.encode("utf-8", "replace") if isinstance(data, str) else data)
    return [_card(chunk, encoding) for chunk in _chunks(lines)]


def text_of(card: Card) -> str:
    """A card as it is kept: no line folded. ``read`` gives the same card again."""
    lines = (write_line(line.name, line.value, line.params, line.group) for line in card.lines)
    return "\n".join(("BEGIN:VCARD", f"VERSION:{card.version}", *lines, "END:VCARD", ""))


def _chunks(lines: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    """The lines of each card, with those within it. Where an end is missing, each beginning begins another card."""
    bounds = [(place, found[1].upper()) for place, line in enumerate(lines) if (found := _BOUND.match(line))]
    depth = sum(1 if word == b"BEGIN" else -1 for _place, word in bounds)
    begun, level = 0, 0
    for place, word in bounds:
        if word == b"BEGIN":
            if level and depth > 0:
                yield lines[begun:place]
                level = 0
            begun, level = (begun, level + 1) if level else (place + 1, 1)
        elif level:
            level -= 1
            if not level:
                yield lines[begun:place]
    if level:
        yield lines[begun:]


def _card(lines: Sequence[bytes], encoding: str) -> Card:
    said = next((found[1].decode() for line in lines if (found := _VERSION.match(line))), OLD)
    version = NEWEST if said >= NEWEST else COMMON
    whole = (line for raw in logical(lines, said) if (line := read_line(raw, said, encoding)))
    return Card(version, tuple(line for line in _nested(whole) if line.name not in _FRAME))


def _nested(lines: Iterable[Line]) -> Iterator[Line]:
    """Cards within the card as one ``AGENT`` each."""
    inner: list[str] = []
    depth, announced = 0, False
    for line in lines:
        is_card = line.name in ("BEGIN", "END") and line.value.strip().upper() == "VCARD"
        if is_card:
            depth += 1 if line.name == "BEGIN" else -1
        if depth > 0 or is_card:
            inner.append(write_line(line.name, line.value, line.params, line.group))
        elif line.name == "AGENT" and not line.value.strip():
            announced = True
        else:
            yield line
        if inner and depth <= 0:
            yield Line("AGENT", {}, escape("\n".join(inner)))
            inner, announced = [], False
    if announced:
        yield Line("AGENT", {}, "")
