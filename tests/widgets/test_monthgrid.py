"""The weeks of a month: what fits in a day's box, the cursor, and moves by keys and mouse."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from textual.pilot import Pilot

from sfa.widgets.blocks import Item
from sfa.widgets.calendargrid import Contents
from sfa.widgets.messages import DayChosen, Opened, Rescheduled, Turned
from sfa.widgets.monthgrid import MonthGrid
from tests.widgets.hosts import hosted, lines, told

BERLIN = "Europe/Berlin"
DAYS = [(date(2026, 10, 26) + timedelta(number)).isoformat() for number in range(42)]


def at(text: str) -> int:
    return int(datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZoneInfo(BERLIN)).timestamp())


def item(id: str, day: str, hour: int = 9, **more: Any) -> Item:
    return Item(id, f"Item {id}", at(f"{day} {hour:02}:00"), at(f"{day} {hour:02}:30"), **more)


def shown(grid: MonthGrid, *items: Item, keep: str | None = None, at: int | None = None) -> None:
    heads = [*"MTWTFSS", *(str(int(day[8:])) for day in DAYS)]
    sums = ["9h30" if day == "2026-11-19" else "" for day in DAYS]
    grid.show(Contents(DAYS, BERLIN, items, heads, sums, today="2026-11-18", weeks=["44"] * 6), keep, at)


def box(grid: MonthGrid, day: str) -> list[str]:
    """The lines of a day's box."""
    week, column = divmod(DAYS.index(day), 7)
    tops = grid._tops()
    return [text.split("│")[column + 1].rstrip() for text in lines(grid)[tops[week] : tops[week + 1]]]


def asked(pilot: Pilot[Any]) -> list[tuple[str, int, int]]:
    return [(each.id, each.begin, each.end) for each in told(pilot, Rescheduled)]


async def test_a_box_has_its_number_what_is_free_and_as_much_as_fits() -> None:
    grid = MonthGrid()
    async with hosted(grid, size=(80, 31)):
        shown(grid, *[item(str(number), "11-19", 8 + number) for number in range(6)], item("x", "11-18"))
        assert box(grid, "2026-11-19") == [" 19   9h30", "▌· Item 0", "▌· Item 1", "▌· Item 2", " +3"]
        assert box(grid, "2026-11-18")[:2] == [" [18]", "▌· Item x"]


async def test_what_lasts_is_in_each_of_its_boxes() -> None:
    grid = MonthGrid()
    async with hosted(grid, size=(80, 31)):
        shown(grid, Item("a", "Fair", at("11-19 00:00"), at("11-21 00:00"), all_day=True))
        found = [day for day in range(16, 23) if "Fair" in "".join(box(grid, f"2026-11-{day}"))]
        assert found == [19, 20]


async def test_arrows_go_by_days_and_weeks_and_on_to_other_months() -> None:
    grid = MonthGrid()
    async with hosted(grid) as pilot:
        shown(grid, at=at("11-18 00:00"))
        await pilot.press("right", "down", "left", "up")
        assert grid.day == "2026-11-18"
        await pilot.press(*["down"] * 3)
        (turned,) = told(pilot, Turned)
        assert (turned.step, turned.days) == (1, 7)
        assert grid.day == "2026-12-02"


async def test_tab_goes_through_the_items_and_scrolls_the_box() -> None:
    grid = MonthGrid()
    async with hosted(grid, size=(80, 31)) as pilot:
        shown(grid, *[item(str(number), "11-19", 8 + number) for number in range(6)], at=at("11-18 00:00"))
        await pilot.press(*["tab"] * 6)
        assert grid.cursor_id == "5"
        assert "█· Item 5" in box(grid, "2026-11-19")
        await pilot.press("shift+tab")
        assert grid.cursor_id == "4"
        await pilot.press("enter", "left", "enter")
        assert [each.id for each in told(pilot, Opened)] == ["4"]
        assert [each.day for each in told(pilot, DayChosen)] == ["2026-11-18"]


async def test_keys_move_an_item_by_days_and_weeks_at_its_time_of_day() -> None:
    grid = MonthGrid()
    async with hosted(grid) as pilot:
        shown(grid, item("a", "10-28"), keep="a")
        await pilot.press("shift+right", "shift+down", "shift+up")
        assert asked(pilot) == [
            ("a", at("10-29 09:00"), at("10-29 09:30")),
            ("a", at("11-04 09:00"), at("11-04 09:30")),
            ("a", at("10-21 09:00"), at("10-21 09:30")),
        ]
        assert at("10-21 09:00") == at("10-28 09:00") - 7 * 86400 - 3600  # over a change of the clocks


async def test_the_mouse_chooses_drags_and_opens() -> None:
    grid = MonthGrid()
    async with hosted(grid, size=(80, 31)) as pilot:
        shown(grid, item("a", "11-18"), item("b", "11-18", 10))
        tops, lefts = grid._tops(), grid._lefts()
        b, friday = (lefts[2] + 3, tops[3] + 2), (lefts[4] + 3, tops[4] + 1)
        await pilot.click(grid, offset=b)
        assert grid.cursor_id == "b"
        await pilot.mouse_down(grid, offset=b)
        await pilot.hover(grid, offset=friday)
        assert box(grid, "2026-11-27")[0] == "⇒"
        await pilot.mouse_up(grid, offset=friday)
        await pilot.pause()
        assert asked(pilot) == [("b", at("11-27 10:00"), at("11-27 10:30"))]
        await pilot.click(grid, offset=(lefts[4] + 3, tops[4]), times=2)
        assert [each.day for each in told(pilot, DayChosen)] == ["2026-11-27"]


async def test_every_line_has_the_width_of_the_widget() -> None:
    for size in ((60, 18), (80, 24), (143, 41)):
        async with hosted(grid := MonthGrid(), size=size):
            shown(
                grid,
                item("a", "11-18", glyph="◆", clash=True),
                Item("w", "日本語", at("11-18 08:00"), at("11-18 09:00")),
            )
            assert {strip.cell_length for strip in grid.render_lines(grid.size.region)} == {size[0]}
