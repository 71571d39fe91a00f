"""Tables: what keys and the mouse do, what is told, and that only changed lines are drawn again."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from sfa.widgets.columns import Column
from sfa.widgets.messages import Highlighted, Marked, Opened, SortBy
from sfa.widgets.pages import ListSource, Row
from sfa.widgets.table import Table
from tests.widgets.hosts import assert_escape_clears_marks_first, drawing, hosted, layouts, lines, told

COLUMNS = [Column("name", "Name", 20), Column("city", "City", 10, weight=0), Column("amount", "Amount", 8, "right", 0)]


class Million:
    """A million rows that exist when they are read."""

    count = 1_000_000

    def __init__(self) -> None:
        self.read: list[int] = []

    def page(self, start: int, stop: int) -> Sequence[Row]:
        self.read.append(start)
        return [Row(f"r{n}", (f"Name {n}", "Bremen", f"{n}")) for n in range(start, stop)]

    def ids(self, start: int, stop: int) -> Sequence[str]:
        return [f"r{n}" for n in range(start, stop)]

    def index(self, id: str) -> int | None:
        return int(id[1:])


def some(count: int) -> ListSource:
    return ListSource([Row(f"r{n}", (f"Name {n}", "Bremen", f"{n}")) for n in range(count)])


async def test_cursor_down_draws_two_lines_and_lays_out_nothing() -> None:
    table = Table(COLUMNS, Million())
    async with hosted(table) as pilot:
        with drawing(table) as drawn, layouts(table) as done:
            await pilot.press("down")
        assert sorted(drawn) == [1, 2]
        assert not done
        assert [message.id for message in told(pilot, Highlighted)] == ["r1"]
        assert lines(table)[2].startswith("▌ Name 1 ")


async def test_a_million_rows_read_a_page_where_the_cursor_goes() -> None:
    source = Million()
    table = Table(COLUMNS, source)
    async with hosted(table) as pilot:
        await pilot.press("end")
        await pilot.pause()
        assert table.cursor_id == "r999999"
        assert len(source.read) <= 4
        assert "Name 999999" in lines(table)[-1]


async def test_next_page_is_read_before_the_cursor_gets_there() -> None:
    source = Million()
    table = Table(COLUMNS, source)
    async with hosted(table) as pilot:
        table.move_to(60)
        await pilot.pause()
        assert 100 in source.read


async def test_keys_move_as_their_aliases_do() -> None:
    table = Table(COLUMNS, some(100))
    async with hosted(table) as pilot:
        for keys, cursor in [("jj", 2), ("k", 1), ("G", 99), ("g", 0)]:
            await pilot.press(*keys)
            assert table.cursor == cursor
        await pilot.press("pagedown", "pageup", "up")
        assert table.cursor == 0


async def test_scrolling_keeps_the_cursor_in_view_and_draws_the_header_never() -> None:
    table = Table(COLUMNS, some(100))
    async with hosted(table, size=(80, 11)) as pilot:
        for _ in range(9):
            await pilot.press("down")
        with drawing(table) as drawn:
            await pilot.press("down")
        assert 0 not in drawn
        assert lines(table)[-1].startswith("▌ Name 10 ")


async def test_space_marks_and_targets_are_the_marked() -> None:
    table = Table(COLUMNS, some(10))
    async with hosted(table) as pilot:
        assert table.targets() == ["r0"]
        await pilot.press("down", "space", "down", "space")
        assert table.targets() == ["r1", "r3"]
        assert table.cursor == 4
        assert [message.count for message in told(pilot, Marked)] == [1, 2]
        assert lines(table)[2].startswith(" ✓Name 1 ")
        await pilot.press("escape")
        assert table.targets() == ["r4"]
        assert "✓" not in "".join(lines(table))


async def test_range_moves_with_the_cursor_until_it_is_closed() -> None:
    table = Table(COLUMNS, some(10))
    async with hosted(table) as pilot:
        await pilot.press("v", "down", "down")
        assert table.marked == 3
        await pilot.press("up", "v", "down", "down")
        assert table.targets() == ["r0", "r1"]


async def test_mark_all_of_a_million_reads_ids_only_when_asked() -> None:
    source = Million()
    table = Table(COLUMNS, source)
    async with hosted(table) as pilot:
        await pilot.press("*", "space")
        assert table.marked == 999_999
        assert len(source.read) <= 2
        targets = table.targets()
        assert len(targets) == 999_999
        assert targets[0] == "r1"


async def test_escape_without_marks_is_left_to_the_screen() -> None:
    table = Table(COLUMNS, some(3))
    async with hosted(table) as pilot:
        await assert_escape_clears_marks_first(pilot)


async def test_show_keeps_the_record_under_the_cursor_on_its_line() -> None:
    table = Table(COLUMNS, some(100))
    async with hosted(table, size=(80, 11)) as pilot:
        table.move_to(50)
        await pilot.pause()
        line = next(y for y, text in enumerate(lines(table)) if text.startswith("▌"))
        with layouts(table) as done:
            table.show(ListSource([Row(f"r{n}", (f"Name {n}",)) for n in range(99, -1, -1)]), "r50")
            await pilot.pause()
        assert not done
        assert table.cursor == 49
        assert lines(table)[line].startswith("▌ Name 50 ")


async def test_show_without_the_record_stays_near_and_forgets_marks() -> None:
    table = Table(COLUMNS, some(10))
    async with hosted(table) as pilot:
        await pilot.press("space", "down")
        table.show(some(2), "r7")
        await pilot.pause()
        assert table.cursor_id == "r1"
        assert table.marked == 0
        await pilot.press("space")
        table.show(some(3), "r1", keep_marks=True)
        assert table.targets() == ["r1"]


async def test_an_empty_table_says_what_belongs_there() -> None:
    table = Table(COLUMNS, empty="No contacts yet.\nn adds one")
    async with hosted(table) as pilot:
        shown = lines(table)
        assert any(text.strip() == "No contacts yet." for text in shown)
        await pilot.press("down", "space", "enter", "v", "end")
        assert table.targets() == []
        assert table.cursor_id is None
        assert not told(pilot, Opened)


async def test_enter_and_double_click_open() -> None:
    table = Table(COLUMNS, some(10))
    async with hosted(table) as pilot:
        await pilot.press("enter")
        await pilot.click(Table, offset=(5, 4), times=2)
        assert [message.id for message in told(pilot, Opened)] == ["r0", "r3"]


async def test_click_on_a_title_asks_for_its_order() -> None:
    table = Table(COLUMNS, some(10))
    async with hosted(table) as pilot:
        await pilot.click(Table, offset=(3, 0))
        await pilot.click(Table, offset=(75, 0))
        assert [message.column for message in told(pilot, SortBy)] == ["name", "amount"]
        with drawing(table) as drawn:
            table.set_sort("amount", descending=True)
            await pilot.pause()
        assert drawn == [0]
        assert "Amount▼" in lines(table)[0]


async def test_click_in_the_gutter_marks() -> None:
    table = Table(COLUMNS, some(10))
    async with hosted(table) as pilot:
        await pilot.click(Table, offset=(1, 3))
        assert table.targets() == ["r2"]


async def test_wheel_scrolls_and_leaves_the_cursor_on_its_record() -> None:
    table = Table(COLUMNS, some(100))
    async with hosted(table) as pilot:
        await pilot._post_mouse_events([_wheel()], table, button=0)
        await pilot.pause()
        assert table.cursor == 0
        assert "Name 3 " in lines(table)[1]
        await pilot.press("down")
        assert lines(table)[1].startswith("▌ Name 1 ")


def _wheel() -> type:
    from textual.events import MouseScrollDown

    return MouseScrollDown


@pytest.mark.parametrize(
    "name", ["[red]Acme[/red]", "Bobby\x1b[31m; Tables\n", "日本語株式会社 " * 5, "a\u202eb", "\ud800"]
)
async def test_text_from_records_is_literal_and_every_line_as_wide_as_the_table(name: str) -> None:
    table = Table(COLUMNS, ListSource([Row("1", (name, name, name))]))
    async with hosted(table, size=(60, 18)):
        for strip in table.render_lines(table.size.region):
            assert sum(segment.cell_length for segment in strip) == 60
            assert not any(ord(character) < 32 or character in "\u202e\ud800" for character in strip.text)
        if name.startswith("["):
            assert "[red]Acme" in lines(table)[1]


async def test_a_narrow_table_drops_the_columns_that_matter_least() -> None:
    columns = [Column("a", "Name", 20), Column("b", "Phone", 15, rank=2), Column("c", "Amount", 8, rank=1)]
    table = Table(columns, ListSource([Row("1", ("Anna", "0421", "5"))]))
    async with hosted(table, size=(40, 10)):
        assert "Phone" not in lines(table)[0]
        assert "Amount" in lines(table)[0]
        assert "0421" not in lines(table)[1]


async def test_without_colour_cursor_and_marks_are_still_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    table = Table(COLUMNS, some(3))
    async with hosted(table) as pilot:
        await pilot.press("space")
        assert [text[:2] for text in lines(table)[1:4]] == [" ✓", "▌ ", "  "]
        colours = {
            colour.triplet
            for strip in table.render_lines(table.size.region)
            for segment in strip
            if segment.style
            for colour in (segment.style.color, segment.style.bgcolor)
            if colour and colour.triplet
        }
        assert colours
        assert all(colour.red == colour.green == colour.blue for colour in colours)


async def test_a_border_takes_the_way_of_textual() -> None:
    table = Table(COLUMNS, some(3))
    async with hosted(table) as pilot:
        table.styles.border = ("round", "white")
        await pilot.pause()
        strips = table.render_lines(table.outer_size.region)
        assert strips[0].text.startswith("╭")
        assert "Name 0" in strips[2].text
