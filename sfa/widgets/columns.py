"""The columns of a table and how they share its width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sfa.widgets.cells import Align, fit

GAP = 1
"""Cells between two columns."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    title: str
    width: int = 12
    """Cells it has at least."""
    align: Align = "left"
    weight: int = 1
    """Its share of the width left over; 0 keeps it at ``width``."""
    rank: int = 0
    """Where not all fit, the column of highest rank goes first, among equals the rightmost; the first column stays."""


class ColumnLayout:
    """The columns that fit into ``width`` cells, and where they lie."""

    def __init__(self, columns: Sequence[Column], width: int) -> None:
        self._shown = _fitting(columns, width)
        chosen = [columns[index] for index in self._shown]
        self._columns = chosen
        self._widths = _widths(chosen, width)
        self._width = width

    def line(self, cells: Sequence[str]) -> str:
        """The cells of one row as text of the full width; a row may have fewer cells than there are columns."""
        texts = (
            fit(cells[index] if index < len(cells) else "", width, column.align)
            for index, column, width in zip(self._shown, self._columns, self._widths, strict=True)
        )
        return fit((" " * GAP).join(texts), self._width)

    def header(self, sort: str | None, descending: bool) -> str:
        """The titles as text, an arrow beside the column sorted by."""
        arrow = "▼" if descending else "▲"
        titles = []
        for column, width in zip(self._columns, self._widths, strict=True):
            mark = arrow if column.name == sort else ""
            text = fit(column.title, width - len(mark)).rstrip() if mark else column.title
            titles.append(fit(text + mark, width, column.align))
        return fit((" " * GAP).join(titles), self._width)

    def column_at(self, x: int) -> Column | None:
        """The column drawn at cell ``x``."""
        right = 0
        for column, width in zip(self._columns, self._widths, strict=True):
            right += width + GAP
            if x < right:
                return column
        return None


def _fitting(columns: Sequence[Column], width: int) -> list[int]:
    """Indexes of the columns shown, in their order."""
    shown = list(range(len(columns)))
    while len(shown) > 1 and sum(columns[index].width + GAP for index in shown) - GAP > width:
        shown.remove(max(shown[1:], key=lambda index: (columns[index].rank, index)))
    return shown


def _widths(columns: Sequence[Column], width: int) -> list[int]:
    widths = [column.width for column in columns]
    spare = width - sum(widths) - GAP * (len(columns) - 1)
    if columns and spare < 0:  # only the first column is left and even that is too wide
        return [width]
    weight = sum(column.weight for column in columns)
    for index, column in enumerate(columns):
        if weight and column.weight:
            share = spare * column.weight // weight
            widths[index] += share
            spare -= share
            weight -= column.weight
    return widths
