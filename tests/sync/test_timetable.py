"""When to sync next."""

from __future__ import annotations

from sfa.sync.timetable import (
    FIRST_RETRY,
    LAST_RETRY,
    LONGEST_SETTLING,
    OFTEN,
    OTHERS_TURN,
    SELDOM,
    SETTLING,
    Timetable,
)


def settled(chance: float = 1.0, *, announced: bool = True) -> Timetable:
    """One that has synced at the time 100."""
    timetable = Timetable(100, lambda: chance)
    timetable.begun()
    timetable.ended(100, announced=announced)
    return timetable


def test_the_first_is_due_at_once() -> None:
    assert Timetable(7).due == 7


def test_it_is_seldom_where_head_office_announces_and_often_where_not() -> None:
    assert settled().due == 100 + SELDOM
    assert settled(announced=False).due == 100 + OFTEN


def test_changes_go_up_when_the_user_pauses_but_do_not_wait_for_ever() -> None:
    timetable = settled()
    timetable.changed(110)
    assert timetable.due == 110 + SETTLING
    timetable.changed(111)
    assert timetable.due == 111 + SETTLING
    for second in range(112, 130):
        timetable.changed(second)
    assert timetable.due == 110 + LONGEST_SETTLING


def test_what_changes_while_a_sync_runs_is_for_the_next_one() -> None:
    timetable = settled()
    timetable.changed(110)
    timetable.begun()
    timetable.changed(113)
    timetable.ended(114, announced=True)
    assert timetable.due == 113 + SETTLING


def test_attempts_become_rare_and_start_anew_once_one_comes_through() -> None:
    timetable = settled()
    pauses = []
    for _attempt in range(12):
        timetable.begun()
        timetable.failed(1000)
        pauses.append(timetable.due - 1000)
    assert pauses[:4] == [FIRST_RETRY, 2 * FIRST_RETRY, 4 * FIRST_RETRY, 8 * FIRST_RETRY]
    assert pauses[-1] == LAST_RETRY
    timetable.begun()
    timetable.ended(2000, announced=True)
    timetable.begun()
    timetable.failed(3000)
    assert timetable.due == 3000 + FIRST_RETRY


def test_jitter_takes_up_to_half_of_a_pause_away() -> None:
    timetable = settled(0.0)
    assert timetable.due == 100 + SELDOM / 2
    timetable.begun()
    timetable.failed(200)
    assert timetable.due == 200 + FIRST_RETRY / 2


def test_head_office_is_left_alone_as_long_as_it_asks_for() -> None:
    timetable = settled()
    timetable.begun()
    timetable.failed(200, wait=30)
    assert timetable.due == 230


def test_changes_do_not_hasten_what_is_out_of_reach_but_the_user_does() -> None:
    timetable = settled()
    timetable.begun()
    timetable.failed(200)
    timetable.changed(201)
    assert timetable.due == 200 + FIRST_RETRY
    timetable.nudged(202)
    assert timetable.due == 202


def test_what_is_asked_for_while_a_sync_runs_comes_right_after_it() -> None:
    timetable = settled()
    timetable.begun()
    timetable.nudged(150)
    timetable.ended(151, announced=True)
    assert timetable.due == 150


def test_a_line_that_breaks_is_looked_after_soon() -> None:
    timetable = settled(announced=True)
    timetable.unheard(110)
    assert timetable.due == 110 + FIRST_RETRY
    timetable.nudged(111)
    timetable.unheard(112)
    assert timetable.due == 111


def test_another_programs_turn_is_waited_for() -> None:
    timetable = settled()
    timetable.begun()
    timetable.yielded(200)
    assert timetable.due == 200 + OTHERS_TURN
    assert timetable.failures == 0
