"""The base of every line that is typed into: a letter is one repaint of that line."""

from __future__ import annotations

from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Input


class InputLine(Input):
    """Textual's, whose width of text is no reason to lay the whole screen out again with each letter."""

    virtual_size = Reactive(Size(0, 0))
