"""Plots of text: bars, a funnel, lines and a heat map of block characters, which need no colour to be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from textual.strip import Strip

from sfa.widgets.cells import fit
from sfa.widgets.lines import LineWidget

EIGHTHS = " ▏▎▍▌▋▊▉█"
RISING = " ▁▂▃▄▅▆▇█"
SHADES = " ░▒▓█"
SECOND = "▒"  # of the second series
LABEL = 22
"""Cells that labels have at most."""


class Series(NamedTuple):
    """Values of one figure, and how each is written."""

    title: str
    values: Sequence[float]
    texts: Sequence[str]


class Drawing(NamedTuple):
    """``kind`` is bars, funnel, lines or heat (where each series is a column)."""

    kind: str = "bars"
    labels: Sequence[str] = ()
    series: Sequence[Series] = ()


def draw(drawing: Drawing, width: int, height: int, first: int = 0) -> list[str]:
    """The lines of a plot, each ``width`` cells; rows from ``first`` on where not all fit."""
    if not drawing.labels or not drawing.series or width < 20 or height < 2:
        return []
    drawers = {"lines": _columns, "heat": _heat, "funnel": _funnel}
    return drawers.get(drawing.kind, _bars)(drawing, width, height, first)


def _window(count: int, room: int, first: int) -> range:
    start = max(0, min(first, count - room))
    return range(start, min(start + room, count))


def _label_width(drawing: Drawing) -> int:
    return min(max(map(len, drawing.labels)), LABEL)


def _legend(drawing: Drawing, width: int) -> list[str]:
    if len(drawing.series) < 2:
        return [fit(drawing.series[0].title, width)]
    marks = (EIGHTHS[8], SECOND)
    return [fit("   ".join(f"{mark} {one.title}" for mark, one in zip(marks, drawing.series, strict=False)), width)]


def _bars(drawing: Drawing, width: int, height: int, first: int) -> list[str]:
    """A row each, one line per series, all to the same scale; what is below nothing has no bar."""
    series = drawing.series[:2]
    label, text = _label_width(drawing), max(len(text) for one in series for text in one.texts)
    room = max(width - label - text - 3, 4)
    most = max((value for one in series for value in one.values), default=0)
    lines = _legend(drawing, width)
    for row in _window(len(drawing.labels), max((height - 1) // len(series), 1), first):
        for place, one in enumerate(series):
            name = drawing.labels[row] if place == 0 else ""
            lines.append(fit(f"{fit(name, label)} {_bar(one.values[row], most, room, place)} {one.texts[row]}", width))
    return lines[:height]


def _bar(value: float, most: float, room: int, place: int) -> str:
    eighths = round(8 * room * value / most) if most > 0 and value > 0 else 0
    if place:
        return SECOND * round(eighths / 8)
    full, rest = divmod(eighths, 8)
    return EIGHTHS[8] * full + (EIGHTHS[rest] if rest else "")


def _funnel(drawing: Drawing, width: int, height: int, first: int) -> list[str]:
    """Bars about a common middle."""
    one, label = drawing.series[0], _label_width(drawing)
    text = max(map(len, one.texts))
    room, most = max(width - label - text - 3, 4), max(one.values, default=0)
    lines = _legend(drawing, width)
    for row in _window(len(drawing.labels), height - 1, first):
        size = round(room * one.values[row] / most) if most else 0
        bar = (EIGHTHS[8] * size).center(room)
        lines.append(fit(f"{fit(drawing.labels[row], label)} {bar} {one.texts[row].rjust(text)}", width))
    return lines


def _columns(drawing: Drawing, width: int, height: int, first: int) -> list[str]:
    """The first series as columns from left to right, its values above and labels below where they fit."""
    one, body = drawing.series[0], max(height - 3, 1)
    size = max(min(width // max(len(one.values), 1), 12), 3)
    shown = _window(len(one.values), width // size, first)
    most = max(one.values, default=0)
    heights = {at: round(8 * body * one.values[at] / most) if most else 0 for at in shown}
    lines = [fit(one.title, width)]
    for level in range(body, 0, -1):
        cells = (_cell(heights[at] - 8 * (level - 1), size) for at in shown)
        lines.append(fit("".join(cells), width))
    lines.append(fit("".join(fit(one.texts[at], size - 1).strip().center(size) for at in shown), width))
    lines.append(fit("".join(fit(drawing.labels[at], size - 1).strip().center(size) for at in shown), width))
    return lines[:height]


def _cell(eighths: int, size: int) -> str:
    return (RISING[max(0, min(eighths, 8))] * (size - 1)).center(size)


def _heat(drawing: Drawing, width: int, height: int, first: int) -> list[str]:
    """A cell per row and column, denser for more, with its value."""
    label = _label_width(drawing)
    text = max(len(text) for one in drawing.series for text in (*one.texts, one.title))
    size = min(text + 3, 12)
    columns = drawing.series[: max((width - label - 1) // size, 1)]
    most = max((value for one in drawing.series for value in one.values), default=0)
    lines = [fit(" " * (label + 1) + "".join(fit(one.title, size - 1).strip().rjust(size) for one in columns), width)]
    for row in _window(len(drawing.labels), height - 1, first):
        cells = []
        for one in columns:
            shade = SHADES[min(round(4 * one.values[row] / most), 4) if most and one.values[row] > 0 else 0]
            cells.append(f" {shade * 2}{one.texts[row].rjust(size - 3)}" if one.texts[row] else " " * size)
        lines.append(fit(f"{fit(drawing.labels[row], label)} {''.join(cells)}", width))
    return lines


class PlotView(LineWidget):
    """Shows a drawing; ``follow`` brings a row of it into view."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"plot--line"}
    DEFAULT_CSS = """
    PlotView { height: 0; margin: 0 1 1 1; & > .plot--line { color: $text-accent; } }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._drawing = Drawing()
        self._first = 0
        self._lines: list[str] = []

    def show(self, drawing: Drawing) -> None:
        """Another drawing."""
        self._drawing, self._first = drawing, 0
        self._redraw()

    def follow(self, row: int) -> None:
        """Has the plot begin so that ``row`` can be seen."""
        self._first = max(0, row - max(self.size.height // 2, 1))
        self._redraw()

    def on_resize(self) -> None:
        self._redraw()

    def _redraw(self) -> None:
        self._lines = draw(self._drawing, self.size.width, self.size.height, self._first)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        if y >= len(self._lines):
            return self.blank()
        return Strip([Segment(self._lines[y], self.paint("plot--line"))], self.area.width)
