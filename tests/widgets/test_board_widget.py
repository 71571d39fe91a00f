"""The board: what keys and the mouse ask for, what it shows, and that only changed lines are drawn again."""

from __future__ import annotations

from typing import Any

import pytest
from textual.events import MouseDown, MouseMove, MouseScrollDown, MouseUp
from textual.pilot import Pilot

from sfa.widgets.board import Board
from sfa.widgets.cards import Card
from sfa.widgets.lanes import Lane
from sfa.widgets.laneview import LaneView
from sfa.widgets.messages import Highlighted, Marked, MoveRequested, Opened
from tests.widgets.hosts import assert_escape_clears_marks_first, drawing, hosted, layouts, lines, told


def lanes(count: int) -> list[Lane]:
    return [Lane(f"s{n}", f"Stage {n}", (f"{n} deals", "1,000 €")) for n in range(count)]


def deals(lane: int, count: int) -> list[Card]:
    return [Card(f"{lane}-{n}", f"Deal {lane}-{n}", n * 1000, "Acme", n, "planned") for n in range(count)]


def board_of(stages: int, cards: int) -> Board:
    board = Board(amount="{:,} €".format)
    board.show(lanes(stages), {f"s{n}": deals(n, cards) for n in range(stages)})
    return board


def shown(board: Board) -> list[LaneView]:
    return [slot for slot in board.query(LaneView) if slot.display]


def titles(board: Board) -> list[str]:
    return [lines(slot)[0].strip() for slot in shown(board)]


async def test_ten_thousand_cards_format_only_what_is_seen() -> None:
    formatted: list[int] = []

    def amount(value: int) -> str:
        formatted.append(value)
        return str(value)

    board = Board(amount=amount)
    board.show(lanes(5), {f"s{n}": deals(n, 2000) for n in range(5)})
    async with hosted(board, size=(120, 40)):
        assert 0 < len(formatted) < 100


async def test_next_card_draws_the_lines_of_two_cards_in_one_lane() -> None:
    board = board_of(4, 100)
    async with hosted(board, size=(120, 40)) as pilot:
        slots = shown(board)
        with drawing(slots[0]) as drawn, drawing(slots[1]) as other, layouts(board) as done:
            await pilot.press("down")
        assert sorted(drawn) == list(range(4, 12))
        assert other == []
        assert not done
        assert [message.id for message in told(pilot, Highlighted)] == ["0-1"]


async def test_next_lane_keeps_the_height_and_draws_headings_and_cards_of_both() -> None:
    board = board_of(4, 100)
    async with hosted(board, size=(120, 40)) as pilot:
        await pilot.press("down", "down")
        slots = shown(board)
        with drawing(slots[0]) as left, drawing(slots[1]) as right, drawing(slots[2]) as other:
            await pilot.press("right")
        assert board.cursor_id == "1-2"
        assert set(left) == set(right) == {*range(4), *range(12, 16)}
        assert other == []
        await pilot.press("h")
        assert board.cursor_id == "0-2"


async def test_lanes_that_do_not_fit_are_counted_and_reached() -> None:
    board = board_of(7, 3)
    async with hosted(board, size=(80, 24)) as pilot:
        assert titles(board) == ["› 1 Stage 0", "2 Stage 1", "3 Stage 2", "4 Stage 3"]
        assert lines(board.hint)[0].strip() == "3 more ›"
        await pilot.press(*["right"] * 5)
        await pilot.pause()
        assert titles(board)[-1] == "› 6 Stage 5"
        assert lines(board.hint)[0].split() == ["‹", "2", "more", "1", "more", "›"]
        await pilot.click(Board, offset=(2, 0))
        assert board.lane_id == "s1"


async def test_all_lanes_fit_at_140_and_one_at_18() -> None:
    board = board_of(7, 3)
    async with hosted(board, size=(140, 40)) as pilot:
        assert len(shown(board)) == 7
        assert not board.hint.display
        await pilot.resize_terminal(18, 12)
        await pilot.pause()
        assert len(shown(board)) == 1


@pytest.mark.parametrize(
    ("keys", "lane"), [("L", "s1"), ("shift+right", "s1"), ("3", "s2"), ("H", None), ("9", None), ("shift+left", None)]
)
async def test_keys_ask_the_owner_to_move(keys: str, lane: str | None) -> None:
    board = board_of(4, 3)
    async with hosted(board, size=(120, 40)) as pilot:
        await pilot.press(keys)
        asked = [(message.card_ids, message.lane_id) for message in told(pilot, MoveRequested)]
        assert asked == ([] if lane is None else [(["0-0"], lane)])
        assert board.cursor_id == "0-0"


async def test_marked_cards_are_moved_together() -> None:
    board = board_of(4, 3)
    async with hosted(board, size=(120, 40)) as pilot:
        await pilot.press("space", "space", "right", "L")
        assert [message.card_ids for message in told(pilot, MoveRequested)] == [["0-0", "0-1"]]
        assert [message.count for message in told(pilot, Marked)] == [1, 2]
        await pilot.press("escape")
        assert board.targets() == ["1-2"]


async def test_escape_without_marks_is_left_to_the_screen() -> None:
    async with hosted(board_of(3, 3)) as pilot:
        await assert_escape_clears_marks_first(pilot)


async def test_moved_card_takes_the_cursor_along_and_draws_two_lanes() -> None:
    board = board_of(4, 30)
    async with hosted(board, size=(120, 40)) as pilot:
        slots = shown(board)
        with drawing(slots[0]) as left, drawing(slots[1]) as right, drawing(slots[2]) as other, layouts(board) as done:
            board.move_card("0-0", "s1")
            await pilot.pause()
        assert left
        assert right
        assert other == []
        assert not done
        assert (board.lane_id, board.cursor_id) == ("s1", "0-0")
        assert "Deal 0-0" in lines(slots[1])[4]
        assert "Deal 0-1" in lines(slots[0])[4]


