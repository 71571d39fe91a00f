"""The board on the screen: as many lanes side by side as there is room for, and a line that tells of the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.strip import Strip

from sfa.i18n import _
from sfa.widgets.cursor import CursorWidget
from sfa.widgets.lanes import Lanes
from sfa.widgets.laneview import LaneView, card_height
from sfa.widgets.statusline import StatusLine

LANE_WIDTH = 18
"""Cells that a lane needs."""
MOST_LANES = 12
"""Lanes side by side at most."""


class LaneFrame(CursorWidget):
    """Lays lanes out and finds them; what they show and what keys do is the board's."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"board--empty"}
    DEFAULT_CSS = """
    LaneFrame {
        height: 1fr;
        layout: horizontal;
        & > .board--empty { color: $text-muted; }
        & > StatusLine { dock: top; background: $surface; color: $text-muted; }
    }
    """

    def __init__(self, amount: Callable[[Any], str], empty: str, *, id: str | None, classes: str | None) -> None:
        super().__init__(id=id, classes=classes)
        self.empty = empty
        self.lanes = Lanes()
        self.hint = StatusLine()
        self.slots = [LaneView(slot, self.lanes, amount) for slot in range(MOST_LANES)]
        for slot in (self.hint, *self.slots):
            slot.display = False  # until there are lanes to lay out

    def compose(self) -> ComposeResult:
        yield self.hint
        yield from self.slots

    def render_line(self, y: int) -> Strip:
        """What is seen where there are no lanes."""
        return self.blank() if self.lanes.lanes else self.centred(self.empty, y, "board--empty")

    def fit(self) -> None:
        """Shows as many lanes as the width has room for."""
        width, height = self.size
        shown = min(len(self.lanes.lanes), max(width // LANE_WIDTH, 1), MOST_LANES)
        for number, slot in enumerate(self.slots):
            slot.display = number < shown
        self.hint.display = 0 < shown < len(self.lanes.lanes)
        height -= int(self.hint.display)
        self.lanes.resize(shown, (height - self.lanes.heading_lines - 1) // card_height(height))

    def tell_hint(self) -> None:
        visible = self.lanes.visible
        before, after = visible.start, len(self.lanes.lanes) - visible.stop
        more = _("{count} more")
        self.hint.update(
            "‹ " + more.format(count=before) if before else "", more.format(count=after) + " ›" if after else ""
        )

    def on_resize(self) -> None:
        self.fit()
        self.tell_hint()

    def in_slot(self, lane: int, act: Callable[[LaneView], object]) -> None:
        """Does something to what shows ``lane``, if it is in view."""
        if lane in self.lanes.visible:
            act(self.slots[lane - self.lanes.first])

    def repaint_card(self, lane: int, index: int) -> None:
        self.in_slot(lane, lambda slot: slot.repaint_card(index))

    def slot_at(self, event: events.MouseEvent) -> LaneView | None:
        return next(
            (slot for slot in self.slots if slot.display and slot.region.contains_point(event.screen_offset)), None
        )
