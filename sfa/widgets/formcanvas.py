"""What a form looks like: a line per field with its label, text and note; suggestions lie over the lines below."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple, Protocol

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from sfa.i18n import _
from sfa.widgets.cells import fit, wrap
from sfa.widgets.lines import LineWidget
from sfa.widgets.viewport import Viewport

GUTTER = 2
FOOT = 2
"""Lines at the bottom for a note that does not fit beside its field."""
NARROW = 72
"""Below this width notes are told in the foot only."""


@dataclass(frozen=True, slots=True)
class FormLine:
    """A field, a heading above fields, or a button below them."""

    id: str
    label: str
    form: str = "field"
    """``field``, ``heading`` or ``button``."""
    height: int = 1
    """More than 1 is a field for several lines of text."""
    required: bool = False
    hint: str = ""
    """What a button's key is."""
    replace: bool = False
    """Whether the first letter typed replaces what the field holds."""


class Note(NamedTuple):
    """What stands beside a field: what its text means, or (``bad``) why it cannot be taken."""

    text: str = ""
    bad: bool = False

    @property
    def told(self) -> str:
        return f"! {self.text}" if self.bad else self.text


class Suggestion(NamedTuple):
    """What a field could hold; ``hint`` tells it from others of its name. A ``fresh`` one would be added."""

    text: str
    hint: str = ""
    id: str = ""
    fresh: bool = False


class FormModel(Protocol):
    """What a form edits."""

    def text(self, name: str) -> str:
        """What the field holds, as it was typed."""

    def type(self, name: str, text: str) -> Collection[str]:
        """Takes a text for a field; the fields whose notes or texts may be others now."""

    def note(self, name: str) -> Note:
        """What to say beside a field."""

    def suggestions(self, name: str) -> Sequence[Suggestion]:
        """What the field's text could become."""

    def take(self, name: str, suggestion: Suggestion) -> Collection[str]:
        """Takes a suggestion; as ``type``."""


