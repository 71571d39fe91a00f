"""A report as a table: text for people, plain values for machines, CSV, and a PDF page with its chart."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import IO, Any

from sfa.exchange.documents import charts
from sfa.exchange.documents.pages import Document
from sfa.i18n import _
from sfa.sales.figures.report import Figures, plain, shown


def titles(figures: Figures) -> list[str]:
    """The headings of the columns."""
    return [_(column.title) for column in figures.columns]


def texts(figures: Figures) -> list[list[str]]:
    """Rows, and the total as the last where there is one, as people read them."""
    rows = [row.values for row in figures.rows] + ([figures.total] if figures.total else [])
    return [
        [shown(column, value, figures.currency) for column, value in zip(figures.columns, values, strict=True)]
        for values in rows
    ]


def data(figures: Figures) -> dict[str, Any]:
    """The whole report as plain data: amounts exact, in major units of ``currency``."""
    period = figures.ask.period

    def values(row: tuple[Any, ...]) -> dict[str, Any]:
        pairs = zip(figures.columns, row, strict=True)
        return {column.name: plain(column, value, figures.currency) for column, value in pairs}

    return {
        "report": figures.name,
        "title": figures.title,
        "by": figures.by.name,
        "period": None if period.is_all else {"from": period.first, "to": period.last, "title": period.title},
        "where": list(figures.ask.where),
        "currency": figures.currency,
        "columns": [{"name": column.name, "title": _(column.title), "kind": column.kind} for column in figures.columns],
        "rows": [values(row.values) for row in figures.rows],
        "total": values(figures.total) if figures.total else None,
        "notes": list(figures.notes),
    }


def write_csv(figures: Figures, stream: IO[str]) -> None:
    """The rows under the names of the columns, without the total; numbers as machines write them."""
    writer = csv.writer(stream)
    writer.writerow([column.name for column in figures.columns])
    for row in figures.rows:
        pairs = zip(figures.columns, row.values, strict=True)
        writer.writerow([plain(column, value, figures.currency) for column, value in pairs])


def write_pdf(figures: Figures, path: Path) -> None:
    """A page with the chart and the table: the same figures. Raises ``UserError`` or ``OSError``."""
    document = Document(figures.title, figures.subtitle, landscape=len(figures.columns) > 8)
    for note in figures.notes:
        document.text(note)
    rows, right = texts(figures), [column.kind != "text" for column in figures.columns]
    document.picture(charts.picture(figures, "png"), len(rows))
    document.table(titles(figures), rows, right, last=figures.total is not None)
    document.write(path)
