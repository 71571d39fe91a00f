"""One lane of the board on the screen: headings and the cards in view.

A board has as many of these as fit side by side, never one per card. They are widgets so that a change in one lane
sends that part of the screen's lines to the terminal, not the lines of all lanes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from rich.segment import Segment
from textual.strip import Strip

from sfa.widgets.cards import CardFace
from sfa.widgets.cells import fit
from sfa.widgets.lanes import Lanes
from sfa.widgets.lines import LineWidget

THREE_LINES = 16
"""Height from which a card has three lines, not two."""
ROOMY = 30
"""Height from which there is a line between cards."""


def card_height(height: int) -> int:
    """Lines from one card to the next in a lane of ``height`` lines."""
    return 2 if height < THREE_LINES else 3 if height < ROOMY else 4


class LaneView(LineWidget):
    """Draws the lane that is ``slot`` places right of the first in view."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "lane--title",
        "lane--current",
        "lane--drop",
        "lane--subtitle",
        "lane--rule",
        "lane--card",
        "lane--detail",
        "lane--urgent",
        "lane--cursor",
    }
    DEFAULT_CSS = """
    LaneView {
        width: 1fr;
        max-width: 60;
        & > .lane--title { text-style: bold; }
        & > .lane--current { text-style: bold underline; color: $text-accent; }
        & > .lane--drop { text-style: bold reverse; }
        & > .lane--subtitle { color: $text-muted; }
        & > .lane--rule { color: $text-muted; }
        & > .lane--card { text-style: bold; }
        & > .lane--detail { color: $text-muted; }
        & > .lane--urgent { color: $text-warning; }
        & > .lane--cursor { background: $block-cursor-blurred-background; text-style: bold; }
    }
    Board:focus > LaneView > .lane--cursor {
        background: $block-cursor-background; color: $block-cursor-foreground; text-style: $block-cursor-text-style;
    }
    """

    def __init__(self, slot: int, lanes: Lanes, amount: Callable[[Any], str]) -> None:
        super().__init__()
        self._slot = slot
        self._lanes = lanes
        self._face = CardFace(self._line, amount)

    @property
    def lane(self) -> int:
        """The index of the lane drawn."""
        return self._lanes.first + self._slot

    @property
    def top(self) -> int:
        """The line of the first card."""
        return self._lanes.heading_lines + 1

    def show(self, lanes: Lanes) -> None:
        """Other lanes or cards."""
        self._lanes = lanes
        self._face.forget()
        self.refresh()

    def forget_card(self) -> None:
        """A card has another face."""
        self._face.forget()

    def notify_style_update(self) -> None:
        self._face.forget()
        super().notify_style_update()

    def index_at(self, y: int) -> int:
        """The position of the card at a line, -1 on the headings."""
        if y < self.top:
            return -1
        return self._lanes.views[self.lane].top + (y - self.top) // card_height(self.size.height)

    def repaint_card(self, index: int) -> None:
        height = card_height(self.size.height)
        y = self.top + (index - self._lanes.views[self.lane].top) * height
        self.repaint(range(max(y, self.top), y + height))

    def repaint_headings(self) -> None:
        self.repaint(range(self.top))

    # Drawing

    def render_line(self, y: int) -> Strip:
        """From the top: title, subtitles, a rule, cards."""
        lane = self.lane
        if lane >= len(self._lanes.lanes):
            return self.blank()
        if y == 0:
            return self._draw_title(lane)
        if y < self._lanes.heading_lines:
            subtitles = self._lanes.lanes[lane].subtitle_lines
            return self._line(f"  {subtitles[y - 1]}" if y <= len(subtitles) else "", "lane--subtitle")
        if y < self.top:
            return self._draw_rule(lane)
        view, height = self._lanes.views[lane], card_height(self.area.height)
        place, row = divmod(y - self.top, height)
        card = self._lanes.card(lane, view.top + place)
        if card is None:
            return self.blank()
        cursor = lane == self._lanes.lane and view.top + place == view.cursor
        lines = self._face.draw(card, self.area.width, min(height, 3), cursor, card.id in self._lanes.marks)
        return lines[row] if row < len(lines) else self.blank()

    def _line(self, text: str, name: str) -> Strip:
        """A line of text, and the gap to the next lane."""
        width = self.area.width
        return Strip([Segment(fit(text, width - 1), self.paint(name)), Segment(" ", self.paint())], width)

    def _draw_title(self, lane: int) -> Strip:
        """The title after the number of the key that moves a card here."""
        current, drop = lane == self._lanes.lane, lane == self._lanes.drop
        sign = "⇒" if drop else "›" if current else " "
        name = "lane--drop" if drop else "lane--current" if current else "lane--title"
        return self._line(f"{sign} {lane + 1} {self._lanes.lanes[lane].title}", name)

    def _draw_rule(self, lane: int) -> Strip:
        """A line under the headings; it tells the cards in view where not all are."""
        view = self._lanes.views[lane]
        shown = (
            f" {view.top + 1}–{min(view.top + view.body, view.count)}/{view.count}" if view.count > view.body else ""
        )
        rule = "─" * max(self.area.width - 3 - len(shown), 0)
        return self._line("  " + rule + shown, "lane--rule")
