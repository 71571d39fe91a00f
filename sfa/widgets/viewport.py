"""Which part of a long list is in view, and where its cursor is; shared by tables and the lanes of a board."""

from __future__ import annotations


class Viewport:
    """``count`` items, of which ``body`` fit into view starting with ``top``; one is under the ``cursor``."""

    def __init__(self, count: int = 0, body: int = 1) -> None:
        self.count = count
        self.body = body
        self.cursor = 0
        self.top = 0

    def clamp(self, index: int) -> int:
        """The item nearest to ``index``; 0 when there is none."""
        return max(0, min(index, self.count - 1))

    def in_view(self, index: int) -> bool:
        return self.top <= index < self.top + self.body

    def move(self, index: int) -> bool:
        """Puts the cursor on ``index`` and brings it into view; whether anything scrolled."""
        self.cursor = self.clamp(index)
        return self.scroll(max(self.cursor - self.body + 1, min(self.top, self.cursor)))

    def scroll(self, top: int) -> bool:
        """Makes ``top`` the first item in view, as far as there are items to fill it; whether anything scrolled."""
        top = max(0, min(top, self.count - self.body))
        scrolled, self.top = top != self.top, top
        return scrolled

    def resize(self, count: int, body: int) -> None:
        """Other numbers of items or lines; the cursor stays in view."""
        self.count, self.body = count, max(body, 1)
        self.scroll(self.top)
        self.move(self.cursor)

    def in_thumb(self, line: int) -> bool:
        """Whether the mark that shows how far the list is scrolled covers ``line`` of the view."""
        if self.count <= self.body:
            return False
        size = max(1, self.body * self.body // self.count)
        start = self.top * (self.body - size) // (self.count - self.body)
        return start <= line < start + size
