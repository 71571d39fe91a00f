"""Days side by side: what is drawn where, the cursor, and moves by keys and mouse."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from textual.pilot import Pilot

from sfa.widgets.blocks import Item
from sfa.widgets.calendargrid import Contents
from sfa.widgets.messages import DayChosen, Opened, Rescheduled, Turned, Wanted
from sfa.widgets.weekface import GUTTER
from sfa.widgets.weekgrid import WeekGrid
from tests.widgets.hosts import hosted, lines, told

BERLIN = "Europe/Berlin"
DAYS = [(date(2026, 11, 16) + timedelta(number)).isoformat() for number in range(5)]


def at(text: str, zone: str = BERLIN) -> int:
    return int(datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZoneInfo(zone)).timestamp())


def item(id: str, begin: str, end: str, **more: Any) -> Item:
    return Item(id, f"Item {id}", at(begin), at(end), **more)


def whole(id: str, first: str, after: str) -> Item:
    return Item(id, f"Item {id}", at(f"{first} 00:00"), at(f"{after} 00:00"), all_day=True)


def contents(*items: Item, days: list[str] = DAYS, **more: Any) -> Contents:
    working = [(at(f"{day[5:]} 08:00"), at(f"{day[5:]} 18:00")) for day in days]
    heads, sums = [f"D{day[8:]}" for day in days], ["" for _day in days]
    return Contents(days, BERLIN, items, heads=heads, sums=sums, working=working, **more)


def shown(grid: WeekGrid, *items: Item, keep: str | None = None, now: str = "11-18 08:00", **more: Any) -> None:
    grid.show(contents(*items, **more), keep, at(now))


def row(grid: WeekGrid, y: int) -> list[str]:
    """The cells of the days on a line."""
    return [cell.rstrip() for cell in lines(grid)[y][GUTTER + 1 :].split("│")]


def line(grid: WeekGrid, time: str) -> int:
    """The line on which the row of a time begins."""
    return next(y for y, text in enumerate(lines(grid)) if text.startswith(time))


async def test_items_lie_at_their_times_and_whole_days_on_top() -> None:
    grid = WeekGrid()
    async with hosted(grid):
        shown(grid, item("a", "11-17 09:00", "11-17 10:30"), whole("b", "11-18", "11-20"), now="11-16 08:00")
        assert lines(grid)[0].split()[-5:] == ["›D16", "D17", "D18", "D19", "D20"]
        assert row(grid, grid.heads) == ["", "", "▌· Item b", "▌· Item b", ""]
        nine = line(grid, "9 AM")
        assert [row(grid, nine + number)[1] for number in range(-1, 4)] == ["", "▌· Item a", "▌", "▌", ""]


async def test_what_overlaps_is_side_by_side_and_what_does_not_fit_is_counted() -> None:
    grid = WeekGrid()
    async with hosted(grid) as pilot:
        two = [item(id, "11-17 09:00", "11-17 10:00", clash=True) for id in "ab"]
        shown(grid, *two)
        assert row(grid, line(grid, "9 AM"))[1].count("▌·╫") == 2
        shown(grid, *[item(str(id), "11-17 09:00", "11-17 10:00") for id in range(7)])
        assert row(grid, line(grid, "9 AM"))[1].endswith("▐+5")
        grid.put(1, 18, 6)
        await pilot.press("enter")
        assert [each.day for each in told(pilot, DayChosen)] == ["2026-11-17"]


async def test_free_time_is_marked_with_its_length_and_now_with_a_line() -> None:
    grid = WeekGrid()
    async with hosted(grid):
        free = [(at("11-17 09:00"), at("11-17 10:30"), "1h30")]
        shown(grid, free=free)
        grid.show(contents(free=free, now=at("11-19 11:10")))
        nine = line(grid, "9 AM")
        assert [row(grid, nine + number)[1] for number in range(4)] == ["┊ 1h30", "┊", "┊", ""]
        assert set(row(grid, line(grid, "11:10▸"))[3]) == {"─"}


async def test_the_cursor_steps_over_items_and_days_and_on_to_other_days() -> None:
    grid = WeekGrid()
    async with hosted(grid) as pilot:
        shown(grid, item("a", "11-18 08:30", "11-18 10:00"), item("b", "11-18 09:00", "11-18 10:00"))
        await pilot.press("down")
        assert grid.cursor_id == "a"
        await pilot.press("down")
        assert not grid.item
        assert grid.slot[0] == at("11-18 10:00")
        await pilot.press("up", "right")
        assert grid.cursor_id == "b"
        await pilot.press("left", "left", "left")
        assert grid.day == "2026-11-16"
        await pilot.press("left")
        (turned,) = told(pilot, Turned)
        assert (turned.step, turned.days) == (-1, 1)


async def test_tab_goes_through_all_items_in_order_of_time() -> None:
    grid = WeekGrid()
    async with hosted(grid) as pilot:
        some = [item("c", "11-18 12:00", "11-18 13:00"), whole("b", "11-18", "11-19")]
        shown(grid, *some, item("d", "11-20 07:00", "11-20 08:00"), item("a", "11-16 22:00", "11-16 23:00"))
        grid.put(0, 0)
        seen = []
        for _turn in range(4):
            await pilot.press("tab")
            seen.append(grid.cursor_id)
        assert seen == list("abcd")
        await pilot.press("shift+tab", "shift+tab")
        assert grid.cursor_id == "b"


async def test_up_from_where_work_begins_comes_to_the_whole_days_and_down_back() -> None:
    grid = WeekGrid()
    async with hosted(grid) as pilot:
        shown(grid, whole("a", "11-18", "11-19"))
        await pilot.press("up")
        assert grid.cursor_id == "a"
        await pilot.press("down")
        assert grid.slot == (at("11-18 08:00"), at("11-18 08:30"), False)


def asked(pilot: Pilot[Any]) -> list[tuple[str, int, int, bool]]:
    return [(each.id, each.begin, each.end, each.all_day) for each in told(pilot, Rescheduled)]


async def test_keys_ask_for_other_times() -> None:
    grid = WeekGrid()
    async with hosted(grid) as pilot:
        shown(grid, item("a", "11-18 09:00", "11-18 10:00"), keep="a")
        await pilot.press("shift+down", "shift+up", "shift+right", "H", ">", "<")
        assert asked(pilot) == [
            ("a", at("11-18 09:30"), at("11-18 10:30"), False),
            ("a", at("11-18 08:30"), at("11-18 09:30"), False),
            ("a", at("11-19 09:00"), at("11-19 10:00"), False),
            ("a", at("11-17 09:00"), at("11-17 10:00"), False),
            ("a", at("11-18 09:00"), at("11-18 10:30"), False),
            ("a", at("11-18 09:00"), at("11-18 09:30"), False),
        ]


async def test_nothing_is_made_shorter_than_nothing() -> None:
    grid = WeekGrid()
    async with hosted(grid) as pilot:
        shown(grid, item("a", "11-18 09:00", "11-18 09:30"), keep="a")
        await pilot.press("<")
        assert asked(pilot) == []


async def test_whole_days_move_by_days_and_down_into_the_hours() -> None:
    grid = WeekGrid()
    async with hosted(grid) as pilot:
        shown(grid, whole("a", "11-18", "11-20"), keep="a")
        await pilot.press("shift+right", ">", "shift+down")
        assert asked(pilot) == [
            ("a", at("11-19 00:00"), at("11-21 00:00"), True),
            ("a", at("11-18 00:00"), at("11-21 00:00"), True),
            ("a", at("11-18 08:00"), at("11-18 08:30"), False),
        ]


async def test_a_day_later_is_the_same_time_of_day_when_the_clocks_change() -> None:
    grid = WeekGrid()
    days = ["2026-10-24", "2026-10-25"]
    async with hosted(grid) as pilot:
        shown(grid, item("a", "10-24 09:00", "10-24 10:00"), days=days, keep="a")
        await pilot.press("shift+right")
        assert asked(pilot) == [("a", at("10-25 09:00"), at("10-25 10:00"), False)]
        assert asked(pilot)[0][1] - at("10-24 09:00") == 25 * 3600


def cell(grid: WeekGrid, day: int, time: str) -> tuple[int, int]:
    return grid.plan.columns[day].left + 1, line(grid, time)


async def drag(pilot: Pilot[Any], grid: WeekGrid, start: tuple[int, int], end: tuple[int, int]) -> None:
    await pilot.mouse_down(grid, offset=start)
    await pilot.hover(grid, offset=end)
    await pilot.mouse_up(grid, offset=end)
    await pilot.pause()


async def test_the_mouse_drags_to_another_day_and_time_and_shows_where_to() -> None:
    grid = WeekGrid()
    async with hosted(grid) as pilot:
        shown(grid, item("a", "11-16 09:10", "11-16 10:10"))
        x, y = cell(grid, 0, "9 AM")
        await pilot.mouse_down(grid, offset=(x, y + 1))  # its second row
        await pilot.hover(grid, offset=cell(grid, 3, "11 AM"))
        assert any("⇒ 10:40" in text for text in row(grid, line(grid, "11 AM") - 1))
        await pilot.mouse_up(grid, offset=cell(grid, 3, "11 AM"))
        await pilot.pause()
        assert asked(pilot) == [("a", at("11-19 10:40"), at("11-19 11:40"), False)]
        assert not any("⇒" in text for text in lines(grid))


async def test_dragged_to_the_whole_days_it_has_no_time_and_from_there_it_gets_one() -> None:
    grid = WeekGrid()
    async with hosted(grid) as pilot:
        shown(grid, item("a", "11-16 09:00", "11-16 10:00"), whole("b", "11-17", "11-18"))
        await drag(pilot, grid, cell(grid, 0, "9 AM"), (cell(grid, 2, "9 AM")[0], grid.heads))
        await drag(pilot, grid, (cell(grid, 1, "9 AM")[0], grid.heads), cell(grid, 1, "11 AM"))
        assert asked(pilot) == [
            ("a", at("11-18 00:00"), at("11-19 00:00"), True),
            ("b", at("11-17 11:00"), at("11-17 11:30"), False),
        ]


async def test_drawing_over_free_time_wants_something_new_and_so_does_enter() -> None:
    grid = WeekGrid()
    async with hosted(grid) as pilot:
        shown(grid)
        await drag(pilot, grid, cell(grid, 1, "9 AM"), cell(grid, 1, "11 AM"))
        await pilot.press("enter")
        assert [(each.begin, each.end, each.all_day) for each in told(pilot, Wanted)] == [
            (at("11-17 09:00"), at("11-17 11:30"), False),
            (at("11-17 09:00"), at("11-17 09:30"), False),
        ]


async def test_a_click_chooses_a_double_click_opens_a_heading_shows_its_day() -> None:
    grid = WeekGrid()
    async with hosted(grid) as pilot:
        shown(grid, item("a", "11-16 09:00", "11-16 10:00"))
        await pilot.click(grid, offset=cell(grid, 0, "9 AM"))
        assert grid.cursor_id == "a"
        assert not told(pilot, Opened)
        await pilot.click(grid, offset=cell(grid, 0, "9 AM"), times=2)
        assert told(pilot, Opened)[0].id == "a"
        assert asked(pilot) == []
        await pilot.click(grid, offset=(grid.plan.columns[3].left, 0))
        assert told(pilot, DayChosen)[0].day == "2026-11-19"
        await pilot.click(grid, offset=(0, 0))
        await pilot.click(grid, offset=(GUTTER - 1, 0))
        assert [each.step for each in told(pilot, Turned)] == [-1, 1]


async def test_the_wheel_scrolls_the_hours() -> None:
    grid = WeekGrid()
    async with hosted(grid) as pilot:
        shown(grid)
        top = grid.view.top
        grid.post_message(_wheel(grid))
        await pilot.pause()
        assert grid.view.top == top + 3


def _wheel(grid: WeekGrid) -> Any:
    from textual.events import MouseScrollDown

    return MouseScrollDown(grid, 20, 10, 0, 0, 0, shift=False, meta=False, ctrl=False)


async def test_text_is_never_markup_and_a_narrow_one_stays_in_line() -> None:
    grid = WeekGrid()
    async with hosted(grid, size=(60, 18)):
        shown(grid, Item("a", "[red]日本語のタイトル[/red]\x1b[31m", at("11-16 09:00"), at("11-16 10:00")))
        drawn = grid.render_lines(grid.size.region)
        assert {strip.cell_length for strip in drawn} == {60}
        assert "[red]" in row(grid, line(grid, "9 AM"))[0]
        assert "\x1b" not in "".join(lines(grid))


async def test_an_hour_that_comes_again_and_one_that_is_missing_are_seen() -> None:
    grid = WeekGrid()
    async with hosted(grid, size=(80, 40)):
        days = ["2026-10-24", "2026-10-25"]
        again = Item("a", "Again", at("10-25 02:30") + 3600, at("10-25 02:30") + 5400)
        shown(grid, again, days=days, now="10-25 02:00")
        second = line(grid, "2 AM″")
        assert set(row(grid, second)[0]) == {"╳"}
        assert "Again" in row(grid, second + 1)[1]
        shown(grid, days=["2026-03-28", "2026-03-29"], now="03-28 02:00")
        assert set(row(grid, line(grid, "2 AM"))[1]) == {"╳"}


async def test_escape_leaves_what_is_dragged_where_it_was() -> None:
    grid = WeekGrid()
    async with hosted(grid) as pilot:
        shown(grid, item("a", "11-16 09:00", "11-16 10:00"))
        await pilot.mouse_down(grid, offset=cell(grid, 0, "9 AM"))
        await pilot.hover(grid, offset=cell(grid, 3, "11 AM"))
        await pilot.press("escape")
        assert not any("⇒" in text for text in lines(grid))
        await pilot.mouse_up(grid, offset=cell(grid, 3, "11 AM"))
        await pilot.pause()
        assert asked(pilot) == []
