"""The keys that matter here, on one line. Textual's own Footer is a widget per key and leaks them (textual #6666)."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.app import App
from textual.binding import ActiveBinding
from textual.screen import Screen
from textual.strip import Strip

from sfa.keymap import UNBOUND
from sfa.keynames import display
from sfa.widgets.lines import LineWidget

MOST = 7
"""Keys shown besides the one of the help: more than that nobody reads."""


class _Key(NamedTuple):
    key: str
    label: str
    title: str
    enabled: bool

    @property
    def text(self) -> str:
        """The title, in brackets where the action is refused."""
        return self.title if self.enabled else f"({self.title})"

    @property
    def width(self) -> int:
        return cell_len(self.label) + cell_len(self.text) + 3


class KeyBar(LineWidget):
    """Shows the actions that work where the focus is; a click presses the key.

    What is refused now is in brackets, if there is room for it at all.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"keybar--key", "keybar--title", "keybar--disabled"}
    DEFAULT_CSS = """
    KeyBar {
        height: 1;
        dock: bottom;
        background: $footer-background;
        color: $footer-foreground;
        & > .keybar--key { color: $footer-key-foreground; background: $footer-key-background; text-style: bold; }
        & > .keybar--title { color: $footer-description-foreground; background: $footer-description-background; }
        & > .keybar--disabled { color: $text-muted; }
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._keys: list[_Key] = []
        self._help: _Key | None = None

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, lambda _screen: self._update())
        self.call_after_refresh(self._update)

    def _update(self) -> None:
        """Reads the bindings that are active now, and repaints if others are."""
        if not self.is_attached or self.screen is not self.app.screen:
            return
        active: dict[str, ActiveBinding] = {}
        for entry in self.screen.active_bindings.values():
            if entry.binding.key != UNBOUND:
                active.setdefault(entry.binding.id or entry.binding.action, entry)
        help = active.get("help")
        best = sorted((entry for entry in active.values() if entry.binding.show and entry is not help), key=_distance)
        shown = ([_key(entry) for entry in best], _key(help) if help else None)
        if shown != (self._keys, self._help):
            self._keys, self._help = shown
            self.refresh()

    @property
    def shown(self) -> list[_Key]:
        """The keys there is room for, the help's last; where it is narrow, those that are refused now go first."""
        help = [self._help] if self._help else []
        room = self.size.width - sum(key.width for key in help)
        best = self._keys[:MOST]
        if sum(key.width for key in best) > room:
            best = sorted(self._keys, key=lambda key: not key.enabled)[:MOST]
        kept: set[_Key] = set()
        for key in best:
            room -= key.width
            if room < 0:
                break
            kept.add(key)
        return [key for key in self._keys if key in kept] + help

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - it has only one
        segments: list[Segment] = []
        for key in self.shown:
            name = "keybar--title" if key.enabled else "keybar--disabled"
            segments.append(Segment(f" {key.label} ", self.paint("keybar--key")))
            segments.append(Segment(f"{key.text} ", self.paint(name)))
        return Strip(segments).adjust_cell_length(self.area.width, self.paint())

    def on_click(self, event: events.Click) -> None:
        """Presses the key under the pointer; a refused one tells its reason."""
        event.stop()
        x = event.x
        for key in self.shown:
            if x < key.width:
                self.app.simulate_key(key.key)
                return
            x -= key.width


def _distance(entry: ActiveBinding) -> int:
    """What the screen can do comes first, then what its widget can (Enter, Space), then what works anywhere."""
    return 0 if isinstance(entry.node, Screen) else 2 if isinstance(entry.node, App) else 1


def _key(entry: ActiveBinding) -> _Key:
    return _Key(entry.binding.key, display(entry.binding.key), entry.binding.description, entry.enabled)
