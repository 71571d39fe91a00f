"""The calendar: its views, whose it is, free time, and what is moved, done and undone in it."""

from __future__ import annotations

from typing import Any

import pytest

from sfa.sales import calendar
from sfa.screens.calendar import CalendarScreen
from sfa.screens.calendardays import Sight, week_number
from sfa.screens.form import FormScreen
from sfa.screens.picker import Picker
from sfa.store import journal
from sfa.store.book import Book
from sfa.widgets.monthgrid import MonthGrid
from sfa.widgets.statusline import StatusLine
from sfa.widgets.weekgrid import WeekGrid
from tests.sales.makers import make, planned, update
from tests.screens.pilots import Driver, driving
from tests.widgets.hosts import lines


def place(driver: Driver) -> CalendarScreen:
    assert isinstance(driver.app.screen, CalendarScreen)
    return driver.app.screen


async def show_calendar(driver: Driver, *keys: str) -> CalendarScreen:
    await driver.press("W")
    await driver.settle()
    screen = place(driver)
    for key in keys:
        await driver.press(key)
        await driver.settle()
    return screen


def status(driver: Driver, id: str = "#status") -> str:
    return lines(driver.app.screen.query_one(id, StatusLine))[0].replace("\u202f", " ").strip()


def shown(driver: Driver) -> str:
    widget: Any = place(driver).grid or place(driver).agenda
    return "\n".join(lines(widget)).replace("\u202f", " ")


def start_of(book: Book, id: str) -> str:
    return str(book.get("activity", id).values["start"])


@pytest.fixture
def demo_call(book: Book) -> str:
    """A demonstration from 14:00 to 15:00 on Wednesday, today."""
    account = make(book, "account", name="Acme Inc.")
    start, end = "2026-11-18T13:00:00Z", "2026-11-18T14:00:00Z"
    return planned(book, start, "meeting", subject="Show [b]it[/b]", end=end, account=account, location="Bremen")


@pytest.fixture
def weekly(book: Book) -> str:
    start = "2026-11-18T12:00:00Z"
    again = {"rrule": "FREQ=DAILY", "series_start": start, "tzid": "Europe/Berlin", "end": "2026-11-18T12:30:00Z"}
    return planned(book, start, "meeting", subject="Daily", **again)


async def test_a_week_opens_on_now_and_tells_what_is_free(book: Book, demo_call: str) -> None:
    async with driving(book) as driver:
        await show_calendar(driver)
        assert status(driver) == "Mon, Nov 16 – Fri, Nov 20 · week 47 · mine · 27h free"
        assert "◆ Show" in shown(driver)
        assert status(driver, "#detail").startswith("Wed, Nov 18 10:00 AM · free 10:00 AM–2:00 PM (4h)")
        assert status(driver, "#detail").endswith("Enter plans something")
        await driver.press("down")
        await driver.settle()
        assert "Wed, Nov 18 10:30 AM · free" in status(driver, "#detail")
        await driver.press("tab")
        await driver.settle()
        told = "◆ Show [b]it[/b] · Wed, Nov 18 2:00 PM–3:00 PM (1h) · Acme Inc. · Bremen"
        assert status(driver, "#detail") == told


@pytest.mark.parametrize(("size", "days"), [((59, 18), 3), ((80, 24), 5), ((140, 40), 7)])
async def test_as_many_days_as_there_is_room_for(book: Book, size: tuple[int, int], days: int) -> None:
    async with driving(book, size) as driver:
        screen = await show_calendar(driver)
        assert len(screen.page.days) == days
        assert {
            strip.cell_length
            for strip in screen.query_one(WeekGrid).render_lines(screen.query_one(WeekGrid).region.reset_offset)
        } == {size[0]}
        await driver.press("|")
        await driver.settle()
        assert len(screen.page.days) == {3: 3, 5: 7, 7: 5}[days]


async def test_the_same_thing_is_at_hand_in_all_views(book: Book, demo_call: str) -> None:
    async with driving(book) as driver:
        screen = await show_calendar(driver, "tab")
        for key, view in (("1", "day"), ("3", "month"), ("4", "agenda"), ("2", "week")):
            await driver.press(key)
            await driver.settle()
            assert (screen.view, screen.entry and screen.entry.id) == (view, demo_call)
            assert "Show" in shown(driver)


