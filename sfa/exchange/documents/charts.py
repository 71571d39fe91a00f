"""A report's plot as a picture: bars, lines, a funnel or a heat map, readable in grey too."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from sfa.exchange.documents import needed
from sfa.i18n import _
from sfa.sales.figures.report import Column, Figures, shown

COLORS = ("#2f6db5", "#c9822b", "#5a8f3d", "#8a4f9e")
MOST = 25  # rows drawn


def picture(figures: Figures, form: str) -> bytes:
    """The chart as ``svg`` or ``png``. Raises ``UserError`` where matplotlib is missing."""
    matplotlib = needed("matplotlib")
    figure_module = needed("matplotlib.figure")
    settings = {"svg.hashsalt": "sfa", "font.family": "DejaVu Sans", "svg.fonttype": "path"}
    with matplotlib.rc_context(settings):
        rows = min(len(figures.rows), MOST)
        figure = figure_module.Figure(figsize=(9, max(3.0, 1.2 + 0.3 * rows)), layout="constrained")
        axes = figure.add_subplot()
        axes.set_title(heading(figures), fontsize=11, loc="left", parse_math=False)
        _draw(axes, figures)
        stream = io.BytesIO()
        figure.savefig(stream, format=form, dpi=150, metadata={"Date": None} if form == "svg" else {"Software": "sfa"})
    return stream.getvalue()


def heading(figures: Figures) -> str:
    """What the chart is of: the report, what is drawn by what, and when."""
    drawn = figures.plotted()
    what = _("{measure} by {what}").format(measure=_(drawn[0].title), what=_(figures.by.title).lower())
    parts = [what] if len(drawn) == 1 and figures.by.title else []
    return f"{figures.title}\n{' · '.join([*parts, figures.subtitle])}"


def save(figures: Figures, path: Path, form: str) -> None:
    """Writes the chart to a file. Raises ``OSError``."""
    path.write_bytes(picture(figures, form))


def _draw(axes: Any, figures: Figures) -> None:
    columns, rows = figures.plotted(), figures.rows[:MOST]
    if not rows or not columns:
        axes.text(0.5, 0.5, _("Nothing to show."), ha="center", transform=axes.transAxes)
        axes.set_axis_off()
    elif figures.plot.kind == "heat":
        _heat(axes, figures, columns)
    elif figures.plot.kind == "lines":
        _lines(axes, figures, columns)
    else:
        _bars(axes, figures, columns)


def texts_of(figures: Figures, column: Column) -> list[str]:
    """The figures of a column as people read them; empty where there is none."""
    place = [one.name for one in figures.columns].index(column.name)
    return [shown(column, row.values[place], figures.currency) for row in figures.rows[:MOST]]


def _labels(axes: Any, setter: str, figures: Figures) -> None:
    names = [row.label for row in figures.rows[:MOST]]
    getattr(axes, setter)(range(len(names)), names, parse_math=False)


def _bars(axes: Any, figures: Figures, columns: list[Column]) -> None:
    """Horizontal, one group a row; the figures stand beside them."""
    thickness = 0.8 / len(columns)
    for place, column in enumerate(columns):
        values, texts = figures.series(column.name)[:MOST], texts_of(figures, column)
        places = [row + place * thickness - 0.4 + thickness / 2 for row in range(len(values))]
        bars = axes.barh(places, values, thickness, color=COLORS[place % 4], label=_(column.title))
        axes.bar_label(bars, [f" {text}" for text in texts], fontsize=8)
    axes.invert_yaxis()
    axes.margins(x=0.15)
    axes.xaxis.set_visible(False)
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    _labels(axes, "set_yticks", figures)
    if len(columns) > 1:
        axes.legend(loc="lower right", fontsize=8)


def _lines(axes: Any, figures: Figures, columns: list[Column]) -> None:
    for place, column in enumerate(columns):
        texts = texts_of(figures, column)
        points = [at for at, text in enumerate(texts) if text]  # what there is not is no point
        values = [figures.series(column.name)[at] for at in points]
        axes.plot(points, values, marker="o", color=COLORS[place % 4], label=_(column.title))
        for at, value in zip(points, values, strict=True):
            axes.annotate(texts[at], (at, value), fontsize=7, textcoords="offset points", xytext=(0, 5))
    axes.spines[["top", "right"]].set_visible(False)
    _labels(axes, "set_xticks", figures)
    axes.tick_params(axis="x", labelrotation=45)
    axes.legend(fontsize=8)


def _heat(axes: Any, figures: Figures, columns: list[Column]) -> None:
    """A cell for each row and column, darker for more."""
    grid = [figures.series(column.name)[:MOST] for column in columns]
    cells = [list(row) for row in zip(*grid, strict=True)]
    axes.imshow(cells, aspect="auto", cmap="Blues")
    most = max(map(max, cells)) or 1
    places = [[column.name for column in figures.columns].index(column.name) for column in columns]
    for y, row in enumerate(figures.rows[:MOST]):
        for x, column in enumerate(columns):
            text, ink = (
                shown(column, row.values[places[x]], figures.currency),
                "white" if cells[y][x] > most / 2 else "black",
            )
            axes.text(x, y, text, ha="center", va="center", fontsize=7, color=ink)
    axes.set_xticks(range(len(columns)), [_(column.title) for column in columns], parse_math=False)
    _labels(axes, "set_yticks", figures)
