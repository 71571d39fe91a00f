"""Rows under headings with one cursor through all of them."""

from __future__ import annotations

from collections.abc import Sequence

from sfa.widgets.columns import Column
from sfa.widgets.messages import Highlighted, Opened
from sfa.widgets.pages import Row
from sfa.widgets.sections import Section, SectionList
from tests.widgets.hosts import drawing, hosted, layouts, lines, told

COLUMNS = (Column("what", "", 10, weight=1), Column("how", "", 6, align="right", weight=0, rank=1))


def section(heading: str, ids: Sequence[str], note: str = "") -> Section:
    return Section(heading, [Row(id, (f"the {id}", id.upper())) for id in ids], note)


def listed(*sections: Section) -> SectionList:
    widget = SectionList(COLUMNS, empty="Nothing [b]here[/b]")
    widget.show(sections)
    return widget


def text(widget: SectionList) -> list[str]:
    return [line.rstrip() for line in lines(widget) if line.strip()]


async def test_headings_with_notes_rows_and_a_line_between() -> None:
    widget = listed(section("Late", "ab", "2 of 9"), section("None", ""), section("Due", "c"))
    async with hosted(widget, size=(30, 8)):
        assert [line.rstrip() for line in lines(widget)[:6]] == [
            "Late                   2 of 9",
            "▌ the a                     A",
            "  the b                     B",
            "",
            "Due",
            "▌ the c                     C".replace("▌", " "),
        ]


async def test_keys_move_from_row_to_row_over_the_headings() -> None:
    widget = listed(section("Late", "ab"), section("Due", "cd"))
    async with hosted(widget) as pilot:
        await pilot.press("down", "down")
        assert widget.cursor_id == "c"
        await pilot.press("end")
        assert (widget.cursor_id, widget.cursor) == ("d", 3)
        await pilot.press("down", "home", "up")
        assert widget.cursor_id == "a"
        assert [event.id for event in told(pilot, Highlighted)] == ["b", "c", "d", "a"]
        await pilot.press("enter")
        assert [event.id for event in told(pilot, Opened)] == ["a"]


async def test_a_heading_comes_into_view_with_its_first_row() -> None:
    widget = listed(section("Late", "abcdef"), section("Due", "ghijkl"))
    async with hosted(widget, size=(30, 5)) as pilot:
        await pilot.press("end")
        assert text(widget)[-1].strip("▌ ").startswith("the l")
        await pilot.press("home")
        assert text(widget)[0] == "Late"


async def test_the_cursor_stays_on_its_record_or_in_its_place() -> None:
    widget = listed(section("Late", "abc"), section("Due", "de"))
    async with hosted(widget) as pilot:
        await pilot.press("down", "down")
        widget.show([section("Late", "ab"), section("Due", "dec")])
        assert widget.cursor_id == "c"
        widget.show([section("Late", "ab"), section("Due", "de")])
        assert widget.cursor_id == "e"  # c is gone: the last in its place
        widget.show([section("Late", "ab")], keep=False)
        assert widget.cursor_id == "a"
        widget.show([])
        assert not widget.view.count
        assert text(widget) == [" " * 30 + "Nothing [b]here[/b]"]
        await pilot.press("down", "enter")
        assert not told(pilot, Opened)


async def test_a_key_repaints_two_lines_and_lays_out_nothing() -> None:
    widget = listed(section("Late", "abcdef"))
    async with hosted(widget) as pilot:
        with drawing(widget) as drawn, layouts(widget) as done:
            await pilot.press("down")
            await pilot.pause()
        assert sorted(set(drawn)) == [1, 2]
        assert not done


async def test_mouse() -> None:
    widget = listed(section("Late", "abcdef"), section("Due", "ghijkl"))
    async with hosted(widget, size=(30, 8)) as pilot:
        await pilot.click(SectionList, offset=(5, 3))
        assert widget.cursor_id == "c"
        await pilot.click(SectionList, offset=(5, 0))  # a heading
        assert widget.cursor_id == "c"
        await pilot.click(SectionList, offset=(5, 2), times=2)
        assert [event.id for event in told(pilot, Opened)] == ["b"]


async def test_narrow_drops_columns_and_dim_rows_are_told_apart() -> None:
    widget = SectionList(COLUMNS)
    widget.show([Section("Late", [Row("a", ("the first one", "A"), dim=True), Row("b", ("other", "B"))])])
    async with hosted(widget, size=(18, 5)) as pilot:
        await pilot.press("down")
        assert [line.rstrip() for line in lines(widget)[:3]] == ["Late", "  the first one", "▌ other"]
        dimmed, plain = (widget.render_line(y)._segments[0].style for y in (1, 2))
        assert dimmed != plain
