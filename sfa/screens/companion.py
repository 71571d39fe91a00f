"""What keeps the book in step with others beside the screens: its news, taken from its thread and shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from sfa.screens.place import Place

if TYPE_CHECKING:
    from sfa.app import SfaApp

S = TypeVar("S")
W = TypeVar("W", bound="Service")


class Service(Protocol):
    """A sync in the background, which calls its listener (``Companion._heard``) whenever its state changes."""

    @property
    def state(self) -> Any:
        """How it goes now."""

    def stop(self) -> None:
        """Ends, as soon as it can."""


class Companion(Generic[S, W]):
    """The screens' side of a sync of states ``S``. A subclass makes and starts the service, and says what news mean."""

    service: W

    def __init__(self, app: SfaApp, state: S) -> None:
        self.app, self.book = app, app.book
        self._state = state
        self._coming = False  # whether news are on their way to the screens

    @property
    def state(self) -> S:
        """How the sync goes, as the screens know it."""
        return self._state

    def stop(self) -> None:
        self.service.stop()

    def _heard(self) -> None:
        """From a thread of the sync; never waits."""
        if not self._coming:
            self._coming = True
            self.app.call_later(self._take_news)

    def _take_news(self) -> None:
        self._coming = False
        before, self._state = self._state, self.service.state
        self._tell(before)
        self._show()

    def _tell(self, before: S) -> None:
        """Says what is new since the state was ``before``."""
        raise NotImplementedError

    def _show(self) -> None:
        screen = self.app.screen
        if isinstance(screen, Place) and screen.is_mounted:
            screen.tell_far()
            screen.sync_told()
