"""What happened, newest first: entries of any height, read page by page, of which those in view are drawn."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.strip import Strip

from sfa.actions import bindings
from sfa.i18n import _
from sfa.printable import clean
from sfa.widgets.cells import fit, wrap
from sfa.widgets.cursor import CursorWidget
from sfa.widgets.pages import Paged, Pages
from sfa.widgets.viewport import Viewport

MAX_BODY = 8
"""Lines of a body that are shown; Enter opens the entry for the others."""


class Entry(NamedTuple):
    """One thing that happened: ``head`` on its first line with ``meta`` (who, when) at the right, ``body`` below."""

    id: str
    head: str
    meta: str = ""
    body: str = ""


class _Nothing:
    """A timeline before its owner gave it a source."""

    count = 0

    def page(self, start: int, stop: int) -> list[Entry]:  # noqa: ARG002 - the protocol's names
        return []


class Timeline(CursorWidget):
    """Entries of a paged source. Posts Highlighted and Opened.

    Args:
        source: the entries, newest first.
        empty: what a timeline without entries says.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("timeline")]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "timeline--head",
        "timeline--meta",
        "timeline--body",
        "timeline--cursor",
        "timeline--empty",
    }
    DEFAULT_CSS = """
    Timeline {
        height: 1fr;
        & > .timeline--head { text-style: bold; }
        & > .timeline--meta { color: $text-muted; }
        & > .timeline--empty { color: $text-muted; }
        & > .timeline--cursor { background: $block-cursor-blurred-background; text-style: bold; }
        &:focus > .timeline--cursor {
            background: $block-cursor-background; color: $block-cursor-foreground; text-style: $block-cursor-text-style;
        }
    }
    """

    def __init__(
        self,
        source: Paged[Entry] | None = None,
        *,
        empty: str = "",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.empty = empty
        self._pages: Pages[Entry] = Pages(source or _Nothing())
        self._view = Viewport(self._pages.count)
        self._lines: list[tuple[int, int]] = []  # what each line of the widget shows: entry, line within it
        self._bodies: dict[int, list[str]] = {}  # the wrapped bodies of entries in view

    @property
    def view(self) -> Viewport:
        """The entries; ``body`` is the number of those in view, the last perhaps in part."""
        return self._view

    @property
    def cursor_id(self) -> str | None:
        entry = self._pages[self._view.cursor]
        return entry.id if entry else None

    def show(self, source: Paged[Entry], *, keep_cursor: bool = False) -> None:
        """Shows other entries instead, without a layout; from the newest on, unless the cursor is to stay."""
        self._pages = Pages(source)
        self._view.count = self._pages.count
        if keep_cursor:
            self._view.cursor = self._view.clamp(self._view.cursor)
        else:
            self._view.cursor = self._view.top = 0
        self._bodies.clear()
        self._scroll_to_cursor()
        self.refresh()
        self.tell_cursor()

    def move_to(self, index: int) -> None:
        view, old, top = self._view, self._view.cursor, self._view.top
        view.cursor = view.clamp(index)
        self._scroll_to_cursor()
        if view.top != top:
            self.refresh()
        elif view.cursor != old:
            self.repaint(y for y, (entry, line) in enumerate(self._lines) if entry in {old, view.cursor} and line == 0)
        self.tell_cursor()

    # Which line shows what

    def _body(self, index: int) -> list[str]:
        lines = self._bodies.get(index)
        if lines is None:
            entry = self._pages[index]
            lines = wrap(entry.body, self.size.width - 3) if entry and entry.body else []
            if len(lines) > MAX_BODY:
                more = _("… {count} more lines").format(count=len(lines) - MAX_BODY + 1)
                lines = [*lines[: MAX_BODY - 1], more]
            self._bodies[index] = lines
        return lines

    def _height(self, index: int) -> int:
        """Lines of an entry, with the empty one below it."""
        return len(self._body(index)) + 2

    def _scroll_to_cursor(self) -> None:
        """Brings the whole entry under the cursor into view, with the one above its head where that is the first."""
        view, height = self._view, self.size.height
        view.top = min(view.top, view.cursor)
        room, first = height - self._height(view.cursor) + 1, view.cursor
        while first > view.top and (room := room - self._height(first - 1)) >= 0:
            first -= 1
        view.top = first if first > view.top else view.top
        self._place()

    def _place(self) -> None:
        """Lays the entries out from the first in view on."""
        self._lines = []
        index = self._view.top
        while len(self._lines) < self.size.height and index < self._view.count:
            self._lines.extend((index, line) for line in range(self._height(index)))
            index += 1
        del self._lines[self.size.height :]
        self._view.body = max(1, index - self._view.top)
        self._bodies = {seen: body for seen, body in self._bodies.items() if self._view.top <= seen < index}

    # Drawing

    def render_line(self, y: int) -> Strip:
        if not self._view.count:
            return self.centred(self.empty, y, "timeline--empty")
        if y >= len(self._lines):
            return self.blank()
        index, line = self._lines[y]
        entry = self._pages[index]
        if entry is None:
            return self.blank()
        if line == 0:
            return Strip(self._draw_head(entry, index == self._view.cursor), self.area.width)
        body = self._body(index)
        text = body[line - 1] if line <= len(body) else ""
        return Strip([Segment(fit("   " + text, self.area.width), self.paint("timeline--body"))], self.area.width)

    def _draw_head(self, entry: Entry, cursor: bool) -> Iterable[Segment]:
        width = self.area.width
        meta = fit(entry.meta, min(cell_len(clean(entry.meta)), width // 2))
        head = ("▌ " if cursor else "  ") + fit(entry.head, width - 4 - cell_len(meta)) + " "
        if cursor:
            return [Segment(fit(head + meta, width), self.paint("timeline--cursor"))]
        return [
            Segment(head, self.paint("timeline--head")),
            Segment(fit(meta, width - cell_len(head)), self.paint("timeline--meta")),
        ]

    def on_resize(self) -> None:
        self._bodies.clear()
        self._scroll_to_cursor()
        self.refresh()

    # Mouse

    def on_click(self, event: events.Click) -> None:
        """An entry takes the cursor, and on the second click opens."""
        if event.y < len(self._lines):
            self.move_to(self._lines[event.y][0])
            if event.chain == 2:
                self.action_open()

    def wheel(self, event: events.MouseEvent, items: int) -> None:  # noqa: ARG002 - one list, wherever the pointer is
        view = self._view
        more = len(self._lines) >= self.size.height and view.top < view.count - 1
        if more if items > 0 else view.top:
            view.top += 1 if items > 0 else -1
            self._place()
            self.refresh()
