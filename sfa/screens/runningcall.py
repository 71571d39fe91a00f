"""A call that goes on: with whom, who began it, and how long it has lasted."""

from __future__ import annotations

import time
from collections.abc import Mapping

WHOM = ("contact", "lead", "account", "opportunity")
"""What tells two calls apart, the first that both have."""


class RunningCall:
    """Its time runs from the start and stands once it is over; ``targets`` are those of ``sales.calls``."""

    def __init__(self, targets: Mapping[str, str], name: str = "", *, inbound: bool = False) -> None:
        self.targets, self.name, self.inbound = targets, name, inbound
        self._began, self._lasted = time.monotonic(), 0.0
        self.runs = True

    @property
    def seconds(self) -> int:
        """How long it has lasted."""
        return int(self._lasted + (time.monotonic() - self._began if self.runs else 0))

    def stop(self) -> None:
        """It is over."""
        self._lasted, self.runs = float(self.seconds), False

    def switch(self) -> None:
        """Stops the time, or has it run on."""
        if self.runs:
            self.stop()
        else:
            self._began, self.runs = time.monotonic(), True

    def is_with(self, targets: Mapping[str, str]) -> bool:
        """Whether it is the call that has ``targets``."""
        both = next((kind for kind in WHOM if kind in self.targets and kind in targets), None)
        return both is not None and self.targets[both] == targets[both]

    def told(self) -> str:
        """``● 2:31``, or ``■ 2:31`` where it is over."""
        minutes, seconds = divmod(self.seconds, 60)
        hours, minutes = divmod(minutes, 60)
        clock = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
        return f"{'●' if self.runs else '■'} {clock}"
