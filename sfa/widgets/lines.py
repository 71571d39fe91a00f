"""The base of every widget that draws itself: no children, no layout on a key, only changed lines repainted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from sfa.printable import clean
from sfa.widgets.cells import fit


class LineWidget(Widget):
    """A widget whose subclass gives ``render_line``; ``repaint`` names the lines that changed."""

    ALLOW_SELECT = False  # the mouse moves the cursor here; text is copied by key

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._paints: dict[str, Style] = {}
        self._painted: dict[int, Strip] = {}
        self.area = Size()
        """The size of what is being drawn; ``size`` asks the layout each time."""

    def paint(self, name: str = "") -> Style:
        """The style of a component class; that of the widget itself when no name is given."""
        style = self._paints.get(name)
        if style is None:
            style = self.get_component_rich_style(name) if name else self.rich_style
            self._paints[name] = style
        return style

    def notify_style_update(self) -> None:
        """Textual says that colours changed (theme, focus)."""
        self._paints.clear()
        self._painted.clear()
        super().notify_style_update()

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Textual's, which also forgets the lines drawn in ``regions``, or all without any."""
        if regions:
            for region in regions:
                for y in region.line_range:
                    self._painted.pop(y, None)
        else:
            self._painted.clear()
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Lines for the screen, kept until they change.

        Textual's own asks the styles for border, padding, tint and opacity of every line, which costs a list more than
        its text. A line widget that is given a border or padding takes that way.
        """
        if self.size != self.area:
            self.area = self.size
            self._painted.clear()
        if self.styles.gutter.totals != (0, 0):
            return super().render_lines(crop)
        painted = self._painted
        missing = [y for y in crop.line_range if y not in painted]
        if missing:
            filters, background = self.get_line_filters(), self.background_colors[1]
            for y in missing:
                strip = self.render_line(y)
                for line_filter in filters:  # NO_COLOR, palettes of terminals
                    strip = strip.apply_filter(line_filter, background)
                painted[y] = strip
        strips = [painted[y] for y in crop.line_range]
        left, right = crop.column_span
        return strips if (left, right) == (0, self.area.width) else [strip.crop(left, right) for strip in strips]

    def repaint(self, lines: Iterable[int]) -> None:
        """Has the given lines (0 is the widget's first), and nothing else, drawn again."""
        width, height = self.size
        if regions := [Region(0, y, width, 1) for y in lines if 0 <= y < height]:
            self.refresh(*regions)

    def blank(self) -> Strip:
        """An empty line."""
        return Strip.blank(self.area.width, self.paint())

    def centred(self, text: str, y: int, name: str = "") -> Strip:
        """Line ``y`` of the widget when it shows nothing but ``text`` in its middle."""
        width, height = self.area
        lines = text.splitlines()
        index = y - max(0, (height - len(lines)) // 2)
        if not 0 <= index < len(lines):
            return self.blank()
        left = max(0, (width - max(cell_len(clean(line)) for line in lines)) // 2)
        return Strip([Segment(fit(" " * left + lines[index], width), self.paint(name))], width)
