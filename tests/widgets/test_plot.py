"""Plots keep to their width and to the proportions of what they show."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from sfa.widgets.plot import Drawing, Series, draw

NAMES = ("Berlin", "München", "東京", "A very long name of a customer of ours")
VALUES = Series("Revenue", (100, 50, 0, -5), ("100", "50", "0", "-5"))
OTHER = Series("Cost", (10, 20, 30, 40), ("10", "20", "30", "40"))


@pytest.mark.parametrize("kind", ["bars", "funnel", "lines", "heat"])
@pytest.mark.parametrize(("width", "height"), [(20, 2), (40, 6), (120, 30)])
def test_every_line_has_the_width(kind: str, width: int, height: int) -> None:
    drawn = draw(Drawing(kind, NAMES, (VALUES, OTHER)), width, height)
    assert len(drawn) <= height
    assert {cell_len(line) for line in drawn} == {width}


def test_a_bar_is_as_long_as_its_part_of_the_greatest() -> None:
    drawn = draw(Drawing("bars", NAMES, (VALUES,)), 100, 10)
    full, half, none, below = (line.count("█") for line in drawn[1:5])
    assert abs(full - 2 * half) <= 1
    assert none == below == 0
    assert "100" in drawn[1]


def test_two_series_differ_without_colour() -> None:
    drawn = draw(Drawing("bars", NAMES, (VALUES, OTHER)), 80, 20)
    assert ("█ Revenue" in drawn[0], "▒ Cost" in drawn[0], "▒" in drawn[2]) == (True, True, True)


def test_rows_further_down_are_reached() -> None:
    names = tuple(f"Row {number}" for number in range(50))
    series = Series("S", tuple(range(50)), tuple(map(str, range(50))))
    drawn = draw(Drawing("bars", names, (series,)), 60, 6, first=45)
    assert "Row 49" in drawn[-1]
    assert draw(Drawing("bars", (), ()), 60, 6) == []
