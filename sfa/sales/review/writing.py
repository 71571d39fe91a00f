"""A review on paper: Markdown and plain text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sfa.i18n import _
from sfa.printable import clean
from sfa.sales.review import telling
from sfa.sales.review.summary import Review
from sfa.store.book import Book

MOST = 50  # deals of one kind


class Grid(NamedTuple):
    """A titled table; ``right`` says which columns are numbers."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: Sequence[bool]
    note: str = ""


def grids(book: Book, review: Review) -> Iterator[Grid]:
    """The tables of a review, in order."""
    columns = (_("Change"), _("Deals"), _("Sum"))
    yield Grid(_("From opening to closing"), columns, telling.sums(review.bridge), (False, True, True))
    people = telling.owners(book, review)
    if len(people) > 1:
        heads = (_("Rep"), _("Opening"), _("Won"), _("Other changes"), _("Closing"))
        yield Grid(_("By rep"), heads, [rep[:-1] for rep in people], (False, True, True, True, True))
    titles = (_("Deal"), _("What"), _("Owner"), _("Amount"))
    for part in telling.parts(book, review):
        rows = [deal[1:] for deal in part.deals[:MOST]]
        left = len(part.deals) - len(rows)
        note = _("… and {count} more").format(count=left) if left else ""
        title = f"{part.title} ({len(part.deals)}, {part.sums})"
        yield Grid(title, titles, rows, (False, False, False, True), note)


def title() -> str:
    return _("Pipeline review")


def markdown(book: Book, review: Review) -> str:
    """The review as Markdown."""
    lines = [f"# {title()}", "", _escaped(telling.headline(book, review)), ""]
    if known := telling.known_from(review):
        lines += [known, ""]
    for grid in grids(book, review):
        lines += [f"## {_escaped(grid.title)}", "", _row(grid.columns)]
        lines.append("|" + "|".join("--:" if right else "---" for right in grid.right) + "|")
        lines += [_row(row) for row in grid.rows]
        lines += ["", *([grid.note, ""] if grid.note else [])]
    return "\n".join(lines).rstrip() + "\n"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(_escaped, cells))} |"


def _escaped(text: str) -> str:
    """Text from records is never Markdown."""
    plain = " ".join(clean(text).split())
    return "".join(f"\\{char}" if char in "\\`*_[]<>|#~" else char for char in plain)


def text(book: Book, review: Review) -> str:
    """The review as plain text."""
    from rich.cells import cell_len

    lines = [title(), telling.headline(book, review), telling.known_from(review)]
    for grid in grids(book, review):
        rows = [[clean(cell) for cell in row] for row in (grid.columns, *grid.rows)]
        widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
        lines += ["", grid.title, "-" * cell_len(grid.title)]
        for row in rows:
            cells = [
                " " * (width - cell_len(cell)) + cell if right else cell + " " * (width - cell_len(cell))
                for cell, width, right in zip(row, widths, grid.right, strict=True)
            ]
            lines.append("  ".join(cells).rstrip())
        lines += [grid.note] if grid.note else []
    return "\n".join(line for place, line in enumerate(lines) if line or place != 2) + "\n"
