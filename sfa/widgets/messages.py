"""What lists, board and timeline tell the screen they are on."""

from __future__ import annotations

from collections.abc import Sequence

from textual.message import Message
from textual.widget import Widget


class _FromWidget(Message):
    """A message about ``widget``; ``@on(Opened, "#people")`` selects by it."""

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.widget = widget

    @property
    def control(self) -> Widget:
        return self.widget


class Highlighted(_FromWidget, bubble=False):
    """The cursor is on another record; ``id`` is None when there is none.

    It goes straight to the screen: every key sends one, and a bubbling message costs a tenth of the key's time.
    """

    def __init__(self, widget: Widget, id: str | None) -> None:
        super().__init__(widget)
        self.id = id


class Opened(_FromWidget):
    """The user wants to see the record ``id``: Enter or double click."""

    def __init__(self, widget: Widget, id: str) -> None:
        super().__init__(widget)
        self.id = id


class Marked(_FromWidget):
    """``count`` records are marked now."""

    def __init__(self, widget: Widget, count: int) -> None:
        super().__init__(widget)
        self.count = count


class SortBy(_FromWidget):
    """The user clicked the title of ``column``."""

    def __init__(self, widget: Widget, column: str) -> None:
        super().__init__(widget)
        self.column = column


class MoveRequested(_FromWidget):
    """The user wants the cards ``card_ids`` in lane ``lane_id``; the board has not moved them."""

    def __init__(self, widget: Widget, card_ids: Sequence[str], lane_id: str) -> None:
        super().__init__(widget)
        self.card_ids = card_ids
        self.lane_id = lane_id
