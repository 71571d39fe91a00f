"""What a reconciliation asks of whoever carries its requests, what it is answered, and how it can end."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from sfa.errors import UserError
from sfa.i18n import _
from sfa.sync.messages import Problem, decode
from sfa.sync.strictness import Untrue

if TYPE_CHECKING:
    from sfa.store.book import Book

T = TypeVar("T")


class Request(NamedTuple):
    """What head office is to be asked."""

    method: str
    path: str
    body: bytes = b""
    renews: bool = False
    """The reply is a ``Welcome``, whose token is to be kept."""
    headers: Mapping[str, str] = {}
    """Headers to send beside one's own. With ``Range``, the reply is a piece of a file, and no JSON."""


class Reply(NamedTuple):
    """What it answered; the body unpacked."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = {}
    """``etag`` and ``content-range``, where it has them."""


class SyncError(UserError):
    """Why a sync ended early; nothing is lost, and the next one goes on from here. ``code`` as head office said it.

    ``wait``: seconds that head office wants to be left alone.
    """

    def __init__(self, code: str, message: str, hint: str = "", wait: float = 0) -> None:
        super().__init__(message, hint)
        self.code, self.wait = code, wait


class LockedOut(SyncError):
    """Head office has locked this laptop out; ``key`` is what its book is to be closed with."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code, _("Head office: {reason}").format(reason=problem.reason))
        self.key = problem.key


@dataclass
class Result:
    """What a sync did: own actions by outcome, and how many records came."""

    sent: dict[str, int] = field(default_factory=dict)
    received: int = 0
    renewed: bool = False


Steps = Generator[Request, Reply, Result]
Report = Callable[[str, int, int], None]
"""Told how it goes: a step, how much of it is done, and of how much.

Steps are ``push`` (actions), ``pull`` (rows), and of a first load ``snapshot`` (bytes) and ``load`` (records).
"""


class Restart(Exception):
    """Something must be put right before a sync can go on."""

    def __init__(self, then: Callable[..., Generator[Request, Reply, None]], *arguments: Any) -> None:
        super().__init__()
        self.then, self.arguments = then, arguments


def problem_of(reply: Reply) -> Problem:
    """What head office says that is wrong."""
    try:
        return decode(reply.body, Problem)
    except ValueError:
        return Problem("unavailable", _("Head office answered {status}.").format(status=reply.status))


def accepted(reply: Reply) -> bytes:
    """The body of a reply that says yes. Raises ``SyncError``."""
    if 200 <= reply.status < 300:
        return reply.body
    problem = problem_of(reply)
    raise SyncError(problem.code, _("Head office: {reason}").format(reason=problem.reason))


def decoded(body: bytes, form: type[T]) -> T:
    """A body as ``form``. Raises ``Untrue``."""
    try:
        return decode(body, form)
    except ValueError as error:
        raise Untrue(str(error)) from None


def tell(book: Book, kinds: set[str]) -> None:
    """Tells those who listen to the book which kinds of records have changed."""
    if kinds:
        for listener in tuple(book.listeners):
            listener(frozenset(kinds))