class Widths(NamedTuple):
    """Cells of the three columns."""

    label: int
    value: int
    note: int

    @classmethod
    def of(cls, width: int, labels: Sequence[str]) -> Widths:
        label = min(max((cell_len(text) + 3 for text in labels), default=8), 24, max(width // 3, 10))
        note = 0 if width < NARROW else min(max((width - label) * 2 // 5, 27), 64)
        return cls(label, max(width - GUTTER - label - note - 1, 8), note)


class FormCanvas(LineWidget):
    """Draws the lines that are in view."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "form--label",
        "form--current",
        "form--value",
        "form--note",
        "form--bad",
        "form--heading",
        "form--button",
        "form--pressed",
        "form--offer",
        "form--marked",
    }
    DEFAULT_CSS = """
    FormCanvas {
        height: 1fr;
        & > .form--current { color: $text-accent; text-style: bold; }
        & > .form--value { background: $foreground 7%; }
        & > .form--note { color: $text-muted; }
        & > .form--bad { color: $text-error; }
        & > .form--heading { color: $text-accent; text-style: bold; }
        & > .form--button { color: $text-muted; }
        & > .form--pressed {
            background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold;
        }
        & > .form--offer { background: $panel; }
        & > .form--marked {
            background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold;
        }
    }
    """

    def __init__(self, model: FormModel, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.model = model
        self._lines: list[FormLine] = []
        self._starts: list[int] = []  # line → its first row
        self._rows: list[int] = []  # row → its line
        self._at = 0
        self._view = Viewport()
        self._widths = Widths(10, 10, 0)
        self._offer: Sequence[Suggestion] = ()
        self._marked = 0

    @property
    def current(self) -> FormLine:
        """The line under the cursor."""
        return self._lines[self._at]

    def _measure(self) -> None:
        """Fits columns and rows to the size of the widget."""
        self._widths = Widths.of(self.size.width, [line.label for line in self._lines if line.form == "field"])
        self._view.resize(len(self._rows), self.size.height - FOOT)

    def _offer_top(self) -> int:
        """The line of the widget where the suggestions begin: below the field, or above it where there is no room."""
        row = self._starts[self._at] - self._view.top
        below = row + 1
        return below if below + len(self._offer) <= self.size.height else max(row - len(self._offer), 0)

    def render_line(self, y: int) -> Strip:
        if self._offer and 0 <= y - self._offer_top() < len(self._offer):
            return self._suggestion(y - self._offer_top(), y)
        return self._line(y)

    def _line(self, y: int) -> Strip:
        row = y + self._view.top
        if y >= self._view.body:
            return self._foot(y - self._view.body)
        if row >= len(self._rows):
            return self.blank()
        index = self._rows[row]
        line = self._lines[index]
        current = index == self._at
        if line.form == "field":
            strip = self._field(line, current, row - self._starts[index])
        else:
            strip = self._button(line, current) if line.form == "button" else self._heading(line)
        if not self._view.in_thumb(y):
            return strip
        thumb = Strip([Segment("┃", self.paint("form--note"))])
        return Strip.join([strip.crop(0, self.size.width - 1), thumb])

    def _heading(self, line: FormLine) -> Strip:
        return self._strip([("  " + line.label, "form--heading")])

    def _strip(self, parts: Sequence[tuple[str, str]]) -> Strip:
        segments = [Segment(text, self.paint(name)) for text, name in parts]
        return Strip(segments).adjust_cell_length(self.size.width, self.paint())

    def _button(self, line: FormLine, current: bool) -> Strip:
        text = (f"[ {line.label} ]", "form--pressed" if current else "form--button")
        return self._strip([("▌ " if current else "  ", "form--current"), text, (f"  {line.hint}", "form--note")])

    def _field(self, line: FormLine, current: bool, sub: int) -> Strip:
        widths, text, note = self._widths, self.model.text(line.id), self._note(line, current)
        label = line.label + ("*" if line.required else "") + (" !" if note.bad and not widths.note else "")
        texts = wrap(text, widths.value) if line.height > 1 else [text]
        parts = [
            ("▌ " if current else "  ", "form--current"),
            (fit("" if sub else label, widths.label), "form--current" if current else "form--label"),
            (fit(texts[sub] if sub < len(texts) else "", widths.value), "form--value"),
        ]
        if widths.note and not sub:
            parts.append((fit(f" {note.told}", widths.note), "form--bad" if note.bad else "form--note"))
        return self._strip(parts)

    def _note(self, line: FormLine, current: bool) -> Note:
        """The line's note; while there are suggestions nothing is wrong yet."""
        note = self.model.note(line.id)
        return Note(_("Enter takes it")) if current and self._offer and note.bad else note

    def _foot(self, y: int) -> Strip:
        """The current field's note, where it does not fit beside it."""
        if not self._lines or self.current.form != "field":
            return self.blank()
        note = self._note(self.current, True)
        if cell_len(note.told) < self._widths.note:
            return self.blank()
        lines = wrap(note.told, self.size.width - GUTTER - 1)
        text = lines[y] if y < len(lines) else ""
        return self._strip([("  " + text, "form--bad" if note.bad else "form--note")])

    def _suggestion(self, number: int, y: int) -> Strip:
        """A suggestion, over the line that lies below it."""
        suggestion, indent = self._offer[number], GUTTER + self._widths.label
        width = self.size.width - indent
        widest = max(cell_len(item.text) for item in self._offer) + 4
        left = fit(f" {'+ ' if suggestion.fresh else ''}{suggestion.text}", min(widest, width * 2 // 3))
        style = self.paint("form--marked" if number == self._marked else "form--offer")
        box = Strip([Segment(left, style), Segment(fit(f" {suggestion.hint}", width - cell_len(left)), style)])
        return Strip.join([self._line(y).crop(0, indent), box])
