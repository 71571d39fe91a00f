"""A laptop of a run: a real book on a real file, synced one step at a time, whose power may go at any commit."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sfa.store.book import Book
from sfa.sync.client import sync
from sfa.sync.messages import Welcome, decode
from sfa.sync.steps import Reply, Request, Result, SyncError
from tests.sync.simulation.holdings import Record, in_book
from tests.sync.simulation.versions import older

if TYPE_CHECKING:
    from sfa.sync.steps import Steps
    from tests.sync.simulation.world import World


class PowerCut(BaseException):
    """The laptop went off."""


class WatchedBook(Book):
    """A book that tells its laptop of every transaction."""

    laptop: Laptop | None = None

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        laptop = self.laptop
        if laptop is None:
            with super().transaction() as connection:
                yield connection
            return
        laptop.before_transaction()
        with super().transaction() as connection:
            yield connection
            laptop.before_commit()
        laptop.after_commit()


class Laptop:
    """``login`` is its user's; ``skew`` how far its clock is off, in seconds."""

    def __init__(self, world: World, name: str, login: str, path: Path, token: str, is_older: bool) -> None:
        self.world, self.name, self.login, self.path, self.token = world, name, login, path, token
        self.skew = 0
        self.revoked = False
        self.is_older = is_older
        self.steps: Steps | None = None
        self.request: Request | None = None
        self.reply: Reply | None = None
        self.positions: dict[int, int] = {}
        self.harvested = 0
        self.open()
        self.harvested = self.last_action()

    def version(self) -> AbstractContextManager[None]:
        """What the laptop does is done by the version that it has."""
        return older(self.is_older)

    def open(self) -> None:
        with self.version():
            book = WatchedBook.open(self.path)
        assert isinstance(book, WatchedBook)
        self.book, book.laptop = book, self

    def close(self) -> None:
        self.book.laptop = None
        self.book.close()

    def holdings(self) -> dict[str, Record]:
        with self.version():
            return in_book(self.book)

    def last_action(self) -> int:
        return int(self.book.value("SELECT coalesce(max(n), 0) FROM action") or 0)

    # What happens at each transaction

    def before_transaction(self) -> None:
        if self.steps is not None:
            self.world.interlude(self)

    def before_commit(self) -> None:
        if self.world.cuts_power(self):
            raise PowerCut("before a commit")

    def after_commit(self) -> None:
        self.world.harvest(self)
        if self.world.cuts_power(self):
            raise PowerCut("after a commit")
        if self.steps is not None:
            self.world.interlude(self)

    def restart(self) -> None:
        """What is left after the power went: the file."""
        self.hang_up()
        self.close()
        self.open()

    # Syncing, step by step

    def hang_up(self) -> None:
        steps, self.steps, self.request, self.reply = self.steps, None, None, None
        if steps is not None:
            steps.close()

    def start(self) -> None:
        self.steps = sync(self.book)
        self._advance(None)

    def take_reply(self) -> None:
        reply, request = self.reply, self.request
        assert reply is not None
        assert request is not None
        if request.renews and reply.status == 200:
            self.token = decode(reply.body, Welcome).token
        self._advance(reply)

    def _advance(self, reply: Reply | None) -> None:
        assert self.steps is not None
        self.request = self.reply = None
        try:
            with self.version():
                self.request = self.steps.send(reply)  # type: ignore[arg-type]
        except StopIteration as stop:
            self.steps = None
            self.world.synced(self, stop.value)
        except SyncError as error:
            self.steps = None
            self.world.failed(self, error)
        except BaseException:
            self.steps = None
            raise

    def sync(self) -> Result | SyncError:
        """A whole sync, with nothing going wrong."""
        self.hang_up()
        steps: Generator[Request, Any, Result] = sync(self.book)
        self.steps = steps
        reply: Reply | None = None
        try:
            while True:
                with self.version():
                    request = steps.send(reply)
                reply = self.world.ask(self, request)
                if request.renews and reply.status == 200:
                    self.token = decode(reply.body, Welcome).token
        except StopIteration as stop:
            self.world.synced(self, stop.value)
            return stop.value  # type: ignore[no-any-return]
        except SyncError as error:
            return error
        finally:
            self.steps = None