async def test_turning_to_other_days_and_back_to_now(book: Book) -> None:
    async with driving(book) as driver:
        screen = await show_calendar(driver, "]")
        assert (screen.page.first, screen.day) == ("2026-11-23", "2026-11-25")
        for key, first in (("pagedown", "2026-11-30"), ("[", "2026-11-23"), ("home", "2026-11-16")):
            await driver.press(key)
            await driver.settle()
            assert screen.page.first == first
        for key in ("left", "left", "left"):
            await driver.press(key)
            await driver.settle()
        assert (screen.page.first, screen.day) == ("2026-11-09", "2026-11-13")
        await driver.press("3")
        await driver.settle()
        await driver.press("]")
        await driver.settle()
        assert "December 2026" in status(driver)
        assert isinstance(screen.grid, MonthGrid)


async def test_goes_to_any_date_also_one_that_is_over(book: Book) -> None:
    async with driving(book) as driver:
        screen = await show_calendar(driver, "ctrl+g")
        await driver.type("5/4/2020")
        await driver.press("enter")
        await driver.settle()
        assert screen.day == "2020-05-04"


async def test_keys_move_an_activity_at_once_and_undo_brings_it_back(book: Book, demo_call: str) -> None:
    async with driving(book) as driver:
        screen = await show_calendar(driver, "tab")
        await driver.press("shift+down", "shift+down", "shift+right", ">")
        await driver.settle()
        assert start_of(book, demo_call) == "2026-11-19T14:00:00Z"
        assert book.get("activity", demo_call).values["end"] == "2026-11-19T15:30:00Z"
        assert screen.entry
        assert screen.entry.id == demo_call
        assert "3:00 PM–4:30 PM" in status(driver, "#detail")
        await driver.press("u", "u", "u", "u")
        await driver.settle()
        assert start_of(book, demo_call) == "2026-11-18T13:00:00Z"
        assert journal.actions(book, 1)[0].origin == "screen"


async def test_moved_out_of_the_week_it_is_followed(book: Book, demo_call: str) -> None:
    async with driving(book) as driver:
        screen = await show_calendar(driver, "3", "tab", "shift+down", "2")
        assert start_of(book, demo_call)[:10] == "2026-11-25"
        assert (screen.page.first, screen.entry and screen.entry.id) == ("2026-11-23", demo_call)


