"""Tables that fit, and text that a terminal does not obey."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from sfa.cli.layout import Block, Column, Fields, Heading, Line, Style, Table, fitted, lines
from tests.cli.conftest import is_harmless

TABLE = Table([Column("Name"), Column("Amount", "right")], [["Acme", "12"], ["A very long name indeed", "1,200"]])


def test_a_table_is_as_wide_as_its_data_where_nothing_limits_it() -> None:
    assert list(lines([TABLE], Style())) == [
        "Name                     Amount",
        "Acme                         12",
        "A very long name indeed   1,200",
    ]


def test_the_widest_column_is_cut_first() -> None:
    assert list(lines([TABLE], Style(width=20))) == [
        "Name          Amount",
        "Acme              12",
        "A very long…   1,200",
    ]


def test_a_table_that_cannot_fit_is_shown_field_by_field() -> None:
    assert list(lines([TABLE], Style(width=10)))[:3] == ["Name    Acme", "Amount  12", ""]


def test_wide_characters_count_double() -> None:
    shown = list(lines([Table([Column("Name")], [["株式会社" * 4]])], Style(width=9)))
    assert [cell_len(line) for line in shown[1:]] == [9]


@given(st.lists(st.tuples(st.integers(0, 200), st.booleans()), min_size=1, max_size=9), st.integers(0, 150))
def test_columns_fit_and_leave_no_room_that_is_wanted(columns: list[tuple[int, bool]], room: int) -> None:
    widths, whole = [width for width, _whole in columns], [whole for _width, whole in columns]
    found = fitted(widths, room, whole)
    if found:
        assert sum(found) <= room
        assert all(new == old for new, old, kept in zip(found, widths, whole, strict=True) if kept)
        assert all(new <= old for new, old in zip(found, widths, strict=True))
        assert found == widths or sum(found) == room


@given(st.text())
def test_no_line_holds_what_a_terminal_obeys(text: str) -> None:
    blocks: list[Block] = [Line(text), Heading(text), Fields([(text, text)]), Table([Column(text)], [[text]])]
    for style in (Style(), Style(width=20)):
        for line in lines(blocks, style):
            assert is_harmless(line)


def test_colours_only_where_they_are_wanted() -> None:
    assert list(lines([Heading("x")], Style(color=True))) == ["\x1b[1mx\x1b[0m"]
    assert list(lines([Heading("x")], Style())) == ["x"]
