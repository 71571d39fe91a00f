"""Who guesses waits, longer each time; nobody else does."""

from __future__ import annotations

import pytest

from sfa.server import throttle
from sfa.server.refusal import Refused
from sfa.server.throttle import FORGIVEN, FREE, LONGEST, Rate, Throttle


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def waits(guard: Throttle, *keys: str) -> int:
    """How long an attempt must wait; 0 where it was let in."""
    try:
        guard.attempt(*keys)
    except Refused as refused:
        return refused.wait
    return 0


def test_each_failure_after_the_free_ones_doubles_the_wait() -> None:
    clock = Clock()
    guard = Throttle(clock)
    assert [waits(guard, "rita", "a") for _attempt in range(FREE)] == [0] * FREE
    seen = []
    for _attempt in range(12):
        seen.append(waits(guard, "rita", "a"))
        clock.now += seen[-1]
        assert waits(guard, "rita", "a") == 0
    assert seen == [1, 2, 4, 8, 16, 32, 64, 128, 256, LONGEST, LONGEST, LONGEST]


def test_waiting_is_not_made_longer_by_trying() -> None:
    clock = Clock()
    guard = Throttle(clock)
    for _attempt in range(FREE + 5):
        waits(guard, "rita", "a")
    clock.now += 1
    assert waits(guard, "rita", "a") == 0


def test_many_names_from_one_address_wait_and_one_name_from_many_addresses() -> None:
    guard = Throttle(Clock())
    assert [waits(guard, f"name {n}", "address") for n in range(FREE + 1)][-1] > 0
    assert [waits(guard, "rita", f"address {n}") for n in range(FREE + 1)][-1] > 0
    assert waits(guard, "sam", "another address") == 0


def test_a_good_login_clears_the_name_and_of_the_address_only_itself() -> None:
    guard = Throttle(Clock())
    for n in range(FREE - 1):
        waits(guard, f"name {n}", "address")
    waits(guard, "rita", "address")
    guard.forgive("rita", "address")
    assert waits(guard, "guess", "address") == 0  # the fifth failure
    assert waits(guard, "guess 2", "address") > 0


def test_failures_are_forgotten_in_time() -> None:
    clock = Clock()
    guard = Throttle(clock)
    for _attempt in range(FREE):
        waits(guard, "rita", "a")
    clock.now += FORGIVEN + 1
    assert [waits(guard, "rita", "a") for _attempt in range(FREE)] == [0] * FREE


def test_only_so_many_keys_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "MOST", 100)
    guard = Throttle(Clock())
    for n in range(1000):
        waits(guard, f"name {n}", f"address {n}")
    assert len(guard._known._entries) == 100


def test_a_device_may_come_in_bursts_and_then_at_a_rate() -> None:
    clock = Clock()
    rate = Rate(2, 10, clock)
    for _request in range(10):
        rate.take("device")
    with pytest.raises(Refused) as caught:
        rate.take("device")
    assert (caught.value.status, caught.value.code, caught.value.wait) == (429, "too_many", 1)
    rate.take("another")
    clock.now += 1
    rate.take("device")
    rate.take("device")
    with pytest.raises(Refused):
        rate.take("device")
