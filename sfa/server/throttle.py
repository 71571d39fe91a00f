"""How often somebody may try: failed logins by name and address, requests by device. In memory, and bounded."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

from sfa.i18n import _
from sfa.server.refusal import Refused

MOST = 10_000
"""Keys remembered; from then on the one that was used least recently is forgotten."""
FREE = 5
"""Attempts before the first wait."""
LONGEST = 300.0
"""Seconds that one waits at most."""
FORGIVEN = 3600.0
"""Seconds after which failures are forgotten."""

T = TypeVar("T")
Clock = Callable[[], float]


class Recent(Generic[T]):
    """What is known of each of the keys used last."""

    def __init__(self, new: Callable[[], T]) -> None:
        self._new = new
        self._entries: OrderedDict[str, T] = OrderedDict()

    def __getitem__(self, key: str) -> T:
        entry = self._entries.get(key)
        if entry is None:
            entry = self._entries[key] = self._new()
            if len(self._entries) > MOST:
                self._entries.popitem(last=False)
        self._entries.move_to_end(key)
        return entry

    def forget(self, key: str) -> None:
        self._entries.pop(key, None)


class _Strikes:
    count = 0
    at = 0.0


class Throttle:
    """Makes who guesses wait: longer with each failed attempt, whoever the name or the address belongs to."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._known = Recent(_Strikes)

    def attempt(self, *keys: str) -> None:
        """Counts an attempt as failed until it is ``forgiven``; 429 where one of ``keys`` must wait.

        Counting comes first, so that many attempts at the same moment are not one.
        """
        with self._lock:
            wait = max(self._wait(self._known[key]) for key in keys)
            if wait > 0:
                raise too_many(wait)
            for key in keys:
                strikes = self._known[key]
                strikes.count, strikes.at = strikes.count + 1, self._clock()

    def _wait(self, strikes: _Strikes) -> float:
        passed = self._clock() - strikes.at
        if passed > FORGIVEN:
            strikes.count = 0
        return min(LONGEST, 2.0 ** (strikes.count - FREE)) - passed if strikes.count >= FREE else 0.0

    def forgive(self, name: str, address: str) -> None:
        """The attempt was good: the name starts anew, the address has one failure less (others may guess from it)."""
        with self._lock:
            self._known.forget(name)
        self.excuse(address)

    def excuse(self, address: str) -> None:
        """The attempt was good: the address has one failure less."""
        with self._lock:
            strikes = self._known[address]
            strikes.count = max(0, strikes.count - 1)


class _Bucket:
    left: float | None = None
    at = 0.0


class Rate:
    """So many requests a second for each key, ``burst`` of them at once."""

    def __init__(self, rate: float, burst: float, clock: Clock = time.monotonic) -> None:
        self._rate, self._burst, self._clock, self._lock = rate, burst, clock, threading.Lock()
        self._known = Recent(_Bucket)

    def take(self, key: str) -> None:
        """Counts a request; 429 where there were too many."""
        with self._lock:
            bucket, now = self._known[key], self._clock()
            left = self._burst if bucket.left is None else bucket.left
            left = min(self._burst, left + (now - bucket.at) * self._rate)
            if left < 1:
                raise too_many((1 - left) / self._rate)
            bucket.left, bucket.at = left - 1, now


def too_many(wait: float) -> Refused:
    """The refusal of who comes too often; ``wait`` in seconds."""
    return Refused(429, "too_many", _("Too many requests; wait before the next."), wait=max(1, math.ceil(wait)))