async def test_cards_and_lanes_change_in_place() -> None:
    board = board_of(3, 3)
    async with hosted(board, size=(120, 40)) as pilot:
        board.update_card(Card("0-0", "Renamed", 5, "Acme", 1, "overdue", rotten=True))
        board.update_lane(Lane("s0", "Stage 0", ("99 deals", "7 €")))
        board.remove_card("0-1")
        board.update_card(Card("gone", "Gone", 1))
        await pilot.pause()
        text = "\n".join(lines(shown(board)[0]))
        assert "Renamed" in text
        assert "1 d ▲ rotten ! overdue" in text
        assert "99 deals" in text
        assert "Deal 0-1" not in text


async def test_show_keeps_place_marks_and_cursor() -> None:
    board = board_of(3, 50)
    async with hosted(board, size=(120, 40)) as pilot:
        await pilot.press("right", "space", *["down"] * 20)
        board.show(lanes(3), {"s1": deals(1, 50)}, keep_id="1-30")
        await pilot.pause()
        assert (board.cursor_id, board.targets()) == ("1-30", ["1-0"])
        board.show(lanes(3), {"s1": deals(1, 50)[1:3]})
        await pilot.pause()
        assert (board.cursor_id, board.marked) == ("1-2", 0)


async def test_states_have_glyph_and_word_wide_and_glyph_and_letter_narrow() -> None:
    marks = ["planned", "today", "overdue", "none"]
    cards = [Card(f"{n}", f"Deal {n}", 1_000_000, "Acme", 12, mark, n == 2) for n, mark in enumerate(marks)]
    board = Board(amount="{:,} €".format)
    board.show(lanes(1), {"s0": cards})
    async with hosted(board, size=(60, 24)) as pilot:
        text = "\n".join(lines(shown(board)[0]))
        for sign in ("● planned", "◐ today", "▲ rotten ! overdue", "○ no step"):
            assert sign in text
        await pilot.resize_terminal(18, 12)
        await pilot.pause()
        text = "\n".join(lines(shown(board)[0]))
        assert "◐t" in text
        assert "▲ !o" in text


async def test_text_is_literal_and_lanes_keep_their_width() -> None:
    board = Board()
    board.show(lanes(2), {"s0": [Card("1", "[b]日本語株式会社日本語株式会社日本語", 1, "a\x1b[31m\n")]})
    async with hosted(board, size=(60, 20)):
        slot = shown(board)[0]
        assert "[b]日本語" in "\n".join(lines(slot))
        for strip in slot.render_lines(slot.size.region):
            assert sum(segment.cell_length for segment in strip) == slot.size.width
            assert "\x1b" not in strip.text


async def test_lane_tells_which_cards_are_in_view_and_scrolls_under_the_wheel() -> None:
    board = board_of(2, 50)
    async with hosted(board, size=(60, 24)) as pilot:
        slot = shown(board)[1]
        assert lines(slot)[3].rstrip().endswith(" 1–6/50")
        await pilot._post_mouse_events([MouseScrollDown], slot, offset=(3, 8), button=0)
        await pilot.pause()
        assert lines(slot)[3].rstrip().endswith(" 2–7/50")
        assert board.cursor_id == "0-0"


async def test_click_selects_and_double_click_opens() -> None:
    board = board_of(3, 10)
    async with hosted(board, size=(120, 40)) as pilot:
        await pilot.click(Board, offset=(45, 9))
        assert board.cursor_id == "1-1"
        await pilot.click(Board, offset=(45, 9), times=2)
        await pilot.press("enter")
        assert [message.id for message in told(pilot, Opened)] == ["1-1", "1-1"]


async def _drag(pilot: Pilot[Any], start: tuple[int, int], end: tuple[int, int]) -> None:
    await pilot._post_mouse_events([MouseDown], Board, offset=start, button=1)
    await pilot._post_mouse_events([MouseMove], Board, offset=end, button=1)


async def test_drag_shows_the_lane_and_drop_asks_to_move() -> None:
    board = board_of(3, 10)
    async with hosted(board, size=(120, 40)) as pilot:
        await _drag(pilot, (5, 9), (100, 20))
        await pilot.pause()
        assert titles(board)[2].startswith("⇒")
        await pilot._post_mouse_events([MouseUp], Board, offset=(100, 20), button=1)
        await pilot.pause()
        assert [(message.card_ids, message.lane_id) for message in told(pilot, MoveRequested)] == [(["0-1"], "s2")]
        assert not titles(board)[2].startswith("⇒")


async def test_drop_on_its_own_lane_asks_nothing() -> None:
    board = board_of(3, 10)
    async with hosted(board, size=(120, 40)) as pilot:
        await _drag(pilot, (5, 9), (100, 20))
        await pilot._post_mouse_events([MouseMove, MouseUp], Board, offset=(6, 20), button=1)
        await pilot.pause()
        assert told(pilot, MoveRequested) == []


async def test_empty_boards_and_lanes_are_quiet() -> None:
    board = Board(empty="No pipeline yet")
    async with hosted(board) as pilot:
        assert any("No pipeline yet" in text for text in lines(board))
        await pilot.press("down", "right", "L", "3", "space", "enter", "end")
        board.show(lanes(2), {})
        await pilot.pause()
        await pilot.press("down", "right", "L", "1", "space", "enter", "end")
        assert (board.lane_id, board.cursor_id, board.targets()) == ("s1", None, [])
        assert told(pilot, MoveRequested) == told(pilot, Opened) == []
