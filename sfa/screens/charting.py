"""A report as a table's columns and as a plot."""

from __future__ import annotations

from collections.abc import Sequence

from sfa.i18n import _
from sfa.sales.figures.report import Figures, shown
from sfa.widgets.columns import Column
from sfa.widgets.plot import Drawing, Series


def columns_of(found: Figures, texts: Sequence[tuple[str, ...]]) -> list[Column]:
    """Columns as wide as what stands in them; the first has the rest."""
    columns = []
    for place, column in enumerate(found.columns):
        widest = max((len(row[place]) for row in texts), default=0)
        if column.kind == "text":
            columns.append(Column(column.name, _(column.title), min(max(widest, 8), 28), weight=1, rank=place))
        else:
            width = max(widest, len(_(column.title)))
            columns.append(Column(column.name, _(column.title), width, "right", weight=0, rank=place))
    return columns


def drawing_of(found: Figures) -> Drawing:
    columns = found.plotted()
    series = [
        Series(
            _(column.title),
            found.series(column.name),
            [shown(column, row.values[place], found.currency) for row in found.rows],
        )
        for column in columns
        for place in [[one.name for one in found.columns].index(column.name)]
    ]
    return Drawing(found.plot.kind, [row.label for row in found.rows], series)
