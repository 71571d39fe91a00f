"""What the grids of a calendar have in common: what they show, the moves of an item, turning to other days."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual import events
from textual.binding import BindingType

from sfa.actions import bindings
from sfa.widgets.blocks import Item
from sfa.widgets.cursor import CursorWidget
from sfa.widgets.messages import DayChosen, Highlighted, Rescheduled, Turned
from sfa.widgets.timeaxis import Axis


class Contents(NamedTuple):
    """What a grid shows: its days, what lies on them, and when there is free time.

    ``heads`` and ``sums`` say what each day is called and how much of it is free. ``free`` (with its length in words)
    and ``working`` are spans in seconds since 1970, ``now`` is a moment, ``corner`` and ``weeks`` are beside the days.
    """

    days: Sequence[str]
    zone: str
    items: Sequence[Item] = ()
    heads: Sequence[str] = ()
    sums: Sequence[str] = ()
    free: Sequence[tuple[int, int, str]] = ()
    working: Sequence[tuple[int, int]] = ()
    now: int = 0
    today: str = ""
    corner: str = ""
    weeks: Sequence[str] = ()


class CalendarGrid(CursorWidget):
    """Days with items. Posts Highlighted, Opened, Rescheduled, Wanted, Turned and DayChosen."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("grid")]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "grid--head", "grid--today", "grid--sum", "grid--rule", "grid--hour", "grid--dim", "grid--now", "grid--off",
        "grid--free", "grid--cursor", "grid--drop", "grid--more", "grid--call", "grid--meeting", "grid--visit",
        "grid--email", "grid--task", "grid--done",
    }  # fmt: skip
    DEFAULT_CSS = """
    CalendarGrid {
        height: 1fr;
        & > .grid--head { text-style: bold; }
        & > .grid--today { text-style: bold reverse; }
        & > .grid--sum { color: $text-success; }
        & > .grid--rule { color: $foreground 25%; }
        & > .grid--hour { color: $text-muted; }
        & > .grid--dim { color: $text-disabled; }
        & > .grid--now { color: $text-error; text-style: bold; }
        & > .grid--off { background: $panel 60%; color: $text-muted; }
        & > .grid--free { color: $text-success; }
        & > .grid--drop { background: $accent; color: $background; text-style: bold; }
        & > .grid--more { color: $text-accent; text-style: bold; }
        & > .grid--call { background: $primary-muted; color: $foreground; }
        & > .grid--meeting { background: $secondary 50%; color: $foreground; }
        & > .grid--visit { background: $accent-muted; color: $foreground; }
        & > .grid--email { background: $surface-lighten-1; color: $foreground; }
        & > .grid--task { background: $surface-lighten-1; color: $foreground; }
        & > .grid--done { background: $surface; color: $text-muted; }
        & > .grid--cursor { background: $block-cursor-blurred-background; text-style: bold; }
        &:focus > .grid--cursor {
            background: $block-cursor-background; color: $block-cursor-foreground; text-style: $block-cursor-text-style;
        }
    }
    """

    contents: Contents
    _place: tuple[str | None, tuple[int, int, bool]] | None = None  # what Highlighted told last

    @property
    def axis(self) -> Axis:
        """The days and their hours."""
        raise NotImplementedError

    @property
    def item(self) -> Item | None:
        """What is under the cursor."""
        raise NotImplementedError

    @property
    def cursor_id(self) -> str | None:
        return self.item.id if self.item else None

    @property
    def day(self) -> str:
        """The day with the cursor."""
        raise NotImplementedError

    @property
    def slot(self) -> tuple[int, int, bool]:
        """The time under the cursor: begin, end, and whether it is for the whole day."""
        raise NotImplementedError

    def go_to(self, moment: int) -> None:
        """Puts the cursor on a moment of the days shown."""
        raise NotImplementedError

    def tell_cursor(self) -> None:
        """Posts Highlighted if the cursor has come to another item or time."""
        place = (self.cursor_id, self.slot)
        if place != self._place and self.is_mounted:
            self._place = place
            self.screen.post_message(Highlighted(self, self.cursor_id))

    # Moving what is under the cursor

    def reschedule(self, item: Item, begin: int, end: int, *, all_day: bool) -> None:
        """Asks for another time for an item."""
        if (begin, end, all_day) != (item.begin, item.end, item.all_day):
            self.post_message(Rescheduled(self, item.id, begin, end, all_day))

    def shift_days(self, days: int) -> None:
        """Asks for the same time of day on another day."""
        if item := self.item:
            begin = self.axis.shifted(item.begin, days)
            end = self.axis.shifted(item.end, days) if item.all_day else begin + item.end - item.begin
            self.reschedule(item, begin, end, all_day=item.all_day)

    def action_move_left(self) -> None:
        self.shift_days(-1)

    def action_move_right(self) -> None:
        self.shift_days(1)

    def _stretch(self, seconds: int) -> None:
        """Asks for another end, a day or a row away."""
        if item := self.item:
            days = 1 if seconds > 0 else -1
            end = self.axis.shifted(item.end, days) if item.all_day else item.end + seconds
            if end > item.begin:
                self.reschedule(item, item.begin, end, all_day=item.all_day)

    def action_longer(self) -> None:
        self._stretch(self.axis.step * 60)

    def action_shorter(self) -> None:
        self._stretch(-self.axis.step * 60)

    @property
    def dragging(self) -> bool:
        """Whether the mouse has taken something."""
        raise NotImplementedError

    def let_go(self) -> None:
        """Leaves what the mouse has taken where it was."""
        raise NotImplementedError

    async def on_key(self, event: events.Key) -> None:
        """Escape leaves what is dragged where it was."""
        if event.key == "escape" and self.dragging:
            self.let_go()
            event.stop().prevent_default()

    # Other days

    def action_page_up(self) -> None:
        self.post_message(Turned(self, -1))

    def action_page_down(self) -> None:
        self.post_message(Turned(self, 1))

    def choose_day(self) -> None:
        """Asks for the day under the cursor by itself."""
        self.post_message(DayChosen(self, self.day))


def tone(item: Item) -> str:
    """The style of an item."""
    return "grid--done" if item.done else f"grid--{item.tone}"
