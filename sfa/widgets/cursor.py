"""What lists, board and timeline have in common: a cursor that keys, clicks and the wheel move."""

from __future__ import annotations

from textual import events

from sfa.widgets.lines import LineWidget
from sfa.widgets.messages import Highlighted, Opened
from sfa.widgets.viewport import Viewport

WHEEL = 3
"""Items that one turn of the wheel scrolls."""


class CursorWidget(LineWidget, can_focus=True):
    """A line widget with a cursor; posts Highlighted and Opened."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._told: str | None = None  # the id that Highlighted named last
        self._keys: dict[str, str] = {}  # the actions of the widget's own keys, while it has the focus

    @property
    def view(self) -> Viewport:
        """The items that the cursor moves among."""
        raise NotImplementedError

    @property
    def cursor_id(self) -> str | None:
        """The id of the record under the cursor, None where there is none."""
        raise NotImplementedError

    def move_to(self, index: int) -> None:
        """Moves the cursor, as far as there are items."""
        raise NotImplementedError

    def tell_cursor(self) -> None:
        """Posts Highlighted if the cursor has come to another record."""
        id = self.cursor_id
        if id != self._told and self.is_mounted:
            self._told = id
            self.screen.post_message(Highlighted(self, id))

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, lambda _screen: self._read_keys())
        self.tell_cursor()

    def _read_keys(self) -> None:
        active = self.screen.active_bindings if self.has_focus else {}
        self._keys = {key: entry.binding.action for key, entry in active.items() if entry.node is self}

    async def on_key(self, event: events.Key) -> None:
        """Does what the widget's own keys do here, where Textual would go up to the app and down again for each."""
        action = self._keys.get(event.key)
        if action and await self.app.run_action(action, self):
            event.stop().prevent_default()

    def action_cursor_up(self) -> None:
        self.move_to(self.view.cursor - 1)

    def action_cursor_down(self) -> None:
        self.move_to(self.view.cursor + 1)

    def action_page_up(self) -> None:
        self.move_to(self.view.cursor - self.view.body)

    def action_page_down(self) -> None:
        self.move_to(self.view.cursor + self.view.body)

    def action_first(self) -> None:
        self.move_to(0)

    def action_last(self) -> None:
        self.move_to(self.view.count - 1)

    def action_open(self) -> None:
        if id := self.cursor_id:
            self.post_message(Opened(self, id))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.wheel(event, WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.wheel(event, -WHEEL)

    def wheel(self, event: events.MouseEvent, items: int) -> None:
        """Scrolls what is under the pointer; the cursor stays on its record."""
        raise NotImplementedError