async def test_a_move_that_is_refused_is_taken_back(
    book: Book, demo_call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sfa.errors import UserError

    def refuse(*_args: object, **_named: object) -> None:
        raise UserError("Not [b]now[/b].")

    async with driving(book) as driver:
        screen = await show_calendar(driver, "tab")
        monkeypatch.setattr(calendar, "move", refuse)
        await driver.press("shift+down")
        await driver.settle()
        assert driver.told() == ["Not [b]now[/b]."]
        assert screen.entry
        assert screen.entry.start == "2026-11-18T13:00:00Z"


async def test_the_mouse_drags_an_activity_to_another_day(book: Book, demo_call: str) -> None:
    async with driving(book) as driver:
        screen = await show_calendar(driver)
        grid = screen.query_one(WeekGrid)
        found = grid.plan.find(demo_call)
        assert found
        day, placed = found
        y = grid.line_of(placed.top)
        here, there = grid.plan.columns[day].left + 2, grid.plan.columns[day - 1].left + 2
        await driver.pilot.mouse_down(grid, offset=(here, y))
        await driver.pilot.hover(grid, offset=(there, y - 2))
        await driver.pilot.mouse_up(grid, offset=(there, y - 2))
        await driver.settle()
        assert start_of(book, demo_call) == "2026-11-17T12:00:00Z"


@pytest.mark.parametrize(
    ("choice", "hours"),
    [("enter", ["12", "13", "12"]), ("down enter", ["12", "13", "13"]), ("down down enter", ["13", "13", "13"])],
)
async def test_one_time_of_a_series_is_moved_alone_or_with_others(
    book: Book, weekly: str, choice: str, hours: list[str]
) -> None:
    async with driving(book, (140, 40)) as driver:
        await show_calendar(driver, "tab", "tab")
        await driver.press("shift+down")
        await driver.settle()
        assert isinstance(driver.app.screen, Picker)
        await driver.press(*choice.split())
        await driver.settle()
        found = calendar.span(book, "2026-11-18", "2026-11-20")
        minutes = {"12": "12:00", "13": "12:30"}
        assert [entry.start[11:16] for entry in found] == [minutes[hour] for hour in hours]
        await driver.press("u")
        await driver.settle()
        assert {entry.start[11:16] for entry in calendar.span(book, "2026-11-18", "2026-11-20")} == {"12:00"}


async def test_one_time_of_a_series_is_left_out_put_off_and_only_the_next_is_done(book: Book, weekly: str) -> None:
    async with driving(book, (140, 40)) as driver:
        screen = await show_calendar(driver, "tab", "tab")
        await driver.press("f")
        assert driver.told()[-1].startswith("The one of Wed, Nov 18")
        await driver.press("d")
        await driver.settle()
        await driver.press("enter")
        await driver.settle()
        assert [entry.start[:10] for entry in calendar.span(book, "2026-11-18", "2026-11-20")] == [
            "2026-11-18",
            "2026-11-20",
        ]
        await driver.press("home", "tab", "tab", "z")
        await driver.settle()
        await driver.type("sat 15:00")
        await driver.press("enter")
        await driver.settle()
        saturday = calendar.span(book, "2026-11-21", "2026-11-21")
        assert [entry.start for entry in saturday] == ["2026-11-21T12:00:00Z", "2026-11-21T14:00:00Z"]
        await driver.press("home", "tab", "tab", "Z")
        await driver.settle()
        assert [entry.start for entry in calendar.span(book, "2026-11-19", "2026-11-19")] == ["2026-11-19T12:00:00Z"]
        await driver.press("home", "tab", "f")
        await driver.settle()
        assert calendar.span(book, "2026-11-18", "2026-11-18")[0].done
        assert screen.is_current


async def test_something_new_begins_at_the_cursor(book: Book) -> None:
    async with driving(book) as driver:
        await show_calendar(driver, "down", "enter")
        form = driver.app.screen
        assert isinstance(form, FormScreen)
        assert form.preset == {
            "type": "meeting",
            "start": "2026-11-18T09:30:00Z",
            "end": "2026-11-18T10:00:00Z",
            "owner": book.user,
        }


async def test_the_next_free_time_also_weeks_ahead(book: Book, demo_call: str) -> None:
    planned(book, "2026-11-18T14:00:00Z", "meeting", end="2026-11-18T17:00:00Z")
    planned(book, "2026-11-19", "visit", end="2026-12-01")
    async with driving(book) as driver:
        screen = await show_calendar(driver, "ctrl+f")
        assert (screen.day, screen.grid and screen.grid.slot[0]) == ("2026-12-02", 1_796_194_800)
        assert "free 8:00 AM–6:00 PM (10h)" in status(driver, "#detail")


async def test_whose_calendar(book: Book, demo_call: str) -> None:
    uma = make(book, "user", name="Uma")
    hers = planned(book, "2026-11-18T08:00:00Z", "visit", subject="Hers", owner=uma)
    async with driving(book) as driver:
        screen = await show_calendar(driver)
        assert set(screen.page.by_key) == {demo_call}
        await driver.press("o", *"uma", "enter")
        await driver.settle()
        assert set(screen.page.by_key) == {hers}
        assert "· Uma ·" in status(driver)
        assert screen.preset()["owner"] == uma
        await driver.press("o", "up", "up", "enter")
        await driver.settle()
        assert set(screen.page.by_key) == {demo_call, hers}
        assert "everybody" in status(driver)


async def test_overlaps_and_other_time_zones_are_told(book: Book, demo_call: str) -> None:
    start = "2026-11-18T13:30:00Z"
    planned(book, start, "call", subject="Ring", tzid="America/New_York")
    async with driving(book, (140, 40)) as driver:
        await show_calendar(driver, "tab", "tab")
        assert "╫ overlaps Show [b]it[/b] · 8:30 AM in New York" in status(driver, "#detail")
        assert shown(driver).count("╫") == 2
        await driver.press("4")
        await driver.settle()
        assert "╫ overlaps Ring" in shown(driver)


async def test_the_agenda_lists_free_time_and_plans_into_it(book: Book, demo_call: str) -> None:
    async with driving(book, (120, 36)) as driver:
        screen = await show_calendar(driver, "4")
        assert "Wednesday, November 18, 2026 · today" in shown(driver)
        assert "┊ 10:00 AM–2:00 PM  free 4h" in shown(driver)
        assert "Saturday" not in shown(driver)
        await driver.press("home", "enter")
        await driver.settle()
        assert isinstance(driver.app.screen, FormScreen)
        assert driver.app.screen.preset["start"] == "2026-11-18T09:00:00Z"
        await driver.press("escape")
        await driver.press("down", "enter")
        await driver.settle()
        assert driver.shown == ("activity", demo_call)
        await driver.press("escape", "]")
        await driver.settle()
        assert screen.page.first == "2026-12-02"


async def test_working_hours_are_a_setting(book: Book) -> None:
    async with driving(book) as driver:
        driver.app.settings.working_hours = "09:00-12:00"
        await show_calendar(driver)
        assert "· 8h free" in status(driver)


async def test_what_others_change_is_seen_and_what_is_at_hand_stays(book: Book, demo_call: str) -> None:
    async with driving(book) as driver:
        screen = await show_calendar(driver, "tab")
        update(book, "activity", demo_call, start="2026-11-20T13:00:00Z", end="2026-11-20T14:00:00Z")
        driver.app.book_changed()
        await driver.settle()
        assert (screen.day, screen.entry and screen.entry.id) == ("2026-11-20", demo_call)


async def test_a_window_that_becomes_narrow_shows_fewer_days(book: Book) -> None:
    async with driving(book, (140, 40)) as driver:
        screen = await show_calendar(driver)
        await driver.pilot.resize_terminal(58, 18)
        await driver.settle()
        assert len(screen.page.days) == 3
        assert "2026-11-18" in screen.page.days


async def test_escape_leads_back_and_letters_on_nothing_say_why(book: Book) -> None:
    async with driving(book) as driver:
        await show_calendar(driver, "e")
        assert driver.told() == ["There is no record under the cursor."]
        await driver.press("escape")
        assert not isinstance(driver.app.screen, CalendarScreen)


@pytest.mark.parametrize(
    ("sight", "first", "last", "turned"),
    [
        (Sight("day", "2026-11-18"), "2026-11-18", "2026-11-18", "2026-11-19"),
        (Sight("week", "2026-11-18", 140), "2026-11-15", "2026-11-21", "2026-11-25"),
        (Sight("week", "2026-11-18", 80), "2026-11-16", "2026-11-20", "2026-11-25"),
        (Sight("week", "2026-11-22", 80), "2026-11-22", "2026-11-28", "2026-11-29"),
        (Sight("week", "2026-11-18", 50), "2026-11-18", "2026-11-20", "2026-11-21"),
        (Sight("week", "2026-11-18", 50, since="2026-11-16"), "2026-11-16", "2026-11-18", "2026-11-21"),
        (Sight("month", "2026-01-31"), "2025-12-28", "2026-01-31", "2026-02-01"),
        (Sight("month", "2026-02-15"), "2026-02-01", "2026-02-28", "2026-03-01"),
        (Sight("agenda", "2026-11-18"), "2026-11-18", "2026-12-01", "2026-12-02"),
    ],
)
def test_which_days_are_in_sight(sight: Sight, first: str, last: str, turned: str) -> None:
    assert (sight.days, sight.turned(1)) == ((first, last), turned)


def test_weeks_have_the_number_of_their_thursday() -> None:
    assert [week_number(day) for day in ("2025-12-29", "2025-12-28", "2026-12-28", "2027-01-04")] == [1, 1, 53, 1]


async def test_one_time_of_a_series_is_edited_as_an_activity_of_its_own_and_a_series_deleted(
    book: Book, weekly: str
) -> None:
    async with driving(book, (140, 40)) as driver:
        await show_calendar(driver, "tab", "tab", "e", "enter")
        form = driver.app.screen
        assert isinstance(form, FormScreen)
        assert book.get("activity", form.record_id).values["occurrence"] == "2026-11-19T12:00:00Z"
        await driver.press("escape", "home", "tab", "d", "down", "down", "enter")
        await driver.settle()
        assert calendar.span(book, "2026-11-18", "2026-11-22") == []


async def test_done_from_the_calendar_it_stays_in_view_with_a_tick(book: Book, demo_call: str) -> None:
    async with driving(book) as driver:
        await show_calendar(driver, "tab", "f")
        assert "✓ Show" in shown(driver)
        await driver.press("u")
        await driver.settle()
        assert "◆ Show" in shown(driver)
