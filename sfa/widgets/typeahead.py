"""Keys typed faster than dialogs open and close: they wait for the screen that they are meant for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from textual import events
from textual.app import App

from sfa.widgets.inputline import InputLine


class TypeAheadApp(App[None]):
    """An app that keeps the keys typed while a screen opens, until that screen can take them."""

    def __init__(self) -> None:
        super().__init__()
        self._held: list[events.Key] = []

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and not event.is_forwarded and (self._held or not self._is_ready()):
            self.hold(event)
        else:
            await super().on_event(event)

    def hold(self, key: events.Key) -> None:
        """Keeps a key for the screen that comes next."""
        self._held.append(events.Key(key.key, key.character))
        if len(self._held) == 1:
            self.screen.call_after_refresh(self._release)

    def _is_ready(self) -> bool:
        """Whether the screen in view has had its turn to take the focus."""
        return bool(self._screen_stack) and self.screen.stack_updates > 0

    async def _release(self) -> None:
        if not self._is_ready():
            self.screen.call_after_refresh(self._release)
            return
        held, self._held = self._held, []
        for key in held:
            await super().on_event(key)


class AnswerLine(InputLine):
    """The line of a dialog that a key answers.

    Its own ``keys`` act in their turn and ``changed`` is called with each letter, where bindings and messages would run
    later than what is typed behind them. What is typed after the answer is kept for the screen that comes next.
    """

    def __init__(
        self,
        keys: Mapping[str, Callable[[], object]],
        changed: Callable[[], object],
        *,
        value: str = "",
        placeholder: str = "",
        id: str | None = None,
    ) -> None:
        super().__init__(value, placeholder=placeholder, id=id, compact=True)
        self._acts, self._changed = keys, changed

    def on_key(self, event: events.Key) -> None:
        app: Any = self.app
        if not self.screen.is_current:
            app.hold(event)
        elif act := self._acts.get(event.key):
            act()
        else:
            return
        event.stop()
        event.prevent_default()

    def watch_value(self) -> None:
        if self.is_mounted:
            self._changed()
