"""What overlaps is laid side by side, and nothing covers anything."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sfa.widgets.blocks import lanes
from sfa.widgets.weekplan import _together

spans = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 8)).map(lambda pair: (pair[0], sum(pair))), max_size=14)


def test_one_has_all_the_room_and_two_share_it() -> None:
    assert lanes([(0, 3), (2, 5), (6, 7)]) == [(0, 2), (1, 2), (0, 1)]
    assert lanes([]) == []


@given(spans)
def test_no_two_are_in_the_same_place(some: list[tuple[int, int]]) -> None:
    found = lanes(some)
    for index, (first, last) in enumerate(some):
        assert 0 <= found[index].number < found[index].count
        for other in range(index):
            if some[other][0] <= last and first <= some[other][1]:
                assert found[index].number != found[other].number
                assert found[index].count == found[other].count


@given(spans)
def test_there_are_as_many_lanes_as_ever_overlap(some: list[tuple[int, int]]) -> None:
    most = max((sum(first <= row <= last for first, last in some) for row in range(60)), default=0)
    assert max((lane.count for lane in lanes(some)), default=0) == most


@given(spans)
def test_what_there_is_no_room_for_is_counted(some: list[tuple[int, int]]) -> None:
    assert sum(count for _top, _bottom, count in _together(some)) == len(some)
