"""What a board shows: lanes with their cards and positions, and which of them are in view."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sfa.widgets.cards import Card
from sfa.widgets.viewport import Viewport


class Lane(NamedTuple):
    """A stage of the pipeline; count and sums come as text."""

    id: str
    title: str
    subtitle_lines: tuple[str, ...] = ()


class Lanes:
    """Lanes with their cards; ``lane`` is the index of the one with the cursor, ``first`` of the leftmost in view."""

    def __init__(self, lanes: Sequence[Lane] = (), cards: Mapping[str, Sequence[Card]] | None = None) -> None:
        self.lanes = list(lanes)
        self.cards = [list((cards or {}).get(lane.id, ())) for lane in lanes]
        self.views = [Viewport(len(cards)) for cards in self.cards]
        self.lane = 0
        self.first = 0
        self.shown = 1
        self.heading_lines = 1 + max((len(lane.subtitle_lines) for lane in lanes), default=0)
        self.marks: dict[str, None] = {}
        self.drop: int | None = None
        """The lane that a dragged card would fall into."""

    @property
    def view(self) -> Viewport:
        """The cards of the lane with the cursor."""
        return self.views[self.lane] if self.views else Viewport()

    @property
    def visible(self) -> range:
        """The lanes in view."""
        return range(self.first, min(self.first + self.shown, len(self.lanes)))

    def card(self, lane: int, index: int) -> Card | None:
        """The card at a position, None where there is none."""
        cards = self.cards[lane] if lane < len(self.cards) else []
        return cards[index] if 0 <= index < len(cards) else None

    def resize(self, shown: int, body: int) -> None:
        """``shown`` lanes are in view, with ``body`` cards each."""
        self.shown = max(shown, 1)
        self.reveal(self.lane)
        for view, cards in zip(self.views, self.cards, strict=True):
            view.resize(len(cards), body)

    def reveal(self, lane: int) -> bool:
        """Puts the cursor into ``lane`` and brings that into view; whether other lanes are in view now."""
        self.lane = max(0, min(lane, len(self.lanes) - 1))
        first = max(self.lane - self.shown + 1, min(self.first, self.lane))
        first = max(0, min(first, len(self.lanes) - self.shown))
        changed, self.first = first != self.first, first
        return changed

    def number(self, lane_id: str) -> int:
        """The index of a lane."""
        return next(index for index, lane in enumerate(self.lanes) if lane.id == lane_id)

    def find(self, card_id: str) -> tuple[int, int] | None:
        """Lane and position of a card."""
        return next(((lane, index) for lane, index, card in self._all() if card.id == card_id), None)

    def _all(self) -> Iterator[tuple[int, int, Card]]:
        """Every card, those of the lane with the cursor first: that is where a card is mostly looked for."""
        for lane in sorted(range(len(self.lanes)), key=lambda lane: lane != self.lane):
            for index, card in enumerate(self.cards[lane]):
                yield lane, index, card

    def recount(self, lane: int) -> None:
        """The number of cards of a lane has changed."""
        view = self.views[lane]
        view.resize(len(self.cards[lane]), view.body)
