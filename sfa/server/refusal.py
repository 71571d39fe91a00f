"""What head office does not do, and why."""

from __future__ import annotations

from sfa.sync.messages import Problem


class Refused(Exception):
    """A request that is answered with an HTTP ``status``, a ``code`` for programs and a reason.

    ``stream`` and ``n`` say which stream or which action of the laptop it is about, where it is about one.
    ``wait``: seconds after which it may be tried again. ``key``: what the laptop is to close its book with.
    """

    def __init__(
        self, status: int, code: str, reason: str, *, stream: int = 0, n: int = 0, wait: int = 0, key: str = ""
    ) -> None:
        super().__init__(reason)
        self.status, self.code, self.reason, self.wait, self.key = status, code, reason, wait, key
        self.stream, self.n = stream, n

    def problem(self) -> Problem:
        """As it goes over the line."""
        return Problem(self.code, self.reason, self.stream, self.n, self.key)
