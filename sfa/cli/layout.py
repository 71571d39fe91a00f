"""What commands print for people: lines, headings, fields and tables that fit the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from sfa.printable import clean

GAP = "  "
LEAST = 6  # cells; a table with narrower columns is shown field by field instead


class Line(NamedTuple):
    """A line of text; may hold several."""

    text: str


class Verbatim(NamedTuple):
    """Text of our own that is passed on as it is, such as a script."""

    text: str


class Heading(NamedTuple):
    """The name of what follows."""

    text: str


class Fields(NamedTuple):
    """Names and values, one below the other."""

    pairs: Sequence[tuple[str, str]]


class Column(NamedTuple):
    """A table's column. Numbers (``align`` right) and what is ``whole`` are never cut."""

    title: str
    align: str = "left"
    whole: bool = False


class Table(NamedTuple):
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]

    def filled(self) -> Table:
        """The table without the columns in which nothing stands."""
        places = [place for place in range(len(self.columns)) if any(row[place] for row in self.rows)]
        return Table([self.columns[place] for place in places], [[row[place] for place in places] for row in self.rows])


Block = Line | Verbatim | Heading | Fields | Table


class Style(NamedTuple):
    """How wide the output may be (None: as wide as it gets) and whether it has colours."""

    width: int | None = None
    color: bool = False

    def bold(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if self.color and text.strip() else text


def lines(blocks: Iterable[Block], style: Style) -> Iterator[str]:
    """The blocks as lines of text, cleaned of everything that a terminal would obey."""
    for place, block in enumerate(blocks):
        if isinstance(block, Line):
            yield from map(clean, block.text.split("\n"))
        elif isinstance(block, Verbatim):
            yield block.text
        elif isinstance(block, Heading):
            if place:
                yield ""
            yield style.bold(clean(block.text))
        elif isinstance(block, Fields):
            yield from _fields(block)
        else:
            yield from _table(block, style)


def _fields(block: Fields) -> Iterator[str]:
    margin = max((cell_len(clean(name)) for name, _value in block.pairs), default=0)
    for name, value in block.pairs:
        first, *more = value.split("\n")
        yield f"{set_cell_size(clean(name), margin)}{GAP}{clean(first)}".rstrip()
        yield from (f"{' ' * margin}{GAP}{clean(line)}".rstrip() for line in more)


def _table(table: Table, style: Style) -> Iterator[str]:
    titles = [clean(column.title) for column in table.columns]
    rows = [[clean(cell) for cell in row] for row in table.rows]
    widths = [max(map(cell_len, column)) for column in zip(titles, *rows, strict=True)]
    if style.width is not None:
        whole = [column.whole or column.align == "right" for column in table.columns]
        widths = fitted(widths, style.width - len(GAP) * (len(widths) - 1), whole)
    if not widths:
        for row in rows:
            yield from (*_fields(Fields(list(zip(titles, row, strict=True)))), "")
        return
    for place, cells in enumerate((titles, *rows)):
        text = GAP.join(
            _cell(cell, width, column.align) for cell, width, column in zip(cells, widths, table.columns, strict=True)
        )
        yield style.bold(text.rstrip()) if place == 0 else text.rstrip()


def fitted(widths: Sequence[int], room: int, whole: Sequence[bool]) -> list[int]:
    """Column widths that fit in ``room``: the widest are cut first, ``whole`` ones never.

    None at all where that makes them too narrow to read.
    """

    def cut(most: int) -> list[int]:
        return [width if kept else min(width, most) for width, kept in zip(widths, whole, strict=True)]

    if sum(widths) <= room:
        return list(widths)
    if sum(cut(LEAST)) > room:
        return []
    most = max(size for size in range(LEAST, min(max(widths), room) + 1) if sum(cut(size)) <= room)
    found = cut(most)
    spare = room - sum(found)
    for place, width in enumerate(widths):
        if spare and found[place] < width:
            found[place] += 1
            spare -= 1
    return found


def _cell(text: str, width: int, align: str) -> str:
    length = cell_len(text)
    if length > width:
        return set_cell_size(text, width - 1) + "…"
    pad = " " * (width - length)
    return pad + text if align == "right" else text + pad
