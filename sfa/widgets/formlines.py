"""A form as one widget: a line per field, drawn like a list, with one editor that goes where the cursor is.

It opens as fast with forty fields as with four, and a key repaints the lines it changed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget

from sfa.widgets.editors import LineEditor, TextEditor
from sfa.widgets.formcanvas import FOOT, GUTTER, FormCanvas, FormLine, FormModel, Suggestion

OFFERED = 6
"""Suggestions shown at once."""


class FormLines(FormCanvas, can_focus=True):
    """The lines of a form. Posts ``Edited`` after a change and ``Pressed`` for a button."""

    class Edited(Message):
        """The field ``id`` holds another text."""

        def __init__(self, id: str) -> None:
            super().__init__()
            self.id = id

    class Pressed(Message):
        """The button ``id`` was chosen."""

        def __init__(self, id: str) -> None:
            super().__init__()
            self.id = id

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "cursor_up", show=False),
        Binding("down", "cursor_down", show=False),
        Binding("shift+tab", "previous", show=False),
        Binding("tab", "next", show=False),
        Binding("enter", "enter", show=False),
        Binding("pageup", "page_up", show=False),
        Binding("pagedown", "page_down", show=False),
    ]

    DEFAULT_CSS = "FormLines > LineEditor, FormLines > TextEditor { position: absolute; display: none; }"

    def __init__(self, model: FormModel, *, enter_saves: bool = False, id: str | None = None) -> None:
        """``enter_saves``: Enter on any field presses ``save``, as befits a form of few fields."""
        super().__init__(model, id=id)
        self.enter_saves = enter_saves
        self._line_editor = LineEditor(self)
        self._text_editor: TextEditor | None = None

    def compose(self) -> ComposeResult:
        yield self._line_editor

    # What the owner asks and says

    @property
    def offered(self) -> Sequence[Suggestion]:
        """The suggestions in view."""
        return self._offer

    def show(self, lines: Sequence[FormLine], at: str = "") -> None:
        """Shows ``lines`` with the cursor on the line ``at``, or the first that takes it."""
        self._lines = list(lines)
        self._starts, self._rows = [], []
        for index, line in enumerate(lines):
            self._starts.append(len(self._rows))
            self._rows += [index] * line.height
        self._measure()
        found = next((index for index, line in enumerate(lines) if line.id == at), None)
        self.go(found if found is not None else self._step(-1, 1))

    def close_offer(self) -> bool:
        """Puts the suggestions away; whether there were any."""
        shown, self._offer = bool(self._offer), ()
        if shown:
            self.refresh()
        return shown

    def go(self, index: int) -> None:
        """Puts the cursor on a line, and the editor with it."""
        self._at, self._offer = index, ()
        start = self._starts[index]
        below_heading = start > 0 and self._lines[index - 1].form == "heading"
        self._view.move(start + self.current.height - 1)
        self._view.move(start - below_heading)
        self._place(load=True)
        self.refresh()

    # The editor

    def _place(self, *, load: bool) -> None:
        """Puts the editor of the current line over its value, or puts both away for a button."""
        line = self.current
        if line.form == "field" and line.height > 1 and self._text_editor is None:
            self._text_editor = TextEditor(self)
            self.mount(self._text_editor)
        holder = self.focus_holder
        for editor in (self._line_editor, self._text_editor):
            if editor is not None:
                editor.display = editor is holder
        if holder is not self:
            holder.styles.offset = (GUTTER + self._widths.label, self._starts[self._at] - self._view.top)
            holder.styles.width, holder.styles.height = self._widths.value, line.height
        if load and isinstance(holder, TextEditor):
            holder.load(self.model.text(line.id))
        elif load and isinstance(holder, LineEditor):
            holder.load(self.model.text(line.id), select=line.replace)
        holder.focus(scroll_visible=False)

    def edited(self, editor: Widget, text: str) -> None:
        """The text in the editor changed: has the model judge it, in the key's own turn."""
        name = self.current.id
        if editor is not self.focus_holder or text == self.model.text(name):
            return
        before = self._offer
        changed = self.model.type(name, text)
        self._offer, self._marked = self.model.suggestions(name)[:OFFERED], 0
        self._tell(changed, everything=bool(before or self._offer))

    def _tell(self, changed: Collection[str], *, everything: bool) -> None:
        """Repaints the lines of ``changed`` fields and the foot, or everything, and posts ``Edited``."""
        if everything:
            self.refresh()
        else:
            rows = [row - self._view.top for row, index in enumerate(self._rows) if self._lines[index].id in changed]
            self.repaint([*rows, *range(self.size.height - FOOT, self.size.height)])
        self.post_message(self.Edited(self.current.id))

    def accept(self) -> bool:
        if not self._offer:
            return False
        changed = self.model.take(self.current.id, self._offer[self._marked])
        self._offer = ()
        self._line_editor.load(self.model.text(self.current.id))
        self._tell(changed, everything=True)
        return True

    @property
    def focus_holder(self) -> Widget:
        if self.current.form != "field":
            return self
        return self._text_editor if self.current.height > 1 and self._text_editor else self._line_editor

    # Keys and mouse

    def leave(self, key: str) -> None:
        _LEAVE[key](self)

    def _step(self, start: int, step: int) -> int:
        """The next line from ``start`` on that takes the cursor; ``start`` where there is none."""
        index = start + step
        while 0 <= index < len(self._lines):
            if self._lines[index].form != "heading":
                return index
            index += step
        return max(start, 0)

    def action_cursor_up(self) -> None:
        self._move(-1)

    def action_cursor_down(self) -> None:
        self._move(1)

    def _move(self, step: int) -> None:
        """Moves among the suggestions while there are any, else among the lines."""
        if self._offer:
            self._marked = max(0, min(self._marked + step, len(self._offer) - 1))
            self.refresh()
        else:
            self.go(self._step(self._at, step))

    def action_next(self) -> None:
        self.accept()
        self.go(self._step(self._at, 1))

    def action_previous(self) -> None:
        self.go(self._step(self._at, -1))

    def action_page_up(self) -> None:
        self._page(-1)

    def action_page_down(self) -> None:
        self._page(1)

    def _page(self, pages: int) -> None:
        row = self._starts[self._at] + pages * self._view.body
        self.go(self._step(self._rows[max(0, min(row, len(self._rows) - 1))] - 1, 1))

    def action_enter(self) -> None:
        """Takes the suggestion and goes on; on a button, presses it."""
        if self.current.form == "button":
            self.post_message(self.Pressed(self.current.id))
        elif self.accept() or not self.enter_saves:
            self.go(self._step(self._at, 1))
        else:
            self.post_message(self.Pressed("save"))

    def on_click(self, event: events.Click) -> None:
        """Takes a suggestion, goes to a field, presses a button."""
        event.stop()
        row = event.y + self._view.top
        if self._offer and 0 <= event.y - self._offer_top() < len(self._offer):
            self._marked = event.y - self._offer_top()
            self.accept()
        elif event.y < self._view.body and row < len(self._rows) and self._lines[self._rows[row]].form != "heading":
            self.go(self._rows[row])
            if self.current.form == "button":
                self.post_message(self.Pressed(self.current.id))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self._move(1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self._move(-1)

    def on_resize(self) -> None:
        self._measure()
        if self._lines:
            self._place(load=False)
        self.refresh()


_LEAVE: dict[str, Callable[[FormLines], None]] = {
    "tab": FormLines.action_next,
    "shift+tab": FormLines.action_previous,
    "enter": FormLines.action_enter,
    "up": FormLines.action_cursor_up,
    "down": FormLines.action_cursor_down,
    "pageup": FormLines.action_page_up,
    "pagedown": FormLines.action_page_down,
}
