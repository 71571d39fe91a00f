"""What clients may cost together: threads, time and memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import NamedTuple, TypeVar

from starlette.requests import Request

from sfa.i18n import _
from sfa.server.refusal import Refused

T = TypeVar("T")


class Limits(NamedTuple):
    """Sizes in bytes, times in seconds."""

    threads: int = 16
    """In which the office works."""
    waiting: int = 256
    """Requests at a time that work or wait for a thread."""
    body_seconds: float = 120
    """Until a body is there: 8 MB at half a megabit a second."""
    work_seconds: float = 90
    """Until the office has answered."""
    held: int = 256_000_000
    """Of all bodies that are in memory."""
    rate: float = 50
    """Requests a second from one device, in the long run."""
    burst: float = 2_000
    """Requests from one device at once."""
    listeners: int = 5_000
    """Devices that wait for announcements."""


STANDARD = Limits()


def busy() -> Refused:
    """The refusal of one request more than is possible."""
    return Refused(503, "busy", _("Head office is busy; try again."), wait=2)


class Workers:
    """A bounded number of threads in which what blocks is done, and of requests that wait for one."""

    def __init__(self, name: str, threads: int, waiting: int, seconds: float) -> None:
        self._pool = ThreadPoolExecutor(threads, name)
        self._most, self._seconds, self._jobs = waiting, seconds, 0

    async def run(self, work: Callable[[], T]) -> T:
        """What ``work`` gives; ``Refused`` 503 where there are too many at a time, or it takes too long.

        A thread cannot be stopped: it goes on, counts until it ends, and what it does is whole.
        """
        if self._jobs >= self._most:
            raise busy()
        self._jobs += 1
        job = asyncio.get_running_loop().run_in_executor(self._pool, work)
        job.add_done_callback(self._done)
        try:
            async with asyncio.timeout(self._seconds):
                return await asyncio.shield(job)
        except TimeoutError:
            raise Refused(503, "timeout", _("Head office took too long; try again."), wait=5) from None

    def _done(self, job: asyncio.Future[T]) -> None:
        self._jobs -= 1
        if not job.cancelled():
            job.exception()  # who waited for it may be gone

    def close(self) -> None:
        """Waits for the threads."""
        self._pool.shutdown()


class Bodies:
    """Takes the bodies of requests in while they come, each and all together within bounds."""

    def __init__(self, held: int, seconds: float) -> None:
        self._left, self._seconds = held, seconds

    @asynccontextmanager
    async def taken(self, request: Request, most: int) -> AsyncIterator[bytes]:
        """The body. ``Refused`` where it is larger than ``most`` (413), too slow (408), or memory is short (503)."""
        declared = request.headers.get("content-length", "0")
        if len(declared) > 12 or (declared.isdecimal() and int(declared) > most):
            raise too_large(most)
        parts: list[bytes] = []
        try:
            async with asyncio.timeout(self._seconds):
                await self._take(request, most, parts)
            yield b"".join(parts)
        except TimeoutError:
            raise Refused(408, "too_slow", _("The body did not come in time.")) from None
        finally:
            self._left += sum(map(len, parts))

    async def _take(self, request: Request, most: int, parts: list[bytes]) -> None:
        size = 0
        async for part in request.stream():
            size += len(part)
            if size > most:
                raise too_large(most)
            if len(part) > self._left:
                raise busy()
            self._left -= len(part)
            parts.append(part)


def too_large(most: int) -> Refused:
    """The refusal of a body of more than ``most`` bytes."""
    return Refused(413, "too_large", _("The body has more than {most} bytes.").format(most=most))
