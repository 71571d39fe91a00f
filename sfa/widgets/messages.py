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


class Rescheduled(_FromWidget):
    """The user wants the item ``id`` of a calendar to have another time; the calendar has not moved it.

    ``begin`` and ``end`` are seconds since 1970: for whole days (``all_day``) the midnights around them.
    """

    def __init__(self, widget: Widget, id: str, begin: int, end: int, all_day: bool) -> None:
        super().__init__(widget)
        self.id, self.begin, self.end, self.all_day = id, begin, end, all_day


class Wanted(_FromWidget):
    """The user wants something new at a time of a calendar, as ``Rescheduled`` tells it."""

    def __init__(self, widget: Widget, begin: int, end: int, all_day: bool) -> None:
        super().__init__(widget)
        self.begin, self.end, self.all_day = begin, end, all_day


class Turned(_FromWidget):
    """The user wants to see the days before (-1) or after (1) those of a calendar, or today (0).

    ``days`` is how many from the cursor on; 0 turns by what is in view.
    """

    def __init__(self, widget: Widget, step: int, days: int = 0) -> None:
        super().__init__(widget)
        self.step, self.days = step, days


class DayChosen(_FromWidget):
    """The user wants to see a day of a calendar by itself."""

    def __init__(self, widget: Widget, day: str) -> None:
        super().__init__(widget)
        self.day = day
