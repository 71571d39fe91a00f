"""A deal as a card of a few lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from rich.cells import cell_len
from textual.strip import Strip

from sfa.i18n import N_, _
from sfa.widgets.cells import fit

KEPT = 2000
"""Drawn cards kept in memory."""

NEXT_STEPS = {
    "planned": ("●", N_("planned")),
    "today": ("◐", N_("today")),
    "overdue": ("!", N_("overdue")),
    "none": ("○", N_("no step")),
}
"""The states of a deal's next step, with their glyph and word."""

ROTTEN = "▲"
"""The glyph of a deal that has stayed in its stage for too long."""


class Card(NamedTuple):
    """One deal on the board."""

    id: str
    title: str
    amount: Any
    """Whatever the board's ``amount`` function makes text of, when the card comes into view."""
    account: str = ""
    days: int | None = None
    """Days in the stage."""
    mark: str = "none"
    """State of the next step, a key of ``NEXT_STEPS``."""
    rotten: bool = False
    closed: str = ""
    """How and when the deal was closed; it needs no next step then."""


class CardFace:
    """Draws cards of some width: ``line`` makes the strip of a text in the style of a component class."""

    def __init__(self, line: Callable[[str, str], Strip], amount: Callable[[Any], str]) -> None:
        self._line = line
        self._amount = amount
        self._drawn: dict[tuple[str, int, int, bool, bool], list[Strip]] = {}

    def forget(self) -> None:
        """Cards or colours have changed."""
        self._drawn.clear()

    def draw(self, card: Card, width: int, height: int, cursor: bool, marked: bool) -> list[Strip]:
        """The lines of a card; ``cursor`` and ``marked`` say whether it is under the cursor and marked."""
        key = (card.id, width, height, cursor, marked)
        lines = self._drawn.get(key)
        if lines is None:
            if len(self._drawn) >= KEPT:
                self._drawn.clear()
            lines = self._drawn[key] = self._draw(card, width, height, cursor, marked)
        return lines

    def _draw(self, card: Card, width: int, height: int, cursor: bool, marked: bool) -> list[Strip]:
        text = width - 3  # edge, mark, and the gap to the next lane
        amount = self._amount(card.amount)
        money = f"{amount} · {card.account}" if amount and card.account else amount or card.account
        state = next_step(card, text)
        lines = [card.title, money, state]
        if height < 3:
            state = next_step(card, text - cell_len(amount) - 1)
            lines[1:] = [fit(amount or card.account, text - cell_len(state) - 1) + " " + state]
        urgent = card.mark == "overdue" or card.rotten
        names = ["lane--card", "lane--detail", "lane--urgent" if urgent else "lane--detail"]
        if height < 3:
            del names[1]
        if cursor:
            names = ["lane--cursor"] * len(lines)
        edge = "▌" if cursor else " "
        signs = ["✓" if marked else " ", " ", " "]
        return [
            self._line(edge + sign + fit(line, text), name)
            for line, sign, name in zip(lines, signs, names, strict=False)
        ]


def next_step(card: Card, width: int) -> str:
    """Days in the stage, the rotten mark and the next step, in words where ``width`` cells allow."""
    if card.closed:
        return card.closed
    days = "" if card.days is None else _("{days} d").format(days=card.days)
    glyph, word = NEXT_STEPS[card.mark]
    rotten = f"{ROTTEN} {_('rotten')}" if card.rotten else ""
    for sign in (rotten, ROTTEN if rotten else ""):
        text = " ".join(filter(None, (days, sign, f"{glyph} {_(word)}")))
        if cell_len(text) <= width:
            return text
    return f"{days.replace(' ', '')}{ROTTEN if rotten else ''} {glyph}{_(word)[0]}"
