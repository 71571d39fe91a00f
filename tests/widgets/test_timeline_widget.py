"""Timelines: entries of any height, in view as a whole under the cursor, read as they are needed."""

from __future__ import annotations

from collections.abc import Sequence

from textual.events import MouseScrollDown

from sfa.widgets.messages import Highlighted, Opened
from sfa.widgets.timeline import Entry, Timeline
from tests.widgets.hosts import drawing, hosted, layouts, lines, told


class Entries:
    """Entries of one to four lines."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.read: list[int] = []

    def page(self, start: int, stop: int) -> Sequence[Entry]:
        self.read.append(start)
        return [Entry(f"e{n}", f"Call {n}", f"{n} days ago", "line\n" * (n % 4)) for n in range(start, stop)]


async def test_entries_follow_each_other_with_what_was_said() -> None:
    timeline = Timeline(Entries(3))
    async with hosted(timeline):
        shown = [text.rstrip() for text in lines(timeline)]
        assert shown[0].startswith("▌ Call 0")
        assert shown[0].endswith("0 days ago")
        assert shown[1] == ""
        assert shown[2].startswith("  Call 1")
        assert shown[3] == "   line"


async def test_cursor_goes_by_entry_and_draws_two_heads() -> None:
    timeline = Timeline(Entries(100_000))
    async with hosted(timeline) as pilot:
        with drawing(timeline) as drawn, layouts(timeline) as done:
            await pilot.press("down")
        assert sorted(drawn) == [0, 2]
        assert not done
        assert [message.id for message in told(pilot, Highlighted)] == ["e1"]
        await pilot.press("enter")
        assert [message.id for message in told(pilot, Opened)] == ["e1"]


async def test_every_entry_is_wholly_in_view_under_the_cursor() -> None:
    timeline = Timeline(Entries(60))
    async with hosted(timeline, size=(60, 12)) as pilot:
        for key in [*["down"] * 59, *["up"] * 59]:
            await pilot.press(key)
            number = timeline.view.cursor
            shown = [text.rstrip() for text in lines(timeline)]
            head = next(y for y, text in enumerate(shown) if text.startswith(f"▌ Call {number} "))
            assert shown[head + 1 : head + 1 + number % 4] == ["   line"] * (number % 4)


async def test_the_last_of_many_is_reached_without_reading_all() -> None:
    entries = Entries(100_000)
    timeline = Timeline(entries)
    async with hosted(timeline) as pilot:
        await pilot.press("end")
        assert timeline.cursor_id == "e99999"
        assert any("Call 99999" in text for text in lines(timeline))
        assert len(entries.read) <= 3


async def test_long_bodies_are_wrapped_and_cut() -> None:
    class One:
        count = 1

        def page(self, start: int, stop: int) -> list[Entry]:
            return [Entry("1", "Mail [b]", "today", "word " * 40 + "\n" + "日本語" * 30 + "\n" * 12 + "end")]

    timeline = Timeline(One())
    async with hosted(timeline, size=(40, 20)):
        shown = [text.rstrip() for text in lines(timeline)]
        assert "Mail [b]" in shown[0]
        assert shown[8].strip() == "… 16 more lines"
        for strip in timeline.render_lines(timeline.size.region):
            assert sum(segment.cell_length for segment in strip) == 40


async def test_show_replaces_and_an_empty_one_says_so() -> None:
    timeline = Timeline(Entries(9), empty="Nothing happened yet")
    async with hosted(timeline) as pilot:
        await pilot.press("down", "down")
        timeline.show(Entries(5), keep_cursor=True)
        assert timeline.cursor_id == "e2"
        timeline.show(Entries(0))
        await pilot.pause()
        assert [timeline.cursor_id] == [None]
        assert any("Nothing happened yet" in text for text in lines(timeline))
        await pilot.press("down", "enter", "end", "pageup")


async def test_mouse_selects_opens_and_scrolls() -> None:
    timeline = Timeline(Entries(50))
    async with hosted(timeline) as pilot:
        await pilot.click(Timeline, offset=(4, 3), times=2)
        assert [message.id for message in told(pilot, Opened)] == ["e1"]
        await pilot._post_mouse_events([MouseScrollDown], timeline, button=0)
        await pilot.pause()
        assert "Call 1 " in lines(timeline)[0]
        assert timeline.cursor_id == "e1"
