"""The two editors of forms and dialogs: for one line and for several.

Keys that leave a line are handled in the editor's own turn and not by a binding, which would run later than the letters
typed behind it: who types faster than the terminal paints still finds every letter in its field.
"""

from __future__ import annotations

from typing import Protocol

from textual import events
from textual.widget import Widget
from textual.widgets import TextArea
from textual.widgets.input import Selection

from sfa.widgets.inputline import InputLine


class Owner(Protocol):
    """The widget whose line is edited: it learns of changes in the key's own turn, and of keys that leave the line."""

    def edited(self, editor: Widget, text: str) -> None:
        """The text in ``editor`` is now ``text``."""

    def accept(self) -> bool:
        """Takes the suggestion that is marked, if one is; whether it did."""

    def leave(self, key: str) -> None:
        """One of ``LEAVING`` was pressed."""

    @property
    def focus_holder(self) -> Widget:
        """The widget that keys are meant for now."""


LEAVING = frozenset({"tab", "shift+tab", "enter", "up", "down", "pageup", "pagedown"})
"""Keys that go to another line."""


class LineEditor(InputLine):
    """One line of text."""

    def __init__(self, owner: Owner, *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(placeholder=placeholder, compact=True, select_on_focus=False, id=id)
        self._owner = owner
        self._loading = False

    def load(self, text: str, *, select: bool = False) -> None:
        """Shows ``text`` with the cursor behind it; ``select`` has the next letter replace it."""
        self._loading = True
        self.value = text
        self._loading = False
        self.selection = Selection(0 if select else len(text), len(text))

    def watch_value(self, value: str) -> None:
        if not self._loading and self.is_mounted:
            self._owner.edited(self, value)

    def on_key(self, event: events.Key) -> None:
        if _meant_for_another(self, self._owner, event):
            return
        if event.key in LEAVING:
            event.stop()
            event.prevent_default()
            self._owner.leave(event.key)

    def on_paste(self, event: events.Paste) -> None:
        """Several lines become one; Textual would keep the first and drop the others."""
        event.stop()
        event.prevent_default()
        self.replace(" ".join(event.text.splitlines()), *sorted(self.selection))

    def action_cursor_right(self, select: bool = False) -> None:
        """At the end of the text, takes the suggestion."""
        if select or not self.cursor_at_end or not self._owner.accept():
            super().action_cursor_right(select)


class TextEditor(TextArea):
    """Several lines of text; the arrows leave it at its first and last line."""

    DEFAULT_CSS = "TextEditor.-textual-compact { padding: 0; }"

    def __init__(self, owner: Owner, *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(compact=True, highlight_cursor_line=False, placeholder=placeholder, id=id)
        self._owner = owner

    def load(self, text: str) -> None:
        """Shows ``text`` with the cursor behind it."""
        self.text = text
        self.move_cursor(self.document.end)

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self._tell()

    def _tell(self) -> None:
        if self._owner.focus_holder is self:
            self._owner.edited(self, self.text)

    def on_key(self, event: events.Key) -> None:
        self._tell()  # Textual's message about the letter before comes after this key
        if _meant_for_another(self, self._owner, event):
            return
        leaves = (event.key == "up" and self.cursor_at_first_line) or (event.key == "down" and self.cursor_at_last_line)
        if leaves or event.key in ("tab", "shift+tab"):
            event.stop()
            event.prevent_default()
            self._owner.leave(event.key)


def _meant_for_another(editor: Widget, owner: Owner, event: events.Key) -> bool:
    """Passes on a key that was on its way here when the line was left."""
    if owner.focus_holder is editor:
        return False
    event.stop()
    event.prevent_default()
    owner.focus_holder.post_message(events.Key(event.key, event.character))
    return True
