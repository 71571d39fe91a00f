"""The pipeline as a board: a lane per stage, side by side, each drawing the cards in view whatever number there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from textual import events
from textual.actions import SkipAction
from textual.binding import BindingType

from sfa.actions import bindings
from sfa.widgets.cards import Card
from sfa.widgets.laneframe import LaneFrame
from sfa.widgets.lanes import Lane, Lanes
from sfa.widgets.laneview import LaneView
from sfa.widgets.messages import Marked, MoveRequested
from sfa.widgets.viewport import Viewport


class Board(LaneFrame):
    """A lane per stage. Posts Highlighted, Opened, Marked and MoveRequested.

    Args:
        amount: makes text of a card's ``amount`` when the card comes into view.
        empty: what a board without lanes says.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("board")]

    def __init__(
        self,
        *,
        amount: Callable[[Any], str] = str,
        empty: str = "",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(amount, empty, id=id, classes=classes)
        self._dragged_from: int | None = None  # the lane of the card under the pressed mouse button

    # What the owner asks and says

    @property
    def view(self) -> Viewport:
        return self.lanes.view

    @property
    def cursor_id(self) -> str | None:
        card = self.lanes.card(self.lanes.lane, self.view.cursor)
        return card.id if card else None

    @property
    def lane_id(self) -> str | None:
        """The id of the lane with the cursor, None on a board without lanes."""
        return self.lanes.lanes[self.lanes.lane].id if self.lanes.lanes else None

    @property
    def marked(self) -> int:
        """How many cards are marked."""
        return len(self.lanes.marks)

    def targets(self) -> list[str]:
        """The ids to act on: those marked, or if none is the one under the cursor."""
        cursor = self.cursor_id
        return list(self.lanes.marks) or ([cursor] if cursor else [])

    def show(self, lanes: Sequence[Lane], cards: Mapping[str, Sequence[Card]], keep_id: str | None = None) -> None:
        """Shows other lanes and cards (by lane id) instead.

        Marks of cards that are gone are forgotten; the cursor goes to the card ``keep_id``, else it stays in its lane
        and position. Lays out anew only if other numbers of lanes fit.
        """
        old, new = self.lanes, Lanes(lanes, cards)
        positions = {lane.id: (view.cursor, view.top) for lane, view in zip(old.lanes, old.views, strict=True)}
        for lane, view in zip(new.lanes, new.views, strict=True):
            view.cursor, view.top = positions.get(lane.id, (0, 0))
        new.lane, new.first, new.marks, self.lanes = old.lane, old.first, old.marks, new
        if new.marks:
            there = {card.id for lane_cards in cards.values() for card in lane_cards}
            self._set_marks(id for id in new.marks if id in there)
        self.fit()
        if place := new.find(keep_id) if keep_id else None:
            new.reveal(place[0])
            new.view.move(place[1])
        for slot in self.slots:
            slot.show(new)
        self.tell_hint()
        self.refresh()
        self.tell_cursor()

    def update_lane(self, lane: Lane) -> None:
        """Another title, count or sum for a lane."""
        number = self.lanes.number(lane.id)
        self.lanes.lanes[number] = lane
        self.in_slot(number, LaneView.repaint_headings)

    def update_card(self, card: Card) -> None:
        """Another face for a card, if it is there."""
        if place := self.lanes.find(card.id):
            lane, index = place
            self.lanes.cards[lane][index] = card
            self.in_slot(lane, LaneView.forget_card)
            self.repaint_card(lane, index)

    def remove_card(self, card_id: str) -> None:
        """Takes a card off the board, if it is there."""
        if place := self.lanes.find(card_id):
            lane, index = place
            del self.lanes.cards[lane][index]
            self._set_marks(id for id in self.lanes.marks if id != card_id)
            self.lanes.recount(lane)
            self.in_slot(lane, LaneView.refresh)
            self.tell_cursor()

    def move_card(self, card_id: str, lane_id: str, index: int = 0) -> None:
        """Puts a card into another lane at position ``index``; the cursor follows if it was on it."""
        place = self.lanes.find(card_id)
        if place is None:
            return
        lanes, (source, position), target = self.lanes, place, self.lanes.number(lane_id)
        followed = source == lanes.lane and position == lanes.view.cursor
        lanes.cards[target].insert(index, lanes.cards[source].pop(position))
        lanes.recount(source)
        lanes.recount(target)
        if followed:
            lanes.views[target].move(index)
            self._enter_lane(target)
        self.in_slot(source, LaneView.refresh)
        self.in_slot(target, LaneView.refresh)
        self.tell_cursor()

    def clear_marks(self) -> None:
        """Forgets all marks."""
        self._set_marks(())
        for slot in self.slots:
            slot.refresh()

    # Moving the cursor

    def move_to(self, index: int) -> None:
        lane, old = self.lanes.lane, self.view.cursor
        seen = self.view.in_view(old)
        if self.view.move(index) or not seen:
            self.in_slot(lane, LaneView.refresh)
        elif self.view.cursor != old:
            self.repaint_card(lane, old)
            self.repaint_card(lane, self.view.cursor)
        self.tell_cursor()

    def _enter_lane(self, lane: int) -> None:
        """Moves the cursor to another lane, where it was there last."""
        old = self.lanes.lane
        if self.lanes.reveal(lane):
            for slot in self.slots:
                slot.refresh()
            self.tell_hint()
        elif self.lanes.lane != old:
            for number in (old, self.lanes.lane):
                self.in_slot(number, LaneView.repaint_headings)
                self.repaint_card(number, self.lanes.views[number].cursor)
        self.tell_cursor()

    def _step_lane(self, step: int) -> None:
        """Moves the cursor to the next lane, at the same height."""
        target = self.lanes.lane + step
        if 0 <= target < len(self.lanes.lanes):
            view = self.lanes.views[target]
            view.cursor = view.clamp(view.top + max(0, min(self.view.cursor - self.view.top, view.body - 1)))
            self._enter_lane(target)

    # Actions

    def action_lane_left(self) -> None:
        self._step_lane(-1)

    def action_lane_right(self) -> None:
        self._step_lane(1)

    def action_move_left(self) -> None:
        self._request_move(self.lanes.lane - 1)

    def action_move_right(self) -> None:
        self._request_move(self.lanes.lane + 1)

    def action_to_stage(self, number: int) -> None:
        self._request_move(number - 1)

    def _request_move(self, lane: int) -> None:
        ids = self.targets()
        if ids and 0 <= lane < len(self.lanes.lanes):
            self.post_message(MoveRequested(self, ids, self.lanes.lanes[lane].id))

    def action_mark(self) -> None:
        if id := self.cursor_id:
            others = [other for other in self.lanes.marks if other != id]
            self._set_marks(others if id in self.lanes.marks else [*others, id])
            self.repaint_card(self.lanes.lane, self.view.cursor)
            self.action_cursor_down()

    def action_unmark(self) -> None:
        if not self.marked:
            raise SkipAction  # Escape then means what it means to the screen
        self.clear_marks()

    def _set_marks(self, ids: Iterable[str]) -> None:
        marks = dict.fromkeys(ids)
        if marks != self.lanes.marks:
            self.lanes.marks = marks
            self.post_message(Marked(self, len(marks)))

    # Mouse

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Takes the card under the pointer."""
        slot = self.slot_at(event)
        if slot is None:
            return
        index = slot.index_at(event.screen_y - slot.region.y)
        if self.lanes.card(slot.lane, index):
            self._enter_lane(slot.lane)
            self.move_to(index)
            self._dragged_from = slot.lane
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Shows the lane that the dragged card would fall into."""
        if self._dragged_from is not None:
            slot = self.slot_at(event)
            self._set_drop(slot.lane if slot and slot.lane != self._dragged_from else None)

    def on_mouse_up(self) -> None:
        if self._dragged_from is not None:
            self.release_mouse()
            self._dragged_from = None
            if self.lanes.drop is not None:
                self._request_move(self.lanes.drop)
            self._set_drop(None)

    def _set_drop(self, lane: int | None) -> None:
        for changed in {self.lanes.drop, lane} if lane != self.lanes.drop else ():
            self.lanes.drop = lane
            if changed is not None:
                self.in_slot(changed, LaneView.repaint_headings)

    def on_click(self, event: events.Click) -> None:
        """The second click on a card opens it; a click on the line of lanes out of view scrolls there."""
        slot = self.slot_at(event)
        if slot is None and self.hint.display:
            visible = self.lanes.visible
            left = event.screen_x - self.region.x < self.size.width // 2
            self._enter_lane(max(visible.start - 1, 0) if left else visible.stop)
        elif slot and event.chain == 2 and slot.index_at(event.screen_y - slot.region.y) == self.view.cursor:
            self.action_open()

    def wheel(self, event: events.MouseEvent, items: int) -> None:
        slot = self.slot_at(event)
        if slot and slot.lane < len(self.lanes.views):
            view = self.lanes.views[slot.lane]
            if view.scroll(view.top + items // 3):
                slot.refresh()
